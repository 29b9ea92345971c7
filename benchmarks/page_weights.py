"""What pages weigh, and the budgets that they keep: `python -m benchmarks.page_weights SITE`.

A page weighs all files that a browser asks for until it is idle, before anyone does anything: the
workers', too, and each compressed with gzip -9, as static hosts can. Run as a command on a built
site, this writes page_weights.toml: the record by which a page over its budget says what grew.
"""

from __future__ import annotations

import gzip
import json
import sys
import tomllib
from collections.abc import Iterable
from pathlib import Path

LESSON = 100_000  # bytes of a page with everything that it asks for
LESSON_SCRIPTS = 12_000  # of which our own scripts
OTHER_PAGE = 75_000
RECORD = Path(__file__).with_name("page_weights.toml")
COMMAND = "nox -s build && python -m benchmarks.page_weights site"

_KINDS = (".css", ".html", ".js", ".json", ".svg", ".woff2")
_THEMES = "assets/javascripts/theme"  # how the names of the theme's own scripts begin


def weigh(file: Path) -> int:
    """Give the bytes of a file as they are sent; a font is compressed already."""
    content = file.read_bytes()
    return len(content if file.suffix == ".woff2" else gzip.compress(content, 9, mtime=0))


def over_budget(page: str, files: Iterable[str], site: Path) -> str:
    """Say by how much a page with its files is over its budget, and what grew; else nothing."""
    found = {name: weigh(site / name) for name in sorted(set(files))}
    lesson = 'property="article:published_time"' in (site / page).read_text("utf-8")
    ours = {
        name: weight
        for name, weight in found.items()
        if name.startswith("assets/javascripts/") and not name.startswith(_THEMES)
    }
    limits = [(found, LESSON if lesson else OTHER_PAGE, "with all that it asks for, it")]
    if lesson:
        limits.append((ours, LESSON_SCRIPTS, "of our own scripts it"))
    return "\n".join(
        f"{page}: {what} has {sum(weights.values()):,} bytes, more than {budget:,}; "
        f"since the record:\n{_compared(weights)}"
        for weights, budget, what in limits
        if sum(weights.values()) > budget
    )


def _compared(weights: dict[str, int]) -> str:
    """List files, those first that grew most since the record."""
    before: dict[str, int] = tomllib.loads(RECORD.read_text("utf-8"))["files"]
    growth = {name: weight - before.get(name, 0) for name, weight in weights.items()}
    return "\n".join(
        f"  {growth[name]:+,} bytes: {name}, now {weights[name]:,}"
        + ("" if name in before else ", new")
        for name in sorted(weights, key=lambda name: -growth[name])
    )


def main(site: Path) -> None:
    """Write the record of a built site."""
    if not (site / "index.html").is_file():
        sys.exit(f"{site} holds no built site; run `nox -s build` first")
    files = {
        file.relative_to(site).as_posix(): weigh(file)
        for file in sorted(site.rglob("*"))
        if file.suffix in _KINDS and "python" not in file.relative_to(site).parts
    }
    lines = [f"# Bytes of each file, gzip -9; written by `{COMMAND}`.", "[files]"]
    lines += [f"{json.dumps(name)} = {weight}" for name, weight in files.items()]
    RECORD.write_text("\n".join(lines) + "\n", "utf-8")
    print(f"{RECORD.name}: {len(files)} files")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
