"""What is drawn on a device is distributed as what the CPU draws. The device is a CPU here."""

import dataclasses
import itertools

import numpy as np
import pytest
import torch
from training.batches import draw_batch
from training.data import FLAT_GRADIENT, FLAT_KEPT, Photographs, mean_gradient
from training.device_batches import DeviceBatches, DevicePhotographs, mean_gradients
from training.recipe import Phase


def generator(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def noise(height: int, width: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, (height, width, 3), np.uint8)


def chequered(height: int, width: int, number: int) -> np.ndarray:
    """Detail everywhere; in one channel each pixel's row, in one its column, in one the image's number."""
    rows, columns = np.mgrid[:height, :width]
    return np.stack([rows, columns, number * 20 + 10 * ((rows + columns) % 2)], axis=2).astype(np.uint8)


@pytest.fixture
def coded() -> Photographs:
    """Three images, the last of them at two scales."""
    return Photographs([[chequered(20, 30, 0)], [chequered(90, 120, 1)], [chequered(60, 50, 2), chequered(40, 35, 3)]])


def test_crops_are_the_pixels_themselves_in_each_of_eight_turns():
    images = [noise(20, 30), noise(25, 19, seed=1)]
    photographs = DevicePhotographs(Photographs([[image] for image in images]), "cpu")
    numbers, tops, lefts = torch.ones(8, dtype=torch.int64), torch.full((8,), 9), torch.full((8,), 11)
    crops = photographs.crops(numbers, tops, lefts, 8, torch.arange(8)).numpy()
    crop = images[1][9:17, 11:19]
    turned = [np.rot90(side, k) for side in (crop, crop[:, ::-1]) for k in range(4)]
    assert {patch.tobytes() for patch in crops} == {patch.tobytes() for patch in turned}
    assert len({patch.tobytes() for patch in crops}) == 8


def test_gradients_are_those_of_the_cpu():
    patches = [noise(16, 16) // 9, noise(16, 16, seed=1) // 90, np.zeros((16, 16, 3), np.uint8)]
    patches.append(chequered(16, 16, 0))
    expected = [mean_gradient(patch) for patch in patches]
    assert mean_gradients(torch.from_numpy(np.stack(patches))).tolist() == pytest.approx(expected)


def test_images_scales_and_places_are_uniform(coded):
    patches = DevicePhotographs(coded, "cpu").patches(6000, 16, generator()).numpy()
    numbers = patches[:, 2].min(axis=(1, 2)) // 20
    shares = [(numbers == number).mean() for number in range(4)]
    assert shares == pytest.approx([1 / 3, 1 / 3, 1 / 6, 1 / 6], abs=0.025)
    tops, lefts = patches[numbers == 1, 0].min(axis=(1, 2)), patches[numbers == 1, 1].min(axis=(1, 2))
    for places, last in ((tops, 90 - 16), (lefts, 120 - 16)):
        assert (places.min(), places.max()) == (0, last)
        assert places.mean() == pytest.approx(last / 2, rel=0.05)
        assert np.quantile(places, [0.25, 0.75]) == pytest.approx([last * 0.25, last * 0.75], rel=0.1)
    assert abs(np.corrcoef(tops, lefts)[0, 1]) < 0.07


def test_turns_are_uniform(coded):
    patches = DevicePhotographs(coded, "cpu").patches(4000, 16, generator()).numpy().astype(int)
    rows_first = patches[:, 0, 0, 0] != patches[:, 0, 1, 0]  # not transposed
    upright = np.where(rows_first, patches[:, 0, 0, 0] < patches[:, 0, 1, 0], patches[:, 0, 0, 0] < patches[:, 0, 0, 1])
    unflipped = np.where(
        rows_first, patches[:, 1, 0, 0] < patches[:, 1, 0, 1], patches[:, 1, 0, 0] < patches[:, 1, 1, 0]
    )
    turns = rows_first * 4 + upright * 2 + unflipped
    assert np.bincount(turns, minlength=8) / len(turns) == pytest.approx([1 / 8] * 8, abs=0.02)


@pytest.mark.parametrize("flat_kept", [FLAT_KEPT, 0.8])
def test_as_many_flat_patches_are_kept_as_by_the_cpu(flat_kept):
    flat = np.full((64, 64, 3), 100, np.uint8)
    photographs = Photographs([[flat], [noise(64, 64)]], flat_kept)
    patches = DevicePhotographs(photographs, "cpu").patches(4000, 16, generator()).permute(0, 2, 3, 1)
    share = (mean_gradients(patches) < FLAT_GRADIENT).float().mean().item()
    assert share == pytest.approx(flat_kept / (1 + flat_kept), abs=0.025)


def test_batches_are_full_where_everything_is_flat():
    photographs = Photographs([[np.full((32, 32, 3), value, np.uint8)] for value in (10, 200)], flat_kept=0)
    patches = DevicePhotographs(photographs, "cpu").patches(64, 16, generator())
    assert patches.shape == (64, 3, 16, 16) and set(patches.unique().tolist()) == {10, 200}


def properties(batches) -> np.ndarray:
    """[share clipped, grey, correlated; tenths, halves, nine tenths of sigma; the noise's strength over sigma]."""
    rows, sigmas = [], []
    for noisy, clean, told in batches:
        added = noisy - clean
        clipped = (noisy * 255 - (noisy * 255).round()).abs().amax(dim=(1, 2, 3)) < 1e-3
        grey = (clean[:, 0] == clean[:, 1]).all(dim=1).all(dim=1)
        alike = (added[..., 1:] * added[..., :-1]).mean(dim=(1, 2, 3)) / added.square().mean(dim=(1, 2, 3))
        free = ~clipped & (alike < 0.1)
        strength = added[free].std(dim=(1, 2, 3)).mean() * 255 / told[free].mean()
        rows.append([*(x.float().mean() for x in (clipped, grey, alike > 0.1)), strength])
        sigmas.append(told[alike < 0.1])
    clipped, grey, correlated, strength = np.mean(rows, axis=0)
    return np.array([clipped, grey, correlated, *np.quantile(torch.cat(sigmas), [0.1, 0.5, 0.9]) / 55, strength])


def test_noise_is_distributed_as_on_the_cpu(recipe):
    photographs, phase = Photographs([[noise(64, 64) // 2 + 64]]), Phase(patch=24, batch=400)
    drawn = properties(DeviceBatches(recipe, photographs, "cpu").batch("stable", step, phase) for step in range(6))
    expected = properties(draw_batch(recipe, "stable", step, phase, photographs) for step in range(6))
    assert drawn == pytest.approx(expected, abs=0.04)
    assert drawn[:2] == pytest.approx([recipe.noise["clipped_share"], recipe.noise["grey_share"]], abs=0.04)
    assert drawn[-1] == pytest.approx(1, abs=0.02)


def test_batch_is_decided_by_seed_stage_and_step(recipe, coded):
    batches, phase = DeviceBatches(recipe, coded, "cpu"), Phase(patch=16, batch=4)
    other = DeviceBatches(dataclasses.replace(recipe, seed=recipe.seed + 1), coded, "cpu")

    def same(some, others) -> bool:
        return all(map(torch.equal, some, others))

    batch = batches.batch("stable", 5, phase)
    assert same(batch, DeviceBatches(recipe, coded, "cpu").batch("stable", 5, phase))
    different = [batches.batch("stable", 6, phase), batches.batch("release", 5, phase), other.batch("stable", 5, phase)]
    assert not any(same(batch, others) for others in different)
    # later steps follow the schedule, wherever a call begins
    resumed = list(itertools.islice(batches.from_step("stable", 1), 2))
    assert same(resumed[1], batches.batch("stable", 2, recipe.stable_phase(2)))
    assert [len(noisy[0, 0]) for noisy, _, _ in resumed] == [16, 24]


def test_grey_networks_get_one_channel(recipe, coded):
    recipe = dataclasses.replace(recipe, model={**recipe.model, "channels": 1})
    noisy, clean, sigmas = DeviceBatches(recipe, coded, "cpu").batch("stable", 0, Phase(patch=16, batch=4))
    assert noisy.shape == clean.shape == (4, 1, 16, 16) and sigmas.shape == (4,)
