"""PRIDNet is the network of the authors' code, block by block."""

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from torch import nn
from training.architectures import build
from training.architectures.pridnet import POOLS, KernelSelection, PRIDNet, PyramidUNet, SqueezeExcite


def randomised(network: nn.Module) -> nn.Module:
    torch.manual_seed(0)
    for parameter in network.parameters():
        nn.init.normal_(parameter, std=0.5)
    return network.requires_grad_(False)


def count(network: nn.Module) -> int:
    return sum(parameter.numel() for parameter in network.parameters())


def of_one_pixel(conv: nn.Conv2d, x: np.ndarray) -> np.ndarray:
    return conv.weight[:, :, 0, 0].numpy() @ x + conv.bias.numpy()


def test_parameters_are_the_papers():
    with torch.device("meta"):
        network = build({"architecture": "pridnet"})
    assert count(network) == 74_225_723
    assert {count(unet) for unet in network.pyramid} == {14_831_683}
    assert len({id(unet) for unet in network.pyramid}) == 5
    assert network.size_multiple == 256 and network.receptive_radius is None


def test_narrow_networks_keep_the_layout():
    network = PRIDNet(channels=1, width=4)
    assert count(network) < count(PRIDNet(channels=1, width=8)) / 3
    assert network.attention.squeeze.out_channels == 1  # never none


def test_squeeze_excite_is_numpys():
    block = randomised(SqueezeExcite(5, 2))
    x = torch.rand(1, 5, 6, 7)
    means = x[0].numpy().mean(axis=(1, 2))
    hidden = np.maximum(of_one_pixel(block.squeeze, means), 0)
    weights = 1 / (1 + np.exp(-of_one_pixel(block.excite, hidden)))
    wanted = x[0].numpy() * weights[:, None, None]
    assert np.allclose(block(x)[0].numpy(), wanted, atol=1e-6)
    assert weights.std() > 0.01


def test_kernel_selection_is_numpys():
    block = randomised(KernelSelection(3))
    x = torch.rand(1, 3, 8, 9)
    branches = [F.conv2d(x, b.weight, b.bias, padding=k // 2)[0].numpy() for b, k in zip(block.branches, (3, 5, 7))]
    branches = np.stack([np.where(branch > 0, branch, 0.2 * branch) for branch in branches])  # [3, C, H, W]
    code = np.maximum(of_one_pixel(block.squeeze, branches.sum(axis=0).mean(axis=(1, 2))), 0)
    logits = np.stack([of_one_pixel(select, code) for select in block.select])  # [3, C]
    weights = np.exp(logits - logits.max(axis=0))
    weights /= weights.sum(axis=0)
    wanted = (branches * weights[:, :, None, None]).sum(axis=0)
    assert np.allclose(block(x)[0].numpy(), wanted, atol=1e-5)
    assert weights.std() > 0.01


def test_unet_halves_and_doubles_four_times():
    network = randomised(PyramidUNet(2, 3, width=2))
    shapes = []
    for level in [*network.encoder, *network.decoder]:
        level.register_forward_hook(lambda level, inputs, output: shapes.append(tuple(output.shape[1:])))
    assert network(torch.rand(1, 2, 32, 48)).shape == (1, 3, 32, 48)
    down = [(2, 32, 48), (4, 16, 24), (8, 8, 12), (16, 4, 6), (32, 2, 3)]
    assert shapes == down + down[-2::-1]


class First(nn.Module):
    def forward(self, x):
        return x[:, :1]


def bilinear(samples: int, factor: int) -> np.ndarray:
    """[samples * factor, samples]: each new pixel from the two old ones whose centres it lies between."""
    places = np.clip((np.arange(samples * factor) + 0.5) / factor - 0.5, 0, samples - 1)
    return np.maximum(1 - np.abs(places[:, None] - np.arange(samples)), 0)


def test_pyramid_pools_and_enlarges():
    """With the U-Nets out of the way, each scale is the picture's block means, and lines between their centres."""
    network = PRIDNet(channels=1, width=1).requires_grad_(False)
    network.pyramid = nn.ModuleList(First() for _ in POOLS)
    joined = []
    network.selection.register_forward_pre_hook(lambda block, inputs: joined.append(inputs[0]))
    x = torch.rand(1, 1, 256, 256)
    network(x)
    assert joined[0].shape == (1, 7, 256, 256)
    assert torch.equal(joined[0][:, :1], x)
    for channel, size in enumerate((1, 2, 4, 8, 16), start=2):
        blocks = 256 // size
        means = x[0, 0].numpy().reshape(blocks, size, blocks, size).mean(axis=(1, 3))
        wanted = bilinear(blocks, size) @ means @ bilinear(blocks, size).T
        assert np.allclose(joined[0][0, channel].numpy(), wanted, atol=1e-5)


def test_shape_and_no_residual():
    network = randomised(PRIDNet(channels=3, width=2))
    network.tail.weight.zero_()
    network.tail.bias.fill_(0.25)
    assert torch.equal(network(torch.rand(1, 3, 256, 256)), torch.full((1, 3, 256, 256), 0.25))
