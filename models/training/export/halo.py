"""How many pixels around a tile a network must see so that nobody can find the seam, measured."""

import math
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from tqdm import tqdm

from ..data import image_files, read_image
from ..infer import input_of
from ..noise import evaluation_noise
from ..progress import middle
from ..recipe import Recipe

TILE = 128  # px, without the halo
MOST_HALOS = 12  # that are tried: the exact one, and others that divide what lies below it
HALF_STEP = 0.5 / 255  # half an 8-bit step
TOLERANCE = 1e-5  # what float32 may differ by between a tile and the whole


def exact_halo(network: nn.Module) -> int | None:
    """The receptive radius, rounded up to the size multiple: tiles then equal the whole by construction.

    None where every pixel depends on all others.
    """
    multiple = network.size_multiple
    return None if network.receptive_radius is None else math.ceil(network.receptive_radius / multiple) * multiple


def halos_to_try(network: nn.Module) -> list[int]:
    exact, multiple = exact_halo(network), network.size_multiple
    step = math.ceil(exact / multiple / MOST_HALOS) * multiple
    return sorted({*range(0, exact, step), exact})


def measure(
    network: nn.Module, files: list[Path], sigmas: list[float], crop: int | None = None
) -> dict[int, float]:
    """Halo (px) -> the worst difference (0..1) of any pixel between tiled and whole, over all files and sigmas.

    `crop`: px of each image's middle that are looked at; all, unless told.
    """
    multiple = network.size_multiple
    halos = halos_to_try(network)
    worst = dict.fromkeys(halos, 0.0)
    jobs = [(number, file, sigma) for number, file in enumerate(files) for sigma in sigmas]
    for number, file, sigma in tqdm(jobs, desc="halo", unit="image"):
        image = read_image(file, network.channels)
        x = noisy_input(network, image if crop is None else middle(image, crop), sigma, seed=number)
        # the tiles' grid lies elsewhere in each image
        first_cut = tuple(int(cut) * multiple for cut in np.random.default_rng(number).integers(1, TILE // multiple, 2))
        for halo, difference in differences(network, x, halos, first_cut).items():
            worst[halo] = max(worst[halo], difference)
    return worst


def noisy_input(network: nn.Module, image: np.ndarray, sigma: float, seed: int) -> Tensor:
    """[1,C,H,W] on real pixels only: the image is cropped to the network's multiple, not padded."""
    height, width = (side - side % network.size_multiple for side in image.shape[:2])
    noisy = image / 255 + evaluation_noise(image.shape, seed) * sigma / 255
    x = torch.from_numpy(noisy[:height, :width].astype(np.float32)).permute(2, 0, 1)[None]
    return input_of(network, x, torch.tensor([float(sigma)]))


@torch.inference_mode()
def differences(network: nn.Module, x: Tensor, halos, first_cut: tuple[int, int]) -> dict[int, float]:
    whole = network(x)
    return {halo: float((tiled(network, x, halo, first_cut) - whole).abs().max()) for halo in halos}


@torch.inference_mode()
def tiled(network: nn.Module, x: Tensor, halo: int, first_cut: tuple[int, int]) -> Tensor:
    """`network` on windows of `x`, cut at `first_cut` and every TILE px from there; halos end at the true borders."""
    height, width = x.shape[2:]
    output = torch.empty_like(x[:, : network.channels])
    for top, bottom in spans(height, first_cut[0]):
        for left, right in spans(width, first_cut[1]):
            above, before = max(0, top - halo), max(0, left - halo)
            window = x[:, :, above : bottom + halo, before : right + halo]
            result = network(window)
            output[:, :, top:bottom, left:right] = result[
                :, :, top - above : bottom - above, left - before : right - before
            ]
    return output


def spans(side: int, first_cut: int) -> list[tuple[int, int]]:
    edges = [0, *range(first_cut, side, TILE), side]
    return list(zip(edges[:-1], edges[1:]))


def smallest_invisible(worst: dict[int, float]) -> int:
    """The smallest halo from which on no pixel differs by more than half an 8-bit step."""
    exact = max(worst)
    if not worst[exact] <= TOLERANCE:
        raise ValueError(
            f"Expected no difference at the exact halo of {exact} px but received {worst[exact]:.2g}. "
            "The architecture's receptive_radius is too small."
        )
    visible = [halo for halo, difference in worst.items() if difference > HALF_STEP]
    return next(halo for halo in worst if not visible or halo > max(visible))


def table(worst: dict[int, float]) -> str:
    lines = ["| halo (px) | worst difference (of 255) |", "|---|---|"]
    return "\n".join(lines + [f"| {halo} | {difference * 255:.5f} |" for halo, difference in worst.items()])


def sigmas_of(recipe: Recipe) -> list[float]:
    """The usual one, and the highest that was trained: the network looks furthest there."""
    return [25, recipe.noise.get("sigma_max", 55)]


def test_images(data: Path, count: int) -> list[Path]:
    """`count` files spread over CBSD68."""
    files = image_files(data / "test" / "CBSD68")
    return files[:: max(1, len(files) // count)][:count]
