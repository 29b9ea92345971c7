"""The site as the commands make it: the project's own, and that of a copy."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import MadeOnce
from tests.site.projects import ROOT, copy_project, environment

SiteCommand = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="session")
def site_command() -> SiteCommand:
    """Give a function that runs `python -m proof.site …` in a project."""

    def run(project: Path, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "proof.site", *arguments],
            cwd=project,
            env=environment(**variables),
            capture_output=True,
            text=True,
            check=False,
        )

    return run


@pytest.fixture(scope="session")
def built_site(made_once: MadeOnce, site_command: SiteCommand) -> Path:
    """Build the project's site, as for a host that serves it below a path."""

    def build(site: Path) -> None:
        address = "https://lessons.example/below/"
        done = site_command(ROOT, "build", "--into", str(site), SITE_URL=address)
        assert (done.returncode, done.stdout, done.stderr) == (0, "", "")

    return made_once("site-below-a-path", build)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Copy what the site is made from."""
    return copy_project(tmp_path / "project")
