"""A tiny recipe and drawn photographs, so that the whole package runs in seconds and without any dataset."""

import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

sys.path.insert(0, str(Path(__file__).parents[2] / "models"))

from training.architectures import build  # noqa: E402  (after the path is known)
from training.export.golden import scene  # noqa: E402
from training.recipe import Recipe  # noqa: E402

TINY = """
id = "tiny"
seed = 7
[model]
architecture = "unet"
widths = [4, 8]
blocks_per_level = 1
[card]
family = "tier"
weights = ["f16", "q8"]
correlated_gain = 1.5
title = "Tiny"
description = "For tests."
limits = ["Removes nothing."]
[data]
train = ["train/a"]
valid = "valid/b"
[data.licences]
"train/a" = "drawn here"
[noise]
kind = "gaussian"
sigma_max = 55.0
sigma_power = 1.2
clipped_share = 0.5
grey_share = 0.1
correlated_share = 0.2
[optimiser]
name = "muon"
lr = 1e-2
weight_decay = 0.01
warmup = 4
ema = 0.99
[[stable]]
until = 2
patch = 16
batch = 2
[[stable]]
patch = 24
batch = 2
[release]
steps = 3
patch = 16
batch = 2
loss = "mse"
"""


@pytest.fixture(scope="session", autouse=True)
def one_thread():
    """Small networks gain nothing from more, and sums then have one order."""
    torch.set_num_threads(1)


@pytest.fixture(scope="session")
def recipe(tmp_path_factory) -> Recipe:
    file = tmp_path_factory.mktemp("recipe") / "tiny.toml"
    file.write_text(TINY)
    return Recipe.read(str(file))


@pytest.fixture(scope="session")
def data(tmp_path_factory) -> Path:
    """train/a, valid/b, test/CBSD68 and test/Set12 with a few drawn photographs each."""
    root = tmp_path_factory.mktemp("data")
    for folder, count, (height, width) in [
        ("train/a", 3, (64, 72)),
        ("valid/b", 4, (48, 48)),
        ("test/CBSD68", 2, (150, 170)),
        ("test/Set12", 1, (150, 170)),
    ]:
        (root / folder).mkdir(parents=True)
        for number in range(count):
            image = np.rint(scene(height, width, seed=number) * 255).astype(np.uint8)
            Image.fromarray(image).save(root / folder / f"{number}.png")
    return root


@pytest.fixture
def network(recipe):
    """The tiny network with random weights everywhere, the last layer included, which training starts at zero."""
    torch.manual_seed(0)
    network = build(recipe.model).eval().requires_grad_(False)
    for parameter in network.parameters():
        torch.nn.init.normal_(parameter, std=0.1)
    return network
