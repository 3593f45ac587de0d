"""Patches have detail in them, more often than not."""

import numpy as np
import pytest
from PIL import Image
from training.data import FLAT_KEPT, LARGE_SIDE, Photographs, image_files, mean_gradient


def flat_and_detailed() -> Photographs:
    detailed = np.random.default_rng(0).integers(0, 255, (64, 64, 3), np.uint8)
    return Photographs([[np.full((64, 64, 3), 100, np.uint8)], [detailed]])


def test_most_flat_patches_are_refused():
    photographs, rng = flat_and_detailed(), np.random.default_rng(1)
    flat = np.mean([mean_gradient(photographs.patch(16, rng)) < 2 for _ in range(1500)])
    assert flat == pytest.approx(FLAT_KEPT / (1 + FLAT_KEPT), abs=0.04)  # without refusal, a half


def test_patches_depend_on_the_generator_alone():
    photographs = flat_and_detailed()
    first, again, other = (photographs.batch(4, 16, np.random.default_rng(seed)) for seed in (3, 3, 4))
    assert first.equal(again) and not first.equal(other)
    assert first.shape == (4, 3, 16, 16) and 0 <= first.min() and first.max() <= 1


def test_mean_gradient_of_a_ramp_is_its_slope():
    ramp = np.broadcast_to(np.arange(16, dtype=np.uint8)[:, None, None] * 4, (16, 16, 3))
    assert mean_gradient(ramp) == 2  # 4 down, 0 across


def test_large_photographs_are_kept_at_several_scales(tmp_path):
    noise = np.random.default_rng(0).integers(0, 255, (300, LARGE_SIDE + 200, 3), np.uint8)
    Image.fromarray(noise).save(tmp_path / "large.png")
    (pyramid,) = Photographs.read([tmp_path], smallest=80).pyramids
    assert [image.shape[1] for image in pyramid] == sorted((image.shape[1] for image in pyramid), reverse=True)
    assert len(pyramid) > 1 and all(min(image.shape[:2]) >= 80 for image in pyramid)


def test_images_too_small_for_any_patch_are_named(tmp_path):
    Image.new("RGB", (20, 20)).save(tmp_path / "small.png")
    with pytest.raises(ValueError, match="at least 64 px"):
        Photographs.read([tmp_path], smallest=64)


def test_empty_folder_is_named(tmp_path):
    with pytest.raises(FileNotFoundError, match="Expected images"):
        image_files(tmp_path)
