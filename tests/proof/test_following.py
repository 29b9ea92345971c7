"""What a reader's own values make of the lesson, without a browser."""

from __future__ import annotations

import json
import os
import signal
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from proof.following import Element, Follower, Following, Page, Piece
from proof.page_bindings import source_of
from proof.session import Limits, Session
from proof.site.sources import sources_of
from tests.site.projects import ROOT

LESSON = ROOT / "docs/cnns-from-scratch/index.md"
LIMITS = Limits(seconds=20, characters=10_000, megabytes=512)
SLIDE = "cnns_from_scratch/slide_the_kernel"
FORWARD = "cnns_from_scratch/cnn_forward_numpy"
TORCH = "cnns_from_scratch/same_forward_pass_pytorch"


@pytest.fixture(scope="module")
def page() -> Page:
    return Page(sources_of(LESSON))


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    before = signal.getsignal(signal.SIGINT)
    yield Session(tmp_path, LIMITS, lambda _: None)
    signal.signal(signal.SIGINT, before)


@pytest.fixture(scope="module")
def elements(page: Page) -> list[Element]:
    """What the page binds, as the browser tells it."""
    found = []
    for one in page.source.notations:
        if one.kind in ("value", "claim"):
            numerals = page.source.bound_to(one)
            text = page.source.text[one.start : one.end]
            pieces = [Piece(text, in_formula=False)]
            if numerals and numerals[0].text not in text:
                pieces = [Piece(each.text.lstrip("-"), in_formula=True) for each in numerals]
            found.append(Element(one.kind, one.code, pieces))
    return found


Follow = dict[str, dict]


def follow(
    session: Session,
    page: Page,
    elements: list[Element],
    changed: Mapping[str, str],
    carried: Mapping[str, Mapping[str, str]] | None = None,
    drafts: Mapping[str, str] | None = None,
) -> tuple[Follow, dict[str, dict]]:
    """Give the answers by code of their elements, and the snippets reached by name."""
    following = Following(session, page, changed, carried or {}, drafts or {})
    answer = following.answer(elements)
    pairs = zip(elements, answer["elements"], strict=True)
    return (
        {element.code: found for element, found in pairs if found},
        {one["snippet"]: one for one in answer["reached"]},
    )


def changed(page: Page, *replacements: tuple[str, str], name: str = SLIDE) -> str:
    code = page.codes[name]
    for old, new in replacements:
        assert old in code
        code = code.replace(old, new)
    return code


def test_every_number_of_the_page_has_its_place(page: Page, elements: list[Element]) -> None:
    notations = list(page.notations_of(elements))
    assert None not in notations
    for element, one in zip(elements, notations, strict=True):
        assert element.kind == "claim" or page.places(element, one), element.code
    assert page.source == source_of(LESSON)


def test_what_has_not_run_with_a_changed_value_is_still_the_lessons(
    session: Session, page: Page, elements: list[Element]
) -> None:
    code = changed(page, ("0.05, 0.08", "0.06, 0.08"))
    found, reached = follow(session, page, elements, {SLIDE: code})
    assert found["feature_map[0, 0]"]["changes"] == [[0, 0, 5, "0.852", "0.846"]]
    assert found["feature_map[1, 1]"]["state"] == "same"
    assert found["first_response"]["why"] == "one_convolution_window has not run with your patch"
    # Two snippets of a section have a patch: as long as one has not run, it is the lesson's.
    assert found["range(1, 5), enumerate(patch, 1)"]["state"] == "lesson"
    assert "ratio" not in found
    assert set(reached) == {
        *("cnns_from_scratch/one_convolution_window", FORWARD),
        *(TORCH, "cnns_from_scratch/tf32_rounding"),
    }
    assert reached[FORWARD]["code"] == changed(page, ("0.05, 0.08", "0.06, 0.08"), name=FORWARD)
    assert (reached[TORCH]["code"], reached[TORCH]["absent"]) == (None, True)
    assert reached[TORCH]["twin"] == FORWARD


def test_what_took_the_values_along_follows_and_only_torch_is_left(
    session: Session, page: Page, elements: list[Element]
) -> None:
    codes = {SLIDE: changed(page, ("0.05, 0.08", "0.06, 0.08"), ("0.93", "0.3"))}
    _, reached = follow(session, page, elements, codes)
    for name, one in reached.items():
        if not one["absent"]:
            codes[name] = one["code"]
            assert session.run(name, one["code"], "")["error"] is None
    carried = {name: one["texts"] for name, one in reached.items()}
    found, reached = follow(session, page, elements, codes, carried)
    assert set(reached) == {TORCH}
    lessons = [one for one in found.values() if one["state"] == "lesson"]
    assert {one["why"] for one in lessons} == {
        "same_forward_pass_pytorch needs PyTorch, which does not run in a page; "
        "cnn_forward_numpy computes the same with NumPy"
    }
    table = found["range(1, 5), enumerate(patch, 1)"]
    assert [(was, is_) for *_, was, is_ in table["changes"]] == [("0.05", "0.06"), ("0.93", "0.30")]
    bright, strongest = [code for code, one in found.items() if one["state"] == "untrue"]
    assert found[bright]["parts"][0] == ("(slide_the_kernel.patch > 0.5).sum()", "3")
    assert found[strongest]["parts"][0] == ("strongest", "(0, 0)")
    same = "(cnn_forward_numpy.patch == slide_the_kernel.patch).all() and "
    assert next(one for code, one in found.items() if code.startswith(same))["state"] == "same"

    # Changed once more, it goes the same way: what was carried is not the reader's own there.
    del codes[SLIDE]  # it is the last run now
    codes[SLIDE] = changed(page, ("0.05, 0.08", "0.07, 0.08"))
    _, reached = follow(session, page, elements, codes, carried)
    assert "[0.07, 0.08, 0.06, 0.07]" in reached[FORWARD]["code"]
    _, reached = follow(session, page, elements, codes)
    assert FORWARD not in reached


def test_values_of_another_shape_have_no_value_and_nothing_is_made_up(
    session: Session, page: Page, elements: list[Element]
) -> None:
    larger = "kernel = np.ones((1, 1))\nold = np.array(["
    found, _ = follow(
        session, page, elements, {SLIDE: changed(page, ("kernel = np.array([", larger))}
    )
    states = Counter(one["state"] for one in found.values())
    assert states["none"] == 2
    assert found["feature_map[0]"] == {
        "state": "none",
        "why": "your values make 4 numbers of it, and here is room for 2",
        "value": "[0.05, 0.08, 0.06, 0.07]",
    }
    assert found["feature_map.shape"]["changes"] == [[0, 0, 1, "2", "4"], [0, 4, 5, "2", "4"]]


HOSTILE = """
class Hostile:
    shape = 3
    def tolist(self): raise RuntimeError
    def __iter__(self): raise RuntimeError
    def __eq__(self, other): raise RuntimeError
patch = kernel = strongest = feature_map = Hostile()
"""


@pytest.mark.parametrize(
    ("code", "state", "why"),
    [
        ("feature_map = None", "none", "it raises TypeError: "),
        ("feature_map = np.full((2, 2), np.inf)", "none", "your values make no finite number"),
        ("del feature_map", "none", "no snippet of this section leaves feature_map"),
        ("feature_map = feature_map[:1]", "none", "it raises IndexError: index 1 is out of"),
        ("feature_map = feature_map * 1e300", "none", "a number of it is too long to stand here"),
        ("feature_map = np.full((2, 2), 10**5000, object)", "none", "ValueError comes of your"),
        ("feature_map = (1 for _ in iter(int, 1))", "none", "it raises TypeError: "),
        ("patch = np.ones((3000, 3000))\ndel feature_map", "none", "no snippet of this section"),
        (HOSTILE, "none", "it raises TypeError: "),
    ],
)
def test_what_cannot_be_computed_is_said(
    code: str, state: str, why: str, session: Session, page: Page, elements: list[Element]
) -> None:
    found, _ = follow(session, page, elements, {SLIDE: f"{page.codes[SLIDE]}\n{code}\n"})
    one = found["feature_map[1, 1]"]
    assert one["state"] == state
    assert one["why"].startswith(why)


def test_a_reader_who_changes_a_value_otherwise_has_it_written_out(
    session: Session, page: Page, elements: list[Element]
) -> None:
    code = changed(page, ("feature_map = conv", "kernel = -kernel\nfeature_map = conv"))
    _, reached = follow(session, page, elements, {SLIDE: code})
    assert "[\n    [0.6, 0.6, 0.6],\n    [-1.1," in reached[FORWARD]["code"]
    # What the reader wrote there already is left alone.
    own = changed(page, ("[1.1, 1.1, 1.1]", "[2, 2, 2]"), name=FORWARD)
    _, reached = follow(session, page, elements, {SLIDE: code}, drafts={FORWARD: own})
    assert reached[FORWARD]["code"] is None
    _, reached = follow(session, page, elements, {FORWARD: own, SLIDE: code})
    assert FORWARD not in reached


def test_a_run_that_is_in_no_session_is_made_again(
    session: Session, page: Page, elements: list[Element]
) -> None:
    code = changed(page, ("0.05, 0.08", "0.06, 0.08"))
    session.run(SLIDE, "feature_map = 1 / 0", "")
    found, _ = follow(session, page, elements, {SLIDE: code})
    assert found["feature_map[0, 0]"]["changes"][0][-1] == "0.846"


def test_a_page_asks_and_is_answered_in_json(session: Session) -> None:
    data = {
        "lesson": "one",
        "source": '[2]{=a()}\n\n```python\n--8<-- "one/two.py"\n```\n',
        "snippets": {"one/two": "def a(): return 2\n"},
        "absent": [],
        "twins": {},
    }
    asked = {
        "changed": {"one/two": "def a(): return 3\n"},
        "carried": {},
        "drafts": {},
        "elements": [{"kind": "value", "code": "a()", "pieces": [["2", False]]}],
    }
    follower = Follower(session, json.dumps(data))
    answer = json.loads(follower.answer_json(json.dumps(asked)))
    changes = [[0, 0, 1, "2", "3"]]
    assert answer["elements"] == [{"state": "yours", "value": "3", "changes": changes}]

    late = f"import os\ndef a():\n    os.kill({os.getpid()}, {int(signal.SIGINT)})\n    return 3\n"
    asked["changed"] = {"one/two": late}
    answer = json.loads(follower.answer_json(json.dumps(asked)))
    assert answer["ended"].startswith("it was still running after 20 seconds")
