"""The mutation score as it was last measured: `/// mutation-score` writes it as a sentence."""

from __future__ import annotations

import datetime
from xml.etree import ElementTree

from markdown import Markdown
from pymdownx.blocks import BlocksExtension, BlocksProcessor
from pymdownx.blocks.block import Block

from proof.extensions.location import page_of
from proof.score import read_score


class MutationScoreBlock(Block):
    """The last score."""

    NAME = "mutation-score"

    def on_create(self, parent: ElementTree.Element) -> ElementTree.Element:
        """Write the sentence."""
        score = read_score(page_of(self.md).root)
        date = datetime.date.fromisoformat(score.date)
        block = ElementTree.SubElement(parent, "p", {"class": "mutation-score"})
        block.text = "On "
        day = ElementTree.SubElement(block, "time", {"datetime": score.date})
        day.text = f"{date.day} {date:%B %Y}"
        day.tail = (
            f" it tried {score.mutants:,} changes: {score.caught:,} failed the check, "
            f"{score.equivalent:,} change nothing that is computed and are listed with the "
            f"reason. Score: {score.percent}."
        )
        return block


class MutationScoreExtension(BlocksExtension):
    """Registers the block."""

    def extendMarkdownBlocks(self, md: Markdown, block_mgr: BlocksProcessor) -> None:  # noqa: ARG002, N802
        """Add the block."""
        block_mgr.register(MutationScoreBlock, self.getConfigs())


def makeExtension(**options: object) -> MutationScoreExtension:  # noqa: N802
    """Make the extension that `proof.extensions.mutation_score` names in mkdocs.yml."""
    return MutationScoreExtension(**options)
