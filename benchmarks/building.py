"""The site's build, against plain MkDocs with the same theme and the same Markdown."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import yaml

from benchmarks.timing import command, compare
from proof.benchmarks import Comparison
from tests.site.projects import ROOT

EXTENSIONS = ("admonition", "attr_list", "def_list", "footnotes", "md_in_html", "tables")
PYMDOWNX = ("arithmatex", "details", "highlight", "inlinehilite", "snippets", "superfences")


def measure() -> Iterator[Comparison]:
    """Build into temporary folders."""
    with tempfile.TemporaryDirectory() as folder:
        plain, site = Path(folder) / "plain", Path(folder) / "site"
        shutil.copytree(ROOT / "docs", plain / "docs", ignore=shutil.ignore_patterns("*.ipynb"))
        config = {
            "site_name": "From Scratch",
            "theme": {"name": "material", "font": False},
            "plugins": ["search"],
            "markdown_extensions": [*EXTENSIONS, *(f"pymdownx.{name}" for name in PYMDOWNX)],
        }
        shutil.copytree(ROOT / "snippets", plain, dirs_exist_ok=True)  # where includes look
        (plain / "mkdocs.yml").write_text(yaml.safe_dump(config), "utf-8")
        yield compare(
            "nox -s build, the build alone",
            command("-m", "proof.site", "build", "--into", str(site)),
            "mkdocs build of the same Markdown, without notebooks",
            command("-m", "mkdocs", "build", "--quiet", folder=plain),
        )
