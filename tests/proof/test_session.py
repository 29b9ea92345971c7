"""What a reader's own run answers: the session that the page's worker holds, without a browser."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from proof.session import Limits, Session
from tests.site.projects import ROOT

LIMITS = Limits(seconds=20, characters=1_000, megabytes=512)


@pytest.fixture
def sent() -> list[str]:
    return []


@pytest.fixture
def session(tmp_path: Path, sent: list[str]) -> Session:
    before = signal.getsignal(signal.SIGINT)
    yield Session(tmp_path, LIMITS, sent.append)
    signal.signal(signal.SIGINT, before)


def error(session: Session, code: str) -> tuple[int, str, str]:
    found = session.run("lesson/idea", code, "")["error"]
    return found["line"], found["text"], found["code"]


def test_a_snippet_prints_what_is_documented(session: Session) -> None:
    path = ROOT / "snippets/cnns_from_scratch/slide_the_kernel.py"
    documented = path.with_suffix(".out").read_text("utf-8")
    answer = session.run("cnns_from_scratch/slide_the_kernel", path.read_text("utf-8"), documented)
    assert answer["stdout"] == documented
    assert answer["differences"] == answer["warnings"] == []
    assert answer["error"] is None
    assert session.runs["cnns_from_scratch/slide_the_kernel"].values["strongest"] == (1, 1)


def test_numerals_that_differ_have_their_place(session: Session) -> None:
    answer = session.run("lesson/idea", "print('sum: 3.5, of  2')\nprint('b')", "sum: 3.0, of 2\n")
    first, second = answer["differences"]
    assert first["spans"] == [[5, 8, "3.0"]]
    assert (second["line"], second["documented"], second["printed"]) == (2, None, "b")


def test_each_run_has_a_namespace_of_its_own(session: Session) -> None:
    session.run("lesson/one", "left = 1\nimport numpy as np\nnp.set_printoptions(1)", "")
    assert error(session, "print(left)") == (
        1,
        "NameError: name 'left' is not defined",
        "print(left)",
    )
    code = "import numpy as np\nprint(__name__, np.array([0.123]))"
    assert session.run("lesson/two", code, "")["stdout"] == "__main__ [0.123]\n"


@pytest.mark.parametrize(
    ("code", "line", "said"),
    [
        ("a = 1\nb = (1,\n", 2, "this is not Python: '(' was never closed"),
        ("\nimport absent.part", 2, "there is no absent here: this page has Python’s standard"),
        ("def ask():\n    return input('?')\nask()", 2, "it waits for input, and nobody can type"),
        ("while True:\n    print('x' * 100)", 2, "it printed more than 1,000 characters"),
        ("import numpy\nnumpy.ones((10**10, 10**10))", 2, "there is not enough memory: this page"),
        ("def f():\n    f()\nf()", 2, "functions called each other too deep"),
        ("raise SystemExit(3)", 1, "the code ended itself with exit code 3"),
        ("[1][1]", 1, "IndexError: list index out of range"),
        ("kernel = 1\nprint(kernal)", 2, "NameError: name 'kernal' is not defined"),
        ("raise ValueError", 1, "ValueError"),
    ],
)
def test_says_what_went_wrong_at_which_line(
    session: Session, code: str, line: int, said: str
) -> None:
    found, text, shown = error(session, code)
    assert (found, shown) == (line, code.splitlines()[line - 1].strip())
    assert text.startswith(said)
    assert "Traceback" not in text
    assert "proof" not in text


def test_a_run_out_of_time_is_ended_at_its_line(session: Session) -> None:
    # What SIGINT is here, the worker gives when the time is over.
    code = f"import os\nwhile True:\n    os.kill({os.getpid()}, {int(signal.SIGINT)})\n"
    line, text, _ = error(session, code)
    assert line == 3
    assert text.startswith("it was still running after 20 seconds")


def test_code_that_catches_everything_cannot_print_on(session: Session) -> None:
    code = (
        "try:\n    while True:\n        print('x' * 100)\nexcept BaseException:\n    print('more')"
    )
    assert error(session, code)[1].startswith("it printed more than")
    assert len(session.runs["lesson/idea"].stdout) == LIMITS.characters


def test_warnings_and_errors_of_the_code_are_told(session: Session) -> None:
    code = "import sys, warnings\nwarnings.warn('odd')\nprint('e', file=sys.stderr)\nexit(0)"
    answer = session.run("lesson/idea", code, "e\n")
    assert answer["warnings"] == [{"line": 2, "text": "UserWarning: odd"}]
    assert (answer["stdout"], answer["error"], answer["differences"]) == ("e\n", None, [])


def test_output_is_sent_while_the_code_runs(session: Session, sent: list[str]) -> None:
    code = "import time\nfor n in range(3):\n    print(n)\n    time.sleep(0.11)"
    assert session.run("lesson/idea", code, "")["stdout"] == "0\n1\n2\n"
    assert "".join(sent).startswith("0\n1")
