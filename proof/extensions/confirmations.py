"""Where snippets were confirmed: `/// confirmations` shows all device records.

First each machine with what ran there, then a table of the snippets, a column a record. A
device that no record is of has a column too, which says *not run*; an end of the versions that
pyproject.toml allows is then named among the machines.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from decimal import Decimal
from xml.etree import ElementTree

from markdown import Markdown
from markdown.util import AtomicString
from pymdownx.blocks import BlocksExtension, BlocksProcessor
from pymdownx.blocks.block import Block

from proof.devices import allowed_ends, end_of
from proof.extensions.location import Page, page_of
from proof.records import Confirmation, Record, confirm, read_records

DEVICES = {"cpu": "CPU", "cuda": "CUDA", "mps": "MPS"}
PACKAGES = {"numpy": "NumPy", "torch": "PyTorch"}
Ends = Mapping[str, Mapping[str, str]]  # of the versions that are allowed


class ConfirmationsBlock(Block):
    """All records."""

    NAME = "confirmations"

    def on_create(self, parent: ElementTree.Element) -> ElementTree.Element:
        """Write the machines and the table."""
        page = page_of(self.md)
        records = read_records(page.root)
        found: dict[str, dict[str, list[Confirmation]]] = {}  # by lesson and snippet
        for path in sorted((page.root / "snippets").glob("*/*.py")):
            name = f"{path.parent.name}/{path.stem}"
            found.setdefault(path.parent.name, {})[path.stem] = confirm(name, records, page.root)
        block = ElementTree.SubElement(parent, "div", {"class": "evidence-tables"})
        ends = allowed_ends(page.root)
        rows = [row for rows in found.values() for row in rows.values()]
        _add_machines(block, records, rows, ends)
        _add_table(block, found, page, ends)
        return block


def _add_machines(
    parent: ElementTree.Element, records: list[Record], rows: list[list[Confirmation]], ends: Ends
) -> None:
    """Write what each record is of, and which devices and ends of the versions have none."""
    machines = ElementTree.SubElement(parent, "dl")
    for column in zip(*rows, strict=True):
        about = _add_machine(machines, _machine(column[0], ends))
        ours = (column[0].device, column[0].machine, column[0].versions)
        for record in records:
            if (record.device, record.machine, record.versions) == ours:
                passed = [known for known in column if known.status == "passed"]
                farthest = max((known.distance or 0 for known in passed), default=0)
                result = f"{len(passed)} of {len(column)} passed, {_off(farthest)}"
                _add_run(about, record, result)
        if not len(about):
            about.text = "Not run: there is no record of such a machine yet."
    recorded = {end_of(record.versions, ends) for record in records}
    for end, versions in ends.items():
        if end not in recorded:
            about = _add_machine(machines, f"The {end} versions: {_packages(versions)}")
            about.text = "Not run: there is no record of them yet."


def _add_machine(parent: ElementTree.Element, name: str) -> ElementTree.Element:
    """Write a name, and give the place for what is said of it."""
    machine = ElementTree.SubElement(parent, "div")
    ElementTree.SubElement(machine, "dt").text = AtomicString(name)
    return ElementTree.SubElement(machine, "dd")


def _add_run(parent: ElementTree.Element, record: Record, result: str) -> None:
    versions = _packages(record.versions)
    parent.text = AtomicString(f"{result}, on {record.system} with {versions}, on ")
    date = datetime.date.fromisoformat(record.date)
    time = ElementTree.SubElement(parent, "time", {"datetime": record.date})
    time.text = f"{date.day} {date:%B %Y}"
    commit, changes, _ = record.commit.partition(", with changes")
    time.tail = f", from commit {commit[:12]}{changes}." if commit else "."


def _packages(versions: Mapping[str, str]) -> str:
    return ", ".join(f"{PACKAGES.get(name, name)} {number}" for name, number in versions.items())


def _add_table(
    parent: ElementTree.Element,
    found: dict[str, dict[str, list[Confirmation]]],
    page: Page,
    ends: Ends,
) -> None:
    """Write a table for each lesson."""
    for lesson, snippets in found.items():
        table = ElementTree.SubElement(parent, "table")
        lesson_page = Page(f"{lesson.replace('_', '-')}/index.md", page.docs)
        caption = ElementTree.SubElement(table, "caption")
        caption.text = AtomicString(str(lesson_page.front_matter().get("title", lesson)))
        head = ElementTree.SubElement(ElementTree.SubElement(table, "thead"), "tr")
        ElementTree.SubElement(head, "th", {"scope": "col"}).text = "Snippet"
        for confirmation in next(iter(snippets.values())):
            ElementTree.SubElement(head, "th", {"scope": "col"}).text = _machine(confirmation, ends)
        body = ElementTree.SubElement(table, "tbody")
        for snippet, row in snippets.items():
            line = ElementTree.SubElement(body, "tr")
            name = ElementTree.SubElement(line, "th", {"scope": "row"})
            address = f"{page.link_to_page(lesson_page.path)}#snippet-{snippet}"
            _add_name(ElementTree.SubElement(name, "a", {"href": address}), snippet)
            for confirmation in row:
                _add_status(ElementTree.SubElement(line, "td"), confirmation)


def _machine(confirmation: Confirmation, ends: Ends) -> str:
    device = DEVICES[confirmation.device]
    end = end_of(confirmation.versions, ends)
    words = [f"{device}: {confirmation.machine}"] if confirmation.machine else [device]
    return AtomicString(", ".join([*words, *([f"{end} versions"] if end else [])]))


def _add_name(parent: ElementTree.Element, name: str) -> None:
    """Write a name that may break after its underscores."""
    first, *others = name.split("_")
    parent.text = AtomicString(first + "_" * bool(others))
    for index, word in enumerate(others, 1):
        place = ElementTree.SubElement(parent, "wbr")
        place.tail = AtomicString(word + "_" * (index < len(others)))


def _add_status(cell: ElementTree.Element, confirmation: Confirmation) -> None:
    status = confirmation.status
    if status in ("failed", "old"):
        ElementTree.SubElement(cell, "strong").text = status
    else:
        cell.text = status.replace(" ", "\u00a0")  # a line a snippet, where names leave room
    if confirmation.reason:
        cell[-1].tail = AtomicString(f": {confirmation.reason}")
    elif status == "passed" and confirmation.distance:
        cell.text = AtomicString(f"passed, {_off(confirmation.distance)}")


def _off(distance: float) -> str:
    return f"numbers at most {Decimal(f'{distance:.1e}'):f} off" if distance else "no number off"


class ConfirmationsExtension(BlocksExtension):
    """Registers the block."""

    def extendMarkdownBlocks(self, md: Markdown, block_mgr: BlocksProcessor) -> None:  # noqa: ARG002, N802
        """Add the block."""
        block_mgr.register(ConfirmationsBlock, self.getConfigs())


def makeExtension(**options: object) -> ConfirmationsExtension:  # noqa: N802
    """Make the extension that `proof.extensions.confirmations` names in mkdocs.yml."""
    return ConfirmationsExtension(**options)
