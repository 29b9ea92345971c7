"""Figures on a page: a drawing inlined from figures/, a caption, and a full description.

    /// figure | kernel_over_patch
        title: The kernel slides over the patch

    The caption.

    //// description
    What the drawing shows, for those who do not see it.
    ////
    ///

The drawing is figures/<lesson>/kernel_over_patch.svg, where <lesson> is the page's
folder with underscores. A link `[Figure](#figure-kernel_over_patch)` gets the
figure's number as its text. A missing drawing or description leaves a visible mark.
Where interactive-figures.yml beside the page names the figure, the drawing stands in
the element that a script brings to life, and stays where no script does.
"""

from __future__ import annotations

from xml.etree import ElementTree

from markdown import Markdown
from markdown.treeprocessors import Treeprocessor
from pymdownx.blocks import BlocksExtension, BlocksProcessor
from pymdownx.blocks.block import Block, type_string

from proof.extensions.location import Page, page_of
from proof.faults import FaultError
from proof.interactive import read_interactive
from proof.page_interactive import interactive_file

SVG = "http://www.w3.org/2000/svg"
ElementTree.register_namespace("", SVG)
ElementTree.register_namespace("xlink", "http://www.w3.org/1999/xlink")


class FigureBlock(Block):
    """A figure; its content is the caption."""

    NAME = "figure"
    ARGUMENT = True
    OPTIONS = {"title": ("", type_string)}  # noqa: RUF012 - the block API reads a class attribute

    def on_create(self, parent: ElementTree.Element) -> ElementTree.Element:
        """Write the drawing and an empty caption."""
        self.tracker["figures"] = number = self.tracker.get("figures", 0) + 1
        self.id = f"figure-{self.argument}"
        figure = ElementTree.SubElement(parent, "figure", {"class": "figure", "id": self.id})
        figure.set("data-number", str(number))
        drawing = ElementTree.SubElement(figure, "div", {"class": "figure-drawing"})
        page = page_of(self.md)
        self._place(drawing, page).text = self._drawing(page)
        if not self.options["title"]:
            figure.append(_mark(f"The figure {self.argument} has no title."))
        self.caption = ElementTree.SubElement(figure, "figcaption")
        return figure

    def on_add(self, block: ElementTree.Element) -> ElementTree.Element:  # noqa: ARG002
        """Put content into the caption."""
        return self.caption

    def on_end(self, block: ElementTree.Element) -> None:
        """Give the caption its number, and fold the description away below it."""
        label = ElementTree.Element("span", {"class": "figure-number"})
        label.text = f"Figure {block.get('data-number')}."
        first = self.caption.find("p")
        if first is None:
            first = ElementTree.SubElement(self.caption, "p")
        first.text, label.tail = None, f" {first.text or ''}"
        first.insert(0, label)

        description = self.caption.find("div[@class='figure-description']")
        if description is None or not len(description):
            self.caption.append(_mark(f"The figure {self.argument} has no description."))
        if description is not None:
            self.caption.remove(description)
            # Inside the caption: HTML wants that to be the last thing in a figure.
            details = ElementTree.SubElement(
                self.caption, "details", {"class": "figure-description"}
            )
            ElementTree.SubElement(details, "summary").text = "Describe the figure"
            del description.attrib["class"]
            description.set("id", f"{self.id}-description")
            details.append(description)

    def _place(self, drawing: ElementTree.Element, page: Page) -> ElementTree.Element:
        """Give what holds the drawing: the element that comes alive, where there is one."""
        read = read_interactive(interactive_file(page.file))
        if read.faults:
            raise FaultError(read.faults[0])
        one = read[self.argument]
        if not one:
            return drawing
        attributes = {"class": "interactive", "data-figure": self.argument}
        return ElementTree.SubElement(drawing, one.element.text, attributes)

    def _drawing(self, page: Page) -> str:
        # The stash keeps the drawing out of the hands of every other processor.
        file = f"figures/{page.folder.replace('-', '_')}/{self.argument}.svg"
        try:
            svg = ElementTree.parse(page.root / file).getroot()
        except FileNotFoundError:
            mark = _mark(f"The drawing {file} is missing.")
            return str(self.md.htmlStash.store(ElementTree.tostring(mark, encoding="unicode")))
        # Alone, the file carries its colours and a title; on a page, the page gives both.
        for element in list(svg):
            if element.tag in (f"{{{SVG}}}style", f"{{{SVG}}}title"):
                svg.remove(element)
        title = ElementTree.Element(f"{{{SVG}}}title", {"id": f"{self.id}-title"})
        title.text = self.options["title"]
        svg.insert(0, title)
        svg.set("role", "img")
        svg.set("aria-labelledby", f"{self.id}-title")
        svg.set("aria-describedby", f"{self.id}-description")
        return str(self.md.htmlStash.store(ElementTree.tostring(svg, encoding="unicode")))


class DescriptionBlock(Block):
    """The text alternative inside a figure."""

    NAME = "description"

    def on_create(self, parent: ElementTree.Element) -> ElementTree.Element:
        """Write the element that the figure takes over at its end."""
        return ElementTree.SubElement(parent, "div", {"class": "figure-description"})


class FigureLinks(Treeprocessor):
    """Completes links to figures with the figures' numbers."""

    def run(self, root: ElementTree.Element) -> None:
        """Write "Figure 2" where a link to the second figure says "Figure"."""
        numbers = {
            f"#{figure.get('id')}": figure.attrib.pop("data-number")
            for figure in root.iter("figure")
            if "data-number" in figure.attrib
        }
        for link in root.iter("a"):
            if link.get("href", "").startswith("#figure-") and link.text == "Figure":
                number = numbers.get(link.get("href", ""))
                if number is None:
                    raise page_of(self.md).fault(
                        f"no figure {link.get('href')} on this page; "
                        f"the figures are: {', '.join(numbers) or '(none)'}",
                        near=link.get("href", ""),
                    )
                link.text = f"Figure {number}"


def _mark(message: str) -> ElementTree.Element:
    mark = ElementTree.Element("p", {"class": "fault"})
    mark.text = message
    return mark


class FigureBlocksExtension(BlocksExtension):
    """Registers the blocks and the links."""

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802
        """Complete the links once the inline patterns have made them."""
        super().extendMarkdown(md)
        md.treeprocessors.register(FigureLinks(md), "figure_links", 18)

    def extendMarkdownBlocks(self, md: Markdown, block_mgr: BlocksProcessor) -> None:  # noqa: ARG002, N802
        """Add the blocks."""
        block_mgr.register(FigureBlock, self.getConfigs())
        block_mgr.register(DescriptionBlock, self.getConfigs())


def makeExtension(**options: object) -> FigureBlocksExtension:  # noqa: N802
    """Make the extension that `proof.extensions.figure_blocks` names in mkdocs.yml."""
    return FigureBlocksExtension(**options)
