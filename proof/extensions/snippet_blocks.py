"""Snippets on a page: the code and what it prints, each included from its file.

A page includes a snippet with two fences, first the code and then its output:

    ```python
    --8<-- "lesson/idea.py"
    ```

    ```text
    --8<-- "lesson/idea.out"
    ```

The pair becomes one block with a title, line numbers, a link to the file and the
output set apart. Each line has an id, `idea-12`, that a link can go to.
"""

from __future__ import annotations

import re
from html import escape
from pathlib import PurePosixPath
from xml.etree import ElementTree

from markdown import Markdown
from markdown.preprocessors import Preprocessor
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer
from pymdownx.blocks import BlocksExtension, BlocksProcessor
from pymdownx.blocks.block import Block

from proof.extensions.confirmations import DEVICES
from proof.extensions.location import Page, page_of
from proof.project import uses_torch
from proof.records import Confirmation, confirm, read_records

PAIR = re.compile(
    r"""^(?P<indent>[ ]*)```python\n
    (?P=indent)--8<--[ ]"(?P<code>[^"\n]+\.py)"\n
    (?P=indent)```\n
    (?:[ ]*\n
    (?P=indent)```text\n
    (?P=indent)--8<--[ ]"(?P<output>[^"\n]+)"\n
    (?P=indent)```\n)?""",
    re.MULTILINE | re.VERBOSE,
)


class SnippetPairs(Preprocessor):
    """Turns each pair of fences into a block, before pymdownx.snippets includes the files."""

    def run(self, lines: list[str]) -> list[str]:
        """Write `/// snippet | lesson/idea`; FaultError for code without its own output."""
        return PAIR.sub(self._as_block, "\n".join([*lines, ""])).split("\n")

    def _as_block(self, match: re.Match[str]) -> str:
        indent, code, output = match.groups()
        documented = str(PurePosixPath(code).with_suffix(".out"))
        if output != documented:
            raise page_of(self.md).fault(
                f"the fence that includes {code} is followed by {output or 'no output'}; "
                f'include "{documented}" in a text fence right after it',
                near=code,
            )
        return f"\n{indent}/// snippet | {code.removesuffix('.py')}\n{indent}///\n\n"


class SnippetBlock(Block):
    """A snippet, rendered: its title, its lines, a link to its file, and what it prints."""

    NAME = "snippet"
    ARGUMENT = True

    def on_create(self, parent: ElementTree.Element) -> ElementTree.Element:
        """Write the block; FaultError where a file is missing."""
        page = page_of(self.md)
        name = PurePosixPath(self.argument).name
        block = ElementTree.SubElement(parent, "div")
        block.set("class", "snippet")
        block.set("id", f"snippet-{name}")
        block.set("data-snippet", self.argument)
        block.set("role", "group")
        block.set("aria-labelledby", f"snippet-{name}-title")
        code = code_html(_read(f"{self.argument}.py", page), name)
        output = output_html(_read(f"{self.argument}.out", page), f"snippet-{name}")
        recorded = ""
        if uses_torch(page.root / "snippets" / f"{self.argument}.py"):
            recorded = recorded_html(self.argument, page)
        else:
            block.set("data-run", "")  # it runs in the page, too
        source = page.link_to(f"snippets/{self.argument}.py")
        block.text = self.md.htmlStash.store(f"""
<div class="snippet-header"><span class="snippet-title" id="snippet-{name}-title">{name}.py</span>
<a class="snippet-source" href="{source}" aria-label="Source file {name}.py">Source file</a></div>
{code}
{output}
{recorded}
""")
        return block


def code_html(source: str, name: str) -> str:
    """Give Python code as HTML, each line in a span of its own with the id `name-12`."""
    formatter = HtmlFormatter(cssclass="highlight language-python", linespans=name, wrapcode=True)
    return highlight(source, PythonLexer(stripnl=False), formatter).strip()


def output_html(printed: str, name: str) -> str:
    """Give what code prints as HTML, with a label of the id `name-prints`."""
    return f"""<div class="snippet-output" role="group" aria-labelledby="{name}-prints">
<p class="snippet-label" id="{name}-prints">Prints</p>
<pre><samp>{escape(printed)}</samp></pre></div>"""


def recorded_html(snippet: str, page: Page) -> str:
    """Say what is known of a snippet that does not run in the page, and what does in its place.

    `numpy_twins` in the page's front matter names the snippet that computes the same with NumPy.
    """
    found = confirm(snippet, read_records(page.root), page.root)
    known = "".join(f"<li>{escape(told)}</li>" for told in dict.fromkeys(map(_told, found)))
    about = page.front_matter()
    links = []
    twins = about.get("numpy_twins")
    if isinstance(twins, dict) and (twin := twins.get(PurePosixPath(snippet).name)):
        links.append(f'With NumPy: <a href="#snippet-{twin}">{twin}.py</a>.')
    if "date" in about:  # such a page is a lesson, and has a notebook
        notebook = page.link_to(f"{page.folder}/{page.folder}.ipynb")
        links.append(f'To run it, take <a href="{notebook}">the lesson’s notebook</a>.')
    return f"""<div class="snippet-recorded">
<p>PyTorch does not run in a page. Recorded of this code:</p><ul>{known}</ul>
<p>{" ".join(links)}</p></div>"""


def _told(known: Confirmation) -> str:
    device = DEVICES[known.device]
    if known.status == "not run":
        return f"{device}: not run"
    reason = f": {known.reason}" if known.reason else ""
    return f"{device}: {known.status}{reason} on {known.date}, {known.machine}"


def _read(included: str, page: Page) -> str:
    snippets = page.root / "snippets"
    try:
        return (snippets / included).read_text(encoding="utf-8")
    except FileNotFoundError:
        suffix = PurePosixPath(included).suffix
        files = sorted(file.relative_to(snippets).as_posix() for file in snippets.rglob("*"))
        names = ", ".join(name for name in files if name.endswith(suffix))
        raise page.fault(
            f"there is no snippets/{included}; the {suffix} files are: {names}", near=included
        ) from None


class SnippetBlocksExtension(BlocksExtension):
    """Registers both steps."""

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802
        """Find the pairs right before pymdownx.snippets, whose priority is 32."""
        md.preprocessors.register(SnippetPairs(md), "snippet_pairs", 33)
        super().extendMarkdown(md)

    def extendMarkdownBlocks(self, md: Markdown, block_mgr: BlocksProcessor) -> None:  # noqa: ARG002, N802
        """Add the block."""
        block_mgr.register(SnippetBlock, self.getConfigs())


def makeExtension(**options: object) -> SnippetBlocksExtension:  # noqa: N802
    """Make the extension that `proof.extensions.snippet_blocks` names in mkdocs.yml."""
    return SnippetBlocksExtension(**options)
