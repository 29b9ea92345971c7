"""The process that builds and checks for `serve`: all it has loaded stays, torch too.

Its command names a folder for the site. Then it reads a line for each time something may have
changed: `pages`, `all` where what lies beside the pages is needed too, or `check` to check all of
them. To each it answers with a line of JSON, an `Answer`. It ends when its input does.

The first build is of the whole site. While MkDocs renders a page, each file of the project that
is opened is noted: from then on a change of these files alone renders only the pages that read
them. Whatever else changes, or goes wrong, is a build of the whole site again.
"""

from __future__ import annotations

import io
import json
import logging
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

from jinja2 import Environment
from mkdocs.commands import build as mkdocs_build
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.plugins import BasePlugin
from mkdocs.structure.files import Files
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page
from mkdocs.utils import CountHandler

from proof.check import examine
from proof.faults import Fault
from proof.notebooks.execution import kept, notebook_paths
from proof.notebooks.modules import key
from proof.page_bindings import named_snippets
from proof.page_interactive import interactive_file, named_in_interactive
from proof.page_quizzes import named_in_quiz
from proof.project import DOCS, ROOT, page_paths, relative, snippet_paths
from proof.runs import Runs
from proof.site.__main__ import AUTHORS_FAULTS
from proof.site.build import build
from proof.site.finish import finish_pages
from proof.site.sources import write_sources
from proof.site.styles import lacks_styles
from proof.site.theme import ask_for_theme

WATCHED = ("docs", "snippets", "records", "figures", "labs", "overrides", "proof", "mkdocs.yml")
LIMIT = 10.0  # seconds a snippet may run while an author waits

OWN = ROOT / "proof"

State = tuple[int, int]  # of a file: when it was last written, and its size
Built = Literal["site", "pages", "nothing", ""]


@dataclass(frozen=True)
class Answer:
    """What was built, "" where it cannot be; what that printed; what the check found wrong."""

    built: Built
    printed: str
    faults: list[str]


def is_watched(path: Path) -> bool:
    """Say whether an author writes such a file, and no program or editor for itself."""
    name = path.name
    return not (name.startswith(".") or name.endswith(("~", ".ipynb", ".pyc")) or name.isdigit())


def states() -> dict[str, State]:
    """Give the state of each file that the site is made from, by its path."""
    found = {}
    waiting = [entry for entry in os.scandir(ROOT) if entry.name in WATCHED]
    while waiting:
        entry = waiting.pop()
        with suppress(OSError):  # it may be gone by now
            if entry.is_dir():
                waiting += os.scandir(entry.path)
            elif is_watched(Path(entry)):
                about = entry.stat()
                found[entry.path] = about.st_mtime_ns, about.st_size
    return found


class _Listener(BasePlugin):  # type: ignore[type-arg, no-untyped-call]  # it has no options
    """Keeps what MkDocs makes pages with, and notes what each page reads of the project."""

    def __init__(self, raw: Path) -> None:
        """Take the folder that assets are copied into, as MkDocs leaves them."""
        self.raw = raw
        self.reads: dict[str, set[str]] = {}  # by the page's source
        self._reading: set[str] | None = None
        sys.addaudithook(self._note)

    def _note(self, event: str, arguments: tuple[Any, ...]) -> None:
        if self._reading is not None and event == "open" and isinstance(arguments[0], str | Path):
            self._reading.add(str(arguments[0]))

    def on_nav(self, nav: Navigation, *, config: MkDocsConfig, files: Files) -> None:  # noqa: ARG002
        """Keep what all pages have in common."""
        self.nav, self.files = nav, files
        self.reads.clear()

    def on_pre_page(self, page: Page, *, config: MkDocsConfig, files: Files) -> None:  # noqa: ARG002
        """Note what is opened from here on, until the page has its content."""
        self._reading = self.reads[page.file.src_uri] = set()

    def on_page_content(self, html: str, *, page: Page, **_: Any) -> None:  # noqa: ARG002
        """Note what its numbers come from, too: the check and the proofs read that."""
        path = DOCS / page.file.src_uri
        if self._reading is not None and path.suffix == ".md":
            named = (named_snippets, named_in_quiz, named_in_interactive)
            self._reading.update(str(snippet) for names in named for snippet in names(path))
            self._reading.add(str(interactive_file(path)))
        self._reading = None

    def on_env(self, env: Environment, **_: Any) -> None:
        """Keep the templates."""
        self.env = env

    def on_post_build(self, *, config: MkDocsConfig) -> None:
        """Keep the assets, for the pages that are built alone."""
        shutil.rmtree(self.raw, ignore_errors=True)
        shutil.copytree(Path(config.site_dir, "assets"), self.raw / "assets")


class _ConcernsMoreError(Exception):
    """A change concerns more than the pages that read what changed."""


class Builder:
    """Builds the site into `site` of a folder, again and again, and checks it."""

    def __init__(self, folder: Path) -> None:
        """Start to load torch."""
        self.site, self.next, self.raw = folder / "site", folder / "next", folder / "changed"
        self.listener = _Listener(self.raw)
        self.runs = Runs((), limit=LIMIT, stay=True)
        self.states: dict[str, State] = {}
        self.config: MkDocsConfig | None = None  # of the last build, if it came to its end
        self.whole = False  # what lies beside the pages is as new as they are
        self.faults: list[Fault] = []

    def answer(self, asked: str) -> Answer:
        """Do what is asked; whatever goes wrong is printed in the answer."""
        printed = io.StringIO()
        built: Built = ""
        with redirect_stdout(printed), redirect_stderr(printed):
            try:
                built = self._check_all() if asked == "check" else self._update(asked == "all")
            except AUTHORS_FAULTS as fault:
                self.config = None
                print(fault)
        return Answer(built, printed.getvalue(), [str(fault) for fault in self.faults])

    def _check_all(self) -> Built:
        self._check(page_paths(), whole=True)
        return "nothing"

    def _update(self, everything: bool) -> Built:
        before, self.states = self.states, states()
        changed = {path for path, state in self.states.items() if before.get(path) != state}
        if before and any(Path(path).is_relative_to(OWN) for path in changed):
            sys.exit()  # what runs here is the code of before
        self.runs.renew(snippet_paths())
        if self.config and before.keys() == self.states.keys():
            if not changed and (self.whole or not everything):
                return "nothing"
            # A whole build tells what is wrong.
            with suppress(_ConcernsMoreError, *AUTHORS_FAULTS):
                if not everything:
                    return self._pages(self.config, changed)
        return self._site()

    def _site(self) -> Built:
        self.config = None
        for notebook in notebook_paths():
            if not kept(notebook, key(notebook)):
                told = sys.__stdout__  # now, not with the answer
                print(f"Running {relative(notebook)}; this may take minutes", file=told, flush=True)
        config = build(self.next, self.runs, self.listener)
        self._check(page_paths(), whole=True)
        if self.site.exists():
            self.site.rename(self.raw / "before")
        self.next.rename(self.site)
        self.config, self.whole = config, True
        return "site"

    def _pages(self, config: MkDocsConfig, changed: set[str]) -> Built:
        pages = self._readers(changed)
        for path in self.raw.iterdir():
            if path.name != "assets":
                shutil.rmtree(path) if path.is_dir() else path.unlink()
        with _no_warnings(), _without(config, "material/search", "mkdocs-jupyter"):
            for page in pages:
                about = page.title, page.meta
                mkdocs_build._populate_page(page, config, self.listener.files)
                if (page.title, page.meta) != about:  # other pages show them
                    raise _ConcernsMoreError
            all_pages = self.listener.files.documentation_pages()
            for page in pages:
                page.file.abs_dest_path = str(self.raw / page.file.dest_uri)
                mkdocs_build._build_page(
                    page, config, all_pages, self.listener.nav, self.listener.env
                )
                page.validate_anchor_links(
                    files=self.listener.files, log_level=config.validation.links.anchors
                )
        finish_pages(self.raw, config.site_url or "", self.runs, before=self.site)
        if config.extra["python"]:
            write_sources(self.raw)
        ask_for_theme(self.raw, self.site)
        if lacks_styles(self.raw, self.site, untrimmed=self.raw):
            raise _ConcernsMoreError
        self._check([DOCS / page.file.src_uri for page in pages], whole=False)
        shutil.copytree(
            self.raw, self.site, ignore=shutil.ignore_patterns("assets"), dirs_exist_ok=True
        )
        self.whole = False
        return "pages"

    def _readers(self, changed: set[str]) -> list[Page]:
        """Give the pages that read what changed, where nothing else of the site does."""
        readers = {
            path: self.listener.files.src_uris[path].page
            for path, read in self.listener.reads.items()
            if read & changed
        }
        known = set().union(*self.listener.reads.values())
        if changed <= known and all(path.endswith(".md") for path in readers):
            return [page for page in readers.values() if page]
        raise _ConcernsMoreError

    def _check(self, paths: list[Path], *, whole: bool) -> None:
        """Check pages; of others, keep what was found before."""
        concerned = (
            {str(path) for path in paths}.union(
                *(self.listener.reads.get(path.relative_to(DOCS).as_posix(), ()) for path in paths)
            )
            if not whole
            else set()
        )
        kept = [] if whole else [one for one in self.faults if str(one.file) not in concerned]
        with redirect_stdout(io.StringIO()):  # the totals
            _, found = examine(paths, self.runs, whole=whole)
        self.faults = kept + found


@contextmanager
def _no_warnings() -> Iterator[None]:
    """Raise _ConcernsMoreError if MkDocs warns of something."""
    counter = CountHandler()
    counter.setLevel(logging.WARNING)
    logger = logging.getLogger("mkdocs")
    logger.addHandler(counter)
    try:
        yield
    finally:
        logger.removeHandler(counter)
    if counter.get_counts():
        raise _ConcernsMoreError


@contextmanager
def _without(config: MkDocsConfig, *names: str) -> Iterator[None]:
    """Leave plugins out that change nothing on a page of Markdown, and take long to see that."""
    events = config.plugins.events
    left_out = [config.plugins[name] for name in names]
    before = {event: list(methods) for event, methods in events.items()}
    for methods in events.values():
        methods[:] = [one for one in methods if getattr(one, "__self__", None) not in left_out]
    try:
        yield
    finally:
        for event, methods in before.items():
            events[event][:] = methods


def main(folder: Path) -> None:
    """Answer each line of standard input."""
    with os.fdopen(os.dup(1), "w", encoding="utf-8") as answers:
        os.dup2(2, 1)  # what a program prints goes to the author
        builder = Builder(folder)
        for line in sys.stdin:
            print(json.dumps(asdict(builder.answer(line.strip()))), file=answers, flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
