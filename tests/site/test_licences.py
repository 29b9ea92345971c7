"""What others made and the site holds: each work named, under a licence that is allowed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tomllib
from importlib.metadata import files
from pathlib import Path

import pytest

from proof.faults import FaultError
from proof.site import licences, math_font, python
from proof.site.editor import MODULES, SOURCE, esbuild
from proof.site.licences import NOTICES, WORKS, editor_packages, shipped
from proof.site.python import MANIFEST
from tests.site.projects import ROOT

LISTED = tomllib.loads(WORKS.read_text("utf-8"))["works"]


def test_every_file_that_is_not_ours_belongs_to_a_work(built_site: Path) -> None:
    patterns = {pattern for work in shipped(built_site) for pattern in work.files}
    named = {path for pattern in patterns for path in built_site.glob(pattern)}
    ours = {built_site / path.relative_to(ROOT / "docs") for path in (ROOT / "docs").rglob("*")}
    ours -= {path for path in ours if path.suffix == ".woff2"}
    ours |= {built_site / MANIFEST, built_site / "assets" / "share.png"}
    ours |= set(built_site.glob("python/proof-*.zip"))
    held = [path for part in ("assets", "python") for path in (built_site / part).rglob("*")]
    assert [path for path in held if path.is_file() and path not in named | ours] == []


def test_readers_are_told_every_work_and_its_licence(built_site: Path) -> None:
    notices = (built_site / NOTICES).read_text("utf-8")
    works = shipped(built_site)
    assert {"Material for MkDocs", "Pyodide", "NumPy", "@codemirror/view"} <= {
        w.name for w in works
    }
    for work in works:
        assert f"\n{work.name} " in notices or f"\n{work.name}\n" in notices
        assert work.text in notices
        assert work.text or work.holder, f"{work.name}: neither a text nor a holder"
    version = tomllib.loads(python.LOCK.read_text("utf-8"))["version"]
    assert f"\nPyodide {version}\n  licence: MPL-2.0\n" in notices
    page = (built_site / "security" / "index.html").read_text("utf-8")
    assert f'href="../{NOTICES}"' in page


def test_the_sbom_of_the_site_names_the_same_works(built_site: Path, tmp_path: Path) -> None:
    file = tmp_path / "site.cdx.json"
    command = (sys.executable, "-m", "proof.site.licences", built_site, file)
    subprocess.run(command, cwd=ROOT, check=True)
    bill = json.loads(file.read_text("utf-8"))
    assert (bill["bomFormat"], bill["specVersion"]) == ("CycloneDX", "1.6")
    assert [
        (part["name"], part.get("version", ""), part.get("purl", "")) for part in bill["components"]
    ] == [(work.name, work.version, work.package) for work in shipped(built_site)]


def test_the_editor_holds_no_package_but_those_that_are_named(tmp_path: Path) -> None:
    report = tmp_path / "report.json"
    subprocess.run(
        (
            *(esbuild(), ROOT / "docs" / SOURCE, "--bundle", "--format=esm"),
            *(f"--metafile={report}", f"--outfile={tmp_path / 'editor.js'}", "--log-level=error"),
        ),
        env={**os.environ, "NODE_PATH": str(MODULES)},
        check=True,
    )
    inputs = json.loads(report.read_text("utf-8"))["inputs"]
    paths = [path.rpartition("node_modules/")[2] for path in inputs if "node_modules/" in path]
    names = {"/".join(path.split("/")[: 1 + path.startswith("@")]) for path in paths}
    assert "@codemirror/view" in names
    assert names <= set(editor_packages())


def test_what_the_themes_files_are_made_of_is_named() -> None:
    maps = [path for path in files("mkdocs-material") or () if path.suffix == ".map"]
    sources = [source for path in maps for source in json.loads(path.read_text("utf-8"))["sources"]]
    used = {path.split("node_modules/")[1].split("/")[0] for path in sources if "_modules/" in path}
    assert {"rxjs", "lunr"} <= used
    assert used <= {work["name"].lower() for work in LISTED}


def test_the_font_is_of_the_version_that_it_was_cut_from() -> None:
    [font] = (work for work in LISTED if "assets/fonts/math.woff2" in work["files"])
    assert math_font.PACKAGE.endswith(f"@{font['version']}")


@pytest.mark.parametrize("licence", ["AGPL-3.0-only", None])
def test_a_package_without_an_allowed_licence_is_refused(
    licence: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lock = json.loads(licences.LOCK.read_text("utf-8"))
    package = lock["packages"]["node_modules/crelt"]
    package |= {"license": licence} if licence else {}
    if not licence:
        del package["license"]
    monkeypatch.setattr(licences, "LOCK", tmp_path / "package-lock.json")
    (tmp_path / MANIFEST).parent.mkdir()
    (tmp_path / MANIFEST).touch()  # the site of a build that bundled the editor
    licences.LOCK.write_text(json.dumps(lock))
    with pytest.raises(
        FaultError, match=rf"^proof/site/shipped.toml:6: crelt is under '{licence or ''}'"
    ):
        shipped(tmp_path)
