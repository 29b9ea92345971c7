def dilated_span(kernel, dilation):
    """Pixels from the first to the last that a dilated kernel touches."""
    return dilation * (kernel - 1) + 1


def conv_parameters(inputs, outputs, kernel, groups=1):
    """Weights and biases; each square filter sees inputs / groups channels."""
    if inputs % groups or outputs % groups:
        raise ValueError(f"{groups} groups do not divide {inputs} and {outputs} channels")
    weights = outputs * (inputs // groups) * kernel * kernel
    return weights + outputs


for dilation in (1, 2):
    span = dilated_span(3, dilation)
    print(f"3x3 kernel, dilation={dilation}: spans {span} pixels a side")
for groups in (1, 2, 8):
    parameters = conv_parameters(8, 16, kernel=3, groups=groups)
    print(f"8 to 16 channels, groups={groups}: {parameters:,} parameters")
