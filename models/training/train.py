"""The trainer: warm-up, a stable part without end, and a decay at each release.

Every step draws its data from a generator seeded by (recipe, stage, step), so that a run that was stopped and resumed
is the run that was not, bit for bit (on one machine with one number of workers).
"""

import copy
import json
import math
import os
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from tqdm import tqdm

from . import progress
from .architectures import build
from .data import FLAT_KEPT, Photographs
from .export.restore import restore
from .grow import grow, without_noise_map
from .infer import input_of
from .noise import add_noise, as_grey, camera_pairs, draw_sigmas
from .optim import optimisers
from .recipe import Phase, Recipe

MEAN_SIGMA = 25.0


@dataclass
class State:
    """All that a run is at one moment. `stage` is 'stable' or 'release'."""

    recipe: Recipe
    network: nn.Module
    ema: nn.Module
    optimisers: list[torch.optim.Optimizer]
    stage: str = "stable"
    step: int = 0
    patches: int = 0
    seconds: float = 0.0
    losses: list[float] = field(default_factory=list)

    @classmethod
    def start(cls, recipe: Recipe, device: str) -> "State":
        torch.manual_seed(recipe.seed)
        network = build(recipe.model).to(device, memory_format=torch.channels_last)
        settings = recipe.optimiser
        return cls(
            recipe,
            network,
            copy.deepcopy(network).requires_grad_(False),
            optimisers(network, settings["name"], settings["lr"], settings["weight_decay"]),
        )

    def save(self, file: Path) -> None:
        """Whole or not at all: written beside, then renamed."""
        content = {
            "recipe": self.recipe.id,
            "model": self.recipe.model,
            "network": self.network.state_dict(),
            "ema": self.ema.state_dict(),
            "optimisers": [optimiser.state_dict() for optimiser in self.optimisers],
            **{name: getattr(self, name) for name in ("stage", "step", "patches", "seconds")},
        }
        file.parent.mkdir(parents=True, exist_ok=True)
        beside = file.with_suffix(".tmp")
        torch.save(content, beside)
        beside.rename(file)

    def load(self, file: Path) -> None:
        content = torch.load(file, map_location=next(self.network.parameters()).device, weights_only=True)
        if content["model"] != self.recipe.model:
            raise ValueError(f"Expected {file} to hold {self.recipe.model} but it holds {content['model']}.")
        self.network.load_state_dict(content["network"])
        self.ema.load_state_dict(content["ema"])
        for optimiser, saved in zip(self.optimisers, content["optimisers"]):
            optimiser.load_state_dict(saved)
        for name in ("stage", "step", "patches", "seconds"):
            setattr(self, name, content[name])


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


def draw_batch(recipe: Recipe, stage: str, step: int, phase: Phase, photographs: Photographs):
    """Noisy [N,C,H,W], clean, sigmas [N]: all of it decided by (recipe's seed, stage, step)."""
    rng = np.random.default_rng([recipe.seed, stage == "release", step])
    generator = torch.Generator().manual_seed(int(rng.integers(2**62)))
    clean = photographs.batch(phase.batch, phase.patch, rng)
    if recipe.noise["kind"] == "camera":
        noisy, clean = camera_pairs(clean, generator)
        return noisy, clean, 255 * (noisy - clean).square().mean(dim=(1, 2, 3)).sqrt()
    return gaussian_pairs(recipe, clean, generator)


def gaussian_pairs(recipe: Recipe, clean: Tensor, generator: torch.Generator):
    """Noisy [N,C,H,W], clean, and what the network is told, [N]."""
    noise, count = recipe.noise, len(clean)
    sigmas = draw_sigmas(count, noise["sigma_max"], noise["sigma_power"], generator)

    def chosen(share: str) -> Tensor:
        return torch.rand(count, generator=generator) < noise[share]

    clipped, grey, correlated = chosen("clipped_share"), chosen("grey_share"), chosen("correlated_share")
    if recipe.model.get("channels", 3) == 1:
        clean = as_grey(clean, torch.ones(count, dtype=torch.bool))[:, :1]
    else:
        clean = as_grey(clean, grey)
    noisy = add_noise(clean, sigmas, clipped, grey, correlated, generator)
    return noisy, clean, torch.where(correlated, misjudged(sigmas, generator), sigmas)


def misjudged(sigmas: Tensor, generator: torch.Generator) -> Tensor:
    """Sigmas as a blind estimate of correlated noise has them: up to a quarter off."""
    return sigmas * 1.25 ** (2 * torch.rand(sigmas.shape, generator=generator) - 1)


def balanced_loss(output: Tensor, clean: Tensor, sigmas: Tensor, kind: str) -> Tensor:
    """L1 or MSE, each patch weighted so that no sigma dominates: the attainable MSE grows as about sigma^1.1."""
    weights = ((MEAN_SIGMA + 3) / (sigmas + 3)) ** (1.1 if kind == "mse" else 0.55)
    difference = output - clean
    errors = difference.square() if kind == "mse" else difference.abs()
    return (errors.mean(dim=(1, 2, 3)) * weights).mean()


def gradients(state: State, batch: tuple[Tensor, Tensor, Tensor]) -> tuple[float, tuple[Tensor, ...]]:
    """The loss of one share of a batch, and its gradients in the order of the network's parameters."""
    device = next(state.network.parameters()).device
    noisy, clean, sigmas = (x.to(device) for x in batch)
    with torch.autocast(device.type, torch.bfloat16):
        x = input_of(state.network, noisy, sigmas)
        output = state.network(x.contiguous(memory_format=torch.channels_last))
        kind = state.recipe.release["loss"] if state.stage == "release" else "l1"
        loss = balanced_loss(output, clean, sigmas, kind)
    return loss.item(), torch.autograd.grad(loss, list(state.network.parameters()))


def train_step(state: State, batch: tuple[Tensor, Tensor, Tensor], workers: Workers) -> None:
    recipe = state.recipe
    shares = list(zip(*(tensor.chunk(workers.count) for tensor in batch)))
    results = list(workers.pool.map(lambda share: gradients(state, share), shares))
    weights = [len(share[0]) / len(batch[0]) for share in shares]
    for parameter, *parts in zip(state.network.parameters(), *(result[1] for result in results)):
        parameter.grad = sum(part * weight for part, weight in zip(parts, weights))
    nn.utils.clip_grad_norm_(state.network.parameters(), 1.0)
    factor = learning_rate_factor(recipe, state.stage, state.step)
    for optimiser in state.optimisers:
        for group in optimiser.param_groups:
            group["lr"] = recipe.optimiser["lr"] * factor
    list(workers.pool.map(lambda optimiser: optimiser.step(), state.optimisers))
    # the average follows quickly while there is little to remember
    decay = recipe.optimiser["ema"]
    if state.stage == "stable":
        decay = min(decay, (state.step + 1) / (state.step + 10))
    with torch.no_grad():
        for average, value in zip(state.ema.parameters(), state.network.parameters()):
            average.lerp_(value, 1 - decay)
    state.step += 1
    state.patches += len(batch[0])
    state.losses.append(sum(result[0] * weight for result, weight in zip(results, weights)))


def start_from(state: State, source: Path) -> None:
    """The weights of a checkpoint or a published folder; its network may be a smaller one of the same architecture."""
    if source.is_dir():
        smaller = build(json.loads((source / "card.json").read_text())["architecture"])
        restore(smaller, source)
    else:
        content = torch.load(source, map_location="cpu", weights_only=True)
        smaller = build(content["model"])
        smaller.load_state_dict(content["ema"])
    if smaller.conditioned and not state.network.conditioned:
        smaller = without_noise_map(smaller, MEAN_SIGMA)
    for network in (state.network, state.ema):
        grow(network, smaller)


def train(
    recipe: Recipe,
    data: Path,
    run: Path,
    release: bool = False,
    steps: int | None = None,
    minutes: float | None = None,
    save_minutes: float = 4.0,
    validate_minutes: float = 8.0,
    device: str = "cpu",
    workers: Workers | None = None,
    stop: threading.Event | None = None,
    start: Path | None = None,
) -> State:
    """Trains in `run`, resuming what is there: stable.pt, or release.pt which starts from it.

    Where there is nothing yet, the network starts from `start`, a checkpoint or a published folder, if that is given.

    Stops after `steps` of the stage in all, after `minutes` of this call, or when `stop` is set, and keeps its state; a
    release stops at its end, too.
    """
    workers = workers or Workers(1 if device.startswith("cuda") else os.cpu_count() or 1)
    state = State.start(recipe, device)
    stable_file, release_file = run / "stable.pt", run / "release.pt"
    file = release_file if release else stable_file
    if file.exists():
        state.load(file)
    elif release:
        state.load(stable_file)
        state.stage, state.step = "release", 0
    elif start is not None:
        start_from(state, start)
    folders = [data / folder for folder in recipe.data["train"]]
    photographs = Photographs.read(folders, recipe.largest_patch, recipe.data.get("flat_kept", FLAT_KEPT))
    crop = recipe.data.get("crop", progress.CROP)
    judge = progress.Judge(data / recipe.data["valid"], run, state.network.channels, recipe.noise["kind"], crop)
    last = recipe.release["steps"] if release else steps
    started = saved = validated = time.monotonic()
    before = state.seconds

    def keep() -> None:
        state.seconds = before + time.monotonic() - started
        state.save(file)

    bar = tqdm(total=last, initial=state.step, desc=state.stage, unit="step", mininterval=5)

    def draw(step: int):
        phase = recipe.release_phase if release else recipe.stable_phase(step)
        return workers.drawing.submit(draw_batch, recipe, state.stage, step, phase, photographs)

    coming = draw(state.step)
    while last is None or state.step < last:
        now = time.monotonic()
        if (minutes is not None and now - started > minutes * 60) or (stop is not None and stop.is_set()):
            break
        batch, coming = coming.result(), draw(state.step + 1)
        train_step(state, batch, workers)
        bar.update()
        if now - saved > save_minutes * 60:
            keep()
            saved = time.monotonic()
        if now - validated > validate_minutes * 60:
            state.seconds = before + now - started
            bar.write(judge.look(state))
            validated = time.monotonic()
    bar.close()
    keep()
    print(judge.look(state), flush=True)
    return state
