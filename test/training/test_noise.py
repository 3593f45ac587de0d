"""Noise has the strength asked for, and files hold no fractions."""

import numpy as np
import pytest
import torch
from training.noise import add_noise, as_grey, draw_sigmas, evaluation_noise


def noisy(
    clipped: bool, sigma: float, seed: int = 1, level: float = 0.5, grey: bool = False, correlated: bool = False
) -> torch.Tensor:
    clean = torch.full((1, 3, 256, 256), level)
    generator = torch.Generator().manual_seed(seed)
    choices = [torch.tensor([choice]) for choice in (clipped, grey, correlated)]
    return add_noise(clean, torch.tensor([sigma]), *choices, generator)


@pytest.mark.parametrize("sigma", [5.0, 25.0, 50.0])
def test_standard_deviation_is_sigma(sigma):
    assert noisy(False, sigma).std().item() * 255 == pytest.approx(sigma, rel=0.01)
    assert noisy(False, sigma).mean().item() == pytest.approx(0.5, abs=0.002)


def test_clipped_noise_is_that_of_an_8_bit_file():
    values = noisy(True, 50.0, level=0.9) * 255
    assert values.min() >= 0 and values.max() == 255
    assert (values - values.round()).abs().max() < 1e-4


def test_unclipped_noise_leaves_the_range():
    assert noisy(False, 50.0, level=0.9).max() > 1.1


def test_grey_images_get_the_same_noise_in_all_channels():
    red, green, blue = noisy(False, 25.0, grey=True)[0]
    assert torch.equal(red, green) and torch.equal(red, blue)
    assert red.std().item() * 255 == pytest.approx(25, rel=0.01)
    red, green, _ = noisy(False, 25.0)[0]
    assert abs(torch.corrcoef(torch.stack([red.flatten(), green.flatten()]))[0, 1]) < 0.02


def test_only_the_chosen_images_turn_grey():
    images = torch.rand(2, 3, 8, 8, generator=torch.Generator().manual_seed(0))
    grey, untouched = as_grey(images, torch.tensor([True, False]))
    assert torch.equal(untouched, images[1])
    assert torch.equal(grey[0], grey[1]) and torch.equal(grey[0], grey[2])
    assert (grey[0] - (0.299 * images[0, 0] + 0.587 * images[0, 1] + 0.114 * images[0, 2])).abs().max() <= 0.5 / 255
    assert torch.allclose(grey * 255, (grey * 255).round(), atol=1e-4)


def test_the_same_seed_gives_the_same_noise():
    assert torch.equal(noisy(False, 25.0), noisy(False, 25.0))
    assert not torch.equal(noisy(False, 25.0), noisy(False, 25.0, seed=2))


def test_sigmas_fill_their_range_and_lean_low():
    sigmas = draw_sigmas(20_000, 55.0, 1.2, torch.Generator().manual_seed(0))
    assert 0 <= sigmas.min() < 0.5 and 54.5 < sigmas.max() <= 55
    assert sigmas.mean().item() == pytest.approx(55 / 2.2, rel=0.02)


def test_evaluation_noise_is_pinned():
    """A change here makes every published figure incomparable."""
    assert evaluation_noise((2, 1, 1), 0).ravel() == pytest.approx([0.12573022, -0.13210486], abs=1e-8)
    assert not np.array_equal(evaluation_noise((4, 4, 3), 0), evaluation_noise((4, 4, 3), 1))


def test_grey_noise_is_the_same_in_all_channels():
    grey, coloured = noisy(False, 25.0, grey=True), noisy(False, 25.0)
    assert torch.equal(grey[:, 0], grey[:, 1]) and torch.equal(grey[:, 0], grey[:, 2])
    assert not torch.equal(coloured[:, 0], coloured[:, 1])
    assert grey.std().item() * 255 == pytest.approx(25, rel=0.01)


def test_correlated_noise_is_as_strong_and_alike_in_neighbours():
    values = noisy(False, 25.0, correlated=True)
    assert values.std().item() * 255 == pytest.approx(25, rel=0.03)
    centred = values - values.mean()
    lag = (centred[..., 1:] * centred[..., :-1]).mean() / centred.square().mean()
    assert 0.1 < lag < 0.75
    far = (centred[..., 6:] * centred[..., :-6]).mean() / centred.square().mean()
    assert abs(far) < 0.02
