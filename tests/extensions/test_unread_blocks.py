from __future__ import annotations

import pytest

from proof.faults import FaultError


@pytest.mark.parametrize(
    "block",
    [
        "/// figrue | sum\n\nCaption.\n///",
        "/// figure | sum\n    titel: A sum\n\nCaption.\n///",
        "/// figure | sum\n    title: A sum: wrong YAML\n///",
        "/// glossary | of what\n///",
        '??? note "Aside"\n\n    /// figrue | sum\n\n    Caption.\n    ///',
    ],
)
def test_a_block_that_nothing_reads_stops_the_build(render, block: str) -> None:
    with pytest.raises(
        FaultError, match="is no block with these options; the blocks are:"
    ) as error:
        render(f"Text.\n\n{block}\n")
    line = f"Text.\n\n{block}\n".splitlines()[error.value.fault.line - 1]
    assert line.strip().startswith("/// ")
    assert repr(line.strip()) in str(error.value).replace("\\n", "")


def test_slashes_in_a_sentence_are_none(render, text_of) -> None:
    assert text_of(render("Write /// before a name.\n\n    /// code | x\n")) == (
        "Write /// before a name. /// code | x"
    )
