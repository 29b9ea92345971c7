"""Hostile blocks in the page: each attempt ends as the security page says."""

from __future__ import annotations

from proof.extensions.security import read_attempts
from tests.browser.test_running_blocks import press, printed, run, visit
from tests.browser.visits import ROOT, Visit

__all__ = ["visit"]  # a fixture: nothing may come from elsewhere, nor stand on the console


def test_each_attempt_ends_as_the_security_page_says(visit: Visit) -> None:
    press(visit.page, "Edit")
    ends = {}
    attempts = read_attempts(ROOT / "docs/security/attempts.yml")
    for attempt in attempts:
        said = run(visit.page, attempt.code)
        reached = "reached" in printed(visit.page).splitlines()
        ends[attempt.attempt] = ("possible" if reached else "refused", said[: len(attempt.says)])
    assert ends == {known.attempt: (known.outcome, known.says) for known in attempts}
