"""Intervals of 95 percent, and the sentences that follow from them."""

from collections.abc import Sequence
from dataclasses import dataclass

from scipy.stats import binomtest, ttest_1samp

CONFIDENCE = 0.95


@dataclass(frozen=True)
class Interval:
    """An estimate and the interval around it."""

    estimate: float
    low: float
    high: float

    def choose(self, above: str, below: str, open_: str) -> str:
        """Choose the words for an interval above zero, below zero, or with zero in it."""
        if self.low > 0:
            return above
        return below if self.high < 0 else open_


def of_share(count: int, total: int) -> Interval:
    """Estimate a share from a count, with Wilson's interval."""
    interval = binomtest(count, total).proportion_ci(CONFIDENCE, method="wilson")
    return Interval(count / total, interval.low, interval.high)


def of_mean(values: Sequence[float]) -> Interval:
    """Estimate a mean from independent values, with Student's interval."""
    result = ttest_1samp(values, 0)
    interval = result.confidence_interval(CONFIDENCE)
    return Interval(sum(values) / len(values), interval.low, interval.high)
