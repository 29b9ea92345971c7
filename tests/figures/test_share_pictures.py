"""Share pictures: small, the same whenever drawn, and checked like every drawing."""

from __future__ import annotations

from pathlib import Path

import pytest

from proof.png import size, texts, with_texts, without_texts
from tests.figures.projects import LESSON, ROOT, copy_project, edit, run

PICTURES = sorted(ROOT.glob("figures/*/share_picture.png"))
MOST = 100_000  # bytes
EACH = pytest.mark.parametrize("picture", PICTURES, ids=lambda path: path.parent.name)


def test_the_site_and_each_lesson_have_one() -> None:
    lessons = {script.parent.name for script in ROOT.glob("snippets/*/*.py")}
    assert {picture.parent.name for picture in PICTURES} == {"site", *lessons}


@EACH
def test_is_as_large_as_it_is_shown_small_to_load_and_described(picture: Path) -> None:
    png = picture.read_bytes()
    assert len(png) < MOST
    assert size(png) == (1200, 630)
    assert len(texts(png)["Description"]) > 40


def test_drawn_again_each_is_the_same(tmp_path: Path) -> None:
    project = copy_project(tmp_path)
    again = [project / picture.relative_to(ROOT) for picture in PICTURES]
    for path in again:
        path.unlink()
    drawn = run(project, "figures", "share_picture", seed=1)
    assert drawn.stdout.splitlines() == [str(path.relative_to(project)) for path in again]
    for path, picture in zip(again, PICTURES, strict=True):
        assert path.read_bytes() == picture.read_bytes()


def test_check_sees_a_new_title_new_values_and_an_edited_picture(tmp_path: Path) -> None:
    project = copy_project(tmp_path)
    edit(project / "docs/cnns-from-scratch/index.md", "title: CNNs from", "title: Networks from")
    edit(project / f"snippets/{LESSON}/slide_the_kernel.py", "0.05, 0.08", "0.06, 0.08")
    default = project / "figures/site/share_picture.png"
    default.write_bytes(default.read_bytes().replace(b"IDAT", b"IDAt", 1))
    lines = run(project, "proof", "check").stdout.splitlines()
    faults = {line.split(":")[0]: line for line in lines if "share_picture.png" in line}
    drawing = "this drawing is not what its script would draw"
    redraw = "redraw it: nox -s figures -- share_picture"
    lesson = f"figures/{LESSON}/share_picture.png"
    assert faults[lesson] == (
        f"{lesson}:1: {drawing}: {LESSON}/slide_the_kernel left other values, the title, or what "
        f"mkdocs.yml says of the site, is another; {redraw}"
    )
    site = "figures/site/share_picture.png"
    assert faults[site] == f"{site}:1: {drawing}: share_picture.png was edited; {redraw}"


def test_texts_are_added_and_left_out_again() -> None:
    png = PICTURES[0].read_bytes()
    bare = without_texts(png)
    assert texts(bare) == {}
    described = with_texts(bare, {"Description": "Two × two.", "script": "1"})
    assert texts(described) == {"Description": "Two × two.", "script": "1"}
    assert without_texts(described) == bare
