"""What a reader's own run answers: the session that the page's worker holds, without a browser."""

from __future__ import annotations

import os
import signal
import sys
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
    assert "".join(answer["lines"]) == documented
    assert answer["differences"] == answer["warnings"] == []
    assert answer["error"] is None
    assert session.runs["cnns_from_scratch/slide_the_kernel"].values["strongest"] == (1, 1)


def test_numerals_that_differ_have_their_place(session: Session) -> None:
    answer = session.run("lesson/idea", "print('sum: 3.5, of  2')\nprint('b')", "sum: 3.0, of 2\n")
    first, second = answer["differences"]
    assert first["spans"] == [[5, 8, "3.0"]]
    assert (second["line"], second["documented"], second["printed"]) == (2, None, "b")


@pytest.mark.parametrize(
    ("code", "spans"),
    [
        ("print('holds: False 2')", [[7, 12, "True"], [13, 14, "1"]]),
        ("print('shape: none 2')", []),
    ],
)
def test_a_line_of_other_words_differs_as_a_whole(
    session: Session, code: str, spans: list[list[object]]
) -> None:
    [found] = session.run("lesson/idea", code, "holds: True 1\n")["differences"]
    assert found["spans"] == spans


def test_each_run_has_a_namespace_of_its_own(session: Session) -> None:
    session.run("lesson/one", "left = 1\nimport numpy as np\nnp.set_printoptions(1)", "")
    assert error(session, "print(left)") == (
        1,
        "NameError: name 'left' is not defined",
        "print(left)",
    )
    code = "import numpy as np\nprint(__name__, np.array([0.123]))"
    assert session.run("lesson/two", code, "")["lines"] == ["__main__ [0.123]\n"]


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
        ("\nraise SystemExit('no data')", 2, "the code ended itself: no data"),
        ("import os\nos._exit(0)", 2, "it would end Python itself, which the other blocks need"),
        ('raise RuntimeError("can\'t start new thread")', 1, "this page runs one Python alone"),
        ("import _multiprocessing.absent\n", 1, "this page runs one Python alone"),
        ("raise OSError(52, 'Function not implemented')", 1, "this page runs one Python alone"),
        ("class E(Exception):\n    def __str__(self): return 1\nraise E", 3, "E: <exception str()"),
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


def test_where_the_time_was_over_is_told_though_the_code_goes_on(tmp_path: Path) -> None:
    before = signal.getsignal(signal.SIGINT)
    lines: list[int] = []
    session = Session(tmp_path, LIMITS, lambda _: None, lines.append)
    code = f"""import os
for n in range(3):
    try:
        os.kill({os.getpid()}, {int(signal.SIGINT)})
    except BaseException:
        pass
"""
    assert session.run("lesson/idea", code, "")["error"] is None
    assert lines == [4, 4, 4]
    signal.signal(signal.SIGINT, before)


def test_a_late_signal_does_not_disturb_the_answer(session: Session) -> None:
    code = f"""import os
class Late(Exception):
    def __str__(self):
        os.kill({os.getpid()}, {int(signal.SIGINT)})
        return "told"
raise Late
"""
    assert error(session, code) == (6, "Late: told", "raise Late")


def test_long_messages_and_many_warnings_are_cut(session: Session) -> None:
    _, text, shown = error(session, f"raise ValueError({'x' * 2_000!r}, 'y' * 10_000_000)")
    assert len(text) == len(shown) == 600
    code = "import warnings\nfor n in range(9): warnings.warn(f'{n}' * 1_000)"
    answer = session.run("lesson/idea", code, "")
    assert [one["text"][:14] for one in answer["warnings"]] == [
        f"UserWarning: {n}" for n in range(5)
    ]
    assert {len(one["text"]) for one in answer["warnings"]} == {600}
    assert answer["notes"] == ["9 warnings were given: the first 5 are told"]


def test_what_a_block_does_to_python_does_not_reach_the_next(session: Session) -> None:
    code = """import builtins, os, signal, sys
import numpy as np
builtins.print = np.array = os.getcwd = None
del builtins.len
builtins.helper = lambda: 1
sys.setrecursionlimit(200)
signal.signal(signal.SIGINT, signal.SIG_IGN)
builtins.isinstance = None
raise ValueError
"""
    handler = signal.getsignal(signal.SIGINT)
    deepest = sys.getrecursionlimit()
    assert error(session, code) == (9, "ValueError", "raise ValueError")
    assert signal.getsignal(signal.SIGINT) == handler
    assert sys.getrecursionlimit() == deepest
    code = (
        "import os\nimport numpy as np\nos.getcwd()\nprint(len(np.array([1])), isinstance(1, int))"
    )
    assert session.run("lesson/two", code, "")["lines"] == ["1 True\n"]
    assert error(session, "helper()")[1] == "NameError: name 'helper' is not defined"


def test_output_may_be_bytes_or_closed(session: Session) -> None:
    code = """import sys
sys.stdout.buffer.write("é".encode()[:1])
sys.stdout.buffer.write("é".encode()[1:] + bytes([255, 10]))
print("\U0001f600")
sys.stdout.close()
"""
    assert session.run("lesson/idea", code, "")["lines"] == ["é\ufffd\n", "\U0001f600\n"]


def test_places_are_counted_as_javascript_does(session: Session) -> None:
    answer = session.run("lesson/idea", "print('\U0001f600 0.5')", "\U0001f600 0.4\n")
    assert answer["differences"][0]["spans"] == [[3, 6, "0.4"]]


def test_a_block_that_runs_again_has_the_room_of_its_last_run(session: Session) -> None:
    code = """import weakref
class Large: pass
large = Large()
def holds(): return large
import sys
before = sys.modules.get("seen")
print(bool(before and before()))
sys.modules["seen"] = weakref.ref(large)
"""
    for _ in range(2):
        assert session.run("lesson/idea", code, "")["lines"] == ["False\n"]
    del sys.modules["seen"]


def test_what_failed_leaves_nothing(session: Session) -> None:
    session.run("lesson/idea", "left = 1", "")
    session.run("lesson/idea", "left = 2\n1 / 0", "")
    assert session.left("lesson/idea", "left = 1").values == {"left": 1}


def test_code_that_catches_everything_cannot_print_on(session: Session) -> None:
    code = (
        "try:\n    while True:\n        print('x' * 100)\nexcept BaseException:\n    print('more')"
    )
    answer = session.run("lesson/idea", code, "")
    assert answer["error"]["text"].startswith("it printed more than")
    assert sum(map(len, answer["lines"])) == LIMITS.characters


def test_warnings_and_errors_of_the_code_are_told(session: Session) -> None:
    code = "import sys, warnings\nwarnings.warn('odd')\nprint('e', file=sys.stderr)\nexit(0)"
    answer = session.run("lesson/idea", code, "e\n")
    assert answer["warnings"] == [{"line": 2, "text": "UserWarning: odd"}]
    assert ("".join(answer["lines"]), answer["error"], answer["differences"]) == ("e\n", None, [])


def test_output_is_sent_while_the_code_runs(session: Session, sent: list[str]) -> None:
    code = "import time\nfor n in range(3):\n    print(n)\n    time.sleep(0.11)"
    assert session.run("lesson/idea", code, "")["lines"] == ["0\n", "1\n", "2\n"]
    assert "".join(sent).startswith("0\n1")
