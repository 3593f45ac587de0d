"""Muon's building block, and who gets which optimiser."""

import pytest
import torch
from training.architectures import build
from training.optim import Muon, optimisers, orthogonalise


@pytest.mark.parametrize("shape", [(3, 8, 72), (2, 64, 16)])
def test_orthogonalised_matrices_have_singular_values_near_one(shape):
    matrices = torch.randn(shape, generator=torch.Generator().manual_seed(0))
    values = torch.linalg.svdvals(orthogonalise(matrices))
    assert values.min() > 0.6 and values.max() < 1.3
    assert torch.linalg.svdvals(matrices).max() > 4


def test_orthogonalising_keeps_the_directions():
    matrix = torch.randn(1, 8, 32, generator=torch.Generator().manual_seed(0))
    u, _, vt = torch.linalg.svd(matrix[0], full_matrices=False)
    cosine = torch.nn.functional.cosine_similarity(orthogonalise(matrix).flatten(), (u @ vt).flatten(), dim=0)
    assert cosine > 0.97


def test_pixels_and_biases_get_adamw(recipe):
    network = build(recipe.model)
    adamw, *muons = optimisers(network, "muon", 1e-3, 0.0)
    assert isinstance(adamw, torch.optim.AdamW) and all(isinstance(muon, Muon) for muon in muons)
    names = {id(parameter): name for name, parameter in network.named_parameters()}
    hidden = [names[id(parameter)] for muon in muons for parameter in muon.param_groups[0]["params"]]
    rest = [names[id(parameter)] for parameter in adamw.param_groups[0]["params"]]
    assert "down.0.weight" in hidden and {"head.weight", "tail.weight", "down.0.bias"} <= set(rest)
    assert sorted(hidden + rest) == sorted(names.values())  # each exactly once


def test_unknown_optimiser_is_named(recipe):
    with pytest.raises(ValueError, match="received 'sgd'"):
        optimisers(build(recipe.model), "sgd", 1e-3, 0.0)
