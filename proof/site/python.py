"""The Python that readers run in the page: Pyodide and its wheels, checked by hash, published.

Obtained once, kept under .cache/ by hash; with it go the modules of this project that run and
compare there.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import tomllib
import zipfile
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

import proof
from proof.faults import Fault, FaultError

LOCK = Path(__file__).with_name("pyodide.toml")
HOME = Path(proof.__file__).parents[1]  # where node_modules and the cache are, also for a copy
CACHE = HOME / ".cache" / "pyodide"
FOLDER = "PYODIDE_FOLDER"  # the environment variable that names a folder with the files
MANIFEST = "python/manifest.json"  # in the built site: the files beside it, with their sizes
# The parts of the lock file and of the manifest: what every run needs, and what drawing does.
PYTHON, MATPLOTLIB = "python", "matplotlib"
PATIENCE = 30.0  # seconds without an answer
# What the worker imports: `proof.session` runs a block, `proof.following` evaluates the page,
# `proof.pictures` shows what a block drew.
MODULES = (
    *("__init__", "assignments", "bindings", "execution", "expressions", "following", "notation"),
    *("numerals", "outputs", "pictures", "session", "values"),
)


class NotObtained(Exception):  # noqa: N818 - the sources are at fault, not the program
    """No source has what is needed; the message says what, and what to do or each source said."""


def obtain(part: str = PYTHON) -> dict[str, Path]:
    """Give the files of PYTHON or MATPLOTLIB by name, from the cache or else from the first source.

    Raises NotObtained where none has, and FaultError where one has it with another hash.
    """
    lock = tomllib.loads(LOCK.read_text("utf-8"))
    hashes: dict[str, str] = lock[part]
    CACHE.mkdir(parents=True, exist_ok=True)
    return {name: _kept(name, expected, lock) for name, expected in hashes.items()}


def _kept(name: str, expected: str, lock: dict[str, Any]) -> Path:
    kept = CACHE / expected
    if kept.is_file() and _hash(kept.read_bytes()) == expected:
        return kept
    refusals = []
    for source, read in _sources(lock):
        try:
            content = read(name)
        except _Absent as reason:
            refusals.append(f"{source}: {reason}")
            continue
        if _hash(content) != expected:
            raise FaultError(
                Fault(
                    LOCK,
                    _line(name),
                    f"{name} of {source} is refused: its SHA-256 is {_hash(content)}, expected "
                    f"is {expected}; give the file that the hash is of",
                )
            )
        unfinished = kept.with_suffix(f".{os.getpid()}")
        unfinished.write_bytes(content)
        unfinished.replace(kept)
        return kept
    raise NotObtained(f"{name} was not to be had ({'; '.join(refusals)})")


class _Absent(Exception):  # noqa: N818 - the source is at fault, not the program
    """A source has no such file, or does not answer."""


def _sources(lock: dict[str, Any]) -> Iterator[tuple[str, Callable[[str], bytes]]]:
    """Give what a file may come from, the nearest first."""
    if FOLDER in os.environ:
        folder = Path(os.environ[FOLDER])
        yield f"{FOLDER} ({folder})", lambda name: _read(folder / name)
    npm = HOME / "node_modules" / "pyodide"
    yield "npm's package pyodide", lambda name: _read(npm / name)
    yield lock["distribution"], lambda name: _download(lock["distribution"], name)
    yield f"PyPI's {lock['package']['need']}", lambda name: _unpack(**lock["package"], name=name)


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise _Absent(error.strerror) from None


def _download(address: str, name: str) -> bytes:
    if trouble := _unreachable(address):
        raise _Absent(trouble)
    try:
        with urlopen(address + name, timeout=PATIENCE) as answer:
            content: bytes = answer.read()
    except (URLError, OSError) as error:
        raise _Absent(str(error)) from None
    return content


@cache
def _unreachable(address: str) -> str:
    """Say why nothing of an address can be had: asked once, not for each file."""
    try:
        with urlopen(address + "package.json", timeout=PATIENCE):
            return ""
    except (URLError, OSError) as error:
        return str(error)


def _unpack(need: str, folder: str, name: str) -> bytes:
    found = _downloaded(need)
    if isinstance(found, str):
        raise _Absent(found)
    if f"{folder}/{name}" not in found:
        raise _Absent(f"{folder} has no such file")
    return found[f"{folder}/{name}"]


@cache
def _downloaded(need: str) -> dict[str, bytes] | str:
    """Give what a package on PyPI holds that the lock file names, by its path; or why not."""
    lock = tomllib.loads(LOCK.read_text("utf-8"))
    names = lock[PYTHON].keys() | lock[MATPLOTLIB].keys()
    with tempfile.TemporaryDirectory() as folder:
        pip = (sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", folder)
        done = subprocess.run((*pip, need), capture_output=True, text=True, check=False)
        wheels = list(Path(folder).glob("*.whl"))
        if done.returncode or not wheels:
            return (done.stderr.strip() or "pip gave nothing").splitlines()[-1]
        with zipfile.ZipFile(wheels[0]) as wheel:
            wanted = [path for path in wheel.namelist() if path.rpartition("/")[2] in names]
            return {path: wheel.read(path) for path in wanted}


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _line(name: str) -> int:
    lines = LOCK.read_text("utf-8").splitlines()
    return next(number for number, line in enumerate(lines, 1) if line.startswith(f'"{name}"'))


def publish(python: Mapping[str, Path], matplotlib: Mapping[str, Path], site: Path) -> None:
    """Write the files into the site, in a folder of their version, and a list with sizes."""
    version = tomllib.loads(LOCK.read_text("utf-8"))["version"]
    target = (site / MANIFEST).parent
    pyodide = f"pyodide-{version}"
    (target / pyodide).mkdir(parents=True, exist_ok=True)
    for name, file in (*python.items(), *matplotlib.items()):
        shutil.copyfile(file, target / pyodide / name)
    with tempfile.TemporaryDirectory() as folder:
        bundle = _bundle(Path(folder) / "proof.zip")
        modules = f"proof-{_hash(bundle.read_bytes())[:12]}.zip"
        shutil.copyfile(bundle, target / modules)
    parts = {
        PYTHON: [*(f"{pyodide}/{name}" for name in python), modules],
        MATPLOTLIB: [f"{pyodide}/{name}" for name in matplotlib],
    }
    sizes = {
        part: {path: (target / path).stat().st_size for path in paths}
        for part, paths in parts.items()
    }
    (site / MANIFEST).write_text(json.dumps(sizes) + "\n", "utf-8")


def _bundle(target: Path) -> Path:
    """Write the modules that run in the page, byte for byte the same from the same sources."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as bundle:
        for name in MODULES:
            source = Path(proof.__file__).with_name(f"{name}.py").read_bytes()
            bundle.writestr(zipfile.ZipInfo(f"proof/{name}.py"), source, zipfile.ZIP_DEFLATED)
    return target
