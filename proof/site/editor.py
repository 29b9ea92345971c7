"""The editor of blocks: CodeMirror from npm, bundled, kept under .cache/ by what it is made of."""

from __future__ import annotations

import hashlib
import os
import subprocess
from pathlib import Path

from proof.project import DOCS
from proof.site.python import HOME, NotObtained

SOURCE = Path("assets/javascripts/run/editor.js")  # in docs/, and where the bundle is in site/
CACHE = HOME / ".cache" / "editor"
MODULES = HOME / "node_modules"
LOCK = HOME / "package-lock.json"


def esbuild() -> Path:
    """Give the program that makes scripts small; NotObtained where it is not installed."""
    # A program of its own, with one file for each system: it needs no Node.js.
    programs = [*MODULES.glob("@esbuild/*/bin/esbuild"), *MODULES.glob("@esbuild/*/esbuild.exe")]
    if not programs:
        raise NotObtained("the editor needs what npm installs; run `npm ci` (nox does)")
    return programs[0]


def bundle() -> Path:
    """Give the bundled editor; NotObtained where what it needs is not installed."""
    source = DOCS / SOURCE
    key = hashlib.sha256(LOCK.read_bytes() + source.read_bytes()).hexdigest()
    kept = CACHE / f"{key}.js"
    if kept.is_file():
        return kept
    program = esbuild()
    CACHE.mkdir(parents=True, exist_ok=True)
    unfinished = kept.with_suffix(f".{os.getpid()}.js")
    options = ("--bundle", "--minify", "--format=esm", "--target=es2022", "--log-level=error")
    done = subprocess.run(
        (str(program), str(source), *options, f"--outfile={unfinished}"),
        env={**os.environ, "NODE_PATH": str(MODULES)},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise NotObtained(f"the editor cannot be bundled: {done.stderr.strip()}")
    return unfinished.replace(kept)
