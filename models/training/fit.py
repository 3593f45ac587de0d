"""The trainer for autoencoders: epochs over pictures of one size, by Adam, or a solution in closed form.

Every step draws its pictures and its noise from generators seeded by (recipe, step), so that a run that was stopped
and resumed is the run that was not, bit for bit (on one machine with one number of threads).
"""

import copy
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn
from tqdm import tqdm

from . import image_sets
from .architectures import build
from .factor_noise import add_drawn_noise
from .fit_recipe import FitRecipe
from .fit_view import View
from .image_sets import ImageSets

FILE = "stable.pt"  # as train.py's, so that whatever reads checkpoints finds it
COUNTERS = ("step", "patches", "seconds", "losses")


@dataclass
class State:
    """All that a run is at one moment."""

    recipe: FitRecipe
    network: nn.Module
    ema: nn.Module  # the running average of the weights, which is what gets judged
    optimiser: torch.optim.Optimizer
    step: int = 0
    patches: int = 0  # pictures seen, repeated ones counted again
    seconds: float = 0.0
    losses: list[float] = field(default_factory=list)  # of this epoch's steps

    @classmethod
    def start(cls, recipe: FitRecipe, device: str) -> "State":
        torch.manual_seed(recipe.seed)
        network = build(recipe.model).to(device, memory_format=torch.channels_last)  # pooling is twice as fast so
        average = copy.deepcopy(network).requires_grad_(False)
        return cls(recipe, network, average, torch.optim.Adam(network.parameters(), lr=recipe.fit.get("lr", 0)))

    def save(self, file: Path) -> None:
        """Whole or not at all: written beside, then renamed."""
        content = {
            "recipe": self.recipe.id,
            "model": self.recipe.model,
            "stage": file.stem,
            "network": self.network.state_dict(),
            "ema": self.ema.state_dict(),
            "optimisers": [self.optimiser.state_dict()],
            **{name: getattr(self, name) for name in COUNTERS},
        }
        file.parent.mkdir(parents=True, exist_ok=True)
        beside = file.with_suffix(".tmp")
        torch.save(content, beside)
        beside.rename(file)

    def load(self, file: Path) -> None:
        content = torch.load(file, map_location=device_of(self.network), weights_only=True)
        if content["model"] != self.recipe.model:
            raise ValueError(f"Expected {file} to hold {self.recipe.model} but it holds {content['model']}.")
        self.network.load_state_dict(content["network"])
        self.ema.load_state_dict(content["ema"])
        self.optimiser.load_state_dict(content["optimisers"][0])
        for name in COUNTERS:
            setattr(self, name, content[name])


def train(
    table: dict,
    data: Path,
    run: Path,
    minutes: float | None = None,
    device: str = "cpu",
    stop: threading.Event | None = None,
) -> State:
    """Trains the recipe that `table` is in the folder `run`, resuming what is there, until its epochs are over.

    Stops early after `minutes` of this call or when `stop` is set, and keeps its state.
    """
    recipe = FitRecipe.from_table(table)
    state = State.start(recipe, device)
    file = run / FILE
    if file.exists():
        state.load(file)
    sets = image_sets.read(recipe.data, data, state.network.input_size, state.network.channels)
    view = View(sets.train.batch(recipe.seed, 0, 0, View.PICTURES), recipe.noise["factors"], run)
    began = time.monotonic() - state.seconds

    def keep() -> None:
        state.seconds = time.monotonic() - began
        state.save(file)

    if recipe.fit["method"] == "closed-form":
        if state.step == 0:
            solve(state, sets)
            keep()
            print(view.look(state.ema, log_entry(state, 1)), flush=True)
        return state
    per_epoch = steps_per_epoch(recipe, sets)
    deadline = None if minutes is None else time.monotonic() + minutes * 60
    bar = tqdm(total=recipe.fit["epochs"] * per_epoch, initial=state.step, unit="step", mininterval=1)
    while state.step < recipe.fit["epochs"] * per_epoch:
        if (deadline is not None and time.monotonic() > deadline) or (stop is not None and stop.is_set()):
            break
        epoch, place = divmod(state.step, per_epoch)
        bar.set_description(f"epoch {epoch + 1} of {recipe.fit['epochs']}", refresh=False)
        if place == 0:
            state.losses = []
        train_step(state, *draw_batch(recipe, sets, epoch, place, state.step))
        bar.update()
        if place == per_epoch - 1:
            keep()
            bar.write(view.look(state.ema, log_entry(state, epoch + 1)))
    bar.close()
    keep()
    return state


def solve(state: State, sets: ImageSets) -> None:
    """The weights that clean training pictures determine, all of them at once."""
    count = len(sets.train)
    for network in (state.network, state.ema):
        network.solve(sets.train.batch(state.recipe.seed, 0, 0, count).to(device_of(network)))
    state.step, state.patches = 1, count


def steps_per_epoch(recipe: FitRecipe, sets: ImageSets) -> int:
    return -(-len(sets.train) // recipe.fit["batch"])


def draw_batch(
    recipe: FitRecipe, sets: ImageSets, epoch: int, place: int, step: int
) -> tuple[Tensor, Tensor, torch.Generator]:
    """Noisy [N,C,H,W], clean, and the generator for what else is drawn: all decided by the recipe's seed and `step`."""
    generator = torch.Generator().manual_seed(int(np.random.default_rng([recipe.seed, step]).integers(2**62)))
    batch = recipe.fit["batch"]
    clean = sets.train.batch(recipe.seed, epoch, place * batch, batch)
    return add_drawn_noise(clean, recipe.noise["factors"], generator), clean, generator


def train_step(state: State, noisy: Tensor, clean: Tensor, generator: torch.Generator) -> None:
    settings, device = state.recipe.fit, device_of(state.network)
    noisy, clean = (images.to(device, memory_format=torch.channels_last) for images in (noisy, clean))
    if settings["loss"] == "bce+kl":
        loss = state.network.loss(noisy, clean, settings["kl_weight"], generator)
    else:
        loss = F.binary_cross_entropy(state.network(noisy), clean)
    state.optimiser.zero_grad()
    loss.backward()
    state.optimiser.step()
    # the average follows quickly while there is little to remember
    decay = min(settings["ema"], (state.step + 1) / (state.step + 10))
    with torch.no_grad():
        for average, value in zip(state.ema.parameters(), state.network.parameters()):
            average.lerp_(value, 1 - decay)
    state.step += 1
    state.patches += len(clean)
    state.losses.append(loss.item())


def log_entry(state: State, epoch: int) -> dict:
    loss = round(float(np.mean(state.losses)), 5) if state.losses else ""
    counters = {"step": state.step, "patches": state.patches, "seconds": round(state.seconds)}
    return {"epoch": epoch, **counters, "loss": loss}


def device_of(network: nn.Module) -> torch.device:
    return next(network.parameters()).device
