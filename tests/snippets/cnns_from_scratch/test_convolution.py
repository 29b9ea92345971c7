"""Our convolution against torch's and SciPy's, on shapes and kernels that are not symmetric."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
import torch
from numpy.testing import assert_allclose
from scipy.signal import convolve2d, correlate2d
from torch.nn.functional import conv2d

SHAPES = [
    ((4, 4), (3, 3)),
    ((5, 9), (2, 4)),
    ((9, 5), (4, 2)),
    ((7, 6), (1, 5)),
    ((6, 7), (6, 7)),
    ((1, 8), (1, 3)),
    ((8, 1), (8, 1)),
    ((11, 13), (1, 1)),
]


@pytest.fixture(params=SHAPES, ids=str)
def image_and_kernel(
    request: pytest.FixtureRequest, random: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    image_shape, kernel_shape = request.param
    return random.normal(size=image_shape), random.normal(size=kernel_shape)


def torch_convolution(image: np.ndarray, kernel: np.ndarray, padding: int = 0) -> np.ndarray:
    images, kernels = torch.from_numpy(image)[None, None], torch.from_numpy(kernel)[None, None]
    return conv2d(images, kernels, padding=padding)[0, 0].numpy()


def test_it_is_what_torch_calls_convolution(
    snippets: SimpleNamespace, image_and_kernel: tuple[np.ndarray, np.ndarray]
) -> None:
    ours = snippets.slide_the_kernel.convolve_valid(*image_and_kernel)
    assert_allclose(ours, torch_convolution(*image_and_kernel), rtol=1e-12, atol=1e-12)


def test_it_is_what_signal_processing_calls_cross_correlation(
    snippets: SimpleNamespace, image_and_kernel: tuple[np.ndarray, np.ndarray]
) -> None:
    image, kernel = image_and_kernel
    ours = snippets.slide_the_kernel.convolve_valid(image, kernel)
    assert_allclose(ours, correlate2d(image, kernel, "valid"), rtol=1e-12, atol=1e-12)
    flipped = kernel[::-1, ::-1]
    assert_allclose(ours, convolve2d(image, flipped, "valid"), rtol=1e-12, atol=1e-12)
    if kernel.size > 1:
        assert not np.allclose(ours, convolve2d(image, kernel, "valid"))


@pytest.mark.parametrize(
    ("image", "kernel"), [((2, 5), (3, 3)), ((5, 2), (3, 3)), ((1, 1), (1, 2))]
)
def test_a_kernel_that_fits_nowhere_is_refused(
    snippets: SimpleNamespace, image: tuple[int, int], kernel: tuple[int, int]
) -> None:
    said = f"a {kernel[0]}x{kernel[1]} kernel does not fit in"
    with pytest.raises(ValueError, match=said):
        snippets.slide_the_kernel.convolve_valid(np.ones(image), np.ones(kernel))
    with pytest.raises(RuntimeError):
        torch_convolution(np.ones(image), np.ones(kernel))


def test_convolution_then_relu_is_what_torch_computes(
    snippets: SimpleNamespace, random: np.random.Generator
) -> None:
    image = random.normal(size=(8, 9))
    found = snippets.shift_the_bright_line.respond(image)
    wanted = torch_convolution(image, snippets.shift_the_bright_line.kernel)
    assert (wanted < 0).any()
    assert_allclose(found, wanted.clip(min=0), rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("padding", [0, 1, 2])
@pytest.mark.parametrize("pixel", [(0, 0), (0, 2), (2, 0), (1, 1), (2, 2), (4, 3)])
def test_the_evidence_of_a_pixel_is_what_torch_sums_up(
    snippets: SimpleNamespace, pixel: tuple[int, int], padding: int
) -> None:
    image = np.zeros((5, 5))
    image[pixel] = 1
    wanted = torch_convolution(image, np.ones((3, 3)), padding).sum()
    assert snippets.padding_border_evidence.evidence(pixel, padding) == wanted
