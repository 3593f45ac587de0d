"""MWCNN is the network of the paper, and its pooling loses nothing."""

import numpy as np
import pytest
import torch
from torch import nn
from training.architectures import build
from training.architectures.mwcnn import HAAR, MWCNN, HaarAnalysis, HaarSynthesis


def test_parameters_are_the_papers_without_normalisation():
    for channels, parameters in ((1, 16_145_892), (3, 16_168_940)):
        with torch.device("meta"):
            network = build({"architecture": "mwcnn", "channels": channels})
        assert sum(parameter.numel() for parameter in network.parameters()) == parameters
        assert sum(isinstance(module, nn.Conv2d) for module in network.modules()) == 24


def test_bands_of_a_block():
    a, b, c, d = 1.0, 2.0, 4.0, 8.0  # top left, bottom left, top right, bottom right
    bands = HaarAnalysis()(torch.tensor([[[[a, c], [b, d]]]]))
    wanted = np.array([a + b + c + d, -a - b + c + d, -a + b - c + d, a - b - c + d]) / 2
    assert bands.ravel().tolist() == wanted.tolist() == [7.5, 4.5, 2.5, 1.5]


def test_bands_of_several_channels_are_those_of_each():
    x = torch.rand(2, 3, 6, 10)
    bands = HaarAnalysis()(x)
    assert bands.shape == (2, 12, 3, 5)
    alone = torch.stack([HaarAnalysis()(x[:, channel : channel + 1]) for channel in range(3)], dim=2)  # [N,4,3,H,W]
    assert torch.equal(bands, alone.flatten(1, 2))


def test_transform_is_orthonormal_and_undone():
    matrix = HAAR.flatten(1)
    assert torch.equal(matrix @ matrix.T, torch.eye(4))
    x = torch.rand(2, 3, 6, 10)
    bands = HaarAnalysis()(x)
    assert bands.square().sum() == pytest.approx(x.square().sum(), rel=1e-6)
    assert torch.allclose(HaarSynthesis()(bands), x, atol=1e-6)
    unit = torch.eye(4)[:, :, None, None]  # each band alone, [4, 4, 1, 1]
    assert torch.equal(HaarSynthesis()(unit)[:, 0], HAAR)


def test_starts_as_the_identity_and_keeps_the_shape():
    for channels in (1, 3):
        network = MWCNN(channels, (4, 6, 5))
        x = torch.rand(2, channels, 16, 24)
        assert torch.equal(network(x), x)


def test_receptive_radius_is_the_furthest_influence():
    torch.manual_seed(0)
    network, radius, multiple = MWCNN(1, (2, 2, 2)).double(), MWCNN.receptive_radius, MWCNN.size_multiple
    for module in network.modules():
        if isinstance(module, nn.Conv2d):  # alive whatever comes in: no ReLU hides an influence
            nn.init.normal_(module.weight, std=0.1)
            nn.init.constant_(module.bias, 5)
    side = -(-(2 * radius + 3 * multiple) // multiple) * multiple
    centre = side // 2 // multiple * multiple
    x = torch.rand(1, 1, side, multiple, dtype=torch.double, requires_grad=True)
    output = network(x)
    reach = 0
    for phase in range(multiple):
        (gradient,) = torch.autograd.grad(output[0, 0, centre + phase, 0], x, retain_graph=True)
        rows = gradient.abs().sum(dim=(0, 1, 3)).nonzero().ravel()
        reach = max(reach, *(rows - centre - phase).abs().tolist())
    assert reach == radius
