# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Learn the kernel
#
# In [the lesson](../../cnns-from-scratch/) the kernel was chosen by hand, and the
# lesson says so. Here no weight is chosen. First we hide the lesson's kernel, keep
# only its responses, and let gradient descent find it again. Then a small network
# learns kernels of its own, from handwritten digits.

# %%
import numpy as np
import torch
from sklearn.datasets import load_digits
from sklearn.metrics import confusion_matrix
from torch import nn
from torch.nn.functional import conv2d, cross_entropy, mse_loss, unfold
from tqdm import tqdm

from labs.intervals import CONFIDENCE, of_share

device = torch.accelerator.current_accelerator(check_available=True)
device = device or torch.device("cpu")
torch.set_num_threads(1)  # the sums then come out alike with any number of cores
torch.backends.cudnn.conv.fp32_precision = "ieee"  # no TF32 on a GPU, as in the lesson

# %% [markdown]
# ## The chosen kernel, and its responses
#
# The kernel and the patch are the lesson's own. They come from the very snippet
# that the lesson shows, which prints its feature map again.

# %% the lesson's kernel
from snippets.cnns_from_scratch.slide_the_kernel import kernel, patch

chosen = torch.tensor(kernel, dtype=torch.float32)[None, None].to(device)

# %% [markdown]
# The learner gets random patches and the chosen kernel's responses to them, and
# never sees the kernel. It starts from random weights, measures by how much its own
# responses are off (the mean of the squared differences), and moves each weight a
# small step against the gradient of that loss.


# %%
def learn(images, responses, seed, steps, rate=0.3):
    """Give the first and the last weights, and the loss before each step."""
    torch.manual_seed(seed)
    start = 0.5 * torch.randn(1, 1, 3, 3)  # drawn on the CPU, on every device
    weights = start.to(device, copy=True).requires_grad_()
    losses = []
    for _ in range(steps):
        loss = mse_loss(conv2d(images, weights), responses)
        (gradient,) = torch.autograd.grad(loss, weights)
        with torch.no_grad():
            weights -= rate * gradient
        losses.append(loss.item())
    return start[0, 0].numpy(), weights.detach().cpu()[0, 0].numpy(), losses


# %% recovered
seeds = [0, 1, 2]
recovered = []
for seed in seeds:
    torch.manual_seed(100 + seed)
    images = torch.rand(50, 1, 8, 8).to(device)
    responses = conv2d(images, chosen)
    recovered.append(learn(images, responses, seed, steps=300))
    first, last, losses = recovered[-1]
    off = [abs(weights - kernel).max() for weights in (first, last)]
    print(f"seed {seed}: loss {losses[0]:.3f}, at last {losses[-1]:.0e}")
    print(f"  worst weight off by {off[0]:.3f}, at last {off[1]:.0e}")

# %% tags=["hidden-code"]
from IPython.display import Markdown

from figures.style import number
from labs import pictures

first, last, _ = recovered[0]
curves = {f"seed {seed}": losses for seed, (_, _, losses) in zip(seeds, recovered, strict=True)}
pictures.Picture(
    pictures.recovery(first, last, kernel, curves),
    "Random weights become the chosen ones",
    f"Seed {seeds[0]}: the weights that it starts from, those that it learned, and those that"
    " were chosen. Below, the loss of every seed on its way.",
    "Three kernels side by side. The first has weights without a pattern: "
    + pictures.listed(first)
    + ". The second, after learning: "
    + pictures.listed(last)
    + ". The third, chosen: "
    + pictures.listed(kernel)
    + f". Below, {len(seeds)} curves of the loss on a logarithmic scale. "
    + " ".join(
        f"{name.capitalize()} begins at {number(curve[0], 1)} and ends below"
        f" {pictures.bound(curve[-1])}."
        for name, curve in curves.items()
    ),
)

# %% tags=["hidden-code"]
worst = max(abs(last - kernel).max() for _, last, _ in recovered)
Markdown(
    f"From {len(seeds)} random starts, gradient descent ends at "
    + (
        "the same kernel: no weight differs from the chosen one by as much as"
        f" {pictures.bound(worst)}."
        if worst < 0.001
        else f"kernels whose weights differ from the chosen ones by up to {number(worst, 3)}."
    )
)

# %% [markdown]
# ## When responses do not tell
#
# That worked because the random patches ask about every weight. Ask less, and many
# kernels give the same answers. So do the same with the lesson's one patch: there
# the kernel fits in few places, and each response is one equation for its weights.

# %% one patch
image = torch.tensor(patch, dtype=torch.float32)[None, None].to(device)
fits = [learn(image, conv2d(image, chosen), seed, steps=3000) for seed in seeds]

for name, asked in (("random patches", images), ("one patch", image)):
    windows = unfold(asked.cpu(), 3).transpose(1, 2).reshape(-1, kernel.size)
    rank = np.linalg.matrix_rank(windows.numpy())
    print(f"{name}: {len(windows):,} equations, rank {rank}", end=" ")
    print(f"for {kernel.size} weights")
for seed, (_, last, losses) in zip(seeds, fits, strict=True):
    off = abs(last - kernel).max()
    print(f"seed {seed}: loss at last {losses[-1]:.0e}", end=", ")
    print(f"worst weight off by {off:.2f}")

# %% tags=["hidden-code"]
pictures.Picture(
    pictures.kernels(
        {f"seed {seed}": fit[1] for seed, fit in zip(seeds, fits, strict=True)} | {"chosen": kernel}
    ),
    "Other kernels with the same responses",
    "On the lesson's patch, all of these kernels give the same responses.",
    "Kernels side by side, with different weights. "
    + " ".join(
        f"Seed {seed}: {pictures.listed(fit[1])}." for seed, fit in zip(seeds, fits, strict=True)
    ),
)

# %% tags=["hidden-code"]
highest = max(losses[-1] for _, _, losses in fits)
nearest = min(abs(last - kernel).max() for _, last, _ in fits)
Markdown(
    f"Every loss has fallen below {pictures.bound(max(highest, 1e-7))}."
    + (
        f" And yet no kernel is the chosen one: in each, some weight is off by {nearest:.1f} or"
        " more. A perfect fit to some responses is no proof that a kernel was found."
        if nearest > 0.1
        else " Here the kernels are the chosen one nevertheless."
    )
)

# %% [markdown]
# A loss can only tell what the data ask. In a network with more layers the weights
# are never determined, not even by all images: swap two of its kernels, and swap
# what the next layer makes of them, and every output is the same. What such a
# network learns is one of many solutions.

# %% [markdown]
# ## A network that learns from digits
#
# Now nothing is known but pictures and what they show. scikit-learn brings small
# pictures of handwritten digits. Each value counts the inked points of one small
# square of the scan; divided by the largest count, it lies between zero and one.

# %% the digits
digits = load_digits()
images = torch.tensor(digits.images[:, None] / 16, dtype=torch.float32)
labels = torch.tensor(digits.target)

order = np.random.default_rng(0).permutation(len(images))
test, training = torch.tensor(order[:600]), torch.tensor(order[600:])
print("pictures:", tuple(images.shape))
print(f"{len(training):,} to train on, {len(test)} to test on")

# %% tags=["hidden-code"]
_, firsts = np.unique(labels[test], return_index=True)
shown = test[firsts]
pictures.Picture(
    pictures.digits(images[shown, 0].numpy(), labels[shown].tolist()),
    "Handwritten digits",
    "Of each digit, the first picture to test on.",
    "Small pictures, coarse but readable, of the digits "
    + ", ".join(map(str, labels[shown].tolist()))
    + ".",
)

# %% [markdown]
# The network is built like LeNet: convolution, ReLU and max pooling, twice, and a
# linear layer that makes a score for each digit. The order of these pieces is the
# lesson's. Only the number of kernels is new, and that nobody chooses their
# weights.


# %% the network
def network():
    return nn.Sequential(
        nn.Conv2d(1, 8, kernel_size=3, padding=1),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Conv2d(8, 16, kernel_size=3, padding=1),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Flatten(),
        nn.Linear(64, 10),
    )


model = network()
for layer in model:
    parameters = sum(weights.numel() for weights in layer.parameters())
    if parameters:
        print(f"{type(layer).__name__:6} {parameters:5,} parameters")
print(f"in all {sum(weights.numel() for weights in model.parameters()):5,}")

# %% [markdown]
# Training repeats one step. The network gives its scores for a few pictures, the loss
# says how little they favour the digits that are there, and each weight moves against
# its gradient. Adam, a common method, adapts the length of the step to each weight.
# Over the whole training the steps first grow, then shrink to almost nothing. A seed
# decides the first weights and the order of the pictures.

# %%
epochs, batch = 30, 32


def train(seed):
    """Give the network before and after its training."""
    torch.manual_seed(seed)
    start, model = network(), network()
    model.load_state_dict(start.state_dict())
    model.to(device)
    optimizer = torch.optim.Adam(model.parameters())
    steps = epochs * -(-len(training) // batch)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, 0.01, steps)
    for _ in tqdm(range(epochs), desc=f"seed {seed}"):
        for part in training[torch.randperm(len(training))].split(batch):
            scores = model(images[part].to(device))
            loss = cross_entropy(scores, labels[part].to(device))
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
    return start, model.cpu()


# %% accuracy
trained = [train(seed) for seed in seeds]

with torch.no_grad():
    said = [model(images[test]).argmax(dim=1) for _, model in trained]
print(f"share read right, and Wilson's interval of {CONFIDENCE:.0%}")
for seed, answers in zip(seeds, said, strict=True):
    share = of_share(int((answers == labels[test]).sum()), len(test))
    print(f"seed {seed}: {share.estimate:.3f} ({share.low:.3f} to {share.high:.3f})")

# %% [markdown]
# The interval says how well so many test pictures can tell the accuracy on more
# pictures of this kind. *Of this kind* matters. The data do not say who wrote which
# digit, so the same hands are likely to be on both sides. A stranger's digits may
# be harder.
#
# Which digits does the network take for which? To choose the best network by its
# test pictures would be to learn from them. So we look at the first one.

# %% confusions
confusions = confusion_matrix(labels[test], said[0])
for digit, row in enumerate(confusions):
    print(f"{digit}: {row[digit]} of {row.sum()} right")

# %% tags=["hidden-code"]
mistakes = [
    f"{confusions[digit, answer]} × {digit} taken for {answer}"
    for digit, answer in np.argwhere(confusions - np.diag(confusions.diagonal()))
]
pictures.Picture(
    pictures.confusions(confusions),
    "What was taken for what",
    f"Rows: what a picture shows. Columns: what the network of seed {seeds[0]} says. The numbers"
    " count pictures; those on the diagonal are right.",
    "A table of counts with large numbers on the diagonal. Off the diagonal: "
    + (", ".join(mistakes) or "none")
    + ".",
)

# %% [markdown]
# ## The learned kernels beside the chosen one
#
# These are the kernels of the first layer. To compare them with the chosen one,
# take the cosine between the two: one for the same pattern, zero for nothing in
# common, minus one for the opposite. Of so many kernels, one is somewhat similar by
# chance. How similar, random kernels tell: we draw many sets, each with as many kernels
# as the network has, and note the most similar one of each set.


# %% kernels
def cosines(kernels):
    lengths = np.linalg.norm(kernels, axis=(-2, -1)) * np.linalg.norm(kernel)
    return (kernels * kernel).sum(axis=(-2, -1)) / lengths


first_layers = [[network[0].weight.detach()[:, 0].numpy() for network in pair] for pair in trained]
print("cosine of the kernel that is most like the chosen one")
for seed, pair in zip(seeds, first_layers, strict=True):
    before, after = (cosines(kernels).max() for kernels in pair)
    print(f"seed {seed}: {before:.2f} at first, {after:.2f} when learned")

shape = (10_000, *first_layers[0][0].shape)
sets = cosines(np.random.default_rng(0).normal(size=shape)).max(axis=1)
tail = (1 - CONFIDENCE) / 2
low, middle, high = np.quantile(sets, [tail, 0.5, 1 - tail])
print(f"by chance: median {middle:.2f}", end=", ")
print(f"{CONFIDENCE:.0%} from {low:.2f} to {high:.2f}")

# %% tags=["hidden-code"]
learned = first_layers[0][1]
most = int(cosines(learned).argmax())
pictures.Picture(
    pictures.kernels(dict(enumerate(learned)) | {"chosen": kernel}),
    "Learned kernels and the chosen one",
    "The kernels of the first layer after training, and the chosen one. Each is drawn on a"
    " scale of its own.",
    f"{len(learned)} learned kernels and the chosen one, a bright middle row between dark rows."
    f" The most similar learned kernel is number {most}: {pictures.listed(learned[most])}.",
)


# %% tags=["hidden-code"]
def joined(words):
    *others, final = words
    return f"{', '.join(others)} and {final}"


by_chance = [(sets >= cosines(after).max()).mean() for _, after in first_layers]
beyond = sum(share < tail for share in by_chance)
Markdown(
    f"Of the random sets, {joined(f'{share:.0%}' for share in by_chance)} have a kernel that is at"
    f" least as similar as the best of seed {joined(map(str, seeds))}. "
    + (
        f"In {beyond} of {len(seeds)} networks that is more likeness than chance alone explains."
        if beyond
        else "So chance alone can explain the likeness."
    )
)

# %% [markdown]
# Nothing in the training asked for a kernel like ours, or for one that we could
# name. These kernels are there because together they told digits apart.
#
# ## Keep what was learned
#
# The network of the first seed is kept in a small file. With it you can
# [draw a digit yourself](../../cnns-from-scratch/#figure-chosen_and_learned), and see
# what each kernel makes of it. The weights are rounded first, and what is kept is tested
# once more.

# %% kept
import copy

from labs import network_file

model = trained[0][1]
decimals = 4
kept = network_file.rounded(model, decimals)

with torch.no_grad():
    scores = kept(images)
    change = (scores - model(images)).abs().max()
    in_double = copy.deepcopy(kept).double()(images.double())
right = int((scores[test].argmax(dim=1) == labels[test]).sum())
share = of_share(right, len(test))
print(f"share read right with rounded weights: {share.estimate:.3f}")
print(f"largest change of a score by rounding: {change:.4f}")
off = (scores - in_double).abs().max()
print(f"float32 and float64 differ by at most {off:.6f}")

# %%
from importlib.metadata import version
from pathlib import Path

example = int(test[0])
facts = {
    "made_by": "docs/labs/learn_the_kernel.py",
    "trained_on": "scikit-learn's load_digits: 8 × 8 pixels, from 0 (no ink) to 1",
    "seed": seeds[0],
    "epochs": epochs,
    "versions": {name: version(name) for name in ("torch", "scikit-learn", "numpy")},
    "test_images": {
        "right": right,
        "of": len(test),
        "share": round(share.estimate, 4),
        "interval": [round(share.low, 4), round(share.high, 4)],
    },
    "example": {
        "shows": int(labels[example]),
        "image": images[example, 0].tolist(),
        "scores": [round(score, 5) for score in scores[example].tolist()],
    },
    "scores_equal_within": 0.0001,  # of those that another program computes
}
written = Path("digits_network.json").write_text(
    network_file.dumps(facts, kept, decimals), encoding="utf-8"
)

# %% [markdown]
# ## What follows

# %% tags=["hidden-code"]
lowest, highest = (
    extreme((answers == labels[test]).double().mean().item() for answers in said)
    for extreme in (min, max)
)
Markdown(
    "\n".join(
        [
            "- "
            + (
                "Where the responses asked about every weight, gradient descent found the chosen"
                " kernel."
                if worst < 0.001
                else "Even where the responses asked about every weight, gradient descent did not"
                " find the chosen kernel."
            )
            + (
                " Where they did not, it found others that fit as well: **a small loss does not"
                " say that the right weights were found.**"
                if nearest > 0.1
                else ""
            ),
            f"- Kernels that nobody chose read {lowest:.1%} to {highest:.1%} of the test pictures"
            " right: **nobody has to know the kernels in advance.**",
            f"- In {beyond} of {len(seeds)} networks a kernel is more like ours than chance alone"
            " explains."
            if beyond
            else "- None of the kernels is more like ours than chance alone explains: **what a"
            " network learns need not be what we would have chosen.**",
        ]
    )
)
