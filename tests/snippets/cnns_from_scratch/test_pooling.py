"""Our max pooling against torch's and SciPy's: values, winners, ties and negative inputs."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
import torch
from numpy.testing import assert_array_equal
from scipy.ndimage import maximum_filter
from torch.nn.functional import max_pool2d


def distinct(random: np.random.Generator, shape: tuple[int, int]) -> np.ndarray:
    return random.permutation(shape[0] * shape[1]).reshape(shape) - 3.5


def negative(random: np.random.Generator, shape: tuple[int, int]) -> np.ndarray:
    return -1 - random.random(shape)


def tied(random: np.random.Generator, shape: tuple[int, int]) -> np.ndarray:
    return random.integers(-1, 1, shape).astype(float)


@pytest.mark.parametrize("size", [1, 2, 3])
@pytest.mark.parametrize("shape", [(4, 4), (6, 9), (7, 5), (3, 8)], ids=str)
@pytest.mark.parametrize("numbers", [distinct, negative, tied])
class TestMaxPool:
    def test_values_and_winners_are_those_of_torch(
        self,
        snippets: SimpleNamespace,
        random: np.random.Generator,
        numbers: object,
        shape: tuple[int, int],
        size: int,
    ) -> None:
        feature_map = numbers(random, shape)
        pooled, winners = snippets.max_pooling_winners.max_pool(feature_map, size)
        wanted, places = max_pool2d(torch.from_numpy(feature_map)[None], size, return_indices=True)
        assert_array_equal(pooled, wanted[0].numpy())
        assert winners == [divmod(place, shape[1]) for place in places.flatten().tolist()]

    def test_values_are_the_largest_of_each_window_to_scipy(
        self,
        snippets: SimpleNamespace,
        random: np.random.Generator,
        numbers: object,
        shape: tuple[int, int],
        size: int,
    ) -> None:
        feature_map = numbers(random, shape)
        pooled, _ = snippets.max_pooling_winners.max_pool(feature_map, size)
        # The filter's window begins at its own pixel; one that leaves the image is dropped.
        largest = maximum_filter(feature_map, size, origin=-(size // 2))[::size, ::size]
        assert_array_equal(pooled, largest[: shape[0] // size, : shape[1] // size])

    def test_the_gradient_goes_back_to_the_winners_alone(
        self,
        snippets: SimpleNamespace,
        random: np.random.Generator,
        numbers: object,
        shape: tuple[int, int],
        size: int,
    ) -> None:
        feature_map = numbers(random, shape)
        _, winners = snippets.max_pooling_winners.max_pool(feature_map, size)
        image = torch.from_numpy(feature_map)[None].requires_grad_()
        (gradient,) = torch.autograd.grad(max_pool2d(image, size).sum(), image)
        assert [tuple(place) for place in gradient[0].nonzero().tolist()] == sorted(winners)


def test_the_pooling_that_shifts_a_line_is_the_same(
    snippets: SimpleNamespace, random: np.random.Generator
) -> None:
    feature_map = negative(random, (6, 6))
    pooled, _ = snippets.max_pooling_winners.max_pool(feature_map)
    assert_array_equal(snippets.shift_the_bright_line.max_pool(feature_map), pooled)
