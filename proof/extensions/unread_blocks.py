"""Blocks (`/// name | argument`) that nothing reads: a wrong name, argument or option.

pymdownx.blocks leaves them on the page as text; here they stop the build.
"""

from __future__ import annotations

import re
from typing import Any
from xml.etree import ElementTree

from markdown import Extension, Markdown
from markdown.treeprocessors import Treeprocessor

from proof.extensions.location import page_of

OPENING = re.compile(r"^/{3,} *[\w-]+.*$", re.MULTILINE)


class UnreadBlocks(Treeprocessor):
    """Finds them."""

    def run(self, root: ElementTree.Element) -> None:
        """Look through the paragraphs; FaultError at the first block that was not read."""
        for paragraph in root.iter("p"):
            if opening := OPENING.search(paragraph.text or ""):
                blocks: Any = self.md.parser.blockprocessors["blocks"]
                raise page_of(self.md).fault(
                    f"{opening[0]!r} is no block with these options; the blocks are: "
                    f"{', '.join(sorted(blocks.blocks))}",
                    near=opening[0],
                )


class UnreadBlocksExtension(Extension):
    """Registers the search."""

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802
        """Run when footnotes have taken their place (priority 50), before the inline patterns."""
        md.treeprocessors.register(UnreadBlocks(md), "unread_blocks", 25)


def makeExtension(**options: object) -> UnreadBlocksExtension:  # noqa: N802
    """Make the extension that `proof.extensions.unread_blocks` names in mkdocs.yml."""
    return UnreadBlocksExtension(**options)
