"""The receptive field, layer by layer."""

from matplotlib.figure import Figure

from figures.style import LEFT, NOTE, Drawing, Grid, Point, Values, number

PIXEL = 19  # pitch of the input's pixels
INPUT = 92  # left end of the input
LAYER = 40  # from one layer to the next


def draw(receptive_field_trace: Values) -> Figure:
    """Draw what one value of the last layer depends on; then each layer's field."""
    layers = receptive_field_trace.layers
    fields, jumps = zip((1, 1), *receptive_field_trace.trace, strict=True)
    counts = [1]  # of values in each layer that the last layer's value depends on
    for _, kernel, stride in reversed(layers):
        counts.insert(0, (counts[0] - 1) * stride + kernel)
    names = ["input"]
    names += [f"{kind} {number(kernel)} × {number(kernel)}" for kind, kernel, _ in layers]
    drawing = Drawing(height=412)

    def centre(layer: int, index: int) -> Point:
        first = INPUT + fields[layer] / 2 * PIXEL
        return first + index * jumps[layer] * PIXEL, 44 + (len(layers) - layer) * LAYER

    drawing.heading((LEFT, 14), "One value of the last layer, traced back")
    for layer, (_, kernel, stride) in enumerate(layers, 1):
        for index in range(counts[layer]):
            for tap in range(kernel):
                below = centre(layer - 1, index * stride + tap)
                drawing.line([centre(layer, index), below], "window", 1)
    for layer, name in enumerate(names):
        y = centre(layer, 0)[1]
        drawing.text((LEFT, y), name, align="left")
        drawing.text((300, y), "jump", "muted", NOTE, align="left")
        drawing.text((343, y), number(jumps[layer]), strong=True)
        for index in range(counts[layer]):
            x, y = centre(layer, index)
            drawing.box((x - 7, y - 7, 14, 14), "window-cell" if index else "window", "window")

    drawing.heading((LEFT, 256), "The field of each layer’s first value")
    drawing.key((INPUT, 276), "pixels that the layer adds", "window")
    for layer, name in enumerate(names[1:], 1):
        y = 274 + layer * 30
        strip = Grid(INPUT, y - 10, PIXEL, 20)
        drawing.text((LEFT, y), name, align="left")
        for index in range(fields[-1]):
            known, seen = index < fields[layer - 1], index < fields[layer]
            token = "window-cell" if known else "window" if seen else "cell"
            drawing.box(strip.box(0, index), token)
        drawing.text((300, y), "field", "muted", NOTE, align="left")
        drawing.text((343, y), number(fields[layer]), strong=True)
    return drawing.figure
