"""What the built site holds that others made: shipped.toml and npm's packages in the editor.

The build writes it into the site for readers, licences.txt, and refuses a licence that shipped.toml
does not allow. `python -m proof.site.licences SITE FILE` writes it as an SBOM, too.
"""

from __future__ import annotations

import argparse
import json
import re
import tomllib
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import files, version
from pathlib import Path
from typing import Any

from proof.faults import Fault, FaultError
from proof.project import DOCS
from proof.site.editor import LOCK, MODULES, SOURCE
from proof.site.python import MANIFEST

WORKS = Path(__file__).with_name("shipped.toml")
NOTICES = "licences.txt"  # in the built site
HEAD = """\
What this site holds that others made
=====================================

Each work has its version, its licence by its SPDX name, and the files that hold it. Further down
stand the licences' texts as the works carry them. Where a work carries none, its holder is named,
and the text stands at https://spdx.org/licenses/ under the licence's name.
"""

_IMPORTED = re.compile(r'from "((?:@[^/"]+/)?[^./"][^/"]*)"')


@dataclass(frozen=True)
class Work:
    """Something in the site that others made; `text` is its licence as it carries it."""

    name: str
    version: str
    licence: str  # SPDX
    files: tuple[str, ...]  # patterns of paths in the site
    package: str = ""  # its package URL
    part_of: str = ""
    holder: str = ""
    text: str = ""


def shipped(site: Path) -> list[Work]:
    """Give the works that a built site holds.

    Raises FaultError for a licence that shipped.toml does not allow.
    """
    listed = tomllib.loads(WORKS.read_text("utf-8"))
    works: dict[str, Work] = {}
    for entry in listed["works"]:
        found = {pattern: next(site.glob(pattern), None) for pattern in entry["files"]}
        if holding := {pattern: path for pattern, path in found.items() if path}:
            works[entry["name"]] = _work(entry, holding, works.get(entry.get("part_of")))
    # The editor is bundled where the site has a Python to run what is edited.
    complete = [*works.values(), *(_editor_works() if (site / MANIFEST).is_file() else ())]
    for work in complete:
        if work.licence not in listed["licences"]:
            raise FaultError(
                Fault(
                    WORKS,
                    _line(),
                    f"{work.name} is under {work.licence!r}, which is not among the licences here; "
                    "leave the work out of the site, or allow its licence and do what it asks",
                )
            )
    return complete


def editor_packages() -> dict[str, dict[str, Any]]:
    """Give what package-lock.json says of the packages that the editor can hold, by name."""
    locked = json.loads(LOCK.read_text("utf-8"))["packages"]
    queue = _IMPORTED.findall((DOCS / SOURCE).read_text("utf-8"))
    packages: dict[str, dict[str, Any]] = {}
    while queue:
        if (name := queue.pop()) not in packages:
            packages[name] = locked[f"node_modules/{name}"]
            queue += packages[name].get("dependencies", ())
    return dict(sorted(packages.items()))


def write_notices(site: Path) -> None:
    """Write licences.txt."""
    works = shipped(site)
    texts: dict[str, list[str]] = {}
    for work in works:
        if work.text:
            texts.setdefault(work.text, []).append(work.name)
    parts = [HEAD, *map(_notice, works)]
    for text, names in texts.items():
        title = f"The licence of {', '.join(names)}"
        parts.append(f"{title}\n{'-' * min(len(title), 100)}\n\n{text}\n")
    (site / NOTICES).write_text("\n".join(parts), "utf-8")


def sbom(site: Path) -> dict[str, Any]:
    """Give what a built site holds as CycloneDX 1.6."""
    components = []
    for work in shipped(site):
        component = {
            "type": "library" if work.version else "data",
            "name": work.name,
            "version": work.version,
            "purl": work.package,
            "licenses": [{"license": {"id": work.licence}}],
        }
        components.append({key: value for key, value in component.items() if value})
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"component": {"type": "application", "name": "from-scratch"}},
        "components": components,
    }


def _work(entry: dict[str, Any], holding: dict[str, Path], whole: Work | None) -> Work:
    package = entry.get("package", "")
    first = next(iter(holding.values()))
    number = whole.version if whole else entry.get("version", "")
    if "version_in" in entry:
        number = re.findall(entry["version_in"], first.as_posix())[-1]
    elif package:
        number = version(package)
    return Work(
        name=entry["name"],
        version=number,
        licence=entry["licence"],
        files=tuple(holding),
        package=f"pkg:pypi/{package}@{number}" if package and not whole else "",
        part_of=whole.name if whole else "",
        holder=entry.get("holder", ""),
        text=_text(entry["text"], package, first) if "text" in entry else "",
    )


def _text(end: str, package: str, file: Path) -> str:
    if package:
        found = next(path for path in files(package) or () if str(path).endswith(end))
        text = found.read_text("utf-8")
    elif file.suffix == ".whl":
        with zipfile.ZipFile(file) as wheel:
            name = next(name for name in wheel.namelist() if name.endswith(end))
            text = wheel.read(name).decode()
    else:
        text = (DOCS / end).read_text("utf-8")
    return text.strip()


def _editor_works() -> Iterator[Work]:
    for name, package in editor_packages().items():
        file = MODULES / name / "LICENSE"  # absent where the bundle was kept, and npm's folder not
        text = file.read_text("utf-8").strip() if file.is_file() else ""
        number = package["version"]
        url = f"pkg:npm/{name.replace('@', '%40')}@{number}"
        licence = package.get("license", "")
        yield Work(name, number, licence, (SOURCE.as_posix(),), url, text=text)


def _notice(work: Work) -> str:
    whole = f"in {work.part_of} " if work.part_of else ""
    lines = [f"{work.name} {whole}{work.version}".rstrip(), f"  licence: {work.licence}"]
    if work.holder:
        lines.append(f"  by: {work.holder}")
    return "\n".join([*lines, *(f"  in: {pattern}" for pattern in work.files)]) + "\n"


def _line() -> int:
    lines = WORKS.read_text("utf-8").splitlines()
    return next(number for number, line in enumerate(lines, 1) if line.startswith("licences"))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m proof.site.licences", description=__doc__)
    parser.add_argument("site", type=Path, help="a built site")
    parser.add_argument("file", type=Path, help="what to write, JSON")
    arguments = parser.parse_args()
    arguments.file.write_text(json.dumps(sbom(arguments.site), indent=2) + "\n", "utf-8")
