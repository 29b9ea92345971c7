import numpy as np

input_shape = (3, 224, 224)  # channels, height, width
filters = np.zeros((16, 3, 3, 3))  # filters, channels, kernel rows and columns
biases = np.zeros(16)

output_channels, filter_channels = filters.shape[:2]
assert filter_channels == input_shape[0], "a filter must span all input channels"

parameters = filters.size + biases.size

print("input shape:", input_shape)
print("one filter shape:", filters[0].shape)
print("output channels:", output_channels)
print("parameters including biases:", parameters)
