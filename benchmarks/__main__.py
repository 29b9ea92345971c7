"""`python -m benchmarks [SUBJECT …]`: measure, print, and write records/benchmarks.json.

Without a name it measures all of them but `scale`, which takes longer than they do together, and
forgets what is measured no more. With names, what was recorded of the others before stays: measure
all where the machine or the versions are others.
"""

from __future__ import annotations

import argparse
import datetime
import functools
import http.server
import os
import platform
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from importlib.metadata import version
from operator import attrgetter
from pathlib import Path
from statistics import median

from playwright.sync_api import Browser, sync_playwright

from benchmarks import (
    building,
    checking,
    editing,
    interactive_figures,
    page_weights,
    peers,
    running_blocks,
    scale,
)
from benchmarks.timing import command
from proof.benchmarks import (
    KINDS,
    Benchmarks,
    Comparison,
    Download,
    Size,
    Timing,
    Weight,
    read_benchmarks,
    write_benchmarks,
)
from proof.faults import FaultError
from proof.project import SNIPPETS
from tests.browser.chromium import chromium_executable

SUBJECTS = ("checking", "building", "peers", "editing", "pages", "scale")
VERSIONED = ("mkdocs-material", "numpy", "torch", "nbmake", "pytest-codeblocks", "pytest-examples")

Found = Comparison | Timing | Download | Size | Weight
# Two that agree in these are of the same thing, and the later one holds.
IDENTITY: dict[type[Found], tuple[str, ...]] = {
    Comparison: ("what", "against"),
    Timing: ("what",),
    Download: ("what",),
    Size: ("lessons",),
    Weight: ("page",),
}


def measure(subject: str, sizes: tuple[int, ...]) -> Iterator[Found]:
    """Measure one subject."""
    if subject == "scale":
        yield from scale.measure(sizes)
    elif subject == "pages":
        yield from _pages()
    else:
        modules = {"checking": checking, "building": building, "peers": peers, "editing": editing}
        yield from modules[subject].measure()


def _pages() -> Iterator[Found]:
    code = (SNIPPETS / "cnns_from_scratch" / f"{running_blocks.SNIPPET}.py").read_text("utf-8")
    with tempfile.TemporaryDirectory() as folder:
        site = Path(folder) / "site"
        command("-m", "proof.site", "build", "--into", str(site))()
        with _served(site) as address, _chromium() as browser:
            yield from running_blocks.measure(browser, address, site, code)
            yield from interactive_figures.measure(browser, address, site)
            yield from page_weights.measure(browser, address, site)


@contextmanager
def _served(site: Path) -> Iterator[str]:
    quiet = type("Quiet", (http.server.SimpleHTTPRequestHandler,), {"log_message": lambda *_: None})
    handler = functools.partial(quiet, directory=str(site))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


@contextmanager
def _chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium_executable(), args=["--no-sandbox"]
        )
        yield browser
        browser.close()


def told(found: Found) -> str:
    """Say in a line what was found."""
    if isinstance(found, Comparison):
        return f"{found.ratio:.2f} × {found.against}: {found.what}"
    if isinstance(found, Timing):
        return f"{median(found.seconds):.3f} s: {found.what}"
    if isinstance(found, Weight):
        return f"{found.size:,} bytes of {found.budget:,}: {found.page}"
    if isinstance(found, Download):
        return f"{found.compressed_bytes:,} bytes: {found.what}"
    return f"{found.lessons} lessons: {found.seconds_a_lesson:.2f} s a lesson"


def main() -> None:
    """Measure what is asked for."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("subjects", nargs="*", metavar="subject", help=", ".join(SUBJECTS))
    parser.add_argument("--sizes", type=int, nargs="+", default=scale.SIZES, help="for scale")
    arguments = parser.parse_args()
    if unknown := set(arguments.subjects) - set(SUBJECTS):
        parser.error(f"{', '.join(sorted(unknown))}: choose from {', '.join(SUBJECTS)}")
    found: list[Found] = []
    _record(found)  # the site, which is measured too, shows a record
    for subject in arguments.subjects or SUBJECTS[:-1]:
        for one in measure(subject, tuple(arguments.sizes)):
            print(told(one), flush=True)
            found.append(one)
        _record(found)
    if not arguments.subjects:
        _record(found, forget=True)


def _record(found: list[Found], *, forget: bool = False) -> None:
    """Write what was found, and what is known of all else; or, of that, only how it scales."""
    git = ("git", "rev-parse", "--short", "HEAD")
    now = Benchmarks(
        date=datetime.datetime.now(datetime.UTC).date().isoformat(),
        machine=f"{platform.system()}, {platform.machine()}, {os.cpu_count()} cores",
        versions={"Python": platform.python_version()}
        | {name: version(name).partition("+")[0] for name in VERSIONED},
        commit=subprocess.run(git, capture_output=True, text=True, check=False).stdout.strip(),
    )
    try:
        before = read_benchmarks()
    except FaultError:
        before = now
    measured: dict[str, list[Found]] = {}
    for name, kind in KINDS.items():
        known = [] if forget and kind is not Size else getattr(before, name)
        same = attrgetter(*IDENTITY[kind])
        newest = {same(one): one for one in (*known, *found) if isinstance(one, kind)}
        measured[name] = list(newest.values())
    measured["sizes"].sort(key=attrgetter("lessons"))
    write_benchmarks(replace(now, **measured))


if __name__ == "__main__":
    sys.exit(main())
