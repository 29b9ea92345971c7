"""The theme's script, built anew from the theme's own modules with what pages of this site use.

The script that the theme brings holds all of its features, and asks for the search's worker and
index on every page. Its source map carries the modules that it is made of; theme/page.js picks
those that are used here, and loads the search when a reader turns to it.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import tempfile
from pathlib import Path

from proof.faults import Fault, FaultError
from proof.site.editor import esbuild
from proof.site.python import NotObtained

ENTRY = Path(__file__).with_name("theme") / "page.js"
SCRIPTS = "assets/javascripts"
BANNER = (
    "/*! Material for MkDocs, (c) Martin Donath, MIT; RxJS, (c) Google and others, Apache-2.0; "
    "focus-visible, (c) WICG, W3C-20150513 */"
)

_ASKED = re.compile(r'<script src="([^"]*)bundle\.\w+\.min\.js"></script>')
_EXPORT = re.compile(r"^export (?:abstract )?(?:class|const|function) (\w+)", re.MULTILINE)
# What packages say of themselves in files that are no module, so not in the map.
_PACKAGES = {
    ".": {"sideEffects": False},
    "node_modules/clipboard": {"main": "dist/clipboard.js", "sideEffects": False},
    "node_modules/escape-html": {"main": "index.js", "sideEffects": False},
    "node_modules/focus-visible": {"main": "dist/focus-visible.js"},
    "node_modules/rxjs": {"main": "src/index.ts", "sideEffects": False},
}


def rebuild_theme(site: Path) -> None:
    """Put the smaller script in the place of the theme's, in a built site.

    It keeps the theme's own where esbuild is not installed, or the theme shows no sources, as
    Zensical's. FaultError where the theme's modules are not those that page.js knows.
    """
    try:
        program = esbuild()
    except NotObtained:
        return
    [bundle] = site.glob(f"{SCRIPTS}/bundle.*.min.js")
    sources = bundle.with_name(f"{bundle.name}.map")
    if not sources.is_file():
        return
    with tempfile.TemporaryDirectory() as folder:
        _unpack(sources, Path(folder))
        done = subprocess.run(
            (
                *(str(program), str(ENTRY), "--bundle", "--splitting", "--format=esm", "--minify"),
                *("--target=es2022", "--charset=utf8", "--loader:.css=empty", "--jsx-factory=h"),
                *("--entry-names=theme", "--chunk-names=theme-[name]", f"--banner:js={BANNER}"),
                *(f"--alias:~={folder}/src/templates/assets/javascripts", "--log-level=error"),
                f"--outdir={site / SCRIPTS}",
            ),
            env={**os.environ, "NODE_PATH": f"{folder}/node_modules"},
            capture_output=True,
            text=True,
            check=False,
        )
    if done.returncode:
        message = f"the theme's modules are others than this file uses:\n{done.stderr.strip()}"
        raise FaultError(Fault(ENTRY, 1, f"{message}\nuse the theme that constraints.txt names"))
    bundle.unlink()


def ask_for_theme(pages: Path, site: Path) -> None:
    """Let the pages in a folder ask for the smaller script, where the site has that."""
    if not (site / SCRIPTS / "theme.js").is_file():
        return
    for page in pages.rglob("*.html"):
        text = page.read_text("utf-8")
        if asked := _ASKED.search(text):
            text = text.replace(
                asked[0], f'<script type="module" src="{asked[1]}theme.js"></script>'
            )
            early = f'<link rel="modulepreload" href="{asked[1]}theme-chunk.js">'
            page.write_text(text.replace("</head>", f"{early}\n</head>", 1), "utf-8")


def _unpack(source_map: Path, folder: Path) -> None:
    """Write the modules that a source map carries, and the indexes that it does not."""
    content = json.loads(source_map.read_text("utf-8"))
    for name, text in zip(content["sources"], content["sourcesContent"], strict=True):
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
    for name, about in _PACKAGES.items():
        (folder / name / "package.json").write_text(json.dumps(about))
    _index_by_name(folder / "node_modules/rxjs/src")
    _index_by_folder(folder / "src")


def _index_by_name(folder: Path) -> None:
    """Write an index of all that the modules below a folder export: RxJS has but one."""
    # Some operators have the name of a function of RxJS, which is the one that is exported.
    modules = sorted(folder.rglob("*.ts"), key=lambda file: "operators" in file.parts)
    exports: dict[str, str] = {}
    for module in modules:
        for name in _EXPORT.findall(module.read_text("utf-8")):
            exports.setdefault(name, f"./{module.relative_to(folder).with_suffix('').as_posix()}")
    lines = (f'export {{ {name} }} from "{module}"' for name, module in exports.items())
    (folder / "index.ts").write_text("\n".join(lines))


def _index_by_folder(folder: Path) -> None:
    """Write the index of each folder that has none: it exports what its parts do."""
    parts = [part for part in sorted(folder.iterdir()) if part.suffix in ("", ".ts", ".tsx")]
    for part in parts:
        if part.is_dir():
            _index_by_folder(part)
    if not any(part.stem == "index" for part in parts):
        lines = (f'export * from "./{part.stem}"' for part in parts)
        (folder / "index.ts").write_text("\n".join(lines))
