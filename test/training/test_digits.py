"""Digits are read as the files have them, and none is on both sides of a split."""

import gzip
import json
import struct

import numpy as np
import pytest
from training import digits


def pictures(count: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, (count, 28, 28), np.uint8)


def write_idx(file, images: np.ndarray, magic: int = digits.IMAGES_MAGIC) -> None:
    content = struct.pack(">4I", magic, *images.shape) + images.tobytes()
    file.write_bytes(gzip.compress(content) if file.suffix == ".gz" else content)


def write_classes(folder, classes: list[list[list[int]]]) -> None:
    folder.mkdir(parents=True)
    for number, rows in enumerate(classes):
        (folder / f"{number}.json").write_text(json.dumps({"data": rows}))


@pytest.mark.parametrize(("inside", "suffix"), [("", ""), ("data", ""), ("", ".gz")])
def test_idx_files_keep_their_split_and_order(tmp_path, inside, suffix):
    train, test = pictures(5), pictures(3, seed=1)
    (tmp_path / inside).mkdir(exist_ok=True)
    for split, images in (("train", train), ("test", test)):
        write_idx(tmp_path / inside / f"{digits.SPLITS[split]}{suffix}", images)
    found = digits.read(tmp_path)
    assert np.array_equal(found.train, train) and np.array_equal(found.test, test)
    assert found.split == "the official split"


def test_rows_and_columns_are_not_exchanged(tmp_path):
    images = np.arange(6, dtype=np.uint8).reshape(1, 2, 3)
    write_idx(tmp_path / "wide", images)
    assert digits.read_idx(tmp_path / "wide").tolist() == [[[0, 1, 2], [3, 4, 5]]]


def test_labels_are_not_taken_for_images(tmp_path):
    write_idx(tmp_path / "labels", pictures(1), magic=0x801)
    with pytest.raises(ValueError, match="0x801"):
        digits.read_idx(tmp_path / "labels")


def test_a_cut_file_is_named(tmp_path):
    write_idx(tmp_path / "cut", pictures(2))
    (tmp_path / "cut").write_bytes((tmp_path / "cut").read_bytes()[:-1])
    with pytest.raises(ValueError, match="Expected 1568 pixels .* received 1567"):
        digits.read_idx(tmp_path / "cut")


def test_the_npm_packages_classes_are_read_without_its_empty_rows(tmp_path):
    images = pictures(30)
    rows = images.reshape(10, 3, 784).tolist()
    rows[0].insert(1, [])
    write_classes(tmp_path / "src" / "clothes", rows)
    assert np.array_equal(digits.read_class(tmp_path / "src" / "clothes" / "0.json"), images[:3])
    found = digits.read(tmp_path)
    assert len(found.train) + len(found.test) == 30
    assert "not the official split" in found.split and "0 repeated" in found.split


def test_repeated_pictures_are_kept_once():
    first, second = pictures(8), pictures(8, seed=1)
    first[5], second[2], second[3] = first[0], first[1], second[0]
    found = digits.split_classes([first, second], trained=4)
    everything = [image.tobytes() for image in np.concatenate([found.train, found.test])]
    assert len(everything) == len(set(everything)) == 13
    assert set(everything) == {image.tobytes() for image in np.concatenate([first, second])}
    assert "3 repeated pictures removed" in found.split


def test_each_class_is_trained_on_alike_and_the_split_stays():
    classes = [np.full((10, 28, 28), 20 * number, np.uint8) for number in range(3)]
    for images in classes:
        images[:, 0, 0] += np.arange(10, dtype=np.uint8)  # ten of a kind, but no two the same
    found, again = (digits.split_classes(classes, trained=7) for _ in range(2))
    assert [int((found.train[:, 1, 1] == 20 * number).sum()) for number in range(3)] == [7, 7, 7]
    assert np.array_equal(found.train, again.train) and np.array_equal(found.test, again.test)
    assert sorted(set(found.test[:, 1, 1].tolist())) == [0, 20, 40]
    assert set(found.test[:3, 1, 1].tolist()) != {0}  # mixed, not class by class


def test_a_folder_without_digits_is_left_to_others(tmp_path):
    assert digits.read(tmp_path) is None
