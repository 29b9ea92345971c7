"""The security page's blocks: drawn from the attempts, the policy and the headers themselves."""

from __future__ import annotations

from pathlib import Path

import pytest

from proof.extensions.security import read_attempts
from proof.faults import FaultError

ATTEMPT = """
- attempt: Read the page
  code: |
    import js
    js.document
  says: "Line 2: AttributeError"
  outcome: {}
  why: There is none.
"""


def attempts(folder: Path, text: str) -> Path:
    file = folder / "attempts.yml"
    file.write_text(text, "utf-8")
    return file


def test_an_attempt_has_its_code_and_its_outcome(tmp_path: Path) -> None:
    [attempt] = read_attempts(attempts(tmp_path, ATTEMPT.format("refused")))
    assert attempt.code == "import js\njs.document"
    assert (attempt.outcome, attempt.says) == ("refused", "Line 2: AttributeError")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (ATTEMPT.format("unlikely"), "7: 'unlikely' is no outcome; it is refused or possible"),
        (ATTEMPT.format("refused").replace("why", "because"), "8: 'because' is unknown"),
        ("", "1: here stands a list of attempts"),
    ],
)
def test_another_form_is_a_fault_at_its_line(text: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(FaultError, match=rf"attempts\.yml:{message}"):
        read_attempts(attempts(tmp_path, text))
