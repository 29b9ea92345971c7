"""The drawings: the same whenever drawn, from the values alone, small and without styles inside."""

from __future__ import annotations

import gzip
import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.figures.projects import LESSON, NAMES, ROOT, copy_project, edit, run, svg

SVG = "{http://www.w3.org/2000/svg}"
EACH, ALL = 2700, 14_000  # bytes, compressed

drawings = pytest.mark.parametrize("name", NAMES)


def texts(source: str) -> list[str]:
    return [text.text or "" for text in ElementTree.fromstring(source).iter(f"{SVG}text")]


def compressed(name: str) -> int:
    return len(gzip.compress(svg(ROOT, name).encode()))


@pytest.mark.parametrize("seed", [1, 2])
def test_drawn_again_every_drawing_is_the_same(tmp_path: Path, seed: int) -> None:
    project = copy_project(tmp_path)
    written = [project / "docs" / "assets" / "figures.css"]
    written += [project / "figures" / LESSON / f"{name}.svg" for name in NAMES]
    for path in written:
        path.unlink()
    drawn = run(project, "figures", seed=seed)
    assert drawn.stdout.splitlines() == [str(path.relative_to(project)) for path in written]
    for path in written:
        assert path.read_bytes() == (ROOT / path.relative_to(project)).read_bytes()


def test_one_figure_is_drawn_by_its_name_and_unchanged_ones_are_not_written(tmp_path: Path) -> None:
    project = copy_project(tmp_path)
    for name in NAMES[:2]:
        (project / "figures" / LESSON / f"{name}.svg").write_text("")
    drawn = run(project, "figures", NAMES[0], NAMES[2])
    assert drawn.stdout.splitlines() == [f"figures/{LESSON}/{NAMES[0]}.svg"]


def test_an_unknown_name_gets_the_list_of_names(tmp_path: Path) -> None:
    result = run(copy_project(tmp_path), "figures", "kernel")
    assert result.returncode == 2
    (line,) = result.stderr.splitlines()
    assert all(name in line for name in ("kernel is no figure", *NAMES))


def test_a_snippet_that_stops_stops_the_drawing_with_its_line(tmp_path: Path) -> None:
    project = copy_project(tmp_path)
    edit(project / "snippets" / LESSON / "slide_the_kernel.py", "import numpy as np", "1 / 0")
    result = run(project, "figures", "kernel_over_patch")
    assert result.returncode == 1
    line = f"snippets/{LESSON}/slide_the_kernel.py:1: ZeroDivisionError: division by zero\n"
    assert result.stderr == line


def test_figures_show_what_the_snippets_leave(tmp_path: Path) -> None:
    project = copy_project(tmp_path)
    for before, after in {
        "[0.12, 0.92, 0.88, 0.09]": "[0.12, 0.37, 0.88, 0.09]",  # the patch
        "[0.25, 0.91, 0.44, 0.12]": "[0.98, 0.91, 0.44, 0.12]",  # a window's winner
        "image_size = 5": "image_size = 6",
        '("pool", 2, 2)': '("pool", 3, 3)',
        "hidden_units = 256": "hidden_units = 144",
    }.items():
        for snippet in (project / "snippets" / LESSON).glob("*.py"):
            if before in snippet.read_text("utf-8"):
                edit(snippet, before, after)
    result = run(project, "figures")
    assert result.returncode == 0, result.stderr
    for name, there, gone in (
        ("kernel_over_patch", ["0.37", "0.247", "= 0.247"], ["0.92", "0.852"]),
        ("forward_pass", ["0.37", "0.247"], ["0.92", "0.852"]),
        ("max_pooling_and_gradient_route", ["0.98"], []),
        ("windows_per_pixel", ["16 windows", "36 windows"], ["25 windows"]),
        ("receptive_field_growth", ["pool 3 × 3", "7", "13"], ["pool 2 × 2", "6", "10"]),
        ("output_shape_and_savings", ["144 hidden units"], ["38,535,424 parameters"]),
    ):
        shown = texts(svg(project, name))
        assert set(there) <= set(shown), name
        assert not set(gone) & set(shown), name
    # A winner that moves takes its frame along, and the gradient's.
    before, after = (svg(folder, "max_pooling_and_gradient_route") for folder in (ROOT, project))
    for frame in ("line-ink", "line-gradient"):
        frames = re.compile(f'class="{frame}" stroke-width="3" d="(.*?)"')
        assert len(frames.findall(before)) == len(frames.findall(after)) == 4
        assert frames.findall(before)[0] != frames.findall(after)[0]
        assert frames.findall(before)[1:] == frames.findall(after)[1:]


@drawings
def test_a_minus_sign_can_be_seen(name: str) -> None:
    assert not [text for text in texts(svg(ROOT, name)) if re.search(r"-\d", text)]


@drawings
def test_a_drawing_has_only_classes_for_its_looks(name: str) -> None:
    root = ElementTree.fromstring(svg(ROOT, name))
    assert [child.tag for child in root][:2] == [f"{SVG}title", f"{SVG}style"]
    assert {"viewBox", "class"} <= root.attrib.keys()
    assert not {"width", "height"} & root.attrib.keys()
    allowed = {"class", "d", "x", "y", "stroke-width", "stroke-dasharray"}
    for element in list(root)[2:]:
        assert element.tag in (f"{SVG}path", f"{SVG}text")
        assert element.attrib.keys() <= allowed


@drawings
def test_every_class_has_a_rule_alone_and_on_a_page(name: str) -> None:
    root = ElementTree.fromstring(svg(ROOT, name))
    alone = root.findtext(f"{SVG}style") or ""
    page = (ROOT / "docs" / "assets" / "figures.css").read_text("utf-8")
    for element in list(root)[2:]:
        for word in (element.get("class") or "").split():
            assert f".{word}{{" in alone
            assert f".drawing .{word} {{" in page


@drawings
def test_a_drawing_is_small(name: str) -> None:
    assert compressed(name) <= EACH


def test_all_drawings_are_small() -> None:
    assert sum(map(compressed, NAMES)) <= ALL
