"""Noise by factor, and the metrics of small pictures, against their definitions."""

import numpy as np
import pytest
import torch
from skimage.metrics import structural_similarity
from training import batch_metrics, metrics
from training.factor_noise import add_drawn_noise, add_judged_noise
from training.noise import evaluation_noise


def test_each_picture_gets_one_of_the_factors():
    clean = torch.full((400, 1, 20, 20), 0.5)
    noisy = add_drawn_noise(clean, [0.0, 0.1], torch.Generator().manual_seed(0))
    spread = noisy.flatten(1).std(dim=1)
    assert ((spread == 0) | (spread - 0.1).abs().lt(0.02)).all()
    assert (spread == 0).float().mean().item() == pytest.approx(0.5, abs=0.1)


def test_noise_is_clipped():
    noisy = add_drawn_noise(torch.rand(4, 1, 8, 8), [0.8], torch.Generator().manual_seed(0))
    assert noisy.min() == 0 and noisy.max() == 1


def test_judged_noise_is_seeded_by_place():
    clean = torch.full((4, 3, 5, 6), 0.5)
    whole, part = add_judged_noise(clean, 0.1), add_judged_noise(clean[2:], 0.1, first_seed=2)
    assert torch.equal(whole[2:], part) and not torch.equal(whole[:2], part)
    by_hand = 0.5 + 0.1 * evaluation_noise((5, 6, 3), 3)
    assert np.allclose(whole[3].permute(1, 2, 0), by_hand, atol=1e-6)


@pytest.fixture
def pair():
    clean = torch.rand(3, 2, 28, 28, generator=torch.Generator().manual_seed(0))
    return clean, add_judged_noise(clean, 0.2)


def test_ssim_is_scikit_images(pair):
    found = batch_metrics.ssim(*pair)
    for a, b, value in zip(*(images.numpy() for images in pair), found):
        known = structural_similarity(
            a.astype(float),
            b.astype(float),
            channel_axis=0,
            data_range=1,
            gaussian_weights=True,
            sigma=1.5,
            use_sample_covariance=False,
        )
        assert value.item() == pytest.approx(known, abs=1e-7)


def test_psnr_is_the_packages(pair):
    for clean, output, value in zip(*pair, batch_metrics.psnr(*pair)):
        known = metrics.psnr(clean.numpy() * 255, output.numpy() * 255)
        assert value.item() == pytest.approx(known, abs=1e-4)


def test_rounded_pictures_are_those_of_a_file():
    values = batch_metrics.rounded(torch.tensor([-0.2, 0.5, 1.3])) * 255
    assert values.tolist() == [0, 128, 255]


def test_cross_entropy_of_known_pictures():
    def entropy(clean: float, output: float) -> float:
        return batch_metrics.cross_entropy(*(torch.full((1, 1, 2, 2), value) for value in (clean, output))).item()

    assert entropy(1.0, 0.5) == entropy(0.0, 0.5) == pytest.approx(np.log(2))
    assert entropy(0.3, 0.3) == pytest.approx(-0.3 * np.log(0.3) - 0.7 * np.log(0.7), rel=1e-6)
    assert entropy(1.0, -0.1) == pytest.approx(-np.log(1e-7), rel=1e-6)  # outputs below 0, as a linear network has
