from __future__ import annotations

from pathlib import Path

import pytest

from proof.faults import FaultError
from proof.score import Score, write_score

PAGE = "# Page\n\n/// mutation-score\n///\n"


def test_the_score_is_a_sentence(render, docs: Path, text_of) -> None:
    write_score(Score("2026-11-03", mutants=4003, caught=3998, equivalent=4), docs.parent)
    sentence = render(PAGE).find("p[@class='mutation-score']")
    assert text_of(sentence) == (
        "On 3 November 2026 it tried 4,003 changes: 3,998 failed the check, 4 change nothing "
        "that is computed and are listed with the reason. Score: 99.9%."
    )
    assert sentence.find("time").get("datetime") == "2026-11-03"


@pytest.mark.parametrize("content", [None, "", "[]", '{"date": "2026-11-03"}'])
def test_no_score_stops_the_build(render, docs: Path, content: str | None) -> None:
    if content is not None:
        write_score(Score("", 0, 0, 0), docs.parent)
        (docs.parent / "records" / "mutation.json").write_text(content, encoding="utf-8")
    with pytest.raises(FaultError, match=r"mutation\.json:1: .*python -m proof mutate --record"):
        render(PAGE)
