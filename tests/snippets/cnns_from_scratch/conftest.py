"""What the lesson's snippets leave, for tests that hold it against torch and SciPy."""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace

import numpy as np
import pytest

from proof.project import SNIPPETS
from proof.runs import Runs

NAMES = (
    "convolution_output_size",
    "dense_versus_conv_parameters",
    "dilation_and_groups",
    "max_pooling_winners",
    "padding_border_evidence",
    "receptive_field_trace",
    "shift_the_bright_line",
    "slide_the_kernel",
)


@pytest.fixture(scope="session")
def snippets() -> SimpleNamespace:
    """Give the values and functions of the snippets, as snippets.NAME.value."""
    runs = Runs(SNIPPETS / "cnns_from_scratch" / f"{name}.py" for name in NAMES)
    for run in runs.values():
        assert run.error is None
    return SimpleNamespace(
        **{run.snippet.stem: SimpleNamespace(**run.values) for run in runs.values()}
    )


@pytest.fixture
def random() -> Iterator[np.random.Generator]:
    """Give a source of random numbers, the same in each test."""
    return np.random.default_rng(19)
