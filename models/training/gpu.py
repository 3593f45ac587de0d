"""Training as a GPU does it: its own schedule, a compiled network, and steps that do not wait for the device."""

import math
from dataclasses import replace

import torch
from torch import Tensor
from tqdm import tqdm

from .batches import Batch
from .recipe import Phase, Recipe
from .state import State
from .steps import apply_gradients, loss_of

LOSSES_HELD = 50  # steps
OF_OPTIMISER = {"lr", "warmup", "ema"}
OF_STABLE = {"patch", "batch"}
OF_RELEASE = {"release_patch", "release_batch"}


def adapted(recipe: Recipe) -> Recipe:
    """`recipe` with what its table [optimiser.gpu] says in place of the CPU's: lr, warmup, ema; patch and batch of
    the stable part, which then has one phase, and of the release (unless release_patch or release_batch differ)."""
    table = recipe.optimiser.get("gpu")
    if table is None:
        return recipe
    known = OF_OPTIMISER | OF_STABLE | OF_RELEASE
    unknown = sorted(set(table) - known)
    if unknown:
        raise ValueError(f"Expected keys among {sorted(known)} in [optimiser.gpu] but received {unknown[0]!r}.")
    stable = replace(recipe.stable[-1], **{name: table[name] for name in OF_STABLE & set(table)})
    release = {"patch": stable.patch, "batch": stable.batch} if OF_STABLE & set(table) else {}
    release |= {name.removeprefix("release_"): table[name] for name in OF_RELEASE & set(table)}
    return replace(
        recipe,
        optimiser={**recipe.optimiser, **{name: table[name] for name in OF_OPTIMISER & set(table)}},
        stable=(Phase(stable.patch, stable.batch),),
        release={**recipe.release, **release},
    )


class GpuSteps:
    """The whole batch at once, all of it queued on the device: nothing is read from there but the losses, now and then.

    What this does runs on a CPU as well.
    """

    def __init__(self, state: State, compiled: bool):
        self.state = state
        # one compilation per size of patch, rather than one for all sizes, which would be slower
        self.network = torch.compile(state.network, dynamic=False) if compiled else state.network
        self.held: list[Tensor] = []
        if next(state.network.parameters()).is_cuda:
            torch.backends.cudnn.benchmark = True

    def step(self, batch: Batch) -> None:
        self.held.append(self._differentiate(batch))
        apply_gradients(self.state, len(batch[0]))
        if len(self.held) >= LOSSES_HELD:
            self.settle()

    def _differentiate(self, batch: Batch) -> Tensor:
        """The loss. Every parameter then has its gradient, in its own memory layout, as fused optimisers want it."""
        try:
            self.state.network.zero_grad()
            loss = loss_of(self.state, batch, self.network)
            loss.backward()
        except Exception as failure:
            if self.network is self.state.network:
                raise
            reason = (str(failure).strip() or type(failure).__name__).splitlines()[0]
            tqdm.write(f"torch.compile failed, so training goes on without it, slower: {reason}")
            self.network = self.state.network
            return self._differentiate(batch)
        return loss.detach()

    def settle(self) -> None:
        """Waits for the device, and refuses to go on (and to save) where training has come apart."""
        if not self.held:
            return
        losses = torch.stack(self.held).tolist()
        self.held.clear()
        if not all(map(math.isfinite, losses)):
            raise FloatingPointError(
                f"Expected finite losses but received {losses[-1]} by step {self.state.step}. The last checkpoint is "
                "from before that: lower the learning rate, and resume."
            )
        self.state.losses += losses
