"""The curriculum: docs/curriculum.yml, and where a lesson stands in it.

`/// lesson | slug`, with the options `level` and `kind`, opens a lesson: its step, its
track, its neighbours, how long it takes to read. `/// next-lesson | slug` ends it; its
content says what comes next. `/// curriculum` lists every topic. A topic is written
when docs/<slug>/index.md exists.

What the class `scripted` marks is hidden until a script shows it: how far the reader has come
(a progress bar of the lessons in `data-lessons`, a mark for the lesson in `data-done`), what
keeps it, and a search.
"""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

from markdown import Markdown
from markdown.extensions.toc import slugify
from markdown.util import AtomicString
from pymdownx.blocks import BlocksExtension, BlocksProcessor
from pymdownx.blocks.block import Block, type_string

from proof.extensions.location import Page, fault_in, page_of, read_data
from proof.extensions.reading import READING_TIME, RULE

CURRICULUM_PAGE = "curriculum/index.md"

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


@dataclass(frozen=True)
class Topic:
    """One topic: its slug and title, its number in the curriculum and in its track, from 1."""

    slug: str
    title: str
    track: str
    number: int
    number_in_track: int


@dataclass(frozen=True)
class Curriculum:
    """The topics of each track, in order."""

    tracks: dict[str, list[Topic]]

    @property
    def topics(self) -> list[Topic]:
        """All topics, in order."""
        return [topic for topics in self.tracks.values() for topic in topics]

    def neighbours(self, topic: Topic) -> tuple[Topic | None, Topic | None]:
        """Give the topics before and after one."""
        topics = [None, *self.topics, None]
        return topics[topic.number - 1], topics[topic.number + 1]


def read_curriculum(docs: Path) -> Curriculum:
    """Read the curriculum; FaultError where a topic is not `slug: title` or a slug is taken."""
    file = docs / "curriculum.yml"
    tracks: dict[str, list[Topic]] = {}
    taken: set[str] = set()
    for track in read_data(file).get("tracks", []):
        if set(track) != {"title", "topics"}:
            raise fault_in(file, f"a track has {', '.join(track)}; write its title and its topics")
        topics = tracks.setdefault(track["title"], [])
        for entry in track["topics"]:
            [(slug, title)] = entry.items() if isinstance(entry, dict) else [(entry, None)]
            if not SLUG.fullmatch(slug) or not isinstance(title, str):
                message = f"the topic {slug!r} is not `slug: title`, a slug being a-z, 0-9 and -"
                raise fault_in(file, message, near=f"- {slug}")
            if slug in taken:
                message = f"the slug {slug!r} is there twice; every topic needs one of its own"
                raise fault_in(file, message, near=f"- {slug}:")
            taken.add(slug)
            topics.append(Topic(slug, title, track["title"], len(taken), len(topics) + 1))
    return Curriculum(tracks)


class _TopicBlock(Block):
    """A block about the topic that its argument names, on that topic's page."""

    ARGUMENT = True

    def on_create(self, parent: ElementTree.Element) -> ElementTree.Element:
        """Look the topic up; FaultError for a slug that is not this page's."""
        self.page = page_of(self.md)
        self.curriculum = read_curriculum(self.page.docs)
        topics = {topic.slug: topic for topic in self.curriculum.topics}
        if self.argument not in topics or self.argument != self.page.folder:
            raise self.page.fault(
                f"{self.argument!r} is not this page's topic: the page's folder is "
                f"{self.page.folder!r}, and a topic's slug in curriculum.yml is its folder",
                near=f"| {self.argument}",
            )
        self.topic = topics[self.argument]
        return self.write(parent)

    def write(self, parent: ElementTree.Element) -> ElementTree.Element:
        """Write the block's elements."""
        raise NotImplementedError

    def add_neighbour(
        self, parent: ElementTree.Element, name: str, label: str, topic: Topic | None
    ) -> ElementTree.Element:
        """Write one neighbour, linked where it is written."""
        neighbour = ElementTree.SubElement(parent, "div", {"class": f"lesson-{name}"})
        line = ElementTree.SubElement(neighbour, "p")
        ElementTree.SubElement(line, "span", {"class": "lesson-label"}).text = label
        if topic:
            _add_topic(line, topic, self.page)
        else:
            end = "start" if name == "previous" else "end"
            line[-1].tail = f" The {end} of the curriculum"
        return neighbour


class LessonBlock(_TopicBlock):
    """The head of a lesson."""

    NAME = "lesson"
    OPTIONS = {"level": ("", type_string), "kind": ("", type_string)}  # noqa: RUF012

    def write(self, parent: ElementTree.Element) -> ElementTree.Element:
        """Write step, track, facts, progress and neighbours."""
        topic, track = self.topic, self.curriculum.tracks[self.topic.track]
        total = len(self.curriculum.topics)
        head = ElementTree.SubElement(parent, "div", {"class": "lesson-header"})
        head.set("data-lesson", topic.slug)
        ElementTree.SubElement(parent, "div", {"class": "proofs-bar"})
        step = _add(head, "p", f"Lesson {topic.number} of {total}", "lesson-step")
        _add_done(step, topic)
        line = _add(head, "p", None, "lesson-track")
        link = _add(line, "a", topic.track)
        link.set("href", f"{self.page.link_to_page(CURRICULUM_PAGE)}#{slugify(topic.track, '-')}")
        link.tail = AtomicString(f", lesson {topic.number_in_track} of {len(track)}")

        facts = _add(head, "dl", None, "lesson-facts")
        for label in ("level", "kind"):
            if value := self.options[label]:
                _add_fact(facts, label.capitalize()).text = value[0].upper() + value[1:]
        _add_fact(facts, "Reading time").text = AtomicString(READING_TIME)
        published = self._date()
        date = _add(_add_fact(facts, "Published"), "time", f"{published.day} {published:%B %Y}")
        date.set("class", "lesson-date")
        date.set("datetime", published.isoformat())

        progress = _add(head, "div", None, "lesson-progress scripted")
        progress.set("hidden", "hidden")
        _add_progress(progress, "curriculum", "Curriculum", self.curriculum.topics, self.page)
        _add_progress(progress, "track", topic.track, track, self.page)

        neighbours = _add(head, "nav", None, "lesson-neighbours")
        neighbours.set("aria-label", "Lessons before and after")
        before, after = self.curriculum.neighbours(topic)
        self.add_neighbour(neighbours, "previous", "Before", before)
        self.add_neighbour(neighbours, "next", "After", after)
        return head

    def _date(self) -> datetime.date:
        date = self.page.front_matter().get("date")
        if not isinstance(date, datetime.date):
            raise self.page.fault(f"the front matter's date is {date!r}; write one: 2026-11-23")
        return date


class NextLessonBlock(_TopicBlock):
    """The end of a lesson; its content says what comes next."""

    NAME = "next-lesson"

    def write(self, parent: ElementTree.Element) -> ElementTree.Element:
        """Write both neighbours."""
        foot = _add(parent, "nav", None, "next-lesson")
        foot.set("aria-label", "Previous and next lesson")
        before, after = self.curriculum.neighbours(self.topic)
        self.add_neighbour(foot, "previous", "Previous", before)
        self.next = self.add_neighbour(foot, "next", "Next", after)
        return foot

    def on_add(self, block: ElementTree.Element) -> ElementTree.Element:  # noqa: ARG002
        """Put content below the next lesson's title."""
        return self.next


class CurriculumBlock(Block):
    """Every track with its topics, how far the reader is, and how reading times are counted."""

    NAME = "curriculum"

    def on_create(self, parent: ElementTree.Element) -> ElementTree.Element:
        """Write a section for each track."""
        page = page_of(self.md)
        curriculum = read_curriculum(page.docs)
        listing = _add(parent, "div", None, "curriculum")
        written = sum(_is_written(topic, page) for topic in curriculum.topics)
        total = len(curriculum.topics)
        _add(listing, "p", f"{written} of {total} lessons written", "curriculum-count")
        tools = _add(listing, "div", None, "curriculum-tools scripted")
        tools.set("hidden", "hidden")
        _add_search(tools)
        _add_progress(tools, "curriculum", "Your progress", curriculum.topics, page)
        _add(tools, "p", None, "curriculum-next")
        for track, topics in curriculum.tracks.items():
            section = _add(listing, "section", None, "track")
            _add(section, "h2", track).set("id", slugify(track, "-"))
            written = sum(_is_written(topic, page) for topic in topics)
            _add(section, "p", f"{written} of {len(topics)} written", "track-count")
            if written:
                progress = _add(section, "div", None, "track-progress scripted")
                progress.set("hidden", "hidden")
                _add_progress(progress, slugify(track, "-"), "Your progress", topics, page)
            steps = _add(section, "ol", None, "track-topics")
            steps.set("start", str(topics[0].number))
            for topic in topics:
                step = _add(steps, "li", None)
                _add_topic(step, topic, page)
                if _is_written(topic, page):
                    _add_done(step, topic)
        _add_keeping(listing)
        _add(listing, "p", RULE, "reading-time-rule")
        return listing


def _add_search(tools: ElementTree.Element) -> None:
    """Write a search field, and where it says how much it found."""
    line = _add(tools, "p", None, "curriculum-search")
    _add(line, "label", "Search the topics").set("for", "topic-search")
    field = _add(line, "input", None)
    for name, value in (("id", "topic-search"), ("type", "search"), ("autocomplete", "off")):
        field.set(name, value)
    _add(tools, "p", None, "curriculum-found").set("role", "status")


def _add_keeping(listing: ElementTree.Element) -> None:
    """Write what saves, brings back and forgets the reader's progress."""
    section = _add(listing, "section", None, "progress-tools scripted")
    section.set("hidden", "hidden")
    section.set("aria-labelledby", "your-progress")
    _add(section, "p", "Your progress", "tools-title").set("id", "your-progress")
    _add(
        section,
        "p",
        "Lessons completed and answers given are kept in this browser alone. Save them as a "
        "file to take them to another one.",
    )
    buttons = _add(section, "p", None, "progress-buttons")
    for name, label in (
        ("export", "Save as a file"),
        ("import", "Add from a file"),
        ("reset", "Forget all"),
    ):
        button = _add(buttons, "button", label)
        button.set("type", "button")
        button.set("data-progress", name)
        button.tail = " "
    for name in ("progress-status", "progress-trouble"):
        _add(section, "p", None, name).set("role", "status")


def _add(
    parent: ElementTree.Element, tag: str, text: str | None, name: str | None = None
) -> ElementTree.Element:
    element = ElementTree.SubElement(parent, tag, {"class": name} if name else {})
    element.text = AtomicString(text) if text else None
    return element


def _add_fact(facts: ElementTree.Element, label: str) -> ElementTree.Element:
    fact = _add(facts, "div", None)
    _add(fact, "dt", label)
    return _add(fact, "dd", None)


def _add_progress(
    parent: ElementTree.Element, name: str, label: str, topics: list[Topic], page: Page
) -> None:
    """Write a bar for how many of some topics the reader has done."""
    line = _add(parent, "p", None)
    _add(line, "label", label).set("for", f"{name}-progress")
    count = f"0 of {len(topics)}"
    bar = _add(line, "progress", count)
    bar.set("id", f"{name}-progress")
    bar.set("max", str(len(topics)))
    bar.set("value", "0")
    bar.set("data-lessons", " ".join(topic.slug for topic in topics if _is_written(topic, page)))
    _add(line, "span", f"{count} done", "progress-count")


def _add_done(parent: ElementTree.Element, topic: Topic) -> None:
    """Write a mark for those who have completed a lesson."""
    if len(parent):
        parent[-1].tail = " "
    elif parent.text:
        parent.text = AtomicString(f"{parent.text} ")
    mark = _add(parent, "span", "done", "lesson-done")
    mark.set("data-done", topic.slug)
    mark.set("hidden", "hidden")


def _add_topic(parent: ElementTree.Element, topic: Topic, page: Page) -> None:
    if len(parent):
        parent[-1].tail = " "
    if _is_written(topic, page):
        link = _add(parent, "a", topic.title, "topic")
        link.set("href", page.link_to_page(f"{topic.slug}/index.md"))
    else:
        unwritten = _add(parent, "span", f"{topic.title} ", "topic topic-unwritten")
        _add(unwritten, "span", "not written yet", "topic-note")


def _is_written(topic: Topic, page: Page) -> bool:
    return (page.docs / topic.slug / "index.md").is_file()


class CurriculumExtension(BlocksExtension):
    """Registers the blocks."""

    def extendMarkdownBlocks(self, md: Markdown, block_mgr: BlocksProcessor) -> None:  # noqa: ARG002, N802
        """Add the blocks."""
        for block in (LessonBlock, NextLessonBlock, CurriculumBlock):
            block_mgr.register(block, self.getConfigs())


def makeExtension(**options: object) -> CurriculumExtension:  # noqa: N802
    """Make the extension that `proof.extensions.curriculum` names in mkdocs.yml."""
    return CurriculumExtension(**options)
