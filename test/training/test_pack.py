"""Packs hold every image once, within their limit, and train as the folders do."""

import sys
import tarfile

import numpy as np
import pytest
from PIL import Image
from training.__main__ import main
from training.data import LARGE_SIDE, Photographs, image_files
from training.pack import pack, unpacked

LARGEST = 24_000  # bytes: all of `data` takes two packs, its images to steer by nearly one of them
RECIPE = """
id = "some"
seed = 1
model = {}
noise = {}
optimiser = {}
release = {}
data = { train = ["train/a"], valid = "valid/b" }
stable = [{ patch = 1, batch = 1 }]
"""


@pytest.fixture(scope="module")
def packs(recipe, data, tmp_path_factory):
    return pack(recipe, data, tmp_path_factory.mktemp("packs"), LARGEST)


def names(file) -> list[str]:
    with tarfile.open(file) as archive:
        return archive.getnames()


def test_every_image_is_in_one_pack_within_the_limit(data, packs):
    expected = [f.relative_to(data).as_posix() for folder in ("train/a", "valid/b") for f in image_files(data / folder)]
    assert sorted(name for file in packs for name in names(file)) == expected
    assert [file.name for file in packs] == [f"photographs-{i}-of-{len(packs)}.tar" for i in range(1, len(packs) + 1)]
    assert len(packs) > 1 and all(file.stat().st_size <= LARGEST for file in packs)


def test_first_pack_has_all_to_steer_by_and_the_rest_is_shared_out(tmp_path, recipe):
    for folder, count in (("train/a", 9), ("valid/b", 2)):
        (tmp_path / folder).mkdir(parents=True)
        for number in range(count):
            noise = np.random.default_rng(number).integers(0, 256, (32, 32, 3), np.uint8)
            Image.fromarray(noise).save(tmp_path / folder / f"{number}.png")
    first, second, *rest = map(names, pack(recipe, tmp_path, tmp_path / "packs", 36_000))
    assert rest == []
    assert first[:2] == ["valid/b/0.png", "valid/b/1.png"]
    # in turns, once the first has its share: each pack is a sample of the whole folder
    assert [name[-5] for name in first[2:]] == ["2", "4", "6", "8"] and [name[-5] for name in second] == list("01357")


def test_photographs_from_packs_are_those_of_the_folders(recipe, data, packs):
    folder = packs[0].parent
    for _ in range(2):  # the second time, nothing is left to do
        assert unpacked(folder) == folder
        expected, read = (Photographs.read([root / "train/a"], 24).pyramids for root in (data, folder))
        assert all(np.array_equal(a, b) for a, b in zip(expected, read, strict=True) for a, b in zip(a, b, strict=True))
    assert [f.name for f in image_files(folder / "valid/b")] == [f.name for f in image_files(data / "valid/b")]


def test_scales_depend_on_the_place_among_all_images(tmp_path):
    """So that packs, once unpacked, must hold the images in the folders' order."""
    for name in "ab":
        Image.new("RGB", (LARGE_SIDE + 1, 400)).save(tmp_path / f"{name}.png")
    first, second = ([image.shape for image in images] for images in Photographs.read([tmp_path], 64).pyramids)
    assert first[0] == second[0] == (400, LARGE_SIDE + 1, 3) and first[1:] != second[1:]


def test_half_written_image_is_written_again(data, packs):
    file = unpacked(packs[0].parent) / "valid/b/0.png"
    file.write_bytes(b"half")
    unpacked(packs[0].parent)
    assert file.read_bytes() == (data / "valid/b/0.png").read_bytes()


def test_missing_packs_are_reported(capsys, packs, tmp_path):
    (tmp_path / packs[1].name).write_bytes(packs[1].read_bytes())
    unpacked(tmp_path)
    assert f"1 of {len(packs)} packs" in capsys.readouterr().out
    assert image_files(tmp_path / "train/a")


def test_folder_without_packs_is_left_alone(data):
    before = sorted(data.rglob("*"))
    assert unpacked(data) == data and sorted(data.rglob("*")) == before


def test_same_images_give_the_same_bytes(recipe, data, packs, tmp_path):
    again = pack(recipe, data, tmp_path, LARGEST)
    assert [file.read_bytes() for file in again] == [file.read_bytes() for file in packs]


def test_limit_below_what_must_be_together_is_refused(recipe, data, tmp_path):
    with pytest.raises(ValueError, match="room for every image and for all of valid/b"):
        pack(recipe, data, tmp_path, 16_000)


def test_paths_that_leave_the_folder_are_refused(tmp_path):
    inside = tmp_path / "inside"
    inside.mkdir()
    with tarfile.open(inside / "photographs-1-of-1.tar", "w") as archive:
        archive.addfile(tarfile.TarInfo("../outside.png"))
    with pytest.raises(ValueError, match="outside.png"):
        unpacked(inside)
    assert not (tmp_path / "outside.png").exists()


def test_command_packs_more_folders_and_tells_sizes(monkeypatch, capsys, recipe, data, tmp_path):
    toml = tmp_path / "some.toml"
    toml.write_text(RECIPE)
    command = ["pack", "--recipe", str(toml), "--data", str(data), "--out", str(tmp_path), "--folders", "test/Set12"]
    monkeypatch.setattr(sys, "argv", ["training", *command, "--largest", "0.1"])
    main()
    (line,) = capsys.readouterr().out.splitlines()
    file = tmp_path / "photographs-1-of-1.tar"
    assert line == f"{file}  {file.stat().st_size / 2**20:.1f} MiB"
    assert "test/Set12/0.png" in names(file)
