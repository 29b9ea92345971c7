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
    ],
)
def test_reading_time_counts_what_is_read(render, text_of, content: str, time: str) -> None:
    page = render(f"# Page\n\nTime: {READING_TIME}\n\n<div>{content}</div>\n")
    assert text_of(page.find("p")) == f"Time: {time}"


@pytest.mark.parametrize(
    ("total", "text"), [(0, "0 questions"), (1, "1 question"), (3, "3 questions")]
)
def test_questions_are_counted(render, text_of, total: int, text: str) -> None:
    questions = '??? question "Why?"\n\n    Because.\n\n' * total
    page = render(f'/// questions-left\n///\n\n??? note "Not one"\n\n    Text.\n\n{questions}')
    [count] = page.findall("p[@class='questions-left']")
    assert count.get("data-total") == str(total)
    assert text_of(count) == f"{text} to answer"
