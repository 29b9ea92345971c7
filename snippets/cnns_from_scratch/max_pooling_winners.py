import numpy as np


def max_pool(feature_map, size=2):
    """Largest value of each size x size window, and where it was."""
    # What fills no whole window at the right or bottom is dropped.
    pooled_rows = feature_map.shape[0] // size
    pooled_columns = feature_map.shape[1] // size
    pooled = np.zeros((pooled_rows, pooled_columns))
    winners = []
    for row in range(pooled_rows):
        for column in range(pooled_columns):
            top, left = row * size, column * size
            window = feature_map[top : top + size, left : left + size]
            down, right = np.unravel_index(window.argmax(), window.shape)
            pooled[row, column] = window[down, right]
            winners.append((top + int(down), left + int(right)))
    return pooled, winners


feature_map = np.array([
    [0.10, 0.42, 0.18, 0.30],
    [0.25, 0.91, 0.44, 0.12],
    [0.08, 0.21, 0.77, 0.55],
    [0.16, 0.14, 0.32, 0.49],
])
pooled, winners = max_pool(feature_map)

print(pooled)
print("winner coordinates:", winners)
