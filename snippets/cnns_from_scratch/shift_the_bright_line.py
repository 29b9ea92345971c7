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
    """A square image that is dark but for one bright horizontal line."""
    image = np.zeros((8, 8))
    image[row] = 1.0
    return image


def max_pool(feature_map):
    """Max pooling: the largest of every two by two values."""
    return sliding_window_view(feature_map, (2, 2))[::2, ::2].max(axis=(2, 3))


start, one_lower, two_lower = (respond(line_at(row)) for row in (3, 4, 5))
moves_along = np.array_equal(one_lower[1:], start[:-1])
hides_first = np.array_equal(max_pool(one_lower), max_pool(start))
hides_second = np.array_equal(max_pool(two_lower), max_pool(one_lower))

# With a stride of two only every second row of responses is ever computed.
strided_start, strided_lower = start[::2].max(), one_lower[::2].max()

# A plain image has no line, but padding puts a dark frame around it.
plain = respond(np.pad(np.ones((8, 8)), 1))

print("the response moves with the line:", moves_along)
print(f"strongest at stride 2: {strided_start:.1f}, one row lower {strided_lower:.1f}")
print("pooling hides the first shift:", hides_first)
print("pooling hides the second shift:", hides_second)
print(f"plain image, padded: border {plain[0, 4]:.1f}, middle {plain[4, 4]:.1f}")
