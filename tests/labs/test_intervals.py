from math import sqrt

import pytest

from labs.intervals import Interval, of_mean, of_share


def test_wilsons_interval() -> None:
    count, total, z = 587, 600, 1.959964
    centre = (count + z**2 / 2) / (total + z**2)
    half = z / (total + z**2) * sqrt(count * (total - count) / total + z**2 / 4)
    share = of_share(count, total)
    assert share.estimate == count / total
    assert (share.low, share.high) == pytest.approx((centre - half, centre + half))


def test_students_interval() -> None:
    half = 4.302653 / sqrt(3)  # Student's quantile for three values, whose deviation is one
    mean = of_mean([1.0, 2.0, 3.0])
    assert mean.estimate == 2
    assert (mean.low, mean.high) == pytest.approx((2 - half, 2 + half))


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [(0.1, 2.0, "above"), (-2.0, -0.1, "below"), (-0.1, 2.0, "open"), (0.0, 2.0, "open")],
)
def test_the_words_follow_from_the_interval(low: float, high: float, words: str) -> None:
    assert Interval((low + high) / 2, low, high).choose("above", "below", "open") == words
