"""What a page needs to follow its reader's values: its source and its snippets, in one file.

`bindings.json` stands beside each page that has blocks which run; the page loads it once one of
them has run with a change.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from proof.extensions.location import Page
from proof.page_bindings import lesson_of, named_snippets, source_of
from proof.pages import read_text
from proof.project import DOCS, SNIPPETS, page_folder, site_pages, snippet_name, uses_torch

FILE = "bindings.json"


def write_sources(site: Path) -> None:
    """Write the file of each built page that has bindings and shows a snippet without torch."""
    for path in site_pages():
        folder = site / page_folder(path)
        runs = source_of(path).notations and not all(map(uses_torch, _shown(path)))
        if runs and (folder / "index.html").is_file():
            text = json.dumps(sources_of(path), ensure_ascii=False, separators=(",", ":"))
            (folder / FILE).write_text(text + "\n", "utf-8")


def sources_of(path: Path) -> dict[str, Any]:
    """Give a page's source and snippets, as `proof.following.Page` takes them."""
    lesson = lesson_of(path)
    snippets = dict.fromkeys([*_shown(path), *named_snippets(path)])
    twins = Page(path.relative_to(DOCS).as_posix(), DOCS).front_matter().get("numpy_twins")
    return {
        "lesson": lesson,
        "source": source_of(path).source,
        "snippets": {snippet_name(one): read_text(one) for one in snippets},
        "absent": [snippet_name(one) for one in snippets if uses_torch(one)],
        "twins": {
            f"{lesson}/{one}": f"{lesson}/{other}"
            for one, other in (twins.items() if isinstance(twins, dict) else ())
        },
    }


def _shown(path: Path) -> list[Path]:
    return [SNIPPETS / f"{one}.py" for part in source_of(path).sections for one in part.snippets]
