"""RED30 is the network of the paper."""

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from torch import nn
from training.architectures import build
from training.architectures.red30 import RED30


def test_parameters_are_the_papers():
    for channels, parameters in ((1, 4_134_785), (3, 4_139_395)):
        network = build({"architecture": "red30", "channels": channels})
        assert sum(parameter.numel() for parameter in network.parameters()) == parameters
        assert network.channels == channels and not network.conditioned


def test_starts_as_the_identity_and_takes_any_size():
    x = torch.rand(1, 1, 9, 14)
    assert torch.equal(RED30(width=4)(x), x)


def test_skips_join_mirrored_layers():
    """By hand, on one pixel: only the middle of each kernel counts. Most weights are positive, so that little dies."""
    torch.manual_seed(0)
    network = RED30(width=3).requires_grad_(False)
    for parameter in network.parameters():
        nn.init.normal_(parameter, mean=0.25, std=0.2)
    x = torch.rand(1, 1, 1, 1)

    features, seen = x.ravel().numpy(), {}
    for number, layer in enumerate(network.encoder, start=1):
        features = np.maximum(layer.weight[:, :, 1, 1].numpy() @ features + layer.bias.numpy(), 0)
        seen[number] = features
    partners = {1: 14, 3: 12, 5: 10, 7: 8, 9: 6, 11: 4, 13: 2}
    for number, layer in enumerate(network.decoder, start=1):
        features = layer.weight[:, :, 1, 1].numpy().T @ features + layer.bias.numpy()
        features = np.maximum(features + seen[partners[number]] if number in partners else features, 0)
    noise = network.tail.weight[:, :, 1, 1].numpy().T @ features + network.tail.bias.numpy()
    assert network(x).item() == pytest.approx(x.item() + noise.item(), rel=1e-5)


def test_receptive_radius_is_the_furthest_influence():
    network = RED30(width=2).double()
    for parameter in network.parameters():  # all positive: no ReLU and no cancellation hides an influence
        nn.init.constant_(parameter, 1 / parameter[0].numel())
    x = torch.rand(1, 1, 70, 3, dtype=torch.double, requires_grad=True)
    network(x)[0, 0, 35, 1].backward()
    rows = x.grad.abs().sum(dim=(0, 1, 3)).nonzero().ravel()
    assert (rows - 35).abs().max() == 30 == network.receptive_radius


def test_features_neither_swell_nor_vanish_at_the_start():
    torch.manual_seed(0)
    network = RED30(width=32)
    spreads = []
    for layer in [*network.encoder[1:], *network.decoder, network.tail]:
        layer.register_forward_pre_hook(lambda layer, inputs: spreads.append(inputs[0].detach().std().item()))
    network(torch.rand(1, 1, 32, 32))
    assert len(spreads) == 29 and 0.1 < min(spreads) and max(spreads) < 2
    loss = F.mse_loss(network(torch.rand(1, 1, 32, 32)), torch.zeros(1, 1, 32, 32))
    loss.backward()
    assert network.tail.weight.grad.abs().max() > 0
