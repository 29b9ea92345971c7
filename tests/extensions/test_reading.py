from __future__ import annotations

import pytest

from proof.extensions.reading import CODE_LINES_A_MINUTE, READING_TIME, WORDS_A_MINUTE

WORDS = "<p>" + "word " * WORDS_A_MINUTE + "</p>"
LINES = "<pre><code>" + "one, two, three\n" * CODE_LINES_A_MINUTE + "</code></pre>"


@pytest.mark.parametrize(
    ("content", "time"),
    [
        ("", "1 minute"),
        (WORDS * 3, "3 minutes"),
        (LINES * 2, "2 minutes"),
        (WORDS + LINES, "2 minutes"),
        (WORDS + f"<details><summary>More</summary><div>{WORDS * 9}</div></details>", "1 minute"),
        (WORDS + f"<svg>{WORDS * 9}</svg>" + WORDS, "2 minutes"),
        (WORDS + f"<form>{WORDS * 9}</form>" + WORDS, "2 minutes"),
    ],
)
def test_reading_time_counts_what_is_read(render, text_of, content: str, time: str) -> None:
    page = render(f"# Page\n\nTime: {READING_TIME}\n\n<div>{content}</div>\n")
    assert text_of(page.find("p")) == f"Time: {time}"
