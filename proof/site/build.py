"""The site as it is published: what MkDocs makes of the pages, and one step over that."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from mkdocs.commands import build as mkdocs_build
from mkdocs.config import load_config
from mkdocs.config.base import Config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.plugins import BasePlugin

from proof.faults import Fault, FaultError
from proof.notebooks.execution import executed, notebook_paths
from proof.project import ROOT, snippet_paths, uses_torch
from proof.runs import Runs
from proof.site.editor import bundle
from proof.site.finish import Runner, finish
from proof.site.python import LOCK, MANIFEST, MATPLOTLIB, NotObtained, obtain


def build(
    site: Path, runs: Runs | None = None, listener: BasePlugin[Config] | None = None
) -> MkDocsConfig:
    """Build the site into a folder, which is emptied first; give the configuration.

    Raises FaultError or MkDocs' own exceptions for what an author has to put right. The snippets
    run unless their `runs` are given; `listener` is told what MkDocs tells its plugins.
    """
    os.chdir(ROOT)  # mkdocs.yml names its folders from here
    for notebook in notebook_paths():
        executed(notebook)
    with warnings_shown():
        config = load_config(str(ROOT / "mkdocs.yml"), site_dir=str(site), strict=True)
        if listener:
            config.plugins["listener"] = listener
        runner = _runner()
        config.extra["python"] = MANIFEST if runner else ""
        mkdocs_build.build(config)
    about = config.site_name, config.site_url or "", config.site_description or ""
    finish(site, *about, runner, runs)
    return config


@contextmanager
def warnings_shown() -> Iterator[None]:
    """Print what MkDocs warns of."""
    warnings = logging.StreamHandler()
    warnings.setLevel(logging.WARNING)
    # MkDocs logs what goes wrong in a page before raising it; a fault is reported by the command.
    warnings.addFilter(lambda _: not isinstance(sys.exc_info()[1], FaultError))
    logger = logging.getLogger("mkdocs")
    logger.addHandler(warnings)
    try:
        yield
    finally:
        logger.removeHandler(warnings)


def _runner() -> Runner | None:
    """Obtain what runs snippets in the page; nothing where no page has one, or no source it."""
    if all(uses_torch(path) for path in snippet_paths()):
        return None
    with _or_without("Run and Edit"):
        python, editor = obtain(), bundle()
        matplotlib: dict[str, Path] = {}
        with _or_without("matplotlib in what runs there"):
            matplotlib = obtain(MATPLOTLIB)
        return Runner(python, matplotlib, editor)
    return None


@contextmanager
def _or_without(what: str) -> Iterator[None]:
    """Say what pages are built without, where no source has what it needs; CI needs it."""
    try:
        yield
    except NotObtained as trouble:
        if os.environ.get("CI"):
            raise FaultError(Fault(LOCK, 1, f"{trouble}; CI needs it")) from None
        print(f"Pages are built without {what}: {trouble}.", file=sys.stderr)
