"""What one sees of a run while it goes on: a log, curves, and a grid of pictures, all in the run's folder."""

import csv
from dataclasses import dataclass
from pathlib import Path

import matplotlib
import numpy as np
import torch
from PIL import Image

matplotlib.use("Agg")
import matplotlib.pyplot as plt

from .data import image_files, read_image
from .infer import denoise
from .metrics import psnr, to_8_bit
from .noise import camera_pairs, evaluation_noise

SIGMAS = (15, 25, 50)
CROP = 256  # px: the middle of each image is enough to steer by, unless a recipe has its own `crop`
GRID_ROWS = 4
HIGHEST_PSNR = 60.0  # dB: beyond it nobody sees a difference
COLUMNS = ("stage", "step", "patches", "seconds", "loss")  # then psnr…, a column per kind of noise


@dataclass(frozen=True)
class Case:
    """A picture to judge by: [H,W,C] floats, 0..1."""

    noisy: np.ndarray
    clean: np.ndarray
    sigma: float = 0  # what the network is told


def gaussian_cases(images: list[np.ndarray], sigma: float) -> list[Case]:
    """`images` [H,W,C] uint8 with white noise, seeded by their place."""
    noises = [evaluation_noise(image.shape, seed) * sigma / 255 for seed, image in enumerate(images)]
    return [Case(image / 255 + noise, image / 255, sigma) for image, noise in zip(images, noises)]


def camera_cases(images: list[np.ndarray]) -> list[Case]:
    """As training makes them, with a fixed seed; those that are free of noise are left to `clean_cases`."""
    clean = torch.stack([torch.from_numpy(image.copy()).permute(2, 0, 1) for image in images]).float() / 255
    noisy, target = camera_pairs(clean, torch.Generator().manual_seed(0))
    pairs = [tuple(x.permute(1, 2, 0).numpy() for x in pair) for pair in zip(noisy, target)]
    return [Case(a, b) for a, b in pairs if not np.array_equal(a, b)]


def clean_cases(images: list[np.ndarray]) -> list[Case]:
    return [Case(image / 255, image / 255) for image in images]


def middle(image: np.ndarray, size: int) -> np.ndarray:
    top, left = (max(0, (side - size) // 2) for side in image.shape[:2])
    return image[top : top + size, left : left + size]


class Judge:
    """Measures the averaged network on the steering set and writes log.csv, curves.png and grid.png into `run`."""

    def __init__(self, valid: Path, run: Path, channels: int = 3, kind: str = "gaussian", crop: int = CROP):
        """`kind`: the recipe's noise, 'gaussian' or 'camera'."""
        images = [middle(read_image(file, channels), crop) for file in image_files(valid)]
        self.run = run
        self.cases = {f"psnr{sigma}": gaussian_cases(images, sigma) for sigma in SIGMAS}
        self.shown = "psnr25"
        if kind == "camera":
            self.cases = {"psnr_camera": camera_cases(images), "psnr25": self.cases["psnr25"]}
            self.cases["psnr_clean"] = clean_cases(images)
            self.shown = "psnr_camera"

    def look(self, state) -> str:
        """One line for the console; also appended to the log and drawn."""
        state.ema.eval()
        scores, rows = {}, []
        for name, cases in self.cases.items():
            values = []
            for case in cases:
                denoised = denoise(state.ema, case.noisy, case.sigma)
                values.append(psnr(to_8_bit(case.clean), to_8_bit(denoised)))
                if name == self.shown and len(rows) < GRID_ROWS:
                    rows.append((case.noisy, denoised, case.clean))
            # a clean picture that comes back bit for bit must not make the mean infinite
            scores[name] = round(float(np.mean(np.minimum(values, HIGHEST_PSNR))), 4)
        recent = state.losses[-200:]
        entry = {
            "stage": state.stage,
            "step": state.step,
            "patches": state.patches,
            "seconds": round(state.seconds),
            "loss": round(float(np.mean(recent)), 6) if recent else "",
            **scores,
        }
        self._log(entry)
        draw_curves(self.run)
        draw_grid(rows, self.run / "grid.png")
        return "  ".join(f"{name} {value}" for name, value in entry.items())

    def _log(self, entry: dict) -> None:
        file = self.run / "log.csv"
        new = not file.exists()
        self.run.mkdir(parents=True, exist_ok=True)
        with file.open("a", newline="") as out:
            writer = csv.DictWriter(out, list(entry))
            if new:
                writer.writeheader()
            writer.writerow(entry)


def draw_curves(run: Path) -> None:
    """PSNR of the averaged network over the patches seen, from the run's log."""
    with (run / "log.csv").open() as log:
        entries = list(csv.DictReader(log))
    names = [name for name in entries[0] if name.startswith("psnr")]
    figure, axes = plt.subplots(1, len(names), figsize=(4 * len(names), 3), layout="constrained")
    for axis, name in zip(axes, names):
        for stage in ("stable", "release"):
            points = [(int(e["patches"]) / 1000, float(e[name])) for e in entries if e["stage"] == stage]
            if points:
                axis.plot(*zip(*points), marker=".", label=stage)
        axis.set(title=name.removeprefix("psnr").strip("_"), xlabel="patches (thousands)", ylabel="PSNR (dB)")
        axis.grid(alpha=0.3)
        axis.legend()
    figure.savefig(run / "curves.png", dpi=90)
    plt.close(figure)


def draw_grid(rows: list[tuple[np.ndarray, np.ndarray, np.ndarray]], file: Path) -> None:
    """One row per image: noisy, denoised, clean."""
    stacked = np.vstack([np.hstack([to_8_bit(image) for image in row]) for row in rows]).astype(np.uint8)
    Image.fromarray(stacked.squeeze()).save(file)
