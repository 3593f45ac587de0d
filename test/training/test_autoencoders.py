"""The networks are those that the recipes and cards say they are."""

import numpy as np
import pytest
import torch
from training.architectures import build
from training.architectures.pca import PrincipalComponents
from training.architectures.variational import VariationalAutoencoder
from training.export.interpret import GraphNetwork
from training.export.trace import trace

SIZES = [
    ({"architecture": "dense-autoencoder"}, 201_616),
    ({"architecture": "convolutional-autoencoder"}, 185_217),
    ({"architecture": "pooling-autoencoder", "widths": [32, 32]}, 28_353),
    ({"architecture": "pooling-autoencoder", "widths": [32, 64], "side": 256, "channels": 3}, 75_651),
    ({"architecture": "variational-autoencoder"}, 652_824),
    ({"architecture": "principal-components"}, 201_616),
]


@pytest.mark.parametrize(("model", "parameters"), SIZES)
def test_parameters_and_size(model, parameters):
    network = build(model)
    assert sum(parameter.numel() for parameter in network.parameters()) == parameters
    side = model.get("side", 28)
    assert network.input_size == (side, side) and network.size_multiple == side
    x = torch.rand(2, network.channels, side, side)
    assert network(x).shape == x.shape


@pytest.mark.parametrize("model", [model for model, _ in SIZES])
def test_what_is_exported_is_the_network(model):
    torch.manual_seed(0)
    network = build(model).eval().requires_grad_(False)
    for parameter in network.parameters():
        torch.nn.init.normal_(parameter, std=0.1)
    graph = trace(network, network.channels)
    x = torch.rand(2, network.channels, *network.input_size)
    assert torch.allclose(GraphNetwork(graph, network.size_multiple)(x), network(x), atol=1e-5)
    assert ("latent" in [node.name for node in graph.operations]) == isinstance(network, VariationalAutoencoder)


def test_pooling_needs_sides_that_can_be_halved():
    with pytest.raises(ValueError, match="3 halvings divide but received 28"):
        build({"architecture": "pooling-autoencoder", "widths": [4, 4, 4]})


def test_pooling_mirrors_its_widths():
    network = build({"architecture": "pooling-autoencoder", "widths": [4, 6], "side": 8})
    assert network.encoder(torch.rand(1, 1, 8, 8)).shape == (1, 6, 2, 2)
    convolutions = [layer for layer in network.decoder if isinstance(layer, torch.nn.Conv2d)]
    assert [(layer.in_channels, layer.out_channels) for layer in convolutions] == [(6, 6), (6, 4), (4, 1)]


class TestVariational:
    @pytest.fixture
    def network(self):
        torch.manual_seed(0)
        return VariationalAutoencoder(hidden=8, code=3, side=4)

    def test_the_mean_is_the_code(self, network):
        x = torch.rand(5, 1, 4, 4)
        assert torch.equal(network(x), network(x))
        assert torch.equal(network(x), network.decoder(network.latent(network.encoder(x))))

    def test_loss_of_a_known_posterior(self, network):
        """Means of 1 and variances of e: KL is 0.5 (1 + e - 1 - 1) per number. A decoder at 0.5 costs ln 2 a pixel."""
        for layer, bias in ((network.latent, 1.0), (network.log_variance, 1.0), (network.decoder[2], 0.0)):
            torch.nn.init.zeros_(layer.weight)
            torch.nn.init.constant_(layer.bias, bias)
        x = torch.rand(2, 1, 4, 4)
        divergence = 3 * 0.5 * (np.e - 1)
        for weight in (0.0, 1.0, 2.0):
            loss = network.loss(x, x, weight, torch.Generator().manual_seed(0)).item()
            assert loss == pytest.approx(16 * np.log(2) + weight * divergence, rel=1e-5)

    def test_codes_are_drawn_from_the_generator(self, network):
        x = torch.rand(2, 1, 4, 4)
        first, again, other = (network.loss(x, x, 1.0, torch.Generator().manual_seed(seed)) for seed in (0, 0, 1))
        assert torch.equal(first, again) and not torch.equal(first, other)


class TestPrincipalComponents:
    @pytest.fixture
    def images(self):
        """Pictures of 16 pixels that have only 3 degrees of freedom, about a mean that is not 0."""
        generator = torch.Generator().manual_seed(0)
        basis = torch.randn(3, 16, generator=generator)
        return (0.5 + 0.05 * torch.randn(50, 3, generator=generator) @ basis).view(50, 1, 4, 4)

    def test_as_many_components_as_degrees_of_freedom_are_exact(self, images):
        network = PrincipalComponents(code=3, side=4)
        network.solve(images)
        assert torch.allclose(network(images), images, atol=1e-5)

    def test_fewer_lose_the_variance_of_the_rest(self, images):
        network = PrincipalComponents(code=1, side=4)
        network.solve(images)
        centred = images.flatten(1).numpy() - images.flatten(1).numpy().mean(axis=0)
        variances = np.linalg.svd(centred, compute_uv=False) ** 2
        lost = (network(images) - images).square().sum().item()
        assert lost == pytest.approx(variances[1:].sum(), rel=1e-3)

    def test_noise_outside_the_components_is_removed(self, images):
        network = PrincipalComponents(code=3, side=4)
        network.solve(images)
        noise = 0.1 * torch.randn(images.shape, generator=torch.Generator().manual_seed(1))
        left = (network(images + noise) - images).square().mean() / noise.square().mean()
        assert left.item() == pytest.approx(3 / 16, abs=0.05)

    def test_signs_are_settled(self, images):
        network = PrincipalComponents(code=3, side=4)
        network.solve(images)
        components = network.encoder[1].weight
        assert (components.gather(1, components.abs().argmax(dim=1, keepdim=True)) > 0).all()
