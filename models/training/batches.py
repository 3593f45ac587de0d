"""Batches, step by step: all of a batch is decided by the recipe's seed, the stage and the step.

Three ways to make them. A thread draws the next batch while the network trains on this one (`ThreadBatches`); worker
processes draw several at once (`ProcessBatches`); or the photographs lie on the GPU and batches are made there
(`DeviceBatches`, in device_batches.py). The first two give the same batches.
"""

import itertools
import multiprocessing
import os
from collections.abc import Generator
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import torch
from torch import Tensor
from torch.utils.data import DataLoader, Dataset

from .data import Photographs
from .noise import add_noise, as_grey, camera_pairs, draw_sigmas
from .recipe import Phase, Recipe

Batch = tuple[Tensor, Tensor, Tensor]  # noisy [N,C,H,W], clean, sigmas [N]
PREFETCHED = 4  # batches per process


class Batches(Protocol):
    def from_step(self, stage: str, first: int) -> Generator[Batch, None, None]: ...


def step_rng(recipe: Recipe, stage: str, step: int) -> np.random.Generator:
    return np.random.default_rng([recipe.seed, stage == "release", step])


def torch_seed(rng: np.random.Generator) -> int:
    return int(rng.integers(2**62))


def phase_of(recipe: Recipe, stage: str, step: int) -> Phase:
    return recipe.release_phase if stage == "release" else recipe.stable_phase(step)


def draw_batch(recipe: Recipe, stage: str, step: int, phase: Phase, photographs: Photographs) -> Batch:
    rng = step_rng(recipe, stage, step)
    generator = torch.Generator().manual_seed(torch_seed(rng))
    clean = photographs.batch(phase.batch, phase.patch, rng)
    if recipe.noise["kind"] == "camera":
        noisy, clean = camera_pairs(clean, generator)
        return noisy, clean, 255 * (noisy - clean).square().mean(dim=(1, 2, 3)).sqrt()
    return gaussian_pairs(recipe, clean, generator)


def gaussian_pairs(recipe: Recipe, clean: Tensor, generator: torch.Generator) -> Batch:
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


@dataclass
class ThreadBatches:
    """`pool` has one thread, which draws one batch ahead."""

    recipe: Recipe
    photographs: Photographs
    pool: Executor

    def from_step(self, stage: str, first: int) -> Generator[Batch, None, None]:
        def draw(step: int):
            phase = phase_of(self.recipe, stage, step)
            return self.pool.submit(draw_batch, self.recipe, stage, step, phase, self.photographs)

        coming = draw(first)
        for step in itertools.count(first + 1):
            batch, coming = coming.result(), draw(step)
            yield batch


@dataclass
class StepsDataset(Dataset):
    """Maps a step to its batch."""

    recipe: Recipe
    photographs: Photographs
    stage: str

    def __getitem__(self, step: int) -> Batch:
        phase = phase_of(self.recipe, self.stage, step)
        return draw_batch(self.recipe, self.stage, step, phase, self.photographs)


@dataclass
class ProcessBatches:
    """For noise that a GPU cannot make (JPEG files): the same batches for any number of processes."""

    recipe: Recipe
    photographs: Photographs
    device: str
    processes: int = max(1, (os.cpu_count() or 1) - 1)

    def from_step(self, stage: str, first: int) -> Generator[Batch, None, None]:
        forks = "fork" in multiprocessing.get_all_start_methods()
        loader = DataLoader(
            StepsDataset(self.recipe, self.photographs, stage),
            sampler=itertools.count(first),
            batch_size=None,  # what the dataset returns is a batch
            num_workers=self.processes,
            prefetch_factor=PREFETCHED,
            pin_memory=self.device.startswith("cuda"),
            # forked processes share the photographs; others would each be sent a copy
            multiprocessing_context="fork" if forks else None,
        )
        for batch in loader:
            yield tuple(tensor.to(self.device, non_blocking=True) for tensor in batch)
