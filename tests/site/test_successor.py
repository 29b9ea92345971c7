"""How MkDocs' site is compared with Zensical's, which `nox -s successor` builds."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError
from pathlib import Path

import pytest

from proof.site import successor
from proof.site.successor import MISSING, compare, rewrite

PAGE = "<header></header><article>\n<h1>A</h1>\n<p><samp>0.852</samp></p></article>"


@pytest.fixture
def sites(tmp_path: Path) -> tuple[Path, Path]:
    """Give two sites of one page; ours has one of everything that is declared to be missing."""
    sites = tmp_path / "ours", tmp_path / "theirs"
    for site in sites:
        (site / "lesson").mkdir(parents=True)
        (site / "lesson/index.html").write_text(PAGE)
    for pattern, _ in MISSING:
        file = sites[0] / pattern.replace("*", "x")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch()
    return sites


def test_what_is_declared_to_be_missing_is_counted_and_no_fault(sites: tuple[Path, Path]) -> None:
    found = compare(*sites)
    assert found.faults == []
    assert sum(found.declared.values()) == len(MISSING)
    assert found.articles == 1


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("0.852", "0.853", "<samp>0.853</samp>"),
        ("<p><samp>0.852</samp></p>", "", "where MkDocs builds `<article> <h1>A</h1> <p><samp>0.8"),
        ("</article>", "<p>more</p></article>", "<p>more</p>"),
        ("</h1>", "</h1>\n\n", ""),
        ("<header></header>", "<nav></nav>", ""),
    ],
)
def test_an_article_that_says_something_else_is_a_fault(
    sites: tuple[Path, Path], old: str, new: str, fault: str
) -> None:
    (sites[1] / "lesson/index.html").write_text(PAGE.replace(old, new))
    faults = compare(*sites).faults
    assert len(faults) == bool(fault)
    assert all(text.startswith("lesson/index.html has `") and fault in text for text in faults)


def test_a_file_that_is_missing_undeclared_is_a_fault(sites: tuple[Path, Path]) -> None:
    (sites[0] / "lesson/index.md").touch()
    (sites[1] / "lesson/index.html").unlink()
    faults = compare(*sites).faults
    assert faults == ["lesson/index.html is missing", "lesson/index.md is missing"]


def test_a_declaration_of_what_is_there_is_a_fault(sites: tuple[Path, Path]) -> None:
    (sites[0] / "sitemap.xml.gz").unlink()
    [fault] = compare(*sites).faults
    assert fault.startswith("nothing is missing any more of this, take it away: the sitemap")


def test_declared_differences_are_rewritten_and_counted(tmp_path: Path) -> None:
    theirs = (
        '<article> <a id="__skip" tabindex="-1"></a><a href="../labs/learn_the_kernel.ipynb">a</a>'
        '<a href="cnns-from-scratch.ipynb">b</a><a href="/below/">home page</a></article>'
    )
    (tmp_path / "index.html").write_text(theirs)
    said = rewrite(tmp_path)
    assert [line[-3:] for line in said] == ["(1)"] * 3
    assert (tmp_path / "index.html").read_text() == (
        '<article><a href="../labs/learn_the_kernel/">a</a>'
        '<a href="cnns-from-scratch.ipynb">b</a><a href="/below/.">home page</a></article>'
    )


def test_without_zensical_it_says_what_installs_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def absent(name: str) -> str:
        raise PackageNotFoundError(name)

    monkeypatch.setattr(successor, "version", absent)
    assert successor.main() == 2
    assert "`nox -s successor` installs it" in capsys.readouterr().err
