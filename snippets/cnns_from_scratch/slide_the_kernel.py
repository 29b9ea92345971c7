import numpy as np


def convolve_valid(image, kernel):
    """Responses of a kernel at every place where it fits inside the image."""
    rows, columns = kernel.shape
    output_rows = image.shape[0] - rows + 1
    output_columns = image.shape[1] - columns + 1
    if output_rows < 1 or output_columns < 1:
        raise ValueError(f"a {rows}x{columns} kernel does not fit in {image.shape}")
    feature_map = np.zeros((output_rows, output_columns))
    for row in range(output_rows):
        for column in range(output_columns):
            window = image[row : row + rows, column : column + columns]
            feature_map[row, column] = (window * kernel).sum()
    return feature_map


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

feature_map = convolve_valid(patch, kernel)
row, column = np.unravel_index(feature_map.argmax(), feature_map.shape)
strongest = (int(row), int(column))

print(feature_map.round(3))
print("strongest response:", strongest)
