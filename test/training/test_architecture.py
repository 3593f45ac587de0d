"""What the card will state about the network is true of it."""

import pytest
import torch
from training.architectures import build
from training.architectures.unet import UNet
from training.export import cost
from training.export.trace import trace
from training.recipe import Recipe


@pytest.fixture(scope="module")
def fast():
    return build(Recipe.read("fast").model)


@pytest.mark.parametrize(
    ("tier", "parameters", "gmacs"),
    [
        ("fast", 1_124_044, 4.494),
        ("balanced", 4_476_300, 17.713),
        ("best", 10_056_780, 39.655),
        ("photo", 2_008_652, 6.287),
    ],
)
def test_tiers_cost_what_their_recipes_say(tier, parameters, gmacs):
    network = build(Recipe.read(tier).model)
    assert sum(parameter.numel() for parameter in network.parameters()) == parameters
    counted = float(cost.macs_per_pixel(trace(network, 3 + network.conditioned))) * 256**2 / 1e9
    assert counted == pytest.approx(gmacs, abs=0.001)


def test_fast_starts_as_the_identity(fast):
    x = torch.rand(1, 4, 32, 32)
    assert torch.equal(fast(x), x[:, :3])


@pytest.mark.parametrize(
    ("widths", "blocks", "unshuffle", "radius"),
    [([2, 2], 1, 2, 23), ([2, 2, 2], 2, 2, 91), ([2, 2], 1, 1, 11), ([2], 2, 2, 13)],
)
def test_receptive_radius_is_the_furthest_influence(widths, blocks, unshuffle, radius):
    network = UNet(widths, blocks, unshuffle=unshuffle).double()
    for parameter in network.parameters():  # all positive: no ReLU and no cancellation hides an influence
        torch.nn.init.constant_(parameter, 1 / parameter[0].numel())
    multiple = network.size_multiple
    side = -(-(2 * radius + 3 * multiple) // multiple) * multiple
    centre = side // 2 // multiple * multiple
    reach = 0
    for phase in range(multiple):  # the influence is lopsided, and differently at each place within a stride
        x = torch.rand(1, 4, side, side, dtype=torch.double, requires_grad=True)
        network(x)[0, 0, centre + phase, centre].backward()
        rows = x.grad[0].abs().sum(dim=(0, 2)).nonzero().ravel()
        reach = max(reach, *(rows - centre - phase).abs().tolist())
    assert reach == radius == network.receptive_radius


def test_unknown_architecture_is_named():
    with pytest.raises(ValueError, match="received 'transformer'"):
        build({"architecture": "transformer"})
