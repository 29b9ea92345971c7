from __future__ import annotations

from pathlib import Path

import pytest

from proof.faults import FaultError

QUIZ = """\
more_than: 0.5
questions:
  - title: A & B
    question: |
      Of [6]{:= side} *pixels*, how many?
    right:
      choice: "[36]{=squares.area(side)} of $N$"
      feedback: Both sides count.
    wrong:
      - {choice: "[12]{=area}", mistake: Sides added, feedback: Multiply., section: "Squares: why"}
      - {choice: "[24]{=area}", mistake: Outline, feedback: Inside., section: "Squares: why"}
      - {choice: "[6]{=side}", mistake: Side forgotten, feedback: Two., section: "Squares: why"}
"""
PAGE = "# Page\n\n## Squares: why\n\n## Check\n\n/// mastery-check\n///\n\nAfter.\n"


@pytest.fixture
def quiz(docs: Path) -> Path:
    file = docs / "lesson" / "mastery-check.yml"
    file.parent.mkdir()
    file.write_text(QUIZ, encoding="utf-8")
    return file


@pytest.mark.usefixtures("quiz")
def test_a_question_is_a_group_with_its_text_and_four_labelled_choices(render, text_of) -> None:
    page = render(PAGE)
    form = page.find("form")
    assert form.get("data-lesson") == "lesson"
    assert form.get("data-needed") == "1"
    [group] = form.findall("fieldset")
    assert text_of(group.find("legend")) == "Question 1 of 1. A & B"
    ids = {part.get("id"): part for part in group.iter() if part.get("id")}
    text, feedback = group.get("aria-describedby").split()
    assert text_of(ids[text]) == "Of 6 pixels, how many?"
    assert ids[text].find("em") is not None
    assert text_of(ids[feedback]) == ""
    buttons = group.findall("div/input")
    labels = {label.get("for"): label for label in group.findall("div/label")}
    assert {button.get("name") for button in buttons} == {"a-b"}
    said = {button.get("value"): text_of(labels[button.get("id")]) for button in buttons}
    assert said == {"right": "36 of N", "sides-added": "12", "outline": "24", "side-forgotten": "6"}
    assert len([part for part in group.iter() if part.tag.endswith("math")]) == 2  # and its answer
    assert text_of(page.find("p[last()]")) == "After."


@pytest.mark.usefixtures("quiz")
def test_answers_name_each_mistake_and_link_to_what_mends_it(render, text_of) -> None:
    page = render(PAGE)
    details = page.find(".//details")
    assert text_of(details.find("summary")) == "Answer: A & B"
    told = {item.get("data-choice"): text_of(item) for item in details.findall("ul/li")}
    assert list(told) == ["right", "sides-added", "outline", "side-forgotten"]
    assert told["right"] == "36 of N Right. Both sides count."
    assert told["sides-added"] == "12 Sides added. Multiply. See Squares: why."
    [link, *_] = details.findall(".//a")
    heading = next(part for part in page.iter("h2") if text_of(part).startswith("Squares"))
    assert link.get("href") == f"#{heading.get('id')}"


@pytest.mark.usefixtures("quiz")
def test_what_counts_is_hidden_until_a_script_counts(render, text_of) -> None:
    form = render(PAGE).find("form")
    [foot] = [part for part in form if part.find("button") is not None and part.tag == "div"]
    assert foot.get("hidden") == "hidden"
    assert text_of(foot) == "1 question left Check the answers"
    assert "nothing is counted" in text_of(form.find("noscript"))


@pytest.mark.usefixtures("quiz")
def test_nothing_gives_the_way_to_an_answer_away(render) -> None:
    form = render(PAGE).find("form")
    attributes = {name for part in form.iter() for name in part.attrib}
    assert not [name for name in attributes if name in ("data-expression", "data-given", "style")]
    assert "{" not in "".join(form.itertext())


PRACTICE = """\
practice:
  kinds:
    - {kind: areas, title: Areas & more, task: Compute one., section: "Squares: why"}
  mistakes:
    - {mistake: Sides added, feedback: Multiply., section: "Squares: why"}
"""


def test_practice_lists_kinds_and_the_mistakes_that_it_names(render, text_of, quiz: Path) -> None:
    asked = QUIZ.replace("  - title: A & B\n", "  - title: A & B\n    practice: areas\n")
    quiz.write_text(asked + PRACTICE, encoding="utf-8")
    page = render(PAGE + "\n/// practice\n\n### More\n\nFresh ones.\n///\n")
    offer = page.find("div[@class='practice']")
    assert offer.get("data-lesson") == "lesson"
    assert [part.tag for part in offer] == ["h3", "p", "noscript", "div", "ul", "details"]
    [kind] = offer.findall("ul/li")
    assert kind.get("data-kind") == "areas"
    assert text_of(kind) == "Areas & more. Compute one. See Squares: why. Practise"
    [mistake] = offer.findall("details/ul/li")
    assert mistake.get("data-mistake") == "sides-added"
    assert text_of(mistake) == "Sides added. Multiply. See Squares: why."
    buttons = [*page.find("form/fieldset").findall("button"), *offer.iter("button")]
    assert [button.get("data-practise") for button in buttons] == ["areas", "areas"]
    names = ["Another one like this: A & B", "Practise: Areas & more"]
    assert [button.get("aria-label") for button in buttons] == names
    assert all(button.get("hidden") is not None for button in buttons)


@pytest.mark.usefixtures("quiz")
def test_practice_that_is_not_listed_stops_the_build(render) -> None:
    with pytest.raises(FaultError, match=r"index.md:12: mastery-check.yml lists no practice"):
        render(PAGE + "\n/// practice\n///\n")


def test_a_page_without_its_file_stops_the_build(render) -> None:
    with pytest.raises(FaultError, match=r"lesson/index.md:7: there is no mastery-check.yml"):
        render(PAGE)


def test_a_file_of_another_form_stops_the_build(render, quiz: Path) -> None:
    quiz.write_text(QUIZ.replace("feedback: Inside., ", ""), encoding="utf-8")
    with pytest.raises(FaultError, match=r"mastery-check.yml:11: 'feedback' is missing"):
        render(PAGE)
