"""A network that was grown is the small one until it is trained."""

import pytest
import torch
from torch import nn
from training.architectures.mwcnn import MWCNN
from training.architectures.pridnet import PRIDNet
from training.architectures.red30 import RED30
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
    grow(large, [small])
    assert (large(x) - small(x)).abs().max() < 1e-5


def test_everything_that_was_added_learns(small):
    large = UNet([6, 12], 2)
    grow(large, [small])
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
        grow(UNet([2, 8], 1), [small])
    with pytest.raises(ValueError, match="contains the smaller one"):
        grow(UNet([4], 1), [small])


def test_blind_copy_takes_all_noise_for_the_same(small):
    blind, image = without_noise_map(small, 25), torch.rand(1, 3, 96, 96)
    told = small(with_noise_map(image, torch.tensor([25.0])))
    inside = (..., slice(32, -32), slice(32, -32))  # beyond the border the map is 0
    assert (blind(image) - told)[inside].abs().max() < 1e-5
    assert (small(with_noise_map(image, torch.tensor([50.0]))) - told)[inside].abs().max() > 1e-2


def random_weights(network):
    torch.manual_seed(0)
    for parameter in network.parameters():
        nn.init.normal_(parameter, std=0.1)
    return network.requires_grad_(False)


def turn(x, number):
    x = x.rot90(number % 4, (2, 3))
    return x.flip(3) if number >= 4 else x


def turn_back(x, number):
    return (x.flip(3) if number >= 4 else x).rot90(-(number % 4), (2, 3))


PAIRS = {  # small, large, how many small ones fit
    "unet": (lambda: UNet([4, 8], 1), lambda: UNet([8, 16], 1), 2),
    "unet, all turns": (lambda: UNet([4, 8], 1), lambda: UNet([36, 72], [2, 1]), 8),
    "red30": (lambda: RED30(1, 4), lambda: RED30(1, 16), 4),
    "mwcnn": (lambda: MWCNN(1, (4, 6, 6)), lambda: MWCNN(1, (16, 24, 24)), 2),
    "mwcnn, with channels left over": (lambda: MWCNN(3, (4, 4, 4)), lambda: MWCNN(3, (13, 9, 9)), 2),
}


@pytest.mark.parametrize("case", PAIRS)
def test_a_network_several_times_as_wide_is_the_mean_over_turned_pictures(case):
    make_small, make_large, count = PAIRS[case]
    small, large = random_weights(make_small()), make_large().requires_grad_(False)
    assert grow(large, [small]) == count
    x = torch.rand(1, small.channels + small.conditioned, 24, 40)
    answers = [turn_back(small(turn(x, number)), number) for number in small.turns[:count]]
    assert (answers[1] - answers[0]).abs().max() > 1e-3
    assert (large(x) - torch.stack(answers).mean(dim=0)).abs().max() < 1e-5


def test_starts_of_different_widths_share_a_network(small):
    wide = random_weights(UNet([8, 16], 1))
    large = UNet([12, 24], 1).requires_grad_(False)
    assert grow(large, [small, wide]) == 2
    x = torch.rand(1, 4, 24, 32)
    expected = small(x) / 3 + turn_back(wide(turn(x, 1)), 1) * 2 / 3
    assert (large(x) - expected).abs().max() < 1e-5


def test_starts_of_different_depths_are_refused(small):
    with pytest.raises(ValueError, match="same blocks"):
        grow(UNet([8, 16], 2), [small, UNet([4, 8], 2)])


def test_a_network_that_cannot_grow_takes_its_own_weights_alone():
    small, other = (PRIDNet(3, 1).requires_grad_(False) for _ in range(2))
    assert grow(other, [small]) == 1
    assert all(torch.equal(*pair) for pair in zip(small.parameters(), other.parameters()))
    with pytest.raises(ValueError, match="does not grow"):
        grow(PRIDNet(3, 2), [small])
