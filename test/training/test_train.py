"""Resuming, releasing and the schedule."""

import shutil

import pytest
import torch
from training.data import Photographs
from training.train import State, draw_batch, learning_rate_factor, train


def same(a, b) -> bool:
    """Bit-identical, however nested."""
    if isinstance(a, torch.Tensor):
        return torch.equal(a, b)
    if isinstance(a, dict):
        return a.keys() == b.keys() and all(same(a[key], b[key]) for key in a)
    if isinstance(a, (list, tuple)):
        return len(a) == len(b) and all(map(same, a, b))
    return a == b


@pytest.fixture(scope="module")
def unbroken(recipe, data, tmp_path_factory):
    run = tmp_path_factory.mktemp("unbroken")
    train(recipe, data, run, steps=6)
    return run


def test_resumed_run_is_the_run_that_was_never_stopped(recipe, data, tmp_path, unbroken):
    train(recipe, data, tmp_path, steps=3)
    halfway = torch.load(tmp_path / "stable.pt")
    train(recipe, data, tmp_path, steps=6)
    resumed, whole = torch.load(tmp_path / "stable.pt"), torch.load(unbroken / "stable.pt")
    for part in ("network", "ema", "optimisers", "stage", "step", "patches"):
        assert same(resumed[part], whole[part]), part
    assert not same(halfway["network"], whole["network"])


def test_release_leaves_the_stable_checkpoint_alone(recipe, data, tmp_path, unbroken):
    shutil.copy(unbroken / "stable.pt", tmp_path)
    before = (tmp_path / "stable.pt").read_bytes()
    train(recipe, data, tmp_path, release=True)
    assert (tmp_path / "stable.pt").read_bytes() == before
    stable, release = torch.load(tmp_path / "stable.pt"), torch.load(tmp_path / "release.pt")
    assert (release["stage"], release["step"]) == ("release", recipe.release["steps"])
    assert release["patches"] == stable["patches"] + recipe.release["steps"] * recipe.release["batch"]
    assert not same(release["network"], stable["network"])
    assert same(release["ema"], release["network"])  # in so short a release; the average has no time to lag behind


def test_stop_keeps_what_was_trained(recipe, data, tmp_path):
    class StopAfterTwoSteps:
        looks = 0

        def is_set(self) -> bool:
            self.looks += 1
            return self.looks > 2

    state = train(recipe, data, tmp_path, steps=100, stop=StopAfterTwoSteps())
    assert state.step == torch.load(tmp_path / "stable.pt")["step"] == 2


def test_what_a_run_starts_from_counts_as_its_own(recipe, data, tmp_path, unbroken):
    before = torch.load(unbroken / "stable.pt")
    state = train(recipe, data, tmp_path, steps=1, starts=[unbroken / "stable.pt"])
    assert state.step == 1
    assert state.patches == before["patches"] + recipe.stable[0].batch
    assert state.seconds > before["seconds"]


def test_a_run_leaves_pictures_and_a_log(unbroken):
    assert {file.name for file in unbroken.iterdir()} == {"stable.pt", "log.csv", "curves.png", "grid.png"}
    assert (unbroken / "log.csv").read_text().splitlines()[1].startswith("stable,6,12,")


def test_checkpoint_of_another_model_is_refused(recipe, unbroken):
    state = State.start(recipe, "cpu")
    state.recipe.model["widths"] = [4, 4]
    try:
        with pytest.raises(ValueError, match="Expected .* to hold"):
            state.load(unbroken / "stable.pt")
    finally:
        state.recipe.model["widths"] = [4, 8]


def test_learning_rate_warms_up_stays_and_decays_at_release(recipe):
    stable = [learning_rate_factor(recipe, "stable", step) for step in (0, 1, 3, 4, 10**6)]
    assert stable == [0.25, 0.5, 1, 1, 1]
    release = [learning_rate_factor(recipe, "release", step) for step in (0, 1, 2, 3, 9)]
    assert release == pytest.approx([1, 0.75, 0.25, 0, 0])


def test_patch_grows_with_the_phases(recipe):
    assert [recipe.stable_phase(step).patch for step in (0, 1, 2, 10**6)] == [16, 16, 24, 24]
    assert recipe.largest_patch == 24


def test_batch_is_decided_by_seed_stage_and_step(recipe, data):
    photographs = Photographs.read([data / "train/a"], recipe.largest_patch)

    def batch(stage, step):
        return draw_batch(recipe, stage, step, recipe.release_phase, photographs)

    assert same(batch("stable", 5), batch("stable", 5))
    assert not same(batch("stable", 5)[0], batch("stable", 6)[0])
    assert not same(batch("stable", 5)[0], batch("release", 5)[0])
