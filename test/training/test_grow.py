"""A network that was grown is the small one until it is trained."""

import pytest
import torch
from torch import nn
from training.architectures.unet import UNet
from training.grow import grow, without_noise_map
from training.infer import with_noise_map


@pytest.fixture
def small():
    torch.manual_seed(0)
    network = UNet([4, 8], 1).requires_grad_(False)
    for parameter in network.parameters():
        nn.init.normal_(parameter, std=0.2)
    return network


@pytest.mark.parametrize(("widths", "blocks"), [([4, 8], [3, 1]), ([6, 12], 1), ([8, 8], [1, 2])])
def test_more_channels_and_blocks_leave_the_function(small, widths, blocks):
    torch.manual_seed(1)
    large = UNet(widths, blocks)
    x = torch.rand(1, 4, 24, 32)
    assert (large(x) - small(x)).abs().max() > 1e-2
    grow(large, small)
    assert (large(x) - small(x)).abs().max() < 1e-5


def test_everything_that_was_added_learns(small):
    large = UNet([6, 12], 2)
    grow(large, small)
    optimiser = torch.optim.SGD(large.parameters(), lr=0.1)
    for _ in range(3):  # the first step wakes the ends of new blocks, the next what lies before them
        before = [parameter.detach().clone() for parameter in large.parameters()]
        large(torch.rand(2, 4, 16, 16)).square().mean().backward()
        optimiser.step()
    still = [
        name
        for (name, parameter), old in zip(large.named_parameters(), before)
        if parameter.dim() == 4 and torch.equal(parameter, old)
    ]
    assert still == []


def test_smaller_and_unrelated_networks_are_refused(small):
    with pytest.raises(ValueError, match="Expected room"):
        grow(UNet([2, 8], 1), small)
    with pytest.raises(ValueError, match="contains the smaller one"):
        grow(UNet([4], 1), small)


def test_blind_copy_takes_all_noise_for_the_same(small):
    blind, image = without_noise_map(small, 25), torch.rand(1, 3, 96, 96)
    told = small(with_noise_map(image, torch.tensor([25.0])))
    inside = (..., slice(32, -32), slice(32, -32))  # beyond the border the map is 0
    assert (blind(image) - told)[inside].abs().max() < 1e-5
    assert (small(with_noise_map(image, torch.tensor([50.0]))) - told)[inside].abs().max() > 1e-2
