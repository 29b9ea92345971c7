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
from collections.abc import Iterable, Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

from playwright.sync_api import Browser

from proof.benchmarks import Weight
from tests.browser.visits import addresses

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


def asked(urls: Iterable[str], site: Path) -> list[str]:
    """Give the files of a site that a host answers requests with, the page first."""
    paths = [unquote(urlsplit(url).path).removeprefix("/") for url in urls]
    names = [f"{path}index.html" if path.endswith("/") or not path else path for path in paths]
    return [name if (site / name).is_file() else "404.html" for name in names]


def weight_of(page: str, files: Iterable[str], site: Path) -> tuple[Weight, dict[str, int]]:
    """Give what a page weighs, and each of its files."""
    found = {name: weigh(site / name) for name in sorted(set(files))}
    lesson = 'property="article:published_time"' in (site / page).read_text("utf-8")
    weight = Weight(
        page,
        size=sum(found.values()),
        budget=LESSON if lesson else OTHER_PAGE,
        scripts=sum(weight for name, weight in found.items() if _is_ours(name)),
        scripts_budget=LESSON_SCRIPTS if lesson else None,
    )
    return weight, found


def _is_ours(name: str) -> bool:
    return name.startswith("assets/javascripts/") and not name.startswith(_THEMES)


def over_budget(page: str, files: Iterable[str], site: Path) -> str:
    """Say by how much a page with its files is over its budget, and what grew; else nothing."""
    weight, found = weight_of(page, files, site)
    ours = {name: found[name] for name in found if _is_ours(name)}
    limits = [(found, weight.size, weight.budget, "with all that it asks for, it")]
    if weight.scripts_budget is not None:
        limits.append((ours, weight.scripts, weight.scripts_budget, "of our own scripts it"))
    return "\n".join(
        f"{page}: {what} has {size:,} bytes, more than {budget:,}; "
        f"since the record:\n{_compared(files_of)}"
        for files_of, size, budget, what in limits
        if size > budget
    )


def measure(browser: Browser, address: str, site: Path) -> Iterator[Weight]:
    """Open each page of a served site, and weigh what it asks for."""
    for page in [*addresses(), "404.html"]:
        with browser.new_context(service_workers="block") as context:
            tab = context.new_page()
            urls: list[str] = []
            tab.on("request", lambda request, urls=urls: urls.append(request.url))
            tab.goto(address + page, wait_until="networkidle")
        files = asked(urls, site)
        yield weight_of(files[0], files, site)[0]


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
