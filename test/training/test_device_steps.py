"""What a step is made of: shares of a batch, the average, and the optimisers' decay."""

import copy

import pytest
import torch
from training.batches import draw_batch
from training.data import Photographs
from training.optim import Muon
from training.recipe import Phase
from training.steps import CpuSteps, Workers, apply_gradients
from training.train import State


def gradients_after_a_step(recipe, batch, workers: int) -> tuple[torch.Tensor, float]:
    state = State.start(recipe, "cpu")
    CpuSteps(state, Workers(workers)).step(batch)
    return torch.cat([parameter.grad.flatten() for parameter in state.network.parameters()]), state.losses[0]


def test_uneven_shares_count_by_their_patches(recipe, data):
    photographs = Photographs.read([data / "train/a"], recipe.largest_patch)
    batch = draw_batch(recipe, "stable", 0, Phase(patch=24, batch=3), photographs)  # shares of 2 and 1
    whole, loss = gradients_after_a_step(recipe, batch, 1)
    shared, shared_loss = gradients_after_a_step(recipe, batch, 2)
    assert (shared - whole).norm() < 0.02 * whole.norm()
    assert shared_loss == pytest.approx(loss, rel=1e-3)


@pytest.mark.parametrize(
    ("stage", "step", "release_steps", "kept"),
    [("stable", 0, 4, 0.1), ("stable", 10**6, 4, 0.99), ("release", 0, 4000, 0.99), ("release", 0, 40, 0.5)],
)
def test_average_follows_quickly_at_first_and_in_short_releases(recipe, stage, step, release_steps, kept):
    state = State.start(recipe, "cpu")
    state.set_release_steps(release_steps)
    state.stage, state.step = stage, step
    for parameter in state.network.parameters():
        parameter.grad = torch.ones_like(parameter)
    before = copy.deepcopy(state.ema)
    apply_gradients(state, patches=5)
    assert (state.step, state.patches) == (step + 1, 5)
    for old, new, average in zip(before.parameters(), state.network.parameters(), state.ema.parameters()):
        torch.testing.assert_close(average, kept * old + (1 - kept) * new, rtol=0, atol=1e-6)
        assert not torch.equal(old, new)


def test_muon_decays_weights_that_have_no_gradient():
    weights = [torch.full((2, 3, 1, 1), 2.0), torch.full((4, 3, 1, 1), 2.0)]
    for weight in weights:
        weight.grad = torch.zeros_like(weight)
    Muon(weights, lr=0.1, weight_decay=0.5).step()
    assert all(torch.equal(weight, torch.full_like(weight, 2 * (1 - 0.1 * 0.5))) for weight in weights)
