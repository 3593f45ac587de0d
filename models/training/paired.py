"""Pairs of a noisy and a clean photograph of the same thing, in the layouts in which the data sets come.

- sidd: Data/<scene>/[<number>_]NOISY_SRGB_010.PNG, GT_SRGB_010.PNG (Abdelhamed et al., 2018; Small and Medium)
- renoir: Mi3_Aligned/Batch_001/...Noisy.bmp (one or two), ...Reference.bmp (Anaya and Barbu, 2018)
- nind: <scene>/NIND_<scene>_ISO<iso>.png; the lowest ISO is the clean one (Brummer and De Vleeschouwer, 2019)
- polyu: CroppedImages/..._real.JPG, ..._mean.JPG, or OriginalImages (Xu et al., 2018)
- flat: NOISY_<name>.png, GT_<name>.png
"""

import re
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from tqdm import tqdm

from .data import image_files, read_image

FilePair = tuple[Path, Path]  # noisy, clean
MEMORY = 8 * 2**30  # bytes that all pairs together may take; SIDD Medium would take 31 GB


@dataclass(frozen=True)
class Layout:
    """`noisy` matches the name of a noisy file, without its extension; `clean` is that of its partner."""

    noisy: str
    clean: str


LAYOUTS = {
    "sidd": Layout(r"(.*)NOISY_SRGB_(\d+)", r"\1GT_SRGB_\2"),
    "renoir": Layout(r".*Noisy", r".*Reference"),
    "nind": Layout(r"NIND_(.+)_ISO(H?)(\d+)(-\d+)?", ""),
    "polyu": Layout(r"(.+)_real", r"\1_mean"),
    "flat": Layout(r"NOISY_(?!SRGB_\d)(.+)", r"GT_\1"),
}


def find_pairs(folder: Path, layout: str | None = None) -> list[FilePair]:
    """All pairs below `folder`, in the order of their names; the layout is told by the names unless given."""
    files = image_files(folder)
    layout = layout or detect(files, folder)
    if layout not in LAYOUTS:
        raise ValueError(f"Expected a layout among {sorted(LAYOUTS)} but received {layout!r}.")
    noisy = [file for file in files if matches(layout, file)]
    if not noisy:
        raise ValueError(f"Expected noisy images named as in {layout!r} in {folder} but found none.")
    find = {"renoir": by_folder, "nind": by_sensitivity}.get(layout, by_name)
    return find(LAYOUTS[layout], noisy, files)


def detect(files: list[Path], folder: Path) -> str:
    found = [layout for layout in LAYOUTS if any(matches(layout, file) for file in files)]
    if len(found) != 1:
        raise ValueError(
            f"Expected the names in {folder} to fit one layout among {sorted(LAYOUTS)} but they fit {found or 'none'}. "
            "Name the folder of one data set, or its layout."
        )
    return found[0]


def matches(layout: str, file: Path) -> re.Match | None:
    return re.fullmatch(LAYOUTS[layout].noisy, file.stem, re.IGNORECASE)


def by_name(layout: Layout, noisy: list[Path], files: list[Path]) -> list[FilePair]:
    """The partner's name is in the noisy one's."""
    known = {(file.parent, file.stem.lower()): file for file in files}
    pairs = []
    for file in noisy:
        partner = re.sub(layout.noisy, layout.clean, file.stem, flags=re.IGNORECASE)
        if (file.parent, partner.lower()) not in known:
            raise ValueError(f"Expected {partner}{file.suffix} beside {file}, which is not there. Is all downloaded?")
        pairs.append((file, known[file.parent, partner.lower()]))
    return pairs


def by_folder(layout: Layout, noisy: list[Path], files: list[Path]) -> list[FilePair]:
    """One clean image per folder, for all noisy ones."""
    clean = defaultdict(list)
    for file in files:
        if re.fullmatch(layout.clean, file.stem, re.IGNORECASE):
            clean[file.parent].append(file)
    for folder in {file.parent for file in noisy}:
        if len(clean[folder]) != 1:
            raise ValueError(f"Expected one reference image in {folder} but found {len(clean[folder])}.")
    return [(file, clean[file.parent][0]) for file in noisy]


def by_sensitivity(layout: Layout, files: list[Path], _: list[Path]) -> list[FilePair]:
    """Of each scene, the image of the lowest ISO is the clean one for all others but those of the same ISO."""
    scenes = defaultdict(list)
    for file in files:
        scene, high, iso, retake = re.fullmatch(layout.noisy, file.stem, re.IGNORECASE).groups()
        # H1, H2, ... are beyond the camera's highest number; -2 is a second image of the same ISO
        scenes[file.parent, scene].append(((bool(high), int(iso)), retake or "", file))
    pairs = []
    for (folder, scene), images in scenes.items():
        lowest, _, clean = min(images)
        noisy = [(file, clean) for iso, _, file in images if iso != lowest]
        if not noisy:
            raise ValueError(f"Expected images of several ISOs of {scene!r} in {folder} but all have the same.")
        pairs += noisy
    return pairs


@dataclass
class Pairs:
    """Pairs in memory, as uint8 [H,W,C] of one size each."""

    images: list[tuple[np.ndarray, np.ndarray]]

    @classmethod
    def read(cls, files: list[FilePair], smallest: int, channels: int = 3, memory: int = MEMORY) -> "Pairs":
        """`smallest`: the largest patch (px) that will be asked for; smaller pairs are left out.

        Where not all fits into `memory` (bytes), a part of each pair is kept, somewhere at random.
        """

        def window(job: tuple[int, FilePair]) -> tuple[np.ndarray, np.ndarray] | None:
            number, (noisy_file, clean_file) = job
            noisy, clean = read_image(noisy_file, channels), read_image(clean_file, channels)
            if noisy.shape != clean.shape:
                raise ValueError(
                    f"Expected {noisy_file} and {clean_file} to have one size but they have "
                    f"{noisy.shape[1::-1]} and {clean.shape[1::-1]}."
                )
            if min(noisy.shape[:2]) < smallest:
                return None
            cut = random_window(noisy.shape[:2], smallest, memory / len(files) / channels / 2, number)
            return noisy[cut].copy(), clean[cut].copy()

        with ThreadPoolExecutor() as pool:
            windows = list(tqdm(pool.map(window, enumerate(files)), "reading pairs", len(files), unit="pair"))
        images = [pair for pair in windows if pair]
        if not images:
            raise ValueError(f"Expected pairs of at least {smallest} px on both sides but none of {len(files)} is.")
        return cls(images)

    def patch(self, size: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
        """A random [size,size,C] patch of both, at the same place, flipped and turned alike."""
        pair = self.images[rng.integers(len(self.images))]
        height, width = pair[0].shape[:2]
        top, left = rng.integers(height - size + 1), rng.integers(width - size + 1)
        turns, flip = rng.integers(4), rng.integers(2)
        cuts = [np.rot90(image[top : top + size, left : left + size], turns) for image in pair]
        noisy, clean = (cut[:, ::-1] if flip else cut for cut in cuts)
        return noisy, clean

    def batch(self, count: int, size: int, rng: np.random.Generator) -> tuple[Tensor, Tensor]:
        """Noisy and clean, [count,C,size,size] float32, 0..1 each."""
        noisy, clean = zip(*(self.patch(size, rng) for _ in range(count)))
        return as_tensor(noisy), as_tensor(clean)


def random_window(sides: tuple[int, int], smallest: int, pixels: float, seed: int) -> tuple[slice, slice]:
    """At most `pixels` of an image, in its proportions, but never less than `smallest` on a side."""
    rng, shrink = np.random.default_rng(seed), min(1, (pixels / (sides[0] * sides[1])) ** 0.5)
    kept = [max(smallest, int(side * shrink)) for side in sides]
    starts = [int(rng.integers(side - length + 1)) for side, length in zip(sides, kept)]
    return tuple(slice(start, start + length) for start, length in zip(starts, kept))


def as_tensor(patches: tuple[np.ndarray, ...]) -> Tensor:
    """[H,W,C] uint8 each -> [N,C,H,W] float32, 0..1."""
    return torch.from_numpy(np.stack(patches)).permute(0, 3, 1, 2).float() / 255
