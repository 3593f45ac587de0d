"""Batches made where the network is: all photographs lie on the device, crops are gathered and noise is drawn there.

Same distribution as batches.py, other random numbers: they come from the device's own generator, seeded alike, and
differ between kinds of devices.
"""

import itertools
from collections.abc import Generator

import numpy as np
import torch
from torch import Tensor

from .batches import Batch, gaussian_pairs, phase_of, step_rng, torch_seed
from .data import FLAT_GRADIENT, Photographs
from .recipe import Phase, Recipe

CANDIDATES = 2  # per patch: a share of flat ones up to five eighths then leaves enough after refusal


def mean_gradients(patches: Tensor) -> Tensor:
    """[N,H,W,3] uint8 -> [N], as `data.mean_gradient` has it for one."""
    values = patches.short()
    down, across = (values.diff(dim=dim).abs().float().mean(dim=(1, 2, 3)) for dim in (1, 2))
    return (down + across) / 2


class DevicePhotographs:
    """`Photographs` as one flat tensor of pixels on a device. Draws come from a generator on that device."""

    def __init__(self, photographs: Photographs, device: str):
        images = [image for pyramid in photographs.pyramids for image in pyramid]
        scales = [len(pyramid) for pyramid in photographs.pyramids]
        areas = [image.shape[0] * image.shape[1] for image in images]

        def table(values) -> Tensor:
            return torch.tensor(values, dtype=torch.int64, device=device)

        self.pixels = torch.from_numpy(np.concatenate([image.reshape(-1, 3) for image in images])).to(device)
        self.starts = table([0, *itertools.accumulate(areas)][:-1])  # in pixels; the next three: one per image
        self.heights = table([image.shape[0] for image in images])
        self.widths = table([image.shape[1] for image in images])
        self.firsts = table([0, *itertools.accumulate(scales)][:-1])  # in images; one per pyramid
        self.scales = table(scales)
        self.flat_kept = photographs.flat_kept

    def crops(self, images: Tensor, tops: Tensor, lefts: Tensor, size: int, turns: Tensor) -> Tensor:
        """[N,size,size,3] uint8, of images [N] at tops and lefts [N], each in one of a square's eight `turns` [N]."""
        along = torch.arange(size, device=self.pixels.device)
        rows, columns = along.view(1, -1, 1), along.view(1, 1, -1)
        turns = turns.view(-1, 1, 1)
        rows, columns = torch.where(turns >= 4, columns, rows), torch.where(turns >= 4, rows, columns)
        rows = torch.where(turns % 2 == 1, size - 1 - rows, rows)
        columns = torch.where(turns // 2 % 2 == 1, size - 1 - columns, columns)
        corners = (self.starts[images] + tops * self.widths[images] + lefts).view(-1, 1, 1)
        return self.pixels[corners + rows * self.widths[images].view(-1, 1, 1) + columns]

    def patches(self, count: int, size: int, generator: torch.Generator) -> Tensor:
        """[count,3,size,size] uint8: as `Photographs.patch` draws them, from twice as many candidates.

        Where even these are too flat, some that were refused fill the batch.
        """
        candidates, device = CANDIDATES * count, self.pixels.device

        def below(limits: Tensor | int) -> Tensor:
            """Random integers [candidates] from 0 to below `limits`; double precision does not round up to them."""
            return (torch.rand(candidates, generator=generator, device=device, dtype=torch.float64) * limits).long()

        pyramids = below(len(self.firsts))
        images = self.firsts[pyramids] + below(self.scales[pyramids])
        tops, lefts = below(self.heights[images] - size + 1), below(self.widths[images] - size + 1)
        turns = torch.randint(8, (candidates,), generator=generator, device=device)
        patches = self.crops(images, tops, lefts, size, turns)
        kept = torch.rand(candidates, generator=generator, device=device) < self.flat_kept
        refused = (mean_gradients(patches) < FLAT_GRADIENT) & ~kept
        return patches[refused.byte().argsort(stable=True)[:count]].permute(0, 3, 1, 2)


class DeviceBatches:
    def __init__(self, recipe: Recipe, photographs: Photographs, device: str):
        self.recipe, self.device = recipe, torch.device(device)
        self.photographs = DevicePhotographs(photographs, device)

    def batch(self, stage: str, step: int, phase: Phase) -> Batch:
        seed = torch_seed(step_rng(self.recipe, stage, step))
        generator = torch.Generator(self.device).manual_seed(seed)
        with self.device:  # what the noise makes without naming a device is made on this one
            clean = self.photographs.patches(phase.batch, phase.patch, generator).float() / 255
            return gaussian_pairs(self.recipe, clean, generator)

    def from_step(self, stage: str, first: int) -> Generator[Batch, None, None]:
        """On CUDA each batch is made on a stream of its own, while the network is still busy with the one before.

        Making one waits for the device here and there (how many patches get correlated noise?), which would otherwise
        mean to wait for the network.
        """
        batches = (self.batch(stage, step, phase_of(self.recipe, stage, step)) for step in itertools.count(first))
        if self.device.type != "cuda":
            yield from batches
            return
        training = torch.cuda.current_stream(self.device)
        making = torch.cuda.Stream(self.device, priority=-1)
        making.wait_stream(training)
        while True:
            with torch.cuda.stream(making):
                batch = next(batches)
            training.wait_stream(making)
            for tensor in batch:
                tensor.record_stream(training)  # its memory is not used again before training is done with it
            yield batch
