import numpy as np

impulse = np.array([0, 0, 1, 0, 0])
lopsided = np.array([1, 2, 3])

correlated = np.correlate(impulse, lopsided, mode="same")
convolved = np.convolve(impulse, lopsided, mode="same")
flipped_first = np.correlate(impulse, lopsided[::-1], mode="same")

print("cross-correlation:", correlated.tolist())
print("convolution:", convolved.tolist())
print("correlation with the flipped kernel:", flipped_first.tolist())
