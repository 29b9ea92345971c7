"""The one step over finished HTML: what MkDocs and its theme leave to be done in site/."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import rcssmin

from proof.faults import Fault, FaultError
from proof.page_bindings import Left
from proof.project import DOCS, ROOT, SNIPPETS, snippet_paths
from proof.runs import Runs
from proof.site.content_policy import finish_policies
from proof.site.editor import SOURCE as EDITOR
from proof.site.editor import esbuild
from proof.site.feed import write_feed
from proof.site.headers import write_headers
from proof.site.heads import finish_heads
from proof.site.lesson_notebooks import finish_lessons
from proof.site.lessons import Lesson, find_lessons
from proof.site.licences import write_notices
from proof.site.notebooks import finish_notebooks
from proof.site.page_markdown import write_list, write_markdown
from proof.site.proofs import write_proofs
from proof.site.python import NotObtained, publish
from proof.site.service_worker import write_service_worker
from proof.site.sources import write_sources
from proof.site.starts import write_starts
from proof.site.styles import LINK, join_styles, trim_styles
from proof.site.theme import ask_for_theme, rebuild_theme

ASSETS = DOCS / "assets"
# The theme's files that no page of ours asks for.
UNUSED = (
    "assets/javascripts/lunr",  # other languages' search
    "assets/**/*.map",  # the theme's sources, for debugging the theme
)
# What MkDocs and its theme write, or add later, and what stands there instead.
REPAIRS = (
    # Its toggles are checkboxes, which no browser completes.
    (re.compile(r'(<input class="md-toggle"[^>]*) autocomplete="off"'), r"\1"),
    # Its script would put this around them, and every page be styled and laid out anew.
    (
        re.compile(r"<table(?![^>]* class=)([^>]*)>(.*?)</table>", re.DOTALL),
        r'<div class="md-typeset__scrollwrap"><div class="md-typeset__table">'
        r'<table class="plain"\1>\2</table></div></div>',
    ),
    LINK,
)
_ESBUILD_ERROR = re.compile(r"\[ERROR\] (.+)\s+(.+?):(\d+):\d+:")


@dataclass(frozen=True)
class Runner:
    """What runs snippets in the page: files by name, and the bundled editor.

    Where there are none of matplotlib, blocks run, and draw nothing.
    """

    python: Mapping[str, Path]
    matplotlib: Mapping[str, Path]
    editor: Path


def finish(
    site: Path,
    name: str,
    address: str,
    description: str,
    runner: Runner | None = None,
    runs: Runs | None = None,
) -> None:
    """Complete the built site: add what MkDocs does not write, take away what no page asks for.

    The snippets run, where a page needs it, unless their `runs` are given. Scripts stay as they
    are written where esbuild is not installed.
    """
    for kind in ("*.py", "*.out"):
        for file in sorted(SNIPPETS.rglob(kind)):
            target = site / "snippets" / file.relative_to(SNIPPETS)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, target)
    lessons = finish_pages(site, address, runs)
    write_feed(site, lessons, name, address, description)
    write_list(site, name, description)
    shrink(site / ASSETS.name)
    rebuild_theme(site)
    ask_for_theme(site, site)
    for pattern in UNUSED:
        for path in sorted(site.glob(pattern)):
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink()
    if runner:
        publish(runner.python, runner.matplotlib, site)
        write_sources(site)
        shutil.copyfile(runner.editor, site / EDITOR)
    trim_styles(site)
    join_styles(site)
    write_notices(site)
    write_service_worker(site)
    write_headers(site)


def repair(site: Path) -> None:
    """Put right what no override reaches."""
    for path in sorted(site.rglob("*.html")):
        page = path.read_text("utf-8")
        for wrong, right in REPAIRS:
            page = wrong.sub(right, page)
        path.write_text(page, "utf-8")


def finish_pages(
    site: Path, address: str, runs: Runs | None, before: Path | None = None
) -> list[Lesson]:
    """Complete the pages that are in a folder, beside the assets that MkDocs copied; give lessons.

    What this does to a page depends on no other. Where a site of `before` is given, its notebooks
    and its Markdown stand for those of these pages: to make them takes longer than all the rest.
    """
    finish_notebooks(site)
    lessons = find_lessons(site)
    if not before:
        write_markdown(site)
    finish_lessons(site, lessons, before)
    finish_heads(site, lessons, address)
    repair(site)
    finish_policies(site)
    # Nothing runs until a page needs it, and then once for all.
    left = cache(lambda: Left(Runs(snippet_paths()) if runs is None else runs))
    write_proofs(site, left)
    write_starts(site, left)
    return lessons


def shrink(into: Path) -> None:
    """Write our scripts and style sheets without what only their authors read.

    Raises FaultError where a script is no JavaScript.
    """
    for source in sorted(ASSETS.rglob("*.css")):
        target = into / source.relative_to(ASSETS)
        target.write_text(rcssmin.cssmin(source.read_text("utf-8")), "utf-8")
    try:
        program = esbuild()
    except NotObtained:
        return
    scripts = sorted(str(source) for source in ASSETS.rglob("*.js"))
    options = ("--minify", "--charset=utf8", "--target=es2022", "--log-level=error")
    places = (f"--outbase={ASSETS}", f"--outdir={into}", "--allow-overwrite")
    command = (str(program), *scripts, *options, *places)
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
    if found := _ESBUILD_ERROR.search(done.stderr):
        said, file, line = found.groups()
        raise FaultError(Fault(ROOT / file, int(line), f"this is no JavaScript: {said}"))
    done.check_returncode()
