"""References: `[^lecun1998]` on a page becomes a footnote made from docs/bibliography.yml.

The file maps a key to `authors` (a list), `year`, `title`, `venue` and `url`, and where
there are any `volume` and `pages`.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from markdown import Extension, Markdown
from markdown.preprocessors import Preprocessor

from proof.extensions.location import fault_in, page_of, read_data

REQUIRED = {"authors", "year", "title", "venue", "url"}
REFERENCE = re.compile(r"\[\^([^\]\s]+)\]")
INLINE_CODE = re.compile(r"(`+)[^`].*?\1")


def read_bibliography(docs: Path) -> dict[str, dict[str, Any]]:
    """Read the works by their keys; FaultError for one that lacks something."""
    file = docs / "bibliography.yml"
    works = read_data(file)
    for key, work in works.items():
        if lacks := REQUIRED - set(work):
            message = f"the work {key} lacks {', '.join(sorted(lacks))}"
            raise fault_in(file, message, near=f"{key}:")
    return works


def citation(work: dict[str, Any]) -> str:
    """Write a work as Markdown: authors, year, linked title, venue, volume, pages."""
    *first, last = work["authors"]
    authors = f"{', '.join(first)} and {last}" if first else last
    place = ", ".join(str(work[part]) for part in ("volume", "pages") if part in work)
    venue = f"*{work['venue']}*" + (f" {place}" if place else "")
    return f"{authors} ({work['year']}). [{work['title']}]({work['url']}). {venue}."


class References(Preprocessor):
    """Defines the footnotes that a page refers to."""

    def run(self, lines: list[str]) -> list[str]:
        """Append the definitions; FaultError for a key that the bibliography does not have."""
        page = page_of(self.md)
        works = read_bibliography(page.docs)
        prose = INLINE_CODE.sub("", "\n".join(lines))
        keys = dict.fromkeys(REFERENCE.findall(prose))
        for key in keys:
            if key not in works:
                raise page.fault(
                    f"[^{key}] refers to no work in bibliography.yml; the keys are: "
                    f"{', '.join(works) or '(none)'}",
                    near=f"[^{key}]",
                )
        return [*lines, "", *(f"[^{key}]: {citation(works[key])}" for key in keys)]


class BibliographyExtension(Extension):
    """Registers the preprocessor."""

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802
        """Run once fences are out of the way (superfences has priority 25)."""
        md.preprocessors.register(References(md), "bibliography", 24)


def makeExtension(**options: object) -> BibliographyExtension:  # noqa: N802
    """Make the extension that `proof.extensions.bibliography` names in mkdocs.yml."""
    return BibliographyExtension(**options)
