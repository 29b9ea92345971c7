import numpy as np
import torch
from torch import nn

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

# NumPy: convolution, ReLU and the one pooling window, then the linear layer.
windows = np.lib.stride_tricks.sliding_window_view(patch, kernel.shape)
feature_map = (windows * kernel).sum(axis=(2, 3))
numpy_logits = weights @ [np.maximum(feature_map, 0).max()] + bias

# PyTorch: the same weights, copied into the library's layers.
accelerator = torch.accelerator.current_accelerator(check_available=True)
device = accelerator or torch.device("cpu")
model = nn.Sequential(
    nn.Conv2d(1, 1, kernel_size=3, bias=False),
    nn.ReLU(),
    nn.MaxPool2d(2),
    nn.Flatten(),
    nn.Linear(1, 2),
)
with torch.no_grad():
    model[0].weight.copy_(torch.from_numpy(kernel).reshape(1, 1, 3, 3))
    model[4].weight.copy_(torch.from_numpy(weights))
    model[4].bias.copy_(torch.from_numpy(bias))
    model.to(device)
    # batch, channels, height, width
    image = torch.from_numpy(patch).reshape(1, 1, 4, 4)
    logits = model(image.to(device))[0].cpu().numpy()

matches = np.allclose(logits, numpy_logits, rtol=0, atol=1e-4)

print("pytorch logits:", logits.round(3))
print("matches NumPy:", matches)
