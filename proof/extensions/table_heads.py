"""Tables with heads on two sides, whose upper-left corner is empty.

    |   | 1    | 2    |
    |---|------|------|
    | 1 | 0.05 | 0.08 |

Markdown knows heads of columns alone. Here the first cell of each row becomes the head of that
row, and the corner, which is the head of nothing, an ordinary cell. How cells are aligned is said
by a class, in every table: HTML has no attribute for it any more.
"""

from __future__ import annotations

from xml.etree import ElementTree

from markdown import Extension, Markdown
from markdown.treeprocessors import Treeprocessor


class TableHeads(Treeprocessor):
    """Says which row or column each head is for, and how cells are aligned."""

    def run(self, root: ElementTree.Element) -> None:
        """Change every table; the heads of those with an empty corner."""
        for table in root.iter("table"):
            for cell in table.iterfind("*/tr/*[@align]"):
                cell.set("class", f"align-{cell.attrib.pop('align')}")
            corner, *columns = table.iterfind("thead/tr/th")
            if len(corner) or (corner.text or "").strip():
                continue
            corner.tag = "td"
            for head in columns:
                head.set("scope", "col")
            for cell in table.findall("tbody/tr/td[1]"):
                cell.tag = "th"
                cell.set("scope", "row")


class TableHeadsExtension(Extension):
    """Registers the step."""

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802
        """Run right after the tables' text was read."""
        md.treeprocessors.register(TableHeads(md), "table_heads", 19)


def makeExtension(**options: object) -> TableHeadsExtension:  # noqa: N802
    """Make the extension that `proof.extensions.table_heads` names in mkdocs.yml."""
    return TableHeadsExtension(**options)
