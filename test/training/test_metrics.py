"""PSNR, known values."""

import numpy as np
import pytest
from training.metrics import psnr, to_8_bit


def test_one_step_everywhere_is_48_13_db():
    image = np.full((4, 5, 3), 100.0)
    assert psnr(image, image + 1) == pytest.approx(48.1308, abs=1e-4)


def test_psnr_is_over_all_channels_jointly():
    other = np.zeros((2, 2, 3))
    other[..., 0] = 30
    assert psnr(np.zeros((2, 2, 3)), other) == pytest.approx(10 * np.log10(255**2 / 300))


def test_equal_images_have_no_error():
    assert psnr(np.ones((2, 2, 3)), np.ones((2, 2, 3))) == float("inf")


def test_unsigned_bytes_do_not_wrap():
    assert psnr(np.array([0], np.uint8), np.array([255], np.uint8)) == 0


def test_outputs_are_clipped_and_rounded():
    assert to_8_bit(np.array([-0.2, 0.5, 1.3, 100.4 / 255])).tolist() == [0, 128, 255, 100]
