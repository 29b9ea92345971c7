import torch
from torch.nn.functional import max_pool2d

device = torch.accelerator.current_accelerator(check_available=True) or torch.device("cpu")

tie = torch.tensor([[[[0.5, 0.5], [0.5, 0.1]]]], device=device, requires_grad=True)
(to_first,) = torch.autograd.grad(max_pool2d(tie, 2).sum(), tie)
(shared,) = torch.autograd.grad(tie.amax(), tie)

negative = torch.full((1, 1, 2, 2), -1.0, device=device)
padded_pool = max_pool2d(negative, 2, padding=1)

print("gradient of max_pool2d:", to_first[0, 0].tolist())
print("gradient of amax:", [[round(value, 3) for value in row] for row in shared[0, 0].tolist()])
print("padded pooling of -1 everywhere:", padded_pool[0, 0].tolist())
