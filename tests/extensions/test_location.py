from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest
from markdown import Markdown
from markdown.preprocessors import Preprocessor
from markdown.treeprocessors import Treeprocessor

from proof.extensions.location import Page, page_of, read_data
from proof.faults import FaultError
from proof.project import DOCS


def test_under_mkdocs_the_page_is_the_file_of_its_relpath_processor() -> None:
    md = Markdown()
    relpath = Treeprocessor()
    relpath.file = SimpleNamespace(src_uri="cnns-from-scratch/index.md")
    relpath.config = SimpleNamespace(docs_dir="/elsewhere/docs")
    md.treeprocessors.register(relpath, "relpath", 0)
    assert page_of(md) == Page("cnns-from-scratch/index.md", Path("/elsewhere/docs"))


def test_under_zensical_the_page_is_that_of_its_rendering_context() -> None:
    md = Markdown()
    context = Preprocessor()
    context.page = SimpleNamespace(path="cnns-from-scratch/index.md")
    md.preprocessors.register(context, "rendering_context", 0)
    assert page_of(md) == Page("cnns-from-scratch/index.md", DOCS)


def test_without_a_builder_it_is_the_first_page() -> None:
    assert page_of(Markdown()) == Page("index.md", DOCS)


@pytest.mark.parametrize(
    ("path", "link"),
    [
        ("index.md", "snippets/a.py"),
        ("lesson/index.md", "../snippets/a.py"),
        ("about.md", "../snippets/a.py"),
        ("lesson/notes.md", "../../snippets/a.py"),
    ],
)
def test_links_go_from_the_address_that_a_page_is_published_at(path: str, link: str) -> None:
    assert Page(path, DOCS).link_to("snippets/a.py") == link


@pytest.mark.parametrize(
    ("path", "link"), [("index.md", "a/index.md"), ("lesson/index.md", "../a/index.md")]
)
def test_links_to_pages_go_from_source_to_source(path: str, link: str) -> None:
    assert Page(path, DOCS).link_to_page("a/index.md") == link


def test_front_matter_is_read_where_there_is_any(tmp_path: Path) -> None:
    page = Page("a.md", tmp_path)
    page.file.write_text("---\ntitle: A\n---\n\nText\n---\n", encoding="utf-8")
    assert page.front_matter() == {"title": "A"}
    page.file.write_text("Text\n---\nmore: text\n---\n", encoding="utf-8")
    assert page.front_matter() == {}


def test_a_fault_stands_at_the_line_that_caused_it(tmp_path: Path) -> None:
    page = Page("a.md", tmp_path)
    page.file.write_text("---\ntitle: A\n---\n\nHere it is.\n", encoding="utf-8")
    assert page.fault("wrong", near="it is").fault.line == 5
    assert page.fault("wrong", near="nowhere").fault.line == 1


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [("a: 1\nb: [\n", 3, "not YAML"), ("- a\n- b\n", 1, "no mapping")],
)
def test_data_that_cannot_be_read_is_a_fault(
    tmp_path: Path, text: str, line: int, message: str
) -> None:
    file = tmp_path / "data.yml"
    assert read_data(file) == {}
    file.write_text(text, encoding="utf-8")
    with pytest.raises(FaultError, match=message) as error:
        read_data(file)
    assert (error.value.fault.file, error.value.fault.line) == (file, line)
