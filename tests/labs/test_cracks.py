import numpy as np
import pytest

from labs.cracks import DISTANCES, LENGTH, SIZE, cracks, crops, photos

TO_SIDE = np.minimum(np.arange(SIZE), np.arange(SIZE)[::-1])
to_border = np.minimum.outer(TO_SIDE, TO_SIDE)  # of each pixel of a crop


@pytest.mark.parametrize("distance", DISTANCES)
def test_a_crack_is_as_far_from_the_border_as_it_says(distance: int) -> None:
    drawn = cracks(np.full(200, distance), np.random.default_rng(0))
    # A point between two pixels covers at least half of the nearer one.
    nearest = np.where(drawn >= 0.5, to_border, SIZE).min(axis=(1, 2))
    assert nearest.min() == distance
    assert nearest.max() <= distance + 1
    assert drawn[:, to_border < distance - 1].max(initial=0) == 0


def test_every_crack_is_whole_wherever_it_lies() -> None:
    rng = np.random.default_rng(0)
    covered = [cracks(np.full(500, d), rng).sum(axis=(1, 2)).mean() for d in DISTANCES]
    assert min(covered) > 0.75 * LENGTH
    assert max(covered) - min(covered) < 0.02 * LENGTH


def test_cracks_touch_all_four_borders_alike() -> None:
    drawn = cracks(np.zeros(2000, dtype=int), np.random.default_rng(0)) >= 0.5
    borders = drawn[:, 0], drawn[:, -1], drawn[:, :, 0], drawn[:, :, -1]
    touched = [border.any(axis=1).mean() for border in borders]
    assert max(touched) - min(touched) < 0.05


def test_crops_are_parts_of_the_textures() -> None:
    textures = np.arange(2 * 30 * 40.0).reshape(2, 30, 40)
    for crop in crops(textures, 50, np.random.default_rng(0)):
        texture, rest = divmod(int(crop[0, 0]), 30 * 40)
        row, column = divmod(rest, 40)
        assert (crop == textures[texture, row : row + SIZE, column : column + SIZE]).all()


def test_neither_brightness_nor_contrast_gives_a_crack_away() -> None:
    textures = np.random.default_rng(1).uniform(0.2, 0.8, (3, 60, 60))
    cracked, clean = photos(textures, np.zeros(40, dtype=int), 30, np.random.default_rng(0))
    assert cracked.shape == (40, 1, SIZE, SIZE)
    assert clean.shape == (30, 1, SIZE, SIZE)
    for images in (cracked, clean):
        assert images.dtype == np.float32
        assert abs(images.mean(axis=(2, 3))).max() < 1e-5
        assert abs(images.std(axis=(2, 3)) - 1).max() < 1e-5
