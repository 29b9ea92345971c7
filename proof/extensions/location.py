"""Which page an extension is rendering: the one place that knows the builders."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from markdown import Markdown

from proof.faults import Fault, FaultError
from proof.project import DOCS


@dataclass(frozen=True)
class Page:
    """A page's source: its path under docs/, with forward slashes, and that docs/ folder."""

    path: str
    docs: Path

    @property
    def file(self) -> Path:
        """The Markdown file."""
        return self.docs / self.path

    @property
    def root(self) -> Path:
        """The project that docs/ stands in."""
        return self.docs.parent

    @property
    def folder(self) -> str:
        """The folder that the page is in: its slug for `cnns-from-scratch/index.md`."""
        return posixpath.dirname(self.path)

    def link_to(self, published: str) -> str:
        """Give the relative address of a published file that no page's source stands for."""
        folder, name = posixpath.split(self.path.removesuffix(".md"))
        address = folder if name == "index" else posixpath.join(folder, name)
        return posixpath.relpath(published, address or ".")

    def link_to_page(self, path: str) -> str:
        """Give a link to another page's source; the builder turns it into an address."""
        return posixpath.relpath(path, self.folder or ".")

    def front_matter(self) -> dict[str, object]:
        """Read the YAML between the two lines of dashes that open the file."""
        opening, _, rest = self.file.read_text(encoding="utf-8").partition("---\n")
        if opening or not rest:
            return {}
        found = yaml.load(rest.partition("\n---\n")[0], Loader=yaml.CSafeLoader)
        return found if isinstance(found, dict) else {}

    def fault(self, message: str, *, near: str = "") -> FaultError:
        """Make the error that stops a build, at the first line that holds `near`."""
        return fault_in(self.file, message, near=near)


def page_of(md: Markdown) -> Page:
    """Tell which page is being rendered, under MkDocs, Zensical or no builder (docs/index.md)."""
    if "relpath" in md.treeprocessors:  # MkDocs registers it for each page
        relpath: Any = md.treeprocessors["relpath"]
        return Page(relpath.file.src_uri, Path(relpath.config.docs_dir))
    if "rendering_context" in md.preprocessors:  # Zensical's
        context: Any = md.preprocessors["rendering_context"]
        return Page(context.page.path, DOCS)
    return Page("index.md", DOCS)


def fault_in(file: Path, message: str, *, near: str = "") -> FaultError:
    """Make the error for a file, at its first line that holds `near`."""
    lines = file.read_text(encoding="utf-8").splitlines() if file.is_file() else []
    line = next((number for number, text in enumerate(lines, 1) if near in text), 1)
    return FaultError(Fault(file, line, message))


def read_data(file: Path) -> dict[str, Any]:
    """Read a YAML mapping, an absent file as an empty one; FaultError where it is none."""
    try:
        text = file.read_text(encoding="utf-8") if file.is_file() else "{}"
        data = yaml.load(text, Loader=yaml.CSafeLoader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise FaultError(Fault(file, line, f"this is not YAML: {error.problem}")) from None
    if not isinstance(data, dict):
        raise fault_in(file, "this is no mapping; write lines `name: …`")
    return data
