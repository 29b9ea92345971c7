def dilated_span(kernel, dilation):
    """Pixels from the first to the last that a dilated kernel touches."""
    return dilation * (kernel - 1) + 1


def conv_parameters(inputs, outputs, kernel, groups=1):
    """Weights and biases of a square convolution; each filter sees inputs / groups channels."""
    if inputs % groups or outputs % groups:
        raise ValueError(f"{groups} groups do not divide {inputs} input and {outputs} output channels")
    weights = outputs * (inputs // groups) * kernel * kernel
    return weights + outputs


for dilation in (1, 2):
    print(f"3x3 kernel, dilation {dilation}: spans {dilated_span(3, dilation)} pixels a side")
for groups in (1, 2, 8):
    print(f"8 to 16 channels, {groups} groups: {conv_parameters(8, 16, 3, groups):,} parameters")
