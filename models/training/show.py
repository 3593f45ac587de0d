"""A run at a glance: its curves drawn again and a few lines for the console."""

import csv
from pathlib import Path

from .progress import draw_curves


def show(run: Path) -> str:
    """The last entry of each stage; curves.png is drawn anew from log.csv."""
    log = run / "log.csv"
    if not log.exists():
        raise FileNotFoundError(f"Expected {log} but found none. A run writes it at its first validation.")
    with log.open() as lines:
        entries = list(csv.DictReader(lines))
    draw_curves(run)
    last = {entry["stage"]: entry for entry in entries}
    return "\n".join([*(summary(entry) for entry in last.values()), f"curves: {run / 'curves.png'}"])


def summary(entry: dict[str, str]) -> str:
    kinds = [name for name in entry if name.startswith("psnr")]
    quality = " / ".join(f"{float(entry[kind]):.2f}" for kind in kinds)
    names = "/".join(kind.removeprefix("psnr").strip("_") for kind in kinds)
    patches, hours = int(entry["patches"]) / 1000, int(entry["seconds"]) / 3600
    return f"{entry['stage']}: step {entry['step']}, {patches:.0f}k patches, {hours:.2f} h, {quality} dB at {names}"
