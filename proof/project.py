"""Where things are: the project's folders, its snippets and its pages."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from proof.execution import imported
from proof.faults import BadCall


def _find_root(start: Path) -> Path:
    for folder in (start, *start.parents):
        if (folder / "mkdocs.yml").is_file() and (folder / "snippets").is_dir():
            return folder
    raise BadCall(
        f"no project here: neither {start} nor a folder above it holds mkdocs.yml and snippets/"
    )


ROOT = _find_root(Path.cwd())
SNIPPETS = ROOT / "snippets"
DOCS = ROOT / "docs"
FIGURES = ROOT / "figures"
LABS = DOCS / "labs"


def relative(path: Path) -> str:
    """Give a path as messages show it: from the project's root, with forward slashes."""
    return (path.relative_to(ROOT) if path.is_relative_to(ROOT) else path).as_posix()


def snippet_name(path: Path) -> str:
    """Give the name a page and a command use: `lesson/idea`."""
    return path.relative_to(SNIPPETS).with_suffix("").as_posix()


def snippet_paths() -> list[Path]:
    """Every snippet of the project, sorted."""
    return sorted(path for path in SNIPPETS.rglob("*.py") if path.name != "__init__.py")


def find_snippet(name: str) -> Path:
    """Find a snippet by `lesson/idea`, or by `idea` where only one lesson has it.

    Raises BadCall, with the valid names, for any other name.
    """
    found = {snippet_name(path): path for path in snippet_paths()}
    matches = [full for full in found if name in (full, full.rpartition("/")[2])]
    if len(matches) == 1:
        return found[matches[0]]
    trouble = "is the name of several snippets" if matches else "is no snippet"
    raise BadCall(f"{name} {trouble}; the snippets are: {_listed(matches or list(found))}")


def page_paths() -> list[Path]:
    """Every page of the site, then the README and the contributor guide where they exist."""
    guides = (ROOT / "README.md", ROOT / "CONTRIBUTING.md")
    return site_pages() + [guide for guide in guides if guide.is_file()]


def site_pages() -> list[Path]:
    """Every page of the site, sorted."""
    return sorted(DOCS.rglob("*.md"))


def page_folder(page: Path) -> str:
    """Give the folder of a built page, from the site's root: "." for docs/index.md."""
    place = page.parent if page.name == "index.md" else page.with_suffix("")
    return place.relative_to(DOCS).as_posix()


def page_name(path: Path) -> str:
    """Give the short name of a page: its lesson's folder, or its file under docs/."""
    if not path.is_relative_to(DOCS):
        return relative(path)
    page = path.relative_to(DOCS)
    return (
        page.parent.as_posix()
        if page.name == "index.md" and len(page.parts) > 1
        else page.as_posix()
    )


def beside(page: Path, name: str) -> Path:
    """Give the file of a page that is called so; it need not exist."""
    return page.with_name(name if page.name == "index.md" else f"{page.stem}.{name}")


def find_page(name: str) -> Path:
    """Find a page by its lesson's folder, or by its path from here, the root or docs/.

    Raises BadCall, with the valid names, for any other name.
    """
    pages = page_paths()
    candidates = [(base / name).resolve() for base in (Path.cwd(), ROOT, DOCS)]
    for page in pages:
        if page in candidates or page_name(page) == name.rstrip("/"):
            return page
    raise BadCall(
        f"{name} is no page; the pages are: {_listed([page_name(page) for page in pages])}"
    )


def uses_torch(path: Path) -> bool:
    """Say whether a snippet imports torch; one that does not parse does not."""
    source = path.read_bytes()
    if b"torch" not in source:
        return False
    return "torch" in imported(source)


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names) or "(none)"
