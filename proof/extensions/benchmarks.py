"""What was last measured of this project's speed: `/// benchmarks` writes it as tables."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from statistics import median
from xml.etree import ElementTree

from markdown import Markdown
from pymdownx.blocks import BlocksExtension, BlocksProcessor
from pymdownx.blocks.block import Block

from proof.benchmarks import Benchmarks, Comparison, Size, Timing, Weight, read_benchmarks
from proof.extensions.location import page_of

KILO, MEGA = 1_000, 1_000_000


class BenchmarksBlock(Block):
    """The last measurements."""

    NAME = "benchmarks"

    def on_create(self, parent: ElementTree.Element) -> ElementTree.Element:
        """Write a sentence and the tables."""
        found = read_benchmarks(page_of(self.md).root)
        block = ElementTree.SubElement(parent, "div", {"class": "benchmarks"})
        _about(block, found)
        _table(
            block,
            ("What", "Beside", "Ratio", "Seconds"),
            [
                (one.what, _beside(one), f"{one.ratio:.2f}", _spread(one.seconds))
                for one in found.comparisons
            ],
        )
        _table(
            block,
            ("What", "Seconds", "95 of 100 within"),
            [(one.what, _spread(one.seconds), _percentile(one)) for one in found.timings],
        )
        _table(
            block,
            ("What a page fetches", "KB, compressed"),
            [(one.what, f"{one.compressed_bytes / KILO:.1f}") for one in found.downloads],
        )
        _table(
            block,
            (
                *("Lessons", "Build, s", "Check, s", "A lesson, s", "An edit, s"),
                *("Memory, MB", "Site, MB", "Search index, MB"),
            ),
            list(map(_size, found.sizes)),
        )
        _table(
            block,
            ("Page", "Weight, KB", "Our scripts, KB"),
            list(map(_weight, found.weights)),
        )
        return block


def _about(block: ElementTree.Element, found: Benchmarks) -> None:
    date = datetime.date.fromisoformat(found.date)
    sentence = ElementTree.SubElement(block, "p")
    sentence.text = "Measured on "
    day = ElementTree.SubElement(sentence, "time", {"datetime": found.date})
    day.text = f"{date.day} {date:%B %Y}"
    versions = ", ".join(f"{name} {version}" for name, version in found.versions.items())
    day.tail = f", at commit {found.commit}, on {found.machine}; {versions}."


def _beside(one: Comparison) -> str:
    return f"{one.against} ({'floor' if one.floor else 'peer'})"


def _spread(seconds: Sequence[float]) -> str:
    """Write the median and, in brackets, the least and the most."""
    digits = 3 if max(seconds) < 1 else 2
    return f"{median(seconds):.{digits}f} ({min(seconds):.{digits}f} to {max(seconds):.{digits}f})"


def _percentile(one: Timing) -> str:
    return "" if one.percentile is None else f"{one.percentile:.3f}"


def _size(one: Size) -> tuple[str, ...]:
    return (
        f"{one.lessons}",
        f"{one.build_seconds:.1f}",
        f"{one.check_seconds:.1f}",
        f"{one.seconds_a_lesson:.2f}",
        f"{one.edit_seconds:.2f}",
        f"{max(one.build_megabytes, one.check_megabytes):,.0f}",
        f"{one.site_bytes / MEGA:.1f}",
        f"{one.search_bytes / MEGA:.2f}",
    )


def _weight(one: Weight) -> tuple[str, ...]:
    return (
        f"/{one.page.removesuffix('index.html')}",
        f"{one.size / KILO:.1f} of {one.budget / KILO:.0f}",
        f"{one.scripts / KILO:.1f}"
        + (f" of {one.scripts_budget / KILO:.0f}" if one.scripts_budget else ""),
    )


def _table(block: ElementTree.Element, head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    if not rows:
        return
    table = ElementTree.SubElement(block, "table")
    top = ElementTree.SubElement(ElementTree.SubElement(table, "thead"), "tr")
    for text in head:
        ElementTree.SubElement(top, "th", {"scope": "col"}).text = text
    body = ElementTree.SubElement(table, "tbody")
    for row in rows:
        line = ElementTree.SubElement(body, "tr")
        for text in row:
            ElementTree.SubElement(line, "td").text = text


class BenchmarksExtension(BlocksExtension):
    """Registers the block."""

    def extendMarkdownBlocks(self, md: Markdown, block_mgr: BlocksProcessor) -> None:  # noqa: ARG002, N802
        """Add the block."""
        block_mgr.register(BenchmarksBlock, self.getConfigs())


def makeExtension(**options: object) -> BenchmarksExtension:  # noqa: N802
    """Make the extension that `proof.extensions.benchmarks` names in mkdocs.yml."""
    return BenchmarksExtension(**options)
