"""Cracks drawn over crops of real textures, each at a known distance from the border."""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.random import Generator

SIZE = 20  # pixels a side of a crop
LENGTH = 7  # pixels along a crack
BEND = 0.35  # radians that a crack turns at a pixel, as a standard deviation
DISTANCES = range(6)  # pixels between a crack and the outermost pixels that are nearest to it
CONTRAST = (0.6, 0.95)  # how much of the light a crack takes away
POINTS = 2  # of a crack's line, to a pixel


def crops(textures: np.ndarray, count: int, rng: Generator) -> np.ndarray:
    """Cut crops, (count, SIZE, SIZE), at random places of textures, (kinds, height, width)."""
    places = sliding_window_view(textures, (SIZE, SIZE), axis=(1, 2))
    return places[tuple(rng.integers(0, places.shape[:3], (count, 3)).T)]


def cracks(distances: np.ndarray, rng: Generator) -> np.ndarray:
    """Draw a crack for each distance: how much of each pixel it covers, (count, SIZE, SIZE).

    A crack is a crooked line that lies in the crop as a whole. No point of it is nearer to a
    border than the distance, and one point is just as near.
    """
    count = len(distances)
    headings = rng.uniform(0, 2 * np.pi, (count, 1))
    headings = headings + rng.normal(0, BEND / POINTS**0.5, (count, POINTS * LENGTH)).cumsum(1)
    line = np.stack([np.sin(headings), np.cos(headings)], axis=2).cumsum(1) / POINTS
    line -= line.min(axis=1, keepdims=True)

    # At the upper border, anywhere along it; then turned to one of the four borders.
    room = SIZE - 1 - 2 * distances - line[:, :, 1].max(axis=1)
    line[:, :, 0] += distances[:, None]
    line[:, :, 1] += (distances + rng.uniform(0, 1, count) * room)[:, None]
    below, beside = rng.random((2, count)) < 0.5
    line[below, :, 0] = SIZE - 1 - line[below, :, 0]
    line[beside] = line[beside][:, :, ::-1]

    away = line[:, :, :, None].astype(np.float32) - np.arange(SIZE, dtype=np.float32)
    squares = away[:, :, 0, :, None] ** 2 + away[:, :, 1, None, :] ** 2
    return np.clip(1 - np.sqrt(squares.min(axis=1)), 0, 1)


def photos(
    textures: np.ndarray, distances: np.ndarray, clean: int, rng: Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Make crops with a crack at each distance, and `clean` crops without one.

    Both are (count, 1, SIZE, SIZE) in float32. Each crop has a mean of zero and a standard
    deviation of one: neither brightness nor contrast of its place says anything about a crack.
    """
    cracked = crops(textures, len(distances), rng)
    depth = rng.uniform(*CONTRAST, (len(distances), 1, 1))
    cracked = cracked * (1 - depth * cracks(distances, rng))
    return _exposed(cracked), _exposed(crops(textures, clean, rng))


def _exposed(images: np.ndarray) -> np.ndarray:
    axes = (1, 2)
    images = images - images.mean(axes, keepdims=True)
    return (images / images.std(axes, keepdims=True))[:, None].astype(np.float32)
