def receptive_fields(layers):
    """Field and jump, in input pixels, after each (kind, kernel, stride)."""
    field, jump = 1, 1
    trace = []
    for _, kernel, stride in layers:
        field = field + (kernel - 1) * jump
        jump = jump * stride
        trace.append((field, jump))
    return trace


layers = [("conv", 3, 1), ("conv", 3, 1), ("pool", 2, 2), ("conv", 3, 1)]
trace = receptive_fields(layers)

for (kind, kernel, _), (field, jump) in zip(layers, trace):
    print(f"{kind} {kernel}x{kernel}  receptive field={field:2}, jump={jump}")
