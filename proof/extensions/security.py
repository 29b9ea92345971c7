"""What the security page shows: attempts of hostile blocks, the content policy, the headers.

    /// hostile-blocks | attempts.yml
    ///

draws the attempts from a file beside the page, each with its outcome; tests/browser runs them.
`/// content-policy` and `/// response-headers` draw what the build writes.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from pathlib import Path
from xml.etree import ElementTree

from markdown import Markdown
from markdown.util import AtomicString
from pymdownx.blocks import BlocksExtension, BlocksProcessor
from pymdownx.blocks.block import Block

from proof.extensions.location import page_of
from proof.site.content_policy import NEEDS, RULES
from proof.site.headers import HEADERS
from proof.yaml_file import YamlFile

OUTCOMES = ("refused", "possible")


@dataclass(frozen=True)
class Attempt:
    """What a block tries, its code, what the page then says, how it ends, and why."""

    attempt: str
    code: str
    says: str
    outcome: str
    why: str


def read_attempts(path: Path) -> list[Attempt]:
    """Read the attempts; FaultError where the file has another form."""
    file = YamlFile(path)
    names = tuple(field.name for field in fields(Attempt))
    attempts = []
    root = file.root()
    if root is None:
        raise file.fault(None, "here stands a list of attempts")
    for node in file.items(root):
        entries = file.entries(node, names)
        attempt = Attempt(**{name: file.text(entry).text for name, entry in entries.items()})
        if attempt.outcome not in OUTCOMES:
            known = " or ".join(OUTCOMES)
            raise file.fault(
                entries["outcome"], f"{attempt.outcome!r} is no outcome; it is {known}"
            )
        attempts.append(attempt)
    return attempts


class HostileBlocksBlock(Block):
    """The attempts: a table, and below it their code."""

    NAME = "hostile-blocks"
    ARGUMENT = True

    def on_create(self, parent: ElementTree.Element) -> ElementTree.Element:
        """Write the table and the blocks."""
        attempts = read_attempts(page_of(self.md).file.with_name(self.argument))
        block = ElementTree.SubElement(parent, "div", {"class": "evidence-tables"})
        rows = [(one.attempt, one.outcome, one.why) for one in attempts]
        _add_table(block, ("A block tries to", "Outcome", "Why"), rows)
        details = ElementTree.SubElement(block, "details")
        ElementTree.SubElement(details, "summary").text = "The blocks, and what the page says"
        for one in attempts:
            ElementTree.SubElement(details, "p").text = AtomicString(f"{one.attempt}:")
            pre = ElementTree.SubElement(details, "pre", {"tabindex": "0"})
            ElementTree.SubElement(pre, "code").text = AtomicString(one.code.strip())
            says = ElementTree.SubElement(details, "p")
            ElementTree.SubElement(says, "samp").text = AtomicString(one.says)
        return block


class ContentPolicyBlock(Block):
    """The rules of the content policy."""

    NAME = "content-policy"

    def on_create(self, parent: ElementTree.Element) -> ElementTree.Element:
        """Write the table."""
        block = ElementTree.SubElement(parent, "div", {"class": "evidence-tables"})
        rows = [(f"{rule.directive} {rule.source}", rule.why) for rule in (*RULES, *NEEDS)]
        _add_table(block, ("Rule", "Why"), rows, "code")
        return block


class ResponseHeadersBlock(Block):
    """The headers that a host should send."""

    NAME = "response-headers"

    def on_create(self, parent: ElementTree.Element) -> ElementTree.Element:
        """Write the table."""
        block = ElementTree.SubElement(parent, "div", {"class": "evidence-tables"})
        rows = [(f"{header.name}: {header.value}", header.why) for header in HEADERS]
        _add_table(block, ("Header", "Why"), rows, "code")
        return block


def _add_table(
    parent: ElementTree.Element,
    heads: Iterable[str],
    rows: Iterable[tuple[str, ...]],
    names_in: str = "span",
) -> None:
    table = ElementTree.SubElement(parent, "table")
    line = ElementTree.SubElement(ElementTree.SubElement(table, "thead"), "tr")
    for text in heads:
        ElementTree.SubElement(line, "th", {"scope": "col"}).text = text
    body = ElementTree.SubElement(table, "tbody")
    for name, *cells in rows:
        line = ElementTree.SubElement(body, "tr")
        head = ElementTree.SubElement(line, "th", {"scope": "row"})
        ElementTree.SubElement(head, names_in).text = AtomicString(name)
        for cell in cells:
            strong = cell in OUTCOMES[1:]
            place = ElementTree.SubElement(line, "td")
            place = ElementTree.SubElement(place, "strong") if strong else place
            place.text = AtomicString(cell)


class SecurityExtension(BlocksExtension):
    """Registers the blocks."""

    def extendMarkdownBlocks(self, md: Markdown, block_mgr: BlocksProcessor) -> None:  # noqa: ARG002, N802
        """Add the blocks."""
        for block in (HostileBlocksBlock, ContentPolicyBlock, ResponseHeadersBlock):
            block_mgr.register(block, self.getConfigs())


def makeExtension(**options: object) -> SecurityExtension:  # noqa: N802
    """Make the extension that `proof.extensions.security` names in mkdocs.yml."""
    return SecurityExtension(**options)
