import torch
from torch.nn.functional import max_pool2d

accelerator = torch.accelerator.current_accelerator(check_available=True)
device = accelerator or torch.device("cpu")

tie = torch.tensor([[[[0.5, 0.5], [0.5, 0.1]]]], device=device, requires_grad=True)
(to_first,) = torch.autograd.grad(max_pool2d(tie, 2).sum(), tie)
(shared,) = torch.autograd.grad(tie.amax(), tie)

negative = torch.full((1, 1, 2, 2), -1.0, device=device)
padded_pool = max_pool2d(negative, 2, padding=1)

print("gradient of max_pool2d:")
print(to_first[0, 0].cpu().numpy().round(3))
print("gradient of amax:")
print(shared[0, 0].cpu().numpy().round(3))
print("padded pooling of -1 everywhere:", padded_pool.unique().tolist())
