import numpy as np

impulse = np.array([0, 0, 1, 0, 0])
kernel = np.array([1, 2, 3])

correlated = np.correlate(impulse, kernel, mode="same")
convolved = np.convolve(impulse, kernel, mode="same")
flipped_first = np.correlate(impulse, kernel[::-1], mode="same")

print("cross-correlation:", correlated.tolist())
print("convolution:", convolved.tolist())
print("correlation with the flipped kernel:", flipped_first.tolist())
