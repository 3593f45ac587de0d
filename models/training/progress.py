"""What one sees of a run while it goes on: a log, curves, and a grid of pictures, all in the run's folder."""

import csv
from pathlib import Path

import matplotlib
import numpy as np

matplotlib.use("Agg")
import matplotlib.pyplot as plt

from .data import image_files, read_rgb
from .infer import denoise
from .metrics import psnr, to_8_bit
from .noise import evaluation_noise

SIGMAS = (15, 25, 50)
CROP = 256  # px: the middle of each image is enough to steer by
COLUMNS = ("stage", "step", "patches", "seconds", "loss", *(f"psnr{sigma}" for sigma in SIGMAS))


def middle(image: np.ndarray, size: int) -> np.ndarray:
    top, left = (max(0, (side - size) // 2) for side in image.shape[:2])
    return image[top : top + size, left : left + size]


class Judge:
    """Measures the averaged network on the steering set and writes log.csv, curves.png and grid.png into `run`."""

    def __init__(self, valid: Path, run: Path):
        self.images = [middle(read_rgb(file), CROP) for file in image_files(valid)]
        self.run = run

    def look(self, state) -> str:
        """One line for the console; also appended to the log and drawn."""
        state.ema.eval()
        scores, rows = {}, []
        for sigma in SIGMAS:
            values = []
            for seed, image in enumerate(self.images):
                noisy = image / 255 + evaluation_noise(image.shape, seed) * sigma / 255
                denoised = denoise(state.ema, noisy, sigma)
                values.append(psnr(image, to_8_bit(denoised)))
                if seed < 4 and sigma == 25:
                    rows.append((noisy, denoised, image / 255))
            scores[f"psnr{sigma}"] = round(float(np.mean(values)), 4)
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
            writer = csv.DictWriter(out, COLUMNS)
            if new:
                writer.writeheader()
            writer.writerow(entry)


def draw_curves(run: Path) -> None:
    """PSNR of the averaged network over the patches seen, from the run's log."""
    with (run / "log.csv").open() as log:
        entries = list(csv.DictReader(log))
    figure, axes = plt.subplots(1, len(SIGMAS), figsize=(4 * len(SIGMAS), 3), layout="constrained")
    for axis, sigma in zip(axes, SIGMAS):
        for stage in ("stable", "release"):
            points = [(int(e["patches"]) / 1000, float(e[f"psnr{sigma}"])) for e in entries if e["stage"] == stage]
            if points:
                axis.plot(*zip(*points), marker=".", label=stage)
        axis.set(title=f"sigma {sigma}", xlabel="patches (thousands)", ylabel="PSNR (dB)")
        axis.grid(alpha=0.3)
        axis.legend()
    figure.savefig(run / "curves.png", dpi=90)
    plt.close(figure)


def draw_grid(rows: list[tuple[np.ndarray, np.ndarray, np.ndarray]], file: Path) -> None:
    """One row per image: noisy, denoised, clean."""
    stacked = np.vstack([np.hstack([to_8_bit(image) for image in row]) for row in rows]).astype(np.uint8)
    plt.imsave(file, stacked)
