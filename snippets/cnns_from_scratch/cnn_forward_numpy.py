import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

patch = np.array([
    [0.05, 0.08, 0.06, 0.07],
    [0.12, 0.92, 0.88, 0.09],
    [0.08, 0.90, 0.93, 0.11],
    [0.06, 0.07, 0.09, 0.05],
])
kernel = np.array([
    [-0.6, -0.6, -0.6],
    [1.1, 1.1, 1.1],
    [-0.6, -0.6, -0.6],
])
weights = np.array([[1.4], [-0.9]])  # one row for each class
bias = np.array([-0.2, 0.1])

windows = sliding_window_view(patch, kernel.shape)
feature_map = (windows * kernel).sum(axis=(2, 3))
activation = np.maximum(feature_map, 0.0)  # ReLU
pooled = sliding_window_view(activation, (2, 2))[::2, ::2].max(axis=(2, 3))
features = pooled.flatten()
logits = weights @ features + bias

print("feature map:")
print(feature_map.round(3))
print("pooled activation:", features.round(3))
print("logits:", logits.round(3))
