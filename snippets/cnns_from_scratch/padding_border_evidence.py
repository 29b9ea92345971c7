import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

kernel = np.ones((3, 3))
image_size = 5


def evidence(lit_pixel, padding, size=image_size):
    """Sum of all responses to an image that is dark but for one lit pixel."""
    image = np.zeros((size, size))
    image[lit_pixel] = 1.0
    windows = sliding_window_view(np.pad(image, padding), kernel.shape)
    return int((windows * kernel).sum())


edge = (0, 0)  # a corner, the edge's extreme case
center = (2, 2)

print("valid edge total:", evidence(edge, padding=0))
print("valid center total:", evidence(center, padding=0))
print("padded edge total:", evidence(edge, padding=1))
