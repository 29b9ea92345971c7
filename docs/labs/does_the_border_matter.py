# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Does the border matter?
#
# Without padding, fewer windows contain a pixel at the border than one in the
# middle. With padding there are more of them, but still not as many: that much
# [the lesson](../../cnns-from-scratch/#failure-case-evidence-at-the-border)
# counts. But a network learns, and could learn to make up for it. Does a
# *trained* network miss more cracks at the border? And does padding help it?
#
# To find out, this lab draws cracks into photos of real surfaces, trains
# networks with and without padding, and counts which cracks each of them finds.

# %%
import numpy as np
import torch
from skimage import data
from torch import nn
from torch.nn.functional import binary_cross_entropy_with_logits
from tqdm import tqdm

from labs.cracks import DISTANCES, SIZE, photos
from labs.intervals import CONFIDENCE, of_mean, of_share

# %% [markdown]
# ## Cracks whose place is known
#
# scikit-image brings photos of a brick wall, of grass and of gravel. The upper
# part of each is for training, the lower part for measuring, so no pixel serves
# both. From these parts we cut small crops.

# %% the surfaces
textures = np.stack([data.brick(), data.grass(), data.gravel()]) / 255
upper, lower = textures[:, :320], textures[:, 320:]

print("to train on:", upper.shape)
print("to measure on:", lower.shape)

# %% [markdown]
# To measure detection against the distance to the border, we must know that
# distance. So the surfaces are real, but the cracks are drawn: crooked dark lines
# of one length, each as a whole inside its crop. A crack at distance zero touches
# the outermost pixels. At last every crop is brought to the same mean and the same
# contrast, so that neither brightness nor contrast gives a crack away.

# %% tags=["hidden-code"]
from IPython.display import Markdown

from figures.style import number
from labs import cracks, pictures

rows = {
    "brick: at the border": (7, 0),
    "grass: in the middle": (6, 5),
    "gravel: at the border": (8, 0),
}
examples = {}
for texture, (name, (seed, distance)) in zip(lower, rows.items(), strict=True):
    rng = np.random.default_rng(seed)
    [crop] = cracks.crops(texture[None], 1, rng)
    [crack] = cracks.cracks(np.array([distance]), rng)
    examples[name] = crop, crack, crop * (1 - np.mean(cracks.CONTRAST) * crack)
pictures.Picture(
    pictures.drawn_cracks(examples, ["surface", "crack", "photo"]),
    "Drawn cracks on real surfaces",
    "For each surface a crop, a crack, and the photo that the two make.",
    "Three rows: brick, grass and gravel. In each row stand a crop of the surface, a short crooked"
    " dark line on white, and the crop with that line in it. The line touches the border on brick"
    " and gravel, and lies near the middle on grass, where it is hard to tell from the shadows.",
)

# %% [markdown]
# ## Two networks of equal size
#
# Both networks have the same layers and the same number of weights. Only the
# padding differs: one is valid throughout, the other pads every convolution with
# zeros. At the end, each keeps the strongest response of every map, wherever it
# is, and makes one score of them.

# %% the networks
device = torch.accelerator.current_accelerator(check_available=True)
device = device or torch.device("cpu")
torch.set_num_threads(1)  # the sums then come out alike with any number of cores


def network(padding):
    """Give one score to each crop; the higher, the more likely a crack."""
    return nn.Sequential(
        nn.Conv2d(1, 8, kernel_size=3, padding=padding),
        nn.ReLU(),
        nn.Conv2d(8, 8, kernel_size=3, padding=padding),
        nn.ReLU(),
        nn.Conv2d(8, 8, kernel_size=3, padding=padding),
        nn.ReLU(),
        nn.AdaptiveMaxPool2d(1),
        nn.Flatten(),
        nn.Linear(8, 1),
        nn.Flatten(0),
    )


paddings = {"valid": 0, "padded": 1}
for kind, padding in paddings.items():
    model = network(padding)
    parameters = sum(weights.numel() for weights in model.parameters())
    maps = model[:6](torch.zeros(1, 1, SIZE, SIZE))
    print(f"{kind}: {parameters:,} parameters, last maps {tuple(maps.shape[2:])}")

# %% [markdown]
# ## Training
#
# Half of the crops have a crack, at any of the distances. The two networks of a
# pair start from the same weights and see the same crops in the same order.

# %%
crops, epochs, batch = 10_000, 3, 64


def train(padding, images, labels, seed):
    torch.manual_seed(seed)
    model = network(padding).to(device)
    optimizer = torch.optim.Adam(model.parameters())
    steps = epochs * (len(images) // batch)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, 0.02, steps)
    for _ in range(epochs):
        order = torch.randperm(len(images))  # drawn on the CPU, on every device
        for part in order[: len(order) // batch * batch].split(batch):
            part = part.to(device)
            loss = binary_cross_entropy_with_logits(model(images[part]), labels[part])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
    return model


@torch.no_grad()
def score(model, images):
    parts = torch.from_numpy(images).to(device).split(500)
    return torch.cat([model(part) for part in parts]).cpu().numpy()


# %% [markdown]
# A network gives a score. To say *crack* or *no crack*, it needs a threshold, and
# a lower one finds more of everything. To be fair, both networks are allowed the
# same share of false alarms: the threshold is set on crops without a crack. On
# fresh crops without a crack we then count how often it is wrong.
#
# All of this is done anew for every seed: other crops to train on, other weights to
# start from, other crops to measure on.

# %% seeds
seeds = [0, 1, 2, 3, 4]
allowed = 0.05  # false alarms
each = 400  # cracks to find, at each distance

found = np.zeros((len(seeds), len(paddings), len(DISTANCES)), dtype=int)
false_alarms = np.zeros((len(seeds), len(paddings)))
progress = tqdm(total=len(seeds) * len(paddings), desc="networks trained")
for pair, seed in enumerate(seeds):
    rng = np.random.default_rng(seed)
    anywhere = rng.choice(DISTANCES, crops // 2)
    cracked, clean = photos(upper, anywhere, crops // 2, rng)
    images = torch.from_numpy(np.concatenate([cracked, clean])).to(device)
    labels = torch.tensor([1.0] * len(cracked) + [0.0] * len(clean)).to(device)
    to_find, without = photos(lower, np.repeat(DISTANCES, each), 4000, rng)
    for kind, padding in enumerate(paddings.values()):
        model = train(padding, images, labels, seed)
        scores = score(model, without)
        threshold = np.quantile(scores[:2000], 1 - allowed)
        false_alarms[pair, kind] = (scores[2000:] > threshold).mean()
        alarms = score(model, to_find) > threshold
        found[pair, kind] = alarms.reshape(len(DISTANCES), each).sum(axis=1)
        progress.update()
progress.close()

# %% [markdown]
# ## Detection against the distance
#
# The share of cracks found at each distance, by the networks of all seeds
# together, each with Wilson's interval.

# %% detection
totals = {
    kind: [of_share(count, each * len(seeds)) for count in counts]
    for kind, counts in zip(paddings, found.sum(axis=0), strict=True)
}
print(f"share found, and Wilson's interval of {CONFIDENCE:.0%}")
print("distance  valid                   padded")
for distance in DISTANCES:
    shares = [totals[kind][distance] for kind in paddings]
    columns = [f"{s.estimate:.3f} ({s.low:.3f} to {s.high:.3f})" for s in shares]
    print(f"{distance:<9}", "  ".join(columns))
valid, padded = false_alarms.mean(axis=0)
print(f"false alarms: valid {valid:.3f}, padded {padded:.3f}")

# %% tags=["hidden-code"]
pictures.Picture(
    pictures.detection(DISTANCES, totals),
    "Cracks found, by distance to the border",
    "The bars are Wilson's intervals. They tell how well the share is known for these"
    " networks, not how much networks of other seeds differ.",
    "Two curves over the distance to the border. "
    + " ".join(
        f"{kind.capitalize()}: "
        + ", ".join(f"{s.estimate:.0%} at distance {d}" for d, s in enumerate(shares))
        + "."
        for kind, shares in totals.items()
    ),
)

# %% [markdown]
# ## What follows
#
# Are these differences more than luck? Two networks of the same kind differ as
# well, so the interval must be taken over the seeds: one difference a seed,
# Student's interval of their mean. The middle begins where the field of three
# convolutions, centred on the crack's nearest point, lies within the crop.

# %% differences
reach = 3
rates = 100 * found / each
border, middle = rates[:, :, 0], rates[:, :, reach:].mean(axis=2)
differences = {
    "valid, border − middle": border[:, 0] - middle[:, 0],
    "padded, border − middle": border[:, 1] - middle[:, 1],
    "border, padded − valid": border[:, 1] - border[:, 0],
    "middle, padded − valid": middle[:, 1] - middle[:, 0],
}
columns = "".join(f"{f'seed {seed}':>8}" for seed in seeds)
print(f"{'percentage points':23}{columns}")
for name, values in differences.items():
    print(f"{name:23}" + "".join(f"{value:8.1f}" for value in values))

# %% intervals
intervals = {name: of_mean(values) for name, values in differences.items()}
print(f"mean, and Student's interval of {CONFIDENCE:.0%}")
for name, mean in intervals.items():
    print(f"{name:23} {mean.estimate:5.1f} ({mean.low:.1f} to {mean.high:.1f})")


# %% tags=["hidden-code"]
def points(mean):
    return number(abs(mean.estimate), 1)


valid, padded, at_border, in_middle = intervals.values()
conclusion = [
    valid.choose(
        "**The border matters.** Without padding, the share of cracks that trained networks find is"
        f" {points(valid)} percentage points higher there than in the middle.",
        "**The border matters.** Without padding, the share of cracks that trained networks find is"
        f" {points(valid)} percentage points lower there than in the middle.",
        "**This lab does not show that the border matters** to trained networks without padding.",
    ),
    at_border.choose(
        f"**Padding helps at the border**: it adds {points(at_border)} points.",
        f"**Padding does harm at the border**: it costs {points(at_border)} points.",
        "Whether padding helps at the border stays open.",
    ),
    padded.choose(
        f"With it, the share is {points(padded)} points higher there than in the middle.",
        "**It does not make the border equal to the middle**: with it, the share is still"
        f" {points(padded)} points lower there.",
        "With padding, no difference between the border and the middle was shown.",
    ),
    in_middle.choose(
        f"In the middle padding adds {points(in_middle)} points.",
        f"In the middle padding costs {points(in_middle)} points. A padded network has more places"
        " where it can raise a false alarm, which may be why.",
        "In the middle no effect of padding was shown.",
    ),
]
Markdown(" ".join(conclusion))

# %% [markdown]
# An effect counts as shown where its interval does not hold zero.
#
# ## What this does not show
#
# The cracks are drawn, the surfaces are three, the networks are small and end with
# the strongest response. Another ending, such as the mean of all responses, or
# padding by reflection may do better or worse. And a crack that leaves the crop
# has a second handicap that we excluded here: part of it is not in the picture.
#
# So test at the border, with your own photos, and report the result by distance.
