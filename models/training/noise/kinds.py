"""Every kind of noise by name, with one parameter that says how strong it is; the same list is in `models/noise/`.

Images are [H,W,C] arrays 0..1 of one or three channels. Random numbers come from numpy, so that a seed's noise differs
from TypeScript's, whose definitions are otherwise the same.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch

from . import pixelwise
from .jpeg import jpeg
from .sensor import camera_noise

Apply = Callable[[np.ndarray, float, np.random.Generator], np.ndarray]


@dataclass(frozen=True)
class Kind:
    range: tuple[float, float]
    levels: tuple[float, ...]
    definition: Apply

    def apply(self, image: np.ndarray, level: float, seed: int) -> np.ndarray:
        """[H,W,C] with noise that follows from the seed; kinds without chance ignore it."""
        lowest, highest = self.range
        if not lowest <= level <= highest:
            raise ValueError(f"Expected a level from {lowest} to {highest} but received {level}.")
        return self.definition(image, level, np.random.default_rng(seed))


def phone_sensor(iso: float) -> dict:
    """Arguments of `camera_noise` for a phone whose full well is 5500 electrons at ISO 100; Brooks et al.'s line."""
    shot = iso * 1.8e-6
    read = math.exp(2.18 * math.log(shot) + 1.2)
    return {"shot": shot, "read": read, "red_gain": 2.15, "blue_gain": 1.7, "method": "malvar"}


def photograph(image: np.ndarray, iso: float, rng: np.random.Generator) -> np.ndarray:
    images = torch.from_numpy(image.transpose(2, 0, 1)[None].astype(np.float64))
    normal = torch.from_numpy(rng.standard_normal((1, 1, *image.shape[:2])))
    return camera_noise(images, normal, **phone_sensor(iso))[0].permute(1, 2, 0).numpy()


def elementwise(function: Callable, draw: Callable[[np.random.Generator, tuple[int, ...]], np.ndarray]) -> Apply:
    def apply(image: np.ndarray, level: float, rng: np.random.Generator) -> np.ndarray:
        draws = torch.from_numpy(draw(rng, image.shape))
        return function(torch.from_numpy(image.astype(np.float64)), draws, level).numpy()

    return apply


def normal(rng: np.random.Generator, shape: tuple[int, ...]) -> np.ndarray:
    return rng.standard_normal(shape)


def uniform(rng: np.random.Generator, shape: tuple[int, ...]) -> np.ndarray:
    return rng.random(shape)


KINDS = {
    "gaussian": Kind((0, 255), (5, 15, 25, 50, 75), elementwise(pixelwise.gaussian, normal)),
    "noise-factor": Kind((0, 2), (0.3, 0.5, 0.8), elementwise(pixelwise.noise_factor, normal)),
    "poisson": Kind((0.1, 1e6), (1000, 255, 60, 15, 4), elementwise(pixelwise.poisson, normal)),
    "camera": Kind((25, 51200), (400, 1600, 6400, 12800, 25600), photograph),
    "speckle": Kind((0, 255), (10, 25, 50, 100), elementwise(pixelwise.speckle, normal)),
    "salt-and-pepper": Kind((0, 1), (0.01, 0.05, 0.1, 0.3), elementwise(pixelwise.salt_and_pepper, uniform)),
    "quantisation": Kind(
        (2, 65536),
        (64, 32, 16, 8, 4),
        lambda image, levels, rng: pixelwise.quantise(torch.from_numpy(image.astype(np.float64)), int(levels)).numpy(),
    ),
    "jpeg": Kind(
        (1, 100), (90, 75, 50, 30, 10), lambda image, quality, rng: jpeg(image, int(quality), half_colour=True)
    ),
}
