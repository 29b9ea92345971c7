"""The forward pass with all its values, from the patch to the logits."""

from functools import partial

import numpy as np
from matplotlib.figure import Figure

from figures.style import LARGE, LEFT, NOTE, Drawing, Grid, Values, number, pixel, signed


def draw(cnn_forward_numpy: Values) -> Figure:
    """Draw patch and kernel; feature map, ReLU and pooling; for each logit its sum."""
    run = cnn_forward_numpy
    drawing = Drawing(height=434)
    pixels, kernel = Grid(LEFT, 28, 40, 32), Grid(214, 28, 46, 32)
    drawing.heading((pixels.x, 14), "Patch")
    drawing.cells(pixels, run.patch, pixel, partial(number, decimals=2))
    drawing.text((192, pixels.centre(1, 0)[1]), "∗", "muted", LARGE)
    drawing.heading((kernel.x, 14), "Kernel")
    weight = partial(signed, most=abs(run.kernel).max())
    drawing.cells(kernel, run.kernel, weight, partial(number, decimals=1))

    drawing.arrow((62, 164), (62, 194))
    drawing.text((74, 178), "valid convolution", "muted", NOTE, align="left")
    maps = Grid(LEFT, 224, 54, 34), Grid(144, 224, 54, 34), Grid(280, 241, 72, 34)
    stages = {"Feature map": run.feature_map, "ReLU": run.activation, "Max pool": run.pooled}
    response = partial(signed, most=abs(run.feature_map).max())
    for grid, (name, values) in zip(maps, stages.items(), strict=True):
        drawing.heading((grid.x, 210), name)
        drawing.cells(grid, values, response, partial(number, decimals=3))
    for grid in maps[1:]:
        drawing.arrow((grid.x - 24, 258), (grid.x - 4, 258))
    winner = np.unravel_index(run.activation.argmax(), run.activation.shape)
    drawing.frame(maps[1].box(*winner), "ink")
    drawing.frame(maps[2].box(0, 0), "ink")

    drawing.line([(316, 280), (316, 304), (34, 304)], "muted")
    drawing.arrow((34, 304), (34, 330))
    drawing.text((46, 320), "linear layer", "muted", NOTE, align="left")
    linear = partial(signed, most=max(abs(run.weights).max(), abs(run.logits).max()))
    features = np.broadcast_to(run.features, run.weights.shape)
    columns = (
        ("Pooled", LEFT, 54, features, response, 3, "×"),
        ("Weight", 86, 54, run.weights, linear, 1, "+"),
        ("Bias", 164, 54, run.bias[:, np.newaxis], linear, 1, "="),
        ("Logit", 242, 110, run.logits[:, np.newaxis], linear, 3, ""),
    )
    for name, x, width, values, fill, decimals, sign in columns:
        grid = Grid(x, 360, width, 34)
        drawing.heading((x, 346), name)
        drawing.cells(grid, values, fill, partial(number, decimals=decimals), strong=not sign)
        for row in range(len(values)):
            drawing.text((x + width + 12, grid.centre(row, 0)[1]), sign, "muted")
    return drawing.figure
