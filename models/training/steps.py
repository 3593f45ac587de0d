"""One step of training: loss, gradients, optimisers, average. `CpuSteps` shares a batch among the cores."""

import math
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from .batches import Batch
from .infer import input_of
from .recipe import Recipe
from .state import State

MEAN_SIGMA = 25.0
RELEASE_AVERAGES = 20  # the running average of a release has a twentieth of its steps to look back on


class Workers:
    """Threads that each take a share of the batch, with one core each, and one that draws the next batch.

    Shares meet once per step. OpenMP's threads meet in every layer, and one that another process delays then holds up
    all others: with both cores shared, that was measured to be ten times slower.
    """

    def __init__(self, count: int):
        self.count = count
        torch.set_num_threads(1)
        self.pool = ThreadPoolExecutor(count, initializer=torch.set_num_threads, initargs=(1,))
        self.drawing = ThreadPoolExecutor(1, initializer=torch.set_num_threads, initargs=(1,))


def learning_rate_factor(recipe: Recipe, stage: str, step: int) -> float:
    """Linear warm-up, then 1; in a release, a cosine from 1 to 0."""
    if stage == "release":
        return (1 + math.cos(math.pi * min(step / recipe.release["steps"], 1))) / 2
    return min(1, (step + 1) / recipe.optimiser["warmup"])


def balanced_loss(output: Tensor, clean: Tensor, sigmas: Tensor, kind: str) -> Tensor:
    """L1 or MSE, each patch weighted so that no sigma dominates: the attainable MSE grows as about sigma^1.1."""
    weights = ((MEAN_SIGMA + 3) / (sigmas + 3)) ** (1.1 if kind == "mse" else 0.55)
    difference = output - clean
    errors = difference.square() if kind == "mse" else difference.abs()
    return (errors.mean(dim=(1, 2, 3)) * weights).mean()


def loss_of(state: State, batch: Batch, network: Callable[[Tensor], Tensor]) -> Tensor:
    """`network` is the state's own, perhaps compiled."""
    device = next(state.network.parameters()).device
    noisy, clean, sigmas = (x.to(device) for x in batch)
    with torch.autocast(device.type, torch.bfloat16):
        x = input_of(state.network, noisy, sigmas)
        output = network(x.contiguous(memory_format=torch.channels_last))
        kind = state.recipe.release["loss"] if state.stage == "release" else "l1"
        return balanced_loss(output, clean, sigmas, kind)


def apply_gradients(state: State, patches: int, each: Callable[..., Iterable] = map) -> None:
    """The step itself, once the parameters have their gradients. `each` may take several optimisers at a time."""
    recipe, parameters = state.recipe, list(state.network.parameters())
    nn.utils.clip_grad_norm_(parameters, 1.0)
    factor = learning_rate_factor(recipe, state.stage, state.step)
    for optimiser in state.optimisers:
        for group in optimiser.param_groups:
            group["lr"] = recipe.optimiser["lr"] * factor
    list(each(lambda optimiser: optimiser.step(), state.optimisers))
    # the average follows quickly while there is little to remember
    decay = recipe.optimiser["ema"]
    if state.stage == "stable":
        decay = min(decay, (state.step + 1) / (state.step + 10))
    else:  # in the end, nothing of what a short release began with: that cost a deep network up to 0.7 dB
        decay = min(decay, 1 - min(1, RELEASE_AVERAGES / recipe.release["steps"]))
    with torch.no_grad():
        torch._foreach_lerp_(list(state.ema.parameters()), parameters, 1 - decay)
    state.step += 1
    state.patches += patches


@dataclass
class CpuSteps:
    state: State
    workers: Workers

    def step(self, batch: Batch) -> None:
        state, pool = self.state, self.workers.pool
        shares = list(zip(*(tensor.chunk(self.workers.count) for tensor in batch)))
        results = list(pool.map(self._gradients, shares))
        weights = [len(share[0]) / len(batch[0]) for share in shares]
        for parameter, *parts in zip(state.network.parameters(), *(result[1] for result in results)):
            parameter.grad = sum(part * weight for part, weight in zip(parts, weights))
        apply_gradients(state, len(batch[0]), pool.map)
        state.losses.append(sum(result[0] * weight for result, weight in zip(results, weights)))

    def _gradients(self, share: Batch) -> tuple[float, tuple[Tensor, ...]]:
        """The loss of one share of a batch, and its gradients in the order of the network's parameters."""
        loss = loss_of(self.state, share, self.state.network)
        return loss.item(), torch.autograd.grad(loss, list(self.state.network.parameters()))

    def settle(self) -> None:
        """Nothing is under way after a step."""
