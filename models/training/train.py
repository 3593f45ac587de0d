"""The trainer: warm-up, a stable part without end, and a decay at each release.

Every step draws its data from a generator seeded by (recipe, stage, step), so that a run that was stopped and resumed
is the run that was not, bit for bit (on one machine with one number of workers; a GPU's sums are not always the same).
"""

import contextlib
import json
import math
import os
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import nn
from tqdm import tqdm

from . import gpu, progress
from .architectures import build
from .batches import Batches, ProcessBatches, ThreadBatches, draw_batch
from .data import FLAT_KEPT, Photographs
from .device_batches import DeviceBatches
from .export.restore import restore
from .grow import grow, without_noise_map
from .pace import Pace
from .recipe import Recipe
from .state import State
from .steps import MEAN_SIGMA, CpuSteps, Workers, learning_rate_factor

__all__ = ["State", "Workers", "draw_batch", "learning_rate_factor", "train"]
ENDING = 12.0  # seconds that a GPU's call keeps of its minutes, for the last save and look


def start_from(state: State, sources: Sequence[Path]) -> None:
    """The weights of checkpoints or published folders; the networks may be smaller ones of the same architecture.

    What they were trained on and for how long counts as the run's own, as the weights stand for both; of several, the
    most, as they mostly come from one another.
    """
    starts = [read_start(source) for source in sources]
    state.patches, state.seconds = (max(values) for values in zip(*(start[1:] for start in starts)))
    smaller = [start[0] for start in starts]
    if not state.network.conditioned:
        smaller = [without_noise_map(net, MEAN_SIGMA) if net.conditioned else net for net in smaller]
    for net in smaller:
        net.to(next(state.network.parameters()).device)
    for network in (state.network, state.ema):
        grow(network, smaller)


def read_start(source: Path) -> tuple[nn.Module, int, float]:
    """The network, and the patches and seconds that it was trained for."""
    if source.is_dir():
        card = json.loads((source / "card.json").read_text())
        network = build(card["architecture"])
        restore(network, source)
        return network, card["training"]["patches"], card["training"]["hours"] * 3600
    if not source.exists():
        raise FileNotFoundError(
            f"Expected a checkpoint or a published folder in {source} but found none. Train what is to be there first."
        )
    content = torch.load(source, map_location="cpu", weights_only=True)
    network = build(content["model"])
    network.load_state_dict(content["ema"])
    return network, content["patches"], content["seconds"]


def restored(state: State, run: Path, release: bool, starts: Sequence[Path]) -> None:
    """Where the run was, or where it is to start from."""
    stable_file, release_file = run / "stable.pt", run / "release.pt"
    if release and release_file.exists():
        state.load(release_file)
    elif release:
        state.load(stable_file)
        state.start_release()
    elif stable_file.exists():
        state.load(stable_file)
    elif starts:
        start_from(state, starts)


def batches_for(recipe: Recipe, photographs: Photographs, device: str) -> Batches:
    """Those for a GPU: JPEG files are made by other processes, all else by the device itself."""
    source = ProcessBatches if recipe.noise["kind"] == "camera" else DeviceBatches
    return source(recipe, photographs, device)


@dataclass
class Call:
    """A call of `train`: its stages have the same network, data and clock. `until` is a time of that clock."""

    state: State
    run: Path
    batches: Batches
    steps: CpuSteps | gpu.GpuSteps
    judge: progress.Judge
    stop: threading.Event
    until: float
    save_minutes: float
    validate_minutes: float

    def __post_init__(self):
        self.started, self.seconds_before = time.monotonic(), self.state.seconds

    def over(self, until: float) -> bool:
        return time.monotonic() > until or self.stop.is_set()

    def stable(self, last: int | None, minutes_kept: float) -> None:
        """Leaves `minutes_kept` of the call's time."""
        self._stage(self.until - 60 * minutes_kept, last)

    def release(self, minutes: float | None) -> None:
        """For as many steps as the recipe says, or as have room in `minutes` (unless that was measured before)."""
        if minutes is None or self.state.release_steps is not None:
            self._stage(self.until, self.state.recipe.release["steps"])
            return
        self.state.set_release_steps(math.inf)
        self._stage(self.until, None, Pace(min(self.until, time.monotonic() + 60 * minutes), self.steps.settle))

    def _stage(self, until: float, last: int | None, pace: Pace | None = None) -> None:
        state, saved, validated = self.state, time.monotonic(), time.monotonic()
        bar = tqdm(total=last, initial=state.step, desc=state.stage, unit="step", mininterval=5)
        with contextlib.closing(self.batches.from_step(state.stage, state.step)) as batches:
            while last is None or state.step < last:
                if self.over(until):
                    break
                now = time.monotonic()
                self.steps.step(next(batches))
                bar.update()
                if pace is not None and (coming := pace.after_step()) is not None:
                    last, pace = state.step + coming, None
                    state.set_release_steps(last)
                    bar.total = last
                if now - saved > self.save_minutes * 60:
                    self._keep()
                    saved = time.monotonic()
                if now - validated > self.validate_minutes * 60:
                    bar.write(self._look())
                    validated = time.monotonic()
        bar.close()
        self._keep()
        print(self._look(), flush=True)

    def _keep(self) -> None:
        self._settle()
        self.state.save(self.run / f"{self.state.stage}.pt")

    def _look(self) -> str:
        self._settle()
        return self.judge.look(self.state)

    def _settle(self) -> None:
        self.steps.settle()
        self.state.seconds = self.seconds_before + time.monotonic() - self.started


def train(
    recipe: Recipe,
    data: Path,
    run: Path,
    release: bool = False,
    steps: int | None = None,
    minutes: float | None = None,
    release_minutes: float | None = None,
    save_minutes: float | None = None,
    validate_minutes: float | None = None,
    device: str = "cpu",
    as_gpu: bool | None = None,
    compiled: bool | None = None,
    workers: Workers | None = None,
    stop: threading.Event | None = None,
    starts: Sequence[Path] = (),
) -> State:
    """Trains in `run`, resuming what is there: stable.pt, or release.pt which starts from it.

    Where there is nothing yet, the network starts from `starts`, checkpoints or published folders, if any are given.

    Stops after `steps` of the stable part in all, after `minutes` of this call, or when `stop` is set, and keeps its
    state; a release stops at its end, too. That comes after the recipe's steps, or, with `release_minutes`, after as
    many as have room in these. Without `release` they are the last ones of `minutes`, after the stable part.

    As a GPU (`as_gpu`, by default where `device` is one) it takes the recipe's schedule for those and makes batches on
    the device; `compiled`, by default likewise, compiles the network. A save comes every 4 minutes, a look every 8, and
    on a GPU both every 2, unless told.
    """
    began = time.monotonic()
    cuda = device.startswith("cuda")
    as_gpu, compiled = (cuda if choice is None else choice for choice in (as_gpu, compiled))
    until = math.inf if minutes is None else began + 60 * minutes - (ENDING if cuda else 0)
    if release_minutes is not None:
        release = release or (run / "release.pt").exists()
        if not release and steps is None and (minutes is None or minutes <= release_minutes):
            raise ValueError(f"Expected --minutes beyond the release's {release_minutes:g} but received {minutes}.")
    recipe = gpu.adapted(recipe) if as_gpu else recipe
    state = State.start(recipe, device)
    restored(state, run, release, starts)
    folders = [data / folder for folder in recipe.data["train"]]
    photographs = Photographs.read(folders, recipe.largest_patch, recipe.data.get("flat_kept", FLAT_KEPT))
    crop = recipe.data.get("crop", progress.CROP)
    judge = progress.Judge(data / recipe.data["valid"], run, state.network.channels, recipe.noise["kind"], crop)
    if as_gpu:
        batches, stepping = batches_for(recipe, photographs, device), gpu.GpuSteps(state, compiled)
    else:
        workers = workers or Workers(os.cpu_count() or 1)
        batches, stepping = ThreadBatches(recipe, photographs, workers.drawing), CpuSteps(state, workers)
    call = Call(
        state,
        run,
        batches,
        stepping,
        judge,
        stop or threading.Event(),
        until,
        (2.0 if as_gpu else 4.0) if save_minutes is None else save_minutes,
        (2.0 if as_gpu else 8.0) if validate_minutes is None else validate_minutes,
    )
    if not release:
        call.stable(steps, release_minutes or 0)
        if release_minutes is None or call.over(until):
            return state
        state.start_release()
    call.release(release_minutes)
    return state
