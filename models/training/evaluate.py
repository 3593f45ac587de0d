"""PSNR on the test sets by the field's protocol, in two columns, and on photographs with real noise.

`float`: white Gaussian noise neither clipped nor rounded, as the literature has it. `8-bit`: clipped and rounded, as
in the files that people have; it reads lower at high sigma. Outputs are clipped and rounded in both.
"""

import itertools
import json
from pathlib import Path

import numpy as np
from torch import nn
from tqdm import tqdm

from .checkpoint import Checkpoint
from .data import image_files, read_image
from .infer import denoise
from .metrics import psnr, to_8_bit
from .noise import evaluation_noise
from .paired import find_pairs

SETS = {1: ["Set12", "BSD68"], 3: ["CBSD68", "Kodak24"]}  # by a network's channels
REAL_SETS = ["SIDD12"]
FILE = "evaluation.json"  # in the run's folder
NOISES = ("float", "8-bit")
PROTOCOL = (
    "additive white Gaussian noise, {noise}, seeded by the image's place in sorted file order; output clipped and "
    "rounded to 8 bits; PSNR over all pixels and channels, no border cropped, whole images; mean of {images} images"
)
CAMERA_PROTOCOL = (
    "photographs with their camera's noise; output clipped and rounded to 8 bits; PSNR over all pixels and channels, "
    "no border cropped, whole images; mean of {images} images"
)
NOISE_WORDS = {"float": "neither clipped nor rounded", "8-bit": "clipped and rounded to 8 bits"}


def noisy_image(clean: np.ndarray, sigma: float, seed: int, noise: str) -> np.ndarray:
    """[H,W,C] uint8 -> 0..1 floats."""
    noisy = clean / 255 + evaluation_noise(clean.shape, seed) * sigma / 255
    return to_8_bit(noisy) / 255 if noise == "8-bit" else noisy


def scores(network: nn.Module, data: Path, name: str, sigma: float, noise: str) -> list[float]:
    """PSNR of each image of the test set `name`, in grey for networks that take grey."""
    values = []
    files = image_files(data / "test" / name)
    for seed, file in enumerate(tqdm(files, desc=f"{name}, {noise}, sigma {sigma:g}", unit="image")):
        clean = read_image(file, network.channels)
        denoised = denoise(network, noisy_image(clean, sigma, seed, noise), sigma)
        values.append(psnr(clean, to_8_bit(denoised)))
    return values


def evaluate(
    network: nn.Module, data: Path, sets: list[str], sigmas: list[float], noises: tuple[str, ...] = NOISES
) -> list[dict]:
    """One entry per set, noise and sigma, as the model card lists them."""
    metrics = []
    for name, noise, sigma in itertools.product(sets, noises, sigmas):
        values = scores(network, data, name, sigma, noise)
        protocol = PROTOCOL.format(noise=NOISE_WORDS[noise], images=len(values))
        value = round(float(np.mean(values)), 3)
        metrics.append({"set": name, "noise": noise, "sigma": sigma, "psnr": value, "protocol": protocol})
    return metrics


def evaluate_camera(network: nn.Module, data: Path, sets: list[str]) -> list[dict]:
    """One entry per set of real pairs, folders in <data>/real."""
    metrics = []
    for name in sets:
        pairs = find_pairs(data / "real" / name)
        values = []
        for noisy, clean in tqdm(pairs, desc=name, unit="image"):
            denoised = denoise(network, read_image(noisy, network.channels) / 255)
            values.append(psnr(read_image(clean, network.channels), to_8_bit(denoised)))
        value = round(float(np.mean(values)), 3)
        protocol = CAMERA_PROTOCOL.format(images=len(values))
        metrics.append({"set": name, "noise": "camera", "psnr": value, "protocol": protocol})
    return metrics


def table(metrics: list[dict]) -> str:
    """Markdown: a row per set and noise, a column per sigma; real noise has none."""
    camera = [f"{entry['set']}: {entry['psnr']:.2f} dB" for entry in metrics if "sigma" not in entry]
    metrics = [entry for entry in metrics if "sigma" in entry]
    sigmas = sorted({entry["sigma"] for entry in metrics})
    lines = [
        "| set | noise | " + " | ".join(f"sigma {sigma:g}" for sigma in sigmas) + " |",
        "|---|---|" + "---|" * len(sigmas),
    ]
    found = {(entry["set"], entry["noise"], entry["sigma"]): entry["psnr"] for entry in metrics}
    for name, noise in dict.fromkeys((entry["set"], entry["noise"]) for entry in metrics):
        values = " | ".join(f"{found[name, noise, sigma]:.2f}" for sigma in sigmas)
        lines.append(f"| {name} | {noise} | {values} |")
    return "\n".join((lines if metrics else []) + camera)


def write(metrics: list[dict], checkpoint: Checkpoint, file: Path) -> None:
    """Beside the checkpoint that it belongs to: step and stage are kept, so that export can tell."""
    of = {"stage": checkpoint.stage, "step": checkpoint.step, "patches": checkpoint.patches}
    file.write_text(json.dumps({"checkpoint": of, "metrics": metrics}, indent=2) + "\n")


def read(checkpoint: Checkpoint, file: Path) -> list[dict]:
    """The metrics in `file`, which must have been measured on this very checkpoint."""
    if not file.exists():
        raise FileNotFoundError(f"Expected {file} but found none. Run `evaluate` first.")
    content = json.loads(file.read_text())
    of = {"stage": checkpoint.stage, "step": checkpoint.step, "patches": checkpoint.patches}
    if content["checkpoint"] != of:
        raise ValueError(
            f"Expected {file} to describe {of} but it describes {content['checkpoint']}. Run `evaluate` again."
        )
    return content["metrics"]
