"""What one sees of an autoencoder's run while it goes on: a log, curves and a grid of pictures, in the run's folder.

They show training pictures, under noise that stays the same from epoch to epoch. The test split is for the end.
"""

import csv
from pathlib import Path

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import torch
from torch import Tensor, nn

from .batch_metrics import psnr, rounded
from .factor_noise import add_judged_noise
from .fit_pictures import draw_grid, reconstruct

LOG, CURVES, GRID = "log.csv", "curves.png", "grid.png"
PSNR = "psnr at "  # begins the log's columns of PSNR; the factor follows


class View:
    PICTURES = 64

    def __init__(self, clean: Tensor, factors: list[float], run: Path):
        self.clean, self.run = clean, run
        self.noisy = {factor: add_judged_noise(clean, factor) for factor in factors}

    def look(self, network: nn.Module, entry: dict) -> str:
        """Appends `entry` and the PSNR at each factor to the log, draws all anew and returns a line for the console."""
        denoised = {factor: reconstruct(network, noisy) for factor, noisy in self.noisy.items()}
        scores = {f"{PSNR}{factor:g}": score(self.clean, images) for factor, images in denoised.items()}
        entry = {**entry, **scores}
        self.run.mkdir(parents=True, exist_ok=True)
        file = self.run / LOG
        new = not file.exists()
        with file.open("a", newline="") as out:
            writer = csv.DictWriter(out, list(entry))
            if new:
                writer.writeheader()
            writer.writerow(entry)
        draw_curves(self.run)
        draw_grid(self.clean, self.noisy, denoised, self.run / GRID)
        return "  ".join(f"{name} {value}" for name, value in entry.items())


def score(clean: Tensor, output: Tensor) -> float:
    return round(psnr(clean, rounded(output)).mean().item(), 3)


def read_log(run: Path) -> list[dict[str, str]]:
    file = run / LOG
    if not file.exists():
        raise FileNotFoundError(f"Expected {file} but found none. A run writes it after its first epoch.")
    with file.open() as lines:
        return list(csv.DictReader(lines))


def draw_curves(run: Path) -> None:
    """The loss on the left, PSNR at each factor on the right, over epochs."""
    entries = read_log(run)
    epochs = [int(entry["epoch"]) for entry in entries]
    figure, (left, right) = plt.subplots(1, 2, figsize=(9, 3), layout="constrained")
    if entries[0]["loss"]:
        left.plot(epochs, [float(entry["loss"]) for entry in entries], marker=".")
    left.set(xlabel="epoch", ylabel="training loss (nats)")
    for column in entries[0]:
        if column.startswith(PSNR):
            label = f"factor {column.removeprefix(PSNR)}"
            right.plot(epochs, [float(entry[column]) for entry in entries], marker=".", label=label)
    right.set(xlabel="epoch", ylabel="PSNR (dB)")
    right.legend(loc="center left", bbox_to_anchor=(1, 0.5))
    for axis in (left, right):
        axis.grid(alpha=0.3)
    figure.savefig(run / CURVES, dpi=90)
    plt.close(figure)


def show(run: Path) -> str:
    """The last entry of the log; the curves are drawn anew."""
    last = read_log(run)[-1]
    draw_curves(run)
    quality = ", ".join(f"{float(value):.2f} dB {name[5:]}" for name, value in last.items() if name.startswith(PSNR))
    pictures, minutes = int(last["patches"]) / 1000, int(last["seconds"]) / 60
    line = f"epoch {last['epoch']}: loss {last['loss'] or '-'}, {pictures:.0f}k pictures, {minutes:.1f} min, {quality}"
    return f"{line}\ncurves: {run / CURVES}"
