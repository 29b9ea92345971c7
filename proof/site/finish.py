"""The one step over finished HTML: what MkDocs and its theme leave to be done in site/."""

from __future__ import annotations

import shutil
from functools import cache
from pathlib import Path

from proof.page_bindings import Left
from proof.project import SNIPPETS, snippet_paths
from proof.runs import Runs
from proof.site.feed import write_feed
from proof.site.notebooks import finish_notebooks
from proof.site.proofs import write_proofs
from proof.site.starts import write_starts

# The theme's files that no page of ours asks for.
UNUSED = (
    "assets/javascripts/lunr",  # other languages' search
    "assets/**/*.map",  # the theme's sources, for debugging the theme
)


def finish(site: Path, name: str, address: str, description: str) -> None:
    """Complete the built site: snippets' files, notebooks, feed, proofs, starts, nothing unused."""
    for kind in ("*.py", "*.out"):
        for file in sorted(SNIPPETS.rglob(kind)):
            target = site / "snippets" / file.relative_to(SNIPPETS)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, target)
    finish_notebooks(site)
    write_feed(site, name, address, description)
    # Nothing runs until a page needs it, and then once for all.
    left = cache(lambda: Left(Runs(snippet_paths())))
    write_proofs(site, left)
    write_starts(site, left)
    for pattern in UNUSED:
        for path in sorted(site.glob(pattern)):
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink()
