import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

kernel = np.array([
    [-0.6, -0.6, -0.6],
    [1.1, 1.1, 1.1],
    [-0.6, -0.6, -0.6],
])


def respond(image):
    """Valid convolution with the kernel, then ReLU."""
    windows = sliding_window_view(image, kernel.shape)
    return np.maximum((windows * kernel).sum(axis=(2, 3)), 0.0)


def line_at(row):
    """An 8 x 8 image that is dark but for one bright horizontal line."""
    image = np.zeros((8, 8))
    image[row] = 1.0
    return image


def max_pool(feature_map):
    """2 x 2 max pooling with stride 2."""
    return sliding_window_view(feature_map, (2, 2))[::2, ::2].max(axis=(2, 3))


start, one_lower, two_lower = (respond(line_at(row)) for row in (3, 4, 5))
plain_padded = respond(np.pad(np.ones((8, 8)), 1))

print("the response moves with the line:", np.array_equal(one_lower[1:], start[:-1]))
print(f"strongest response at stride 2: {start[::2].max():.1f}, one row lower {one_lower[::2].max():.1f}")
print("pooling hides the first shift:", np.array_equal(max_pool(one_lower), max_pool(start)))
print("pooling hides the second shift:", np.array_equal(max_pool(two_lower), max_pool(one_lower)))
print(f"plain bright image, padded: border {plain_padded[0, 4]:.1f}, middle {plain_padded[4, 4]:.1f}")
