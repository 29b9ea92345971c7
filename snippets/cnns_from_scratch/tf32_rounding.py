import numpy as np
from numpy.lib.stride_tricks import sliding_window_view


def round_to_tf32(values):
    """Round float32 values to the nearest that TF32 has: ten bits of fraction."""
    bits = np.asarray(values, dtype=np.float32).view(np.uint32)
    last_kept = (bits >> 13) & 1  # a tie goes to the even neighbour
    return ((bits + 0x0FFF + last_kept) & 0xFFFFE000).view(np.float32)


def forward(patch, kernel, weights, bias, rounded):
    """First response and logits, with the factors of each product rounded first."""
    windows = sliding_window_view(rounded(patch), kernel.shape)
    feature_map = (windows * rounded(kernel)).sum(axis=(2, 3))
    feature = np.maximum(feature_map, 0).max()
    logits = rounded(weights) @ rounded([feature]) + bias
    return feature_map[0, 0], logits


patch = np.array([
    [0.05, 0.08, 0.06, 0.07],
    [0.12, 0.92, 0.88, 0.09],
    [0.08, 0.90, 0.93, 0.11],
    [0.06, 0.07, 0.09, 0.05],
], dtype=np.float32)
kernel = np.array([
    [-0.6, -0.6, -0.6],
    [1.1, 1.1, 1.1],
    [-0.6, -0.6, -0.6],
], dtype=np.float32)
weights = np.array([[1.4], [-0.9]], dtype=np.float32)
bias = np.array([-0.2, 0.1], dtype=np.float32)

layers = (patch, kernel, weights, bias)
float32_response, float32_logits = forward(*layers, rounded=np.asarray)
tf32_response, tf32_logits = forward(*layers, rounded=round_to_tf32)

print(f"float32: first response {float32_response:.3f}, logits {float32_logits.round(3)}")
print(f"TF32:    first response {tf32_response:.3f}, logits {tf32_logits.round(3)}")
