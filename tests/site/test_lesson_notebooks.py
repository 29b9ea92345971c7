"""The notebook of a lesson: it runs, prints what is documented, and says what the page says."""

from __future__ import annotations

import copy
import re
from base64 import b64decode
from decimal import Decimal
from pathlib import Path
from xml.etree import ElementTree

import html5lib
import nbformat
import pytest
from markdown_it import MarkdownIt
from nbclient import NotebookClient
from nbformat import NotebookNode

from proof.outputs import differences
from proof.site.lesson_notebooks import notebook
from proof.site.lessons import Lesson, find_lessons
from tests.site.test_built_site import NOTATION

ROOT = Path(__file__).parents[2]
NO_TEXT = {"svg", "pre", "button"}
FORMULA = re.compile(r"(?<!\\)\$\$(.+?)\$\$|(?<!\\)\$(.+?)\$", re.DOTALL)


@pytest.fixture(scope="module")
def lesson(built_site: Path) -> Lesson:
    [lesson] = find_lessons(built_site)
    return lesson


@pytest.fixture(scope="module")
def made(lesson: Lesson) -> NotebookNode:
    made = nbformat.read(lesson.page.with_name(f"{lesson.slug}.ipynb"), as_version=4)
    nbformat.validate(made)
    return made


@pytest.fixture(scope="module")
def shown(made: NotebookNode) -> list[ElementTree.Element]:
    """Give each Markdown cell as a CommonMark parser reads it, with ∎ for a formula."""
    reader = MarkdownIt("commonmark").enable("table")
    return [
        html5lib.parseFragment(reader.render(FORMULA.sub("∎", cell.source)), "div", "etree", False)
        for cell in made.cells
        if cell.cell_type == "markdown"
    ]


def programs(made: NotebookNode) -> list[NotebookNode]:
    return [cell for cell in made.cells if cell.cell_type == "code"]


def text(element: ElementTree.Element) -> str:
    """Give an element's text, with ∎ for a formula."""
    name = element.tag.rpartition("}")[2]
    if name == "math":
        return "∎"
    if name in NO_TEXT or "hidden" in element.attrib:
        return ""
    return (element.text or "") + "".join(text(child) + (child.tail or "") for child in element)


def words(found: str) -> str:
    return "".join(found.split())


def test_runs_in_one_kernel_top_to_bottom_and_bottom_to_top(made, tmp_path: Path) -> None:
    both_ways = copy.deepcopy(made)
    documented = programs(made) + programs(made)[::-1]
    again = copy.deepcopy(programs(made))[::-1]
    for cell in again:
        cell["id"] += "-again"
    both_ways.cells += again
    resources = {"metadata": {"path": str(tmp_path)}}  # no module of this project is found there
    arguments = ["--log-level=ERROR"]
    client = NotebookClient(both_ways, timeout=60, resources=resources, extra_arguments=arguments)
    client.execute()
    for before, after in zip(documented, programs(both_ways), strict=True):
        assert {output.name for output in after.outputs} == {"stdout"}, after["id"]
        printed = "".join(output.text for output in after.outputs)
        assert not differences(before.outputs[0].text, printed, Decimal(0)), after["id"]


def test_its_cells_are_the_snippets_of_the_page_with_their_outputs(made, lesson: Lesson) -> None:
    names = re.findall(r'data-snippet="([^"]*)"', lesson.page.read_text("utf-8"))
    assert len(names) > 10
    for name, cell in zip(names, programs(made), strict=True):
        file = ROOT / "snippets" / f"{name}.py"
        assert cell.source + "\n" == file.read_text("utf-8")
        assert [output.text for output in cell.outputs] == [file.with_suffix(".out").read_text()]


def test_says_what_the_page_says(shown, lesson: Lesson) -> None:
    page = html5lib.parse(lesson.page.read_text("utf-8"), namespaceHTMLElements=False)
    left_out = (
        "share",
        "printed-from",
        "snippet-recorded",
        "practice",
        "contents",
        "lesson-neighbours",
        "lesson-progress",
        "lesson-previous",
        "unscripted",
    )
    article = page.find(".//article")
    practice = [element.get("class") for element in article].index("practice")
    for announced in article[practice - 2 : practice]:
        announced.clear()
    for parent in list(article.iter()):
        for child in list(parent):
            classes = child.get("class", "").split()
            if set(left_out) & set(classes) or "footnote-backref" in classes:
                child.clear()
    in_notebook = words(" ".join(map(text, shown)))
    parts = [part for part in article.iter() if part.tag in ("p", "h2", "h3", "td", "label")]
    assert len(parts) > 150
    for part in parts:
        if part.get("role") != "status" and "snippet-label" not in part.get("class", ""):
            said = words(text(part)).removesuffix("#").replace("notwrittenyet", "(notwrittenyet)")
            assert said in in_notebook, said


def test_has_every_formula_and_figure_of_the_page_and_asks_no_network(made, lesson) -> None:
    page = lesson.page.read_text("utf-8")
    assert "data-latex" not in page
    source = "\n".join(cell.source for cell in made.cells if cell.cell_type == "markdown")
    assert len(FORMULA.findall(source)) == page.count("<math") > 5
    assert r"\left\lfloor \frac{N + 2P - K}{S} \right\rfloor" in source
    pictures = re.findall(r'<img alt="(.+?)" src="([^"]*)"', source)
    titles = re.findall(r'<title id="figure-[^"]*">(.*?)</title>', page)
    assert [title for title, _ in pictures] == titles
    for _, address in pictures:
        kind, _, content = address.partition(";base64,")
        assert kind == "data:image/svg+xml"
        svg = ElementTree.fromstring(b64decode(content))
        style = svg.findtext("{*}style")
        assert "background:" in style  # else dark ink may lie on a dark page
        assert not [name for element in svg.iter() for name in element.attrib if "data-" in name]


def test_no_notation_of_the_pages_is_left(made, shown) -> None:
    for cell in made.cells:
        if cell.cell_type == "code":
            assert not re.search(r"--8<--|\{[=?]", cell.source), cell["id"]
    for element in shown:
        found = [*NOTATION.findall(text(element)), *re.findall(r"\?\?\?|!!!|\*\*", text(element))]
        assert found == [], text(element)


def test_every_link_leads_somewhere(made) -> None:
    source = "\n".join(cell.source for cell in made.cells if cell.cell_type == "markdown")
    places = re.findall(r'<a id="([^"]*)"></a>', source)
    assert len(places) == len(set(places)) > 3
    for target in re.findall(r"\]\(([^)\s]*)\)", FORMULA.sub("", source)):
        assert target.startswith("https://") or target.removeprefix("#") in places, target


def test_the_mastery_check_has_its_choices_and_folds_its_answers(shown) -> None:
    [check] = [cell for cell in shown if "Question 1 of" in text(cell)]
    folded = [details for details in check.iter("details") if details.findtext("summary")]
    assert len(folded) == 8
    for details in folded:
        answers = [item.findtext("p/strong") for item in details.findall("ul/li")]
        assert len(answers) == 4
        assert answers[0] == "Right."


def test_the_page_links_it_with_its_size(lesson: Lesson) -> None:
    size = lesson.page.with_name(f"{lesson.slug}.ipynb").stat().st_size
    assert size < 250_000
    page = lesson.page.read_text("utf-8")
    link = re.search(r'<a href="cnns-from-scratch\.ipynb"[^>]*>.*?\((\d+) KB\)', page)
    assert int(link[1]) == round(size / 1000)


def page_with(content: str) -> str:
    return f'<article><h1 id="title">Title</h1>{content}</article>'


LESSON = Lesson(
    Path("any-lesson/index.html"),
    {"og:title": "Title", "og:url": "https://lessons.example/any-lesson/"},
)
SNIPPET = (
    '<div class="snippet" id="snippet-one"><pre><code>import yaml\n</code></pre>'
    "<pre><samp>1\n</samp></pre></div>"
)


def test_an_aside_with_a_program_is_quoted_around_it() -> None:
    aside = f"<details><summary>Why?</summary><p>So.</p>{SNIPPET}<p>Then.</p></details>"
    made = notebook(page_with(aside), LESSON)
    before, program, after = made.cells
    assert before.source.endswith("> **Why?**\n>\n> So.")
    assert (program.source, program.outputs[0].text) == ("import yaml", "1\n")
    assert after.source == "> Then."


def test_says_which_packages_to_install() -> None:
    assert "`%pip install PyYAML` first" in notebook(page_with(SNIPPET), LESSON).cells[0].source


def test_what_markdown_would_read_is_escaped() -> None:
    odd = "a * b_c_d &lt;i> $5 [x](y) `z` \\n"
    source = notebook(page_with(f"<p>{odd}</p><p># no heading</p>"), LESSON).cells[0].source
    shown = html5lib.parseFragment(MarkdownIt("commonmark").render(source), "div", "etree", False)
    assert [element.text for element in shown.findall("p")][-2:] == [
        "a * b_c_d <i> $5 [x](y) `z` \\n",
        "# no heading",
    ]
    assert r"\$5" in source


def test_a_program_that_cannot_become_a_cell_stops_the_build() -> None:
    with pytest.raises(ValueError, match=r"a snippet inside <ul> cannot become a cell"):
        notebook(page_with(f"<ul><li>{SNIPPET}</li></ul>"), LESSON)


def test_ids_are_the_same_every_time_and_unique() -> None:
    page = page_with("<p>One.</p>" + 2 * f"{SNIPPET}<p>Two.</p>")
    one, other = notebook(page, LESSON), notebook(page, LESSON)
    assert nbformat.writes(one) == nbformat.writes(other)
    ids = [cell["id"] for cell in one.cells]
    assert ids == ["title", "snippet-one", "text", "snippet-one-2", "text-2"]
