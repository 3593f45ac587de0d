"""Every data set's names tell which images belong together, and patches of a pair show the same place."""

from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from training.paired import Pairs, find_pairs, random_window

TREES = {
    "sidd": {
        "Data/0001_001_S6/0001_NOISY_SRGB_010.PNG": "Data/0001_001_S6/0001_GT_SRGB_010.PNG",
        "Data/0001_001_S6/0001_NOISY_SRGB_011.PNG": "Data/0001_001_S6/0001_GT_SRGB_011.PNG",
        "Data/0002_001_S6/NOISY_SRGB_010.PNG": "Data/0002_001_S6/GT_SRGB_010.PNG",
    },
    "renoir": {
        "Mi3_Aligned/Batch_001/IMG_1Noisy.bmp": "Mi3_Aligned/Batch_001/IMG_2Reference.bmp",
        "Mi3_Aligned/Batch_001/IMG_3Noisy.bmp": "Mi3_Aligned/Batch_001/IMG_2Reference.bmp",
        "Mi3_Aligned/Batch_002/IMG_4Noisy.bmp": "Mi3_Aligned/Batch_002/IMG_5Reference.bmp",
    },
    "nind": {
        "7D-1/NIND_7D-1_ISO800.png": "7D-1/NIND_7D-1_ISO100.png",
        "7D-1/NIND_7D-1_ISO3200.png": "7D-1/NIND_7D-1_ISO100.png",
        "MuseeL-mask/NIND_MuseeL-mask_ISO6400.jpg": "MuseeL-mask/NIND_MuseeL-mask_ISO200.jpg",
        "MuseeL-mask/NIND_MuseeL-mask_ISOH1.jpg": "MuseeL-mask/NIND_MuseeL-mask_ISO200.jpg",
    },
    "polyu": {
        "CroppedImages/Canon5D2_5_160_3200_chair_1_real.JPG": "CroppedImages/Canon5D2_5_160_3200_chair_1_mean.JPG",
        "OriginalImages/Sony_plug_Real.JPG": "OriginalImages/Sony_plug_mean.jpg",
    },
    "flat": {"NOISY_0.png": "GT_0.png", "NOISY_10.png": "GT_10.png"},
}
STRAY = {
    "renoir": ["Mi3_Aligned/Batch_001/IMG_9Full.bmp"],
    "nind": ["MuseeL-mask/NIND_MuseeL-mask_ISO200-2.jpg"],  # as clean as the clean one
    "flat": ["GT_11.png"],
}


def draw(root: Path, names, size=(20, 16)) -> None:
    for number, name in enumerate(sorted(names)):
        file = root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        Image.new("RGB", size, (number, 0, 0)).save(file)


@pytest.fixture
def tree(request, tmp_path) -> Path:
    layout = request.param
    pairs = TREES[layout]
    draw(tmp_path, {*pairs, *pairs.values(), *STRAY.get(layout, [])})
    return tmp_path


@pytest.mark.parametrize(("tree", "layout"), [(name, name) for name in TREES], indirect=["tree"])
def test_pairs_of_each_layout(tree, layout):
    wanted = {tree / noisy: tree / clean for noisy, clean in TREES[layout].items()}
    found = find_pairs(tree)
    assert dict(found) == wanted and len(found) == len(wanted)
    assert find_pairs(tree, layout) == found


@pytest.mark.parametrize("tree", ["flat"], indirect=True)
def test_layout_can_be_told_but_must_fit(tree):
    with pytest.raises(ValueError, match="named as in 'polyu'"):
        find_pairs(tree, "polyu")
    with pytest.raises(ValueError, match="received 'dnd'"):
        find_pairs(tree, "dnd")


def test_names_of_no_layout_or_of_two_are_refused(tmp_path):
    draw(tmp_path, ["a/holiday.png"])
    with pytest.raises(ValueError, match="fit none"):
        find_pairs(tmp_path)
    draw(tmp_path, ["a/NOISY_1.png", "a/GT_1.png", "b/x_real.JPG", "b/x_mean.JPG"])
    with pytest.raises(ValueError, match=r"\['polyu', 'flat'\]"):
        find_pairs(tmp_path)
    assert len(find_pairs(tmp_path, "flat")) == 1


@pytest.mark.parametrize(
    ("names", "message"),
    [
        (["a/NOISY_1.png", "b/GT_1.png"], "Expected GT_1.png beside"),
        (["a/1Noisy.bmp"], "Expected one reference image in .*/a but found 0"),
        (["a/1Noisy.bmp", "a/2Reference.bmp", "a/3Reference.bmp"], "but found 2"),
        (["a/NIND_x_ISO100.png", "a/NIND_x_ISO100-2.png"], "several ISOs of 'x'"),
    ],
)
def test_what_is_missing_is_named(tmp_path, names, message):
    draw(tmp_path, names)
    with pytest.raises(ValueError, match=message):
        find_pairs(tmp_path)


def test_empty_folder_is_named(tmp_path):
    with pytest.raises(FileNotFoundError, match="Expected images"):
        find_pairs(tmp_path)


@pytest.fixture
def files(tmp_path):
    """Two pairs; the noisy pixel is the clean one plus 100, and no two pixels are alike."""
    for name, (height, width) in {"0": (30, 40), "1": (24, 20)}.items():
        place = np.arange(height * width, dtype=np.uint16).reshape(height, width)
        clean = np.stack([place % 150, place // 150, place * 0 + int(name)], axis=2).astype(np.uint8)
        Image.fromarray(clean).save(tmp_path / f"GT_{name}.png")
        Image.fromarray(clean + np.uint8(100)).save(tmp_path / f"NOISY_{name}.png")
    return find_pairs(tmp_path)


def test_patches_of_a_pair_show_the_same_place(files):
    pairs = Pairs.read(files, smallest=16)
    noisy, clean = pairs.batch(40, 16, np.random.default_rng(0))
    assert noisy.shape == clean.shape == (40, 3, 16, 16) and noisy.dtype == torch.float32
    assert torch.allclose(noisy - clean, torch.tensor(100 / 255), atol=1e-6)
    assert {0, 1} == set((clean[:, 2] * 255).round().unique().int().tolist())  # of both pairs
    steps = (clean[:, 0, 0, 1] - clean[:, 0, 0, 0]).mul(255).round().int().unique()
    assert len(steps) > 2  # flipped and turned


def test_patches_depend_on_the_generator_alone(files):
    pairs = Pairs.read(files, smallest=16)
    first, again, other = (pairs.batch(4, 16, np.random.default_rng(seed)) for seed in (3, 3, 4))
    assert torch.equal(first[0], again[0]) and torch.equal(first[1], again[1])
    assert not torch.equal(first[1], other[1])


def test_grey_patches(files):
    noisy, _ = Pairs.read(files, smallest=16, channels=1).batch(2, 16, np.random.default_rng(0))
    assert noisy.shape == (2, 1, 16, 16)


def test_memory_bounds_what_is_kept(files):
    whole, part = Pairs.read(files, smallest=8), Pairs.read(files, smallest=8, memory=2 * 2 * 3 * 300)
    assert [image.shape[:2] for image, _ in whole.images] == [(30, 40), (24, 20)]
    for noisy, clean in part.images:
        assert noisy.shape == clean.shape and 200 < noisy.shape[0] * noisy.shape[1] <= 300
        assert (noisy - clean == 100).all()
    assert random_window((30, 40), 16, 1, seed=0)[0].stop - random_window((30, 40), 16, 1, seed=0)[0].start == 16


def test_pairs_too_small_are_left_out(files):
    assert len(Pairs.read(files, smallest=22).images) == 1
    with pytest.raises(ValueError, match="at least 64 px"):
        Pairs.read(files, smallest=64)


def test_pairs_of_two_sizes_are_refused(tmp_path):
    draw(tmp_path, ["NOISY_1.png"], size=(20, 16))
    draw(tmp_path, ["GT_1.png"], size=(20, 18))
    with pytest.raises(ValueError, match=r"\(20, 16\) and \(20, 18\)"):
        Pairs.read(find_pairs(tmp_path), smallest=8)
