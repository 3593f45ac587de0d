"""Threads and processes draw the same batches."""

import contextlib
import dataclasses
import itertools
from concurrent.futures import ThreadPoolExecutor

import pytest
import torch
from training.batches import ProcessBatches, ThreadBatches, draw_batch, phase_of
from training.data import Photographs


@pytest.fixture(scope="module")
def recipe(recipe):
    """Its release has patches of its own size."""
    return dataclasses.replace(recipe, release={**recipe.release, "patch": 20})


@pytest.fixture(scope="module")
def photographs(recipe, data):
    return Photographs.read([data / "train/a"], recipe.largest_patch)


def first(batches, stage: str, step: int, count: int) -> list:
    with contextlib.closing(batches.from_step(stage, step)) as steps:
        return list(itertools.islice(steps, count))


def same(some, others) -> bool:
    return len(some) == len(others) and all(
        len(a) == len(b) and all(map(torch.equal, a, b)) for a, b in zip(some, others)
    )


def by_thread(recipe, photographs, *steps):
    with ThreadPoolExecutor(1) as pool:
        return first(ThreadBatches(recipe, photographs, pool), *steps)


def test_batches_are_drawn_in_order_and_by_their_phase(recipe, photographs):
    drawn = by_thread(recipe, photographs, "stable", 1, 3)
    expected = [draw_batch(recipe, "stable", s, phase_of(recipe, "stable", s), photographs) for s in (1, 2, 3)]
    assert same(drawn, expected)
    assert [noisy.shape[-1] for noisy, _, _ in drawn] == [16, 24, 24]  # the first phase ends at step 2
    assert not same(drawn, by_thread(recipe, photographs, "stable", 2, 3))
    assert by_thread(recipe, photographs, "release", 1, 1)[0][0].shape[-1] == 20


@pytest.mark.parametrize("kind", ["gaussian", "camera"])
@pytest.mark.parametrize("processes", [1, 2])
def test_any_number_of_processes_draws_what_one_thread_does(recipe, photographs, kind, processes):
    recipe = dataclasses.replace(recipe, noise={**recipe.noise, "kind": kind})
    for steps in (("stable", 1, 4), ("release", 4, 3)):
        drawn = first(ProcessBatches(recipe, photographs, "cpu", processes), *steps)
        assert same(drawn, by_thread(recipe, photographs, *steps))
