"""What a block draws, as the worker's session answers it; the page is tested in the browser."""

from __future__ import annotations

import base64
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from proof import pictures
from proof.session import Answer, Limits, Session

PLT = "import matplotlib.pyplot as plt\n"


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    before = signal.getsignal(signal.SIGINT)
    session = Session(tmp_path, Limits(20, 1_000, 512), lambda _: None)
    session.pictures = pictures
    yield session
    signal.signal(signal.SIGINT, before)
    pictures.clear()


def drawn(session: Session, code: str) -> Answer:
    answer = session.run("lesson/idea", PLT + code, "")
    assert answer["differences"] == answer["warnings"] == []
    return answer


def size(picture: Answer) -> tuple[int, int]:
    png = base64.b64decode(picture["png"])
    assert png.startswith(b"\x89PNG")
    return int.from_bytes(png[16:20], "big"), int.from_bytes(png[20:24], "big")


def test_an_open_figure_is_a_picture_with_what_it_says(session: Session) -> None:
    code = "plt.suptitle('All')\nplt.title('One')\nplt.xlabel('n')\nplt.ylabel('loss')\nplt.show()"
    answer = drawn(session, code)
    [picture] = answer["pictures"]
    assert answer["error"] is None
    assert answer["notes"] == []
    assert picture["text"] == "All; One; across: n; up: loss"
    assert (picture["width"], picture["height"]) == (640, 480)
    assert size(picture) == (1280, 960)


def test_each_run_begins_without_figures_and_settings(session: Session) -> None:
    drawn(session, "plt.rcParams['figure.figsize'] = 1, 1\nplt.figure()")
    [picture] = drawn(session, "plt.figure()")["pictures"]
    assert picture["width"] == 640
    session.left("lesson/idea", PLT + "plt.figure()  # again")
    assert drawn(session, "plt.figure(); plt.close()")["pictures"] == []


def test_what_is_not_shown_is_said(session: Session) -> None:
    code = "plt.figure()\nplt.title('$\\\\frac$')\nplt.figure(figsize=(50, 20.01))"
    answer = drawn(session, "plt.figure(figsize=(25, 16))\n" + code)
    [picture] = answer["pictures"]
    assert size(picture) == (2500, 1600)  # not finer: at the limit
    wrong, large = (note.partition(": ")[::2] for note in answer["notes"])
    assert wrong[0] == "Picture 2 is not shown"
    assert wrong[1].startswith("ValueError: ")
    assert large[0] == "Picture 3 is not shown"
    assert large[1].startswith("it has 10,005,000 pixels, and at most 4,000,000 are shown.")


def test_an_error_is_told_where_the_figure_is_to_be_shown(session: Session) -> None:
    answer = drawn(session, "plt.title('$\\\\frac$')\nplt.show()")
    assert answer["error"]["line"] == 3
    assert answer["error"]["code"] == "plt.show()"
    assert answer["pictures"] == []


@pytest.mark.parametrize(
    ("code", "draws"),
    [
        ("import numpy, matplotlib.pyplot as plt", True),
        ("def f():\n    from matplotlib import cm", True),
        ("import mpl_toolkits.mplot3d", True),
        ("import numpy  # not matplotlib", False),
        ("import matplotlib(", False),
    ],
)
def test_an_import_tells_that_a_block_draws(session: Session, code: str, draws: bool) -> None:
    assert session.draws(code) is draws


def test_where_it_is_not_there_the_message_says_why(session: Session) -> None:
    session.pictures = None
    missing = "raise ModuleNotFoundError('No module', name='matplotlib.pyplot')"
    told = session.run("lesson/idea", PLT + missing, "")["error"]
    assert told["text"].endswith(". This site was built without it: print the numbers instead")
    told = session.run("lesson/idea", missing, "")["error"]
    assert told["text"].endswith("where a statement imports it: write `import matplotlib`")
