"""What a network is calibrated on and judged by when it is published: photographs, or pictures of its one size."""

import itertools
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
from torch import Tensor, nn

from .. import evaluate, fit_evaluate, image_sets, infer, metrics
from ..architectures import build
from ..data import image_files, read_image
from ..factor_noise import add_judged_noise
from ..fit_recipe import FitRecipe
from ..progress import CROP, middle
from ..recipe import Recipe
from . import halo

CALIBRATION_IMAGES = 8
CALIBRATION_SIGMAS = (10, 25, 50)
HALO_IMAGES = 4
EXPENSIVE = 2e5  # multiply-accumulates per pixel, from which on one crop has to do
EXPENSIVE_HALO_CROP = 256  # px
COST_SIGMA = 25
COST_FACTOR = 0.5
COST_SETS = {1: "Set12", 3: "CBSD68"}  # by a network's channels
COST_IMAGES = 8  # spread over the set, of each the middle CROP px


class Subject(Protocol):
    def calibration_inputs(self, network: nn.Module) -> list[Tensor]:
        """Inputs [1,C,H,W] as the network gets them; never from a test set."""

    def psnr(self, network: nn.Module) -> float:
        """dB, by which the published forms of its weights are compared."""

    def worst_by_halo(self, network: nn.Module, macs_per_pixel: float) -> dict[int, float]:
        """Of tiles against the whole; empty for a network that cannot be cut into tiles exactly."""

    def sources(self) -> list[dict]:
        """What it was trained on, as the card lists it."""


@dataclass(frozen=True)
class PhotographSubject:
    recipe: Recipe
    data: Path

    def calibration_inputs(self, network: nn.Module) -> list[Tensor]:
        files = image_files(self.data / self.recipe.data["valid"])[:CALIBRATION_IMAGES]
        crop = max(CROP, network.size_multiple)
        sigmas = itertools.cycle(CALIBRATION_SIGMAS)
        return [
            halo.noisy_input(network, middle(read_image(file, network.channels), crop), sigma, seed)
            for seed, (file, sigma) in enumerate(zip(files, sigmas))
        ]

    def psnr(self, network: nn.Module) -> float:
        crop = max(CROP, network.size_multiple)
        files = image_files(self.data / "test" / COST_SETS[network.channels])
        values = []
        for seed, file in enumerate(files[:: max(1, len(files) // COST_IMAGES)][:COST_IMAGES]):
            clean = middle(read_image(file, network.channels), crop)
            noisy = evaluate.noisy_image(clean, COST_SIGMA, seed, "8-bit")
            values.append(metrics.psnr(clean, metrics.to_8_bit(infer.denoise(network, noisy, COST_SIGMA))))
        return float(np.mean(values))

    def worst_by_halo(self, network: nn.Module, macs_per_pixel: float) -> dict[int, float]:
        if network.receptive_radius is None:
            return {}
        count, crop = (1, EXPENSIVE_HALO_CROP) if macs_per_pixel > EXPENSIVE else (HALO_IMAGES, None)
        files = halo.test_images(self.data, count)
        return halo.measure(network, files, halo.sigmas_of(self.recipe), crop)

    def sources(self) -> list[dict]:
        return [source(self.recipe.id, self.recipe.data, self.data, name) for name in self.recipe.data["train"]]


@dataclass(frozen=True)
class FixedSizeSubject:
    """Of autoencoders: pictures of their one size, from their own sets."""

    recipe: FitRecipe
    data: Path

    def calibration_inputs(self, network: nn.Module) -> list[Tensor]:
        clean = self.sets(network).train.batch(self.recipe.seed, 0, 0, CALIBRATION_IMAGES)
        noisy = add_judged_noise(clean, COST_FACTOR)
        return list(noisy.split(1))

    def psnr(self, network: nn.Module) -> float:
        return fit_evaluate.scores(network, self.sets(network).test, COST_FACTOR)["psnr"]

    def worst_by_halo(self, network: nn.Module, macs_per_pixel: float) -> dict[int, float]:
        return {}

    def sources(self) -> list[dict]:
        if "test" in self.recipe.data:
            return [source(self.recipe.id, self.recipe.data, self.data, name) for name in self.recipe.data["train"]]
        (name,) = self.recipe.data["train"]
        count = len(self.sets(build(self.recipe.model)).train)
        return [{"name": name, "licence": licence(self.recipe.id, self.recipe.data, name), "images": count}]

    def sets(self, network: nn.Module) -> image_sets.ImageSets:
        return image_sets.read(self.recipe.data, self.data, network.input_size, network.channels)


def source(recipe: str, table: dict, data: Path, name: str) -> dict:
    return {"name": name, "licence": licence(recipe, table, name), "images": len(image_files(data / name))}


def licence(recipe: str, table: dict, name: str) -> str:
    licences = table.get("licences", {})
    if name not in licences:
        raise ValueError(f"Expected the licence of {name!r} under data.licences in recipe {recipe!r}.")
    return licences[name]
