import numpy as np

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

top, left = 0, 0  # the upper-left place
window = patch[top : top + 3, left : left + 3]
products = window * kernel
row_contributions = products.sum(axis=1)
first_response = row_contributions.sum()

print("row contributions:", row_contributions.round(3).tolist())
print(f"first response: {first_response:.3f}")
