height, width, channels = 224, 224, 3
hidden_units = 256
filters = 16
kernel_size = 3

# Dense: every hidden unit has a weight of its own for every input number.
dense_weights = height * width * channels * hidden_units
dense_biases = hidden_units
dense_parameters = dense_weights + dense_biases

# Convolution: a filter has one small block of weights and uses it everywhere.
conv_weights = filters * channels * kernel_size * kernel_size
conv_biases = filters
conv_parameters = conv_weights + conv_biases

ratio = dense_parameters / conv_parameters

print(
    f"dense parameters: {dense_parameters:,}"
    f" ({dense_weights:,} weights + {dense_biases} biases)"
)
print(
    f"conv parameters: {conv_parameters:,}"
    f" ({conv_weights:,} weights + {conv_biases} biases)"
)
print(f"parameter-count ratio: {ratio:,.0f}x")
