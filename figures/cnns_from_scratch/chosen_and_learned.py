"""The kernel that was chosen, beside kernels that a network learned."""

from functools import partial

import numpy as np
from matplotlib.figure import Figure

from figures.style import LEFT, Drawing, Grid, Values, number, pixel, signed


def draw(slide_the_kernel: Values, digits_network: Values) -> Figure:
    """Draw the chosen kernel; one of the digits; the learned kernels of the first layer."""
    drawing = Drawing(height=384)
    chosen, digit = Grid(LEFT, 42, 38, 34), Grid(218, 42, 12, 12)
    drawing.heading((chosen.x, 14), "Chosen", "by hand, for a bright line")
    kernel = slide_the_kernel.kernel
    weight = partial(signed, most=abs(kernel).max())
    drawing.cells(chosen, kernel, weight, partial(number, decimals=1))

    drawing.heading((digit.x, 14), "Data", "a handwritten digit")
    image = 1 - np.array(digits_network.example["image"])
    rows, columns = image.shape
    drawing.box((digit.x, digit.y, columns * digit.width, rows * digit.height), pixel(1))
    # Equal pixels one after the other, so that they share a path.
    for row, column in sorted(np.argwhere(image < 1), key=lambda place: image[*place]):
        drawing.box(digit.box(row, column), pixel(image[row, column]))

    drawing.heading((LEFT, 180), "Learned", "from such digits: nobody chose these weights")
    for place, (weights,) in enumerate(digits_network.layers[0]["weight"]):
        row, column = divmod(place, 4)
        grid = Grid(LEFT + column * 88, 212 + row * 88, 26, 26)
        most = abs(np.array(weights)).max()
        drawing.cells(grid, weights, partial(signed, most=most))
    return drawing.figure
