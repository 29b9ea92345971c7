from __future__ import annotations

from pathlib import Path

import pytest

from proof.extensions.curriculum import read_curriculum
from proof.faults import FaultError
from proof.project import DOCS

CURRICULUM = """\
tracks:
  - title: Counting
    topics:
      - one: One
      - two: Two & a Half
  - title: Sums & More
    topics:
      - plus: "Plus: Addition"
      - two-again: Two & a Half
"""
LESSON = """\
---
date: 2026-11-23
---

# Title

/// lesson | {slug}
    level: easy
    kind: model architecture
///

Text.

/// next-lesson | {slug}

What *follows*.
///
"""


@pytest.fixture(autouse=True)
def curriculum(docs: Path) -> Path:
    file = docs / "curriculum.yml"
    file.write_text(CURRICULUM, encoding="utf-8")
    (docs / "one").mkdir()
    (docs / "one" / "index.md").write_text("# One", encoding="utf-8")
    return file


def test_the_project_has_its_whole_curriculum() -> None:
    curriculum = read_curriculum(DOCS)
    assert len(curriculum.tracks) == 14
    assert len(curriculum.topics) == 158
    assert len({topic.title for topic in curriculum.topics}) == 157
    [lesson] = [topic for topic in curriculum.topics if topic.slug == "cnns-from-scratch"]
    assert (lesson.number, lesson.number_in_track) == (19, 2)
    assert lesson.track == "Preparation & Prerequisites"


def test_topics_know_their_places_and_neighbours(docs: Path) -> None:
    curriculum = read_curriculum(docs)
    places = [(topic.number, topic.number_in_track) for topic in curriculum.topics]
    assert places == [(1, 1), (2, 2), (3, 1), (4, 2)]
    first, *_, last = curriculum.topics
    assert curriculum.neighbours(first) == (None, curriculum.topics[1])
    assert curriculum.neighbours(last) == (curriculum.topics[2], None)


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        ("two-again", "two", 5, "'two' is there twice"),
        ("- plus: ", "- Plus Sign: ", 8, "'Plus Sign' is not `slug: title`"),
        ("- one: One", "- one", 4, "'one' is not `slug: title`"),
        ("title: Counting", "name: Counting", 1, "a track has name, topics"),
    ],
)
def test_a_wrong_topic_is_a_fault(curriculum: Path, old, new, line, message) -> None:
    curriculum.write_text(CURRICULUM.replace(old, new), encoding="utf-8")
    with pytest.raises(FaultError, match=message) as error:
        read_curriculum(curriculum.parent)
    assert error.value.fault.line == line


def lesson(render, slug: str):
    return render(LESSON.format(slug=slug), f"{slug}/index.md")


def test_a_lesson_says_where_it_stands(render, text_of) -> None:
    head = lesson(render, "two").find("div[@class='lesson-header']")
    step = head.find("p[@class='lesson-step']")
    assert step.text == "Lesson 2 of 4 "
    assert step.find("span").attrib == {
        "class": "lesson-done",
        "data-done": "two",
        "hidden": "hidden",
    }
    track = head.find("p[@class='lesson-track']")
    assert text_of(track) == "Counting, lesson 2 of 2"
    assert track.find("a").get("href") == "../curriculum/index.md#counting"


def test_a_lesson_has_bars_for_what_its_reader_has_done(render, text_of) -> None:
    head = lesson(render, "two").find("div[@class='lesson-header']")
    progress = head.find("div[@class='lesson-progress scripted']")
    assert progress.get("hidden") == "hidden"
    bars = [(bar.get("value"), bar.get("max")) for bar in head.iter("progress")]
    assert bars == [("0", "4"), ("0", "2")]
    assert [bar.get("data-lessons") for bar in head.iter("progress")] == ["one two", "one two"]
    labels = {label.get("for"): label.text for label in head.iter("label")}
    assert [labels[bar.get("id")] for bar in head.iter("progress")] == ["Curriculum", "Counting"]
    counts = [text_of(count) for count in head.findall(".//span[@class='progress-count']")]
    assert counts == ["0 of 4 done", "0 of 2 done"]


def test_a_lesson_says_its_facts(render, text_of) -> None:
    head = lesson(render, "two").find("div[@class='lesson-header']")
    facts = {text_of(fact.find("dt")): text_of(fact.find("dd")) for fact in head.findall("dl/div")}
    assert facts == {
        "Level": "Easy",
        "Kind": "Model architecture",
        "Reading time": "1 minute",
        "Published": "23 November 2026",
    }
    assert head.find(".//time").get("datetime") == "2026-11-23"


def test_only_a_written_neighbour_is_a_link(render, text_of) -> None:
    page = lesson(render, "two")
    for block in ("div[@class='lesson-header']/nav", "nav[@class='next-lesson']"):
        before, after = page.find(block)
        assert before.find("p/a").get("href") == "../one/index.md"
        assert after.find(".//a") is None
        assert text_of(after).split(" ", 1)[1].startswith("Plus: Addition not written yet")
    assert text_of(after.findall("p")[1]) == "What follows."


def test_the_curriculum_has_a_start_and_an_end(render, text_of) -> None:
    assert "The start of the curriculum" in text_of(lesson(render, "one"))
    assert "The end of the curriculum" in text_of(lesson(render, "two-again"))


@pytest.mark.parametrize("slug", ["three", "one"])
def test_a_lesson_of_another_page_stops_the_build(render, slug: str) -> None:
    with pytest.raises(FaultError, match=rf"two/index.md:7: '{slug}' is not this page's topic"):
        render(LESSON.format(slug=slug), "two/index.md")


def test_a_lesson_without_a_date_stops_the_build(render) -> None:
    with pytest.raises(FaultError, match="the front matter's date is None"):
        render(LESSON.format(slug="two").replace("date: ", "day: "), "two/index.md")


def test_the_curriculum_page_says_what_is_written(render, text_of) -> None:
    page = render("/// curriculum\n///\n", "curriculum/index.md")
    listing = page.find("div[@class='curriculum']")
    assert text_of(listing.find("p")) == "1 of 4 lessons written"
    counting, sums = listing.findall("section[@class='track']")
    assert sums.find("h2").get("id") == "sums-more"
    assert sums.find("ol").get("start") == "3"
    assert [text_of(count) for count in listing.findall(".//p[@class='track-count']")] == [
        "1 of 2 written",
        "0 of 2 written",
    ]
    assert [text_of(topic) for topic in counting.findall("ol/li")] == [
        "One done",
        "Two & a Half not written yet",
    ]
    assert counting.find("ol/li/a").get("href") == "../one/index.md"
    marks = counting.findall(".//*[@data-done]")
    assert [(mark.get("data-done"), mark.get("hidden")) for mark in marks] == [("one", "hidden")]
    assert page.get("contents") == "Counting Sums & More"


def test_a_track_with_a_written_lesson_has_a_bar_of_its_own(render, text_of) -> None:
    page = render("/// curriculum\n///\n", "curriculum/index.md")
    counting, sums = page.findall(".//section[@class='track']")
    [bar] = counting.iter("progress")
    assert (bar.get("max"), bar.get("data-lessons")) == ("2", "one")
    [label] = counting.iter("label")
    assert (label.get("for"), text_of(label)) == (bar.get("id"), "Your progress")
    assert list(sums.iter("progress")) == []


def test_what_only_a_script_can_do_is_hidden(render) -> None:
    page = render("/// curriculum\n///\n", "curriculum/index.md")
    acting = [*page.iter("input"), *page.iter("button"), *page.iter("progress")]
    hidden = [part for part in page.iter() if "scripted" in part.get("class", "").split()]
    assert acting
    assert all(part.get("hidden") for part in hidden)
    assert all(any(one in part.iter() for part in hidden) for one in acting)
