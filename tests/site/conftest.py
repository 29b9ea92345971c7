"""The site as the commands make it: the project's own, and copies that a test may break."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCES = ("docs", "figures", "overrides", "snippets")
SiteCommand = Callable[..., subprocess.CompletedProcess[str]]


def environment(**variables: str) -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT), **variables}


@pytest.fixture(scope="session")
def site_command() -> SiteCommand:
    """Give a function that runs `python -m proof.site …` in a project."""

    def run(project: Path, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "proof.site", *arguments]
        return subprocess.run(
            command,
            cwd=project,
            env=environment(**variables),
            capture_output=True,
            text=True,
            check=False,
        )

    return run


@pytest.fixture(scope="session")
def built_site(tmp_path_factory: pytest.TempPathFactory, site_command: SiteCommand) -> Path:
    """Build the project's site, as for a host that serves it below a path."""
    site = tmp_path_factory.mktemp("built") / "site"
    address = "https://lessons.example/below/"
    done = site_command(ROOT, "build", "--into", str(site), SITE_URL=address)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    return site


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Copy what the site is made from."""
    folder = tmp_path / "project"
    for name in SOURCES:
        shutil.copytree(ROOT / name, folder / name)
    shutil.copyfile(ROOT / "mkdocs.yml", folder / "mkdocs.yml")
    return folder
