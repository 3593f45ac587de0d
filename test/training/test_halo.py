"""Tiles with the exact halo equal the whole; with less they do not."""

import pytest
import torch
from training.export import halo


@pytest.fixture
def x():
    return torch.rand(1, 4, 152, 168, generator=torch.Generator().manual_seed(0))


def test_exact_halo_leaves_no_difference(network, x):
    exact = halo.exact_halo(network)
    assert exact == 24  # a radius of 23, in steps of 4
    for first_cut in [(4, 60), (76, 32)]:
        worst = halo.differences(network, x, range(0, exact + 1, 4), first_cut)
        assert worst[exact] < 1e-6
        assert worst[0] > 1e-3 and worst[0] > worst[8] > worst[exact]


def test_every_pixel_belongs_to_one_tile():
    assert halo.spans(300, 40) == [(0, 40), (40, 168), (168, 296), (296, 300)]
    assert halo.spans(100, 40) == [(0, 40), (40, 100)]


def test_measured_over_files(network, data):
    worst = halo.measure(network, halo.test_images(data, 2), [25, 55])
    assert list(worst) == [0, 4, 8, 12, 16, 20, 24]
    assert worst[24] < 1e-6 < worst[0]


def test_smallest_invisible_halo_has_only_invisible_ones_above():
    assert halo.smallest_invisible({0: 0.1, 8: 0.0019, 16: 0.003, 24: 0.0001, 32: 1e-7}) == 24
    assert halo.smallest_invisible({0: 0.0, 8: 0.0}) == 0


def test_difference_at_the_exact_halo_is_refused():
    with pytest.raises(ValueError, match="receptive"):
        halo.smallest_invisible({0: 0.1, 8: 0.0001})


def test_a_crop_is_looked_at_alone(network, data, monkeypatch):
    seen = []
    monkeypatch.setattr(halo, "differences", lambda network, x, *_: seen.append(x.shape[2:]) or {})
    halo.measure(network, halo.test_images(data, 1), [25], crop=40)
    assert seen == [(40, 40)]
