"""Renders Markdown as the site does: with the extensions of mkdocs.yml, on a named page."""

from __future__ import annotations

from collections.abc import Callable
from html import unescape
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from xml.etree.ElementTree import Element

import html5lib
import pytest
from markdown import Markdown
from markdown.treeprocessors import Treeprocessor
from mkdocs.config import load_config
from mkdocs.utils.meta import get_data

ROOT = Path(__file__).parents[2]
Render = Callable[..., Element]


class OnPage(Treeprocessor):
    """Stands in for what MkDocs registers for each page."""

    def __init__(self, path: str, docs: Path) -> None:
        super().__init__()
        self.file = SimpleNamespace(src_uri=path)
        self.config = SimpleNamespace(docs_dir=str(docs))


@pytest.fixture(scope="session")
def site_extensions() -> dict[str, Any]:
    config = load_config(str(ROOT / "mkdocs.yml"))
    return {"extensions": config.markdown_extensions, "extension_configs": config.mdx_configs}


@pytest.fixture
def docs(tmp_path: Path) -> Path:
    """Give the empty docs/ of a project of the test's own."""
    folder = tmp_path / "docs"
    folder.mkdir()
    return folder


@pytest.fixture
def render(
    site_extensions: dict[str, Any], docs: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., Element]:
    """Give a function from Markdown, and the path of its page, to the HTML as a tree."""
    monkeypatch.chdir(ROOT)

    def render(source: str, path: str = "lesson/index.md") -> Element:
        page = docs / path
        page.parent.mkdir(parents=True, exist_ok=True)
        page.write_text(source, encoding="utf-8")
        md = Markdown(**site_extensions)
        md.treeprocessors.register(OnPage(path, docs), "relpath", 0)
        body, _ = get_data(source)
        tree = html5lib.parseFragment(md.convert(body), namespaceHTMLElements=False)
        tree.set("contents", unescape(" ".join(token["name"] for token in md.toc_tokens)))
        return tree

    return render


@pytest.fixture
def text_of() -> Callable[[Element], str]:
    """Give a function from an element to its text, with single spaces."""
    return lambda element: " ".join("".join(element.itertext()).split())
