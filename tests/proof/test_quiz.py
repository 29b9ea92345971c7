"""A mastery check holds what is computed, or `check` says at which line it does not."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest

from proof import notation
from proof.quiz import RIGHT, Quiz, read_quiz
from tests.conftest import ROOT, Project

LESSON = ROOT / "docs" / "cnns-from-scratch" / "mastery-check.yml"
FILE = "docs/lesson.mastery-check.yml"

QUIZ = """\
more_than: 0.5
questions:
  - title: Area
    question: |
      A square has a side
      of [6]{:= side} pixels. What is its area?
    right:
      choice: "[36]{=squares.area(side)} pixels"
      feedback: The side counts twice.
    wrong:
      - choice: "[12]{=squares.area(side) // 3} pixels"
        mistake: Sides added
        feedback: Multiply.
        section: Squares
      - choice: "[24]{=squares.area(side) - 2 * side} pixels"
        mistake: Outline taken for area
        feedback: |
          Count the pixels inside,
          all [36]{=squares.area(side)}.
        section: Squares
      - choice: "[6]{=side} pixels"
        mistake: One side forgotten
        feedback: There are two.
        section: Squares
  - title: Growth
    question: Double the side. What does the area do?
    right:
      choice: It grows to four times.
      holds: squares.area(2) == 4 * squares.area(1)
      feedback: Both sides double.
    wrong:
      - choice: It doubles.
        holds: squares.area(2) == 2 * squares.area(1)
        mistake: One side forgotten
        feedback: Both grow.
        section: Squares
      - choice: It stays.
        holds: squares.area(2) == squares.area(1)
        mistake: Nothing grows
        feedback: It does.
        section: Squares
      - choice: It shrinks.
        holds: squares.area(2) < squares.area(1)
        mistake: Upside down
        feedback: It grows.
        section: Squares
"""


PRACTICE = """\
practice:
  kinds:
    - {kind: areas, title: Areas, task: Compute one., section: Squares}
    - kind: outlines
      title: Outlines
      task: Walk around one.
      section: Squares
  mistakes:
    - {mistake: Sides added, feedback: Multiply., section: Squares}
    - {mistake: Outline taken for area, feedback: Count inside., section: Squares}
    - mistake: One side forgotten
      feedback: A square has two, [4]{=squares.area(2)}.
      section: Squares
"""
PRACTISED = QUIZ.replace("  - title: Area\n", "  - title: Area\n    practice: areas\n") + PRACTICE


@pytest.fixture
def lesson(project: Project) -> Project:
    """Give a project with one lesson and its mastery check."""
    project.write("docs/lesson.md", "# Lesson\n\n## Squares\n\n")
    project.snippet("squares", "def area(side):\n    return side * side\n")
    with (project.root / "docs/lesson.md").open("a", encoding="utf-8") as page:
        page.write("## Check\n\n/// mastery-check\n///\n")
    project.write(FILE, QUIZ)
    return project


def test_a_quiz_passes_where_every_choice_is_what_its_mistake_leads_to(lesson: Project) -> None:
    printed = lesson.proof("check", code=0).stdout
    assert "mastery checks: 2 questions, bound: 6 of 6 numerals" in printed
    assert "2 questions" in lesson.proof("check", "docs/lesson.md", code=0).stdout


RIGHT_OF_GROWTH = """\
    right:
      choice: It grows to four times.
      holds: squares.area(2) == 4 * squares.area(1)
      feedback: Both sides double.
"""
LAST_CHOICE = QUIZ[QUIZ.index("      - choice: It shrinks.") :]


@pytest.mark.parametrize(
    ("old", "new", "at", "told"),
    [
        ("[36]{=squares.area(side)} p", "[37]{=squares.area(side)} p", "[37]", "37 is not squares"),
        ("[24]{=", "[25]{=", "[25]", "25 is not squares.area(side) - 2 * side: computed 24"),
        ("all [36]", "all [35]", "all [35]", "35 is not squares.area(side): computed 36"),
        ("[12]{=squares.area(side) // 3}", "12", "12 pixels", "12 is bound to nothing"),
        ("pixels. What", "in 7 pixels. What", "in 7", "7 is bound to nothing"),
        ("squares.area(side) // 3", "squares.aria", "[12]", "squares leaves no aria"),
        (
            "[6]{=side}",
            "[36]{=squares.area(side)}",
            'side)} pixels"\n        mistake: One',
            "coinc",
        ),
        ("[6]{=side}", "[24]{=4 * side}", "[24]{=4", "coincides with the one at line 15"),
        ("It stays.", "it  doubles.", "it  doubles.", "coincides with the one at line 32"),
        ("Nothing grows", "one side, forgotten", "It stays", "is the mistake of two choices"),
        ("== squares", "<= 4 * squares", "<= 4 *", "does not hold: not (squares.area(2) <= 4"),
        ("== 4 *", "== 5 *", "== 5 *", "the claim does not hold: squares.area(2) == 5"),
        (
            "      holds: squares.area(2) == 4 * squares.area(1)\n",
            "",
            "It grows to",
            "nothing tells",
        ),
        ("holds: squares.area(2) < squares.area(1)", "holds: '}'", "'}'", "cannot hold braces"),
        (LAST_CHOICE, LAST_CHOICE.replace("Squares", "Cubes"), "Cubes", "are: Squares; Check"),
        ("        feedback: Multiply.\n", "", '- choice: "[12]', "'feedback' is missing"),
        ("feedback: Multiply.", "feedback:", "feedback:\n", "here stands a text, and it is not"),
        (
            LAST_CHOICE,
            LAST_CHOICE.replace("        section: Squares\n", ""),
            "It shrinks",
            "'section'",
        ),
        (RIGHT_OF_GROWTH, RIGHT_OF_GROWTH.replace("ri", "ir"), "irght", "'irght' is unknown"),
        (RIGHT_OF_GROWTH, "", "- title: Growth", "'right' is missing"),
        (
            RIGHT_OF_GROWTH,
            RIGHT_OF_GROWTH + "    right: It\n",
            "right: It",
            "'right' is there twice",
        ),
        (LAST_CHOICE, "", "- choice: It doubles", "2 wrong choices; a question has 3"),
        ("title: Growth", "title: Area!", "Area!", "a question is called 'Area' already"),
        ("more_than: 0.5", "more_than: 75 %", "75 %", "75 % is no share from 0 to below 1"),
        ("more_than: 0.5", "more_then: 0.5", "more_then", "'more_then' is unknown"),
        ("the side. What", "the side.\n      What", "Double", "begins on the line after a |"),
        (
            "  - title: Growth",
            "  - Rest\n  - title: Growth",
            "- Rest",
            "here stand entries `name: …`",
        ),
    ],
)
def test_a_wrong_quiz_is_a_fault_at_its_line(
    lesson: Project, old: str, new: str, at: str, told: str
) -> None:
    expect_fault(lesson, QUIZ, (old, new), at, told)


def expect_fault(lesson: Project, right: str, change: tuple[str, str], at: str, told: str) -> None:
    """Change a right file in one place, and find the fault at its line."""
    assert right.count(change[0]) == 1, change
    quiz = right.replace(*change)
    line = quiz[: quiz.index(at)].count("\n") + 1
    lesson.write(FILE, quiz)
    printed = lesson.proof("check", code=1).stdout.splitlines()
    faults = [text for text in printed if text.startswith(f"{FILE}:")]
    assert [text for text in faults if text.startswith(f"{FILE}:{line}: ") and told in text], faults


@pytest.fixture
def practised(lesson: Project) -> Project:
    """Give the lesson with practice."""
    with (lesson.root / "docs/lesson.md").open("a", encoding="utf-8") as page:
        page.write("\n/// practice\n///\n")
    lesson.write(FILE, PRACTISED)
    return lesson


def test_practice_passes_where_it_lists_what_questions_name(practised: Project) -> None:
    practised.proof("check", code=0)


@pytest.mark.parametrize(
    ("old", "new", "at", "told"),
    [
        (
            "practice: areas",
            "practice: area",
            "practice: area",
            "no kind 'area'; its kinds are: ar",
        ),
        (
            "kind: outlines",
            "kind: areas",
            "kind: areas\n",
            "practice lists 'areas' twice; take one",
        ),
        (
            "{mistake: Outline taken",
            "{mistake: Outlines taken",
            "mistake: Outline taken",
            "lists no mistake 'Outline taken for area'",
        ),
        (
            "{mistake: Outline taken for area",
            "{mistake: Sides added",
            "{mistake: Sides added, feedback: Count",
            "'sides-added' twice",
        ),
        (
            "one., section: Squares",
            "one., section: Cubes",
            "- {kind: areas",
            "the page has no section 'Cubes'",
        ),
        (
            "[4]{=squares.area(2)}",
            "[5]{=squares.area(2)}",
            "[5]",
            "5 is not squares.area(2): computed 4",
        ),
        ("Multiply., section", "'[9]', section", "'[9]'", "9 is bound to nothing"),
        ("      task: Walk around one.\n", "", "- kind: outlines", "'task' is missing"),
        ("title: Areas, ", "title: Areas, level: 1, ", "level: 1", "'level' is unknown"),
    ],
)
def test_wrong_practice_is_a_fault_at_its_line(
    practised: Project, old: str, new: str, at: str, told: str
) -> None:
    expect_fault(practised, PRACTISED, (old, new), at, told)


def test_practice_that_no_page_offers_is_a_fault(practised: Project) -> None:
    page = practised.read("docs/lesson.md")
    practised.write("docs/lesson.md", page.replace("\n/// practice\n///\n", ""))
    line = PRACTISED[: PRACTISED.index("kind: areas")].count("\n") + 1
    printed = practised.proof("check", code=1).stdout
    assert f"{FILE}:{line}: lesson.md does not offer the practice; write /// practice" in printed
    practised.write("docs/lesson.md", page)
    practised.write(FILE, QUIZ)
    line = page[: page.index("/// practice")].count("\n") + 1
    printed = practised.proof("check", code=1).stdout
    assert f"docs/lesson.md:{line}: lesson.mastery-check.yml lists no practice" in printed


def test_what_is_no_yaml_is_a_fault(lesson: Project) -> None:
    lesson.write(FILE, QUIZ.replace("questions:", "questions: ["))
    assert "this is not YAML" in lesson.proof("check", code=1).stdout


def test_a_quiz_that_no_page_shows_is_a_fault(lesson: Project) -> None:
    page = lesson.read("docs/lesson.md")
    lesson.write("docs/lesson.md", page.replace("/// mastery-check\n///\n", ""))
    printed = lesson.proof("check", code=1).stdout
    assert f"{FILE}:1: lesson.md does not show these questions" in printed
    lesson.write("docs/lesson.md", page)
    (lesson.root / FILE).rename(lesson.root / "docs/other.mastery-check.yml")
    printed = lesson.proof("check", code=1).stdout
    assert "docs/other.mastery-check.yml:1: no page stands beside this mastery check" in printed
    line = page[: page.index("/// mastery")].count("\n") + 1
    assert f"docs/lesson.md:{line}: there is no lesson.mastery-check.yml beside this" in printed


@pytest.mark.parametrize(
    ("more_than", "questions", "needed"),
    [("0.75", 8, 7), ("0.75", 4, 4), ("0.75", 7, 6), ("0.29", 100, 30), ("0", 3, 1)],
)
def test_more_than_a_share_must_be_right(more_than: str, questions: int, needed: int) -> None:
    question = read_quiz(LESSON).questions[0]
    assert Quiz(Path(), Decimal(more_than), [question] * questions, []).needed == needed


def test_the_lesson_asks_eight_questions_with_these_answers() -> None:
    quiz = read_quiz(LESSON)
    assert quiz.faults == []
    assert quiz.needed == 7
    right = [
        notation.read(question.right.text.text).rendered(lambda _: "").split()
        for question in quiz.questions
    ]
    assert [" ".join(words[:6]) for words in right] == [
        "0.882, without the contribution of pixel",
        "8 × 32 × 32 and",
        "Field 7, jump 2",
        "Fewer windows contain a pixel at",
        "0.91 at (1, 1), 0.44 at",
        "Every filter uses its 27 weights",
        "They move along by one pixel,",
        "1.024 and −0.687",
    ]


def test_the_right_choice_has_no_place_of_its_own() -> None:
    shuffled = [question.shuffled for question in read_quiz(LESSON).questions]
    places = Counter([choice.key for choice in choices].index(RIGHT) for choices in shuffled)
    assert set(places) == {0, 1, 2, 3}
    assert max(places.values()) <= len(shuffled) // 2
    again = [question.shuffled for question in read_quiz(LESSON).questions]
    assert again == shuffled
