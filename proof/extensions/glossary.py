"""The glossary: docs/glossary.yml, `term: definition`, explains its terms on every page.

The first place where a page uses a term, in the singular or with an -s, becomes an
`<abbr>` that carries the definition. `/// key-terms` lists the terms that a page uses,
and `/// glossary` lists all of them with their definitions.
"""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree

from markdown import Markdown
from markdown.extensions.toc import slugify
from markdown.treeprocessors import Treeprocessor
from markdown.util import AtomicString
from pymdownx.blocks import BlocksExtension, BlocksProcessor
from pymdownx.blocks.block import Block

from proof.extensions.location import fault_in, page_of, read_data

GLOSSARY_PAGE = "glossary/index.md"

# Where a term is a name or another's words; code, drawings and raw HTML hold no text here.
SKIPPED = {"h1", "h2", "h3", "h4", "h5", "h6", "summary", "a", "math"}


def read_glossary(docs: Path) -> dict[str, str]:
    """Read the terms with their definitions, in the order of the alphabet."""
    file = docs / "glossary.yml"
    terms = read_data(file)
    for term, definition in terms.items():
        if not isinstance(definition, str):
            message = f"the definition of {term!r} is no text; write `term: definition`"
            raise fault_in(file, message, near=f"{term}:")
    return dict(sorted(terms.items(), key=lambda entry: entry[0].casefold()))


def term_id(term: str) -> str:
    """Give the id of a term on the glossary page."""
    return slugify(term, "-")


class Terms(Treeprocessor):
    """Explains each term where the page first uses it, and fills the list of key terms."""

    def run(self, root: ElementTree.Element) -> None:
        """Look through the text in reading order."""
        page = page_of(self.md)
        self.glossary = read_glossary(page.docs)
        if page.path == GLOSSARY_PAGE or not self.glossary:
            return
        self.key_terms: list[str] = []
        self.terms = {term.casefold(): term for term in self.glossary}
        spellings = "|".join(_spelling(term) for term in sorted(self.terms.values(), key=len)[::-1])
        self.pattern = re.compile(rf"(?<![\w-])({spellings})(?:e?s)?(?![\w-])")
        self._explain_below(root)
        for listing in root.iter("ul"):
            if listing.get("class") == "key-terms-list":
                for term in self.key_terms:
                    address = f"{page.link_to_page(GLOSSARY_PAGE)}#{term_id(term)}"
                    item = ElementTree.SubElement(listing, "li")
                    ElementTree.SubElement(item, "a", {"href": address}).text = term

    def _explain_below(self, element: ElementTree.Element) -> None:
        if element.tag in SKIPPED:
            return
        element.text, opening = self._explain(element.text)
        for child in list(element):
            self._explain_below(child)
            child.tail, following = self._explain(child.tail)
            after = list(element).index(child) + 1
            element[after:after] = following
        element[:0] = opening

    def _explain(self, text: str | None) -> tuple[str | None, list[ElementTree.Element]]:
        """Split a text into what stands before its first new term, and terms with their tails."""
        if text is None or isinstance(text, AtomicString):
            return text, []
        before, explained, end = text, list[ElementTree.Element](), 0
        for match in self.pattern.finditer(text):
            term = self.terms[match[1].casefold()]
            if term in self.key_terms:
                continue
            self.key_terms.append(term)
            between = text[end : match.start()]
            if explained:
                explained[-1].tail = between
            else:
                before = between
            explained.append(ElementTree.Element("abbr", {"title": self.glossary[term]}))
            explained[-1].text, end = match[0], match.end()
        if explained:
            explained[-1].tail = text[end:]
        return before, explained


def _spelling(term: str) -> str:
    """Match a term as it is written, or with a capital where it opens a sentence."""
    return f"[{re.escape(term[0].upper() + term[0])}]{re.escape(term[1:])}"


class KeyTermsBlock(Block):
    """The list of the terms that the page uses, linked to the glossary."""

    NAME = "key-terms"

    def on_create(self, parent: ElementTree.Element) -> ElementTree.Element:
        """Write the empty list, which is filled when the page has been read."""
        block = ElementTree.SubElement(parent, "div", {"class": "key-terms"})
        title = ElementTree.SubElement(block, "p", {"class": "key-terms-title", "id": "key-terms"})
        title.text = "Key terms"
        listing = {"class": "key-terms-list", "aria-labelledby": "key-terms"}
        ElementTree.SubElement(block, "ul", listing)
        return block


class GlossaryBlock(Block):
    """All terms with their definitions."""

    NAME = "glossary"

    def on_create(self, parent: ElementTree.Element) -> ElementTree.Element:
        """Write the list."""
        listing = ElementTree.SubElement(parent, "dl", {"class": "glossary"})
        for term, definition in read_glossary(page_of(self.md).docs).items():
            ElementTree.SubElement(listing, "dt", {"id": term_id(term)}).text = AtomicString(term)
            ElementTree.SubElement(listing, "dd").text = AtomicString(definition)
        return listing


class GlossaryExtension(BlocksExtension):
    """Registers the terms and the blocks."""

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802
        """Run after the inline patterns and the formulas, before links are resolved."""
        super().extendMarkdown(md)
        md.treeprocessors.register(Terms(md), "glossary", 7)

    def extendMarkdownBlocks(self, md: Markdown, block_mgr: BlocksProcessor) -> None:  # noqa: ARG002, N802
        """Add the blocks."""
        block_mgr.register(KeyTermsBlock, self.getConfigs())
        block_mgr.register(GlossaryBlock, self.getConfigs())


def makeExtension(**options: object) -> GlossaryExtension:  # noqa: N802
    """Make the extension that `proof.extensions.glossary` names in mkdocs.yml."""
    return GlossaryExtension(**options)
