"""Training as on a GPU, on a CPU: its schedule, its steps, and releases that are planned in minutes."""

import dataclasses
import math
import threading
import time

import pytest
import torch
from training import gpu
from training.batches import draw_batch
from training.data import Photographs
from training.gpu import GpuSteps, adapted
from training.pace import Pace
from training.recipe import Phase, Recipe
from training.steps import CpuSteps, Workers
from training.train import State, train


def same(a, b) -> bool:
    """Bit-identical, however nested."""
    if isinstance(a, torch.Tensor):
        return torch.equal(a, b)
    if isinstance(a, dict):
        return a.keys() == b.keys() and all(same(a[key], b[key]) for key in a)
    if isinstance(a, (list, tuple)):
        return len(a) == len(b) and all(map(same, a, b))
    return a == b


def with_gpu_table(recipe, **table):
    return dataclasses.replace(recipe, optimiser={**recipe.optimiser, "gpu": table})


@pytest.fixture
def state(recipe):
    return State.start(recipe, "cpu")


@pytest.fixture
def batch(recipe, data):
    photographs = Photographs.read([data / "train/a"], recipe.largest_patch)
    return draw_batch(recipe, "stable", 0, Phase(patch=24, batch=4), photographs)


def test_schedule_for_gpus_replaces_the_cpus(recipe):
    fast = adapted(with_gpu_table(recipe, lr=0.5, patch=32, batch=8))
    assert fast.stable == (Phase(patch=32, batch=8),) and fast.release_phase == Phase(patch=32, batch=8)
    assert (fast.optimiser["lr"], fast.optimiser["warmup"]) == (0.5, recipe.optimiser["warmup"])
    assert fast.release["loss"] == recipe.release["loss"]
    larger_at_the_end = adapted(with_gpu_table(recipe, patch=32, batch=8, release_patch=48, warmup=9))
    assert larger_at_the_end.release_phase == Phase(patch=48, batch=8)
    assert (larger_at_the_end.largest_patch, larger_at_the_end.optimiser["warmup"]) == (48, 9)


@pytest.mark.parametrize("name", ["fast", "balanced", "best", "photo", "red30", "mwcnn", "pridnet"])
def test_the_recipes_say_how_a_gpu_trains_them(name):
    recipe = Recipe.read(name)
    on_gpu = adapted(recipe)
    (phase,) = on_gpu.stable
    assert phase.batch > recipe.stable[-1].batch and phase.patch % 16 == 0
    assert on_gpu.optimiser["lr"] > recipe.optimiser["lr"]


def test_recipes_without_a_schedule_for_gpus_keep_theirs(recipe):
    assert adapted(recipe) == recipe
    slower = adapted(with_gpu_table(recipe, lr=0.5))
    assert slower.release_phase == recipe.release_phase
    assert slower.stable == (Phase(patch=24, batch=2),)  # that of the last phase


def test_unknown_setting_is_named(recipe):
    with pytest.raises(ValueError, match="received 'pathc'"):
        adapted(with_gpu_table(recipe, pathc=32))


def test_steps_are_those_of_a_cpu(recipe, state, batch):
    other = State.start(recipe, "cpu")
    cpu, device = CpuSteps(state, Workers(1)), GpuSteps(other, compiled=False)
    for _ in range(3):
        cpu.step(batch)
        device.step(batch)
    device.settle()
    assert same(other.network.state_dict(), state.network.state_dict())
    assert same(other.ema.state_dict(), state.ema.state_dict())
    assert (other.step, other.patches, other.losses) == (3, 12, state.losses)
    assert len(set(state.losses)) == 3  # it learns


def test_losses_are_read_many_at_a_time(monkeypatch, state, batch):
    monkeypatch.setattr(gpu, "LOSSES_HELD", 3)
    steps, read = GpuSteps(state, compiled=False), []
    for _ in range(4):
        steps.step(batch)
        read.append(len(state.losses))
    assert read == [0, 0, 3, 3]
    steps.settle()
    assert len(state.losses) == 4


def test_failing_compilation_is_reported_and_done_without(monkeypatch, capsys, recipe, state, batch):
    def failing(network, **options):
        def forward(x):
            raise RuntimeError("no C++ compiler\nand more")

        return forward

    monkeypatch.setattr(torch, "compile", failing)
    steps = GpuSteps(state, compiled=True)
    steps.step(batch)
    steps.step(batch)
    assert capsys.readouterr().out.count("goes on without it, slower: no C++ compiler\n") == 1
    plain = GpuSteps(State.start(recipe, "cpu"), compiled=False)
    plain.step(batch)
    plain.step(batch)
    assert same(plain.state.network.state_dict(), state.network.state_dict())


def test_errors_of_the_network_itself_are_not_hidden(state, batch):
    noisy, clean, sigmas = batch
    with pytest.raises(RuntimeError, match="pixel_unshuffle"):
        GpuSteps(state, compiled=False).step((noisy[..., :-1], clean, sigmas))


def test_diverged_training_stops_and_leaves_the_checkpoint(recipe, data, tmp_path):
    train(recipe, data, tmp_path, steps=2, as_gpu=True)
    before = (tmp_path / "stable.pt").read_bytes()
    broken = dataclasses.replace(recipe, optimiser={**recipe.optimiser, "lr": float("inf")})
    with pytest.raises(FloatingPointError, match="lower the learning rate"):
        train(broken, data, tmp_path, steps=6, as_gpu=True)
    assert (tmp_path / "stable.pt").read_bytes() == before


@pytest.mark.parametrize("kind", ["gaussian", "camera"])
def test_resumed_run_is_the_run_that_was_never_stopped(recipe, data, tmp_path, kind):
    recipe = with_gpu_table(dataclasses.replace(recipe, noise={**recipe.noise, "kind": kind}), patch=16, batch=3)
    for run, stops in (("whole", [4]), ("parts", [1, 4])):
        for steps in stops:
            train(recipe, data, tmp_path / run, steps=steps, as_gpu=True)
    whole, parts = (torch.load(tmp_path / run / "stable.pt") for run in ("whole", "parts"))
    for part in ("network", "ema", "optimisers", "step"):
        assert same(whole[part], parts[part]), part
    assert whole["patches"] == 4 * 3


class Device:
    """A clock that a test moves, and steps that take some seconds each."""

    def __init__(self, seconds: list[float]):
        self.now, self.seconds, self.settled = 100.0, seconds, 0

    def settle(self) -> None:
        self.settled += 1

    def steps_until_told(self, pace: Pace) -> tuple[int, int]:
        """How many steps it took to tell, and how many are to come."""
        for number in range(1, 10_000):
            self.now += self.seconds[min(number, len(self.seconds)) - 1]
            if (coming := pace.after_step()) is not None:
                return number, coming
        raise AssertionError("never told")


def test_steps_fill_the_time():
    device = Device([20.0, 0.5])  # the first step compiles
    taken, coming = device.steps_until_told(Pace(500.0, device.settle, lambda: device.now))
    finished = device.now + 0.5 * coming
    assert 460 < finished < 490
    assert taken < 60 and device.settled == 2


def test_no_time_left_is_one_step_more():
    device = Device([30.0])
    taken, coming = device.steps_until_told(Pace(150.0, device.settle, lambda: device.now))
    assert (taken, coming) == (11, 1)


def test_release_in_minutes_is_planned_and_decays_to_nothing(recipe, data, tmp_path):
    train(recipe, data, tmp_path, steps=2, as_gpu=True)
    started = time.monotonic()
    state = train(recipe, data, tmp_path, release=True, release_minutes=0.05, as_gpu=True)
    assert 1 < time.monotonic() - started < 60
    assert state.step == state.release_steps > recipe.release["steps"]
    saved = torch.load(tmp_path / "release.pt")
    assert saved["step"] == saved["release_steps"] == state.step
    rates = {group["lr"] for optimiser in saved["optimisers"] for group in optimiser["param_groups"]}
    assert len(rates) == 1 and max(rates) < 0.01 * recipe.optimiser["lr"]


def test_planned_release_is_resumed_as_it_was_planned(recipe, data, tmp_path, state):
    state.start_release()
    state.set_release_steps(5)
    state.step = 2
    state.save(tmp_path / "release.pt")
    resumed = train(recipe, data, tmp_path, release=True, release_minutes=1, as_gpu=True)
    assert resumed.step == resumed.release_steps == 5 != recipe.release["steps"]
    rates = [optimiser.param_groups[0]["lr"] for optimiser in resumed.optimisers]
    assert rates == pytest.approx([recipe.optimiser["lr"] * (1 + math.cos(0.8 * math.pi)) / 2] * len(rates))


def test_one_call_trains_and_releases(recipe, data, tmp_path):
    options = {"steps": 3, "release_minutes": 0.04, "as_gpu": True}
    state = train(recipe, data, tmp_path, **options)
    stable, release = torch.load(tmp_path / "stable.pt"), torch.load(tmp_path / "release.pt")
    assert (stable["stage"], stable["step"], release["stage"]) == ("stable", 3, "release")
    assert release["step"] == state.release_steps > 0
    assert release["patches"] == stable["patches"] + 2 * release["step"]
    # the same call again finds both done
    again = train(recipe, data, tmp_path, **options)
    assert again.step == state.step and again.patches == state.patches


def test_release_gets_the_last_minutes_of_a_call(recipe, data, tmp_path):
    started = time.monotonic()
    state = train(recipe, data, tmp_path, minutes=0.1, release_minutes=0.05, as_gpu=True)
    assert 3 < time.monotonic() - started < 60
    stable = torch.load(tmp_path / "stable.pt")
    assert stable["seconds"] < 4.5 and state.seconds > stable["seconds"] + 1
    assert state.patches > stable["patches"]


def test_stopped_call_does_not_begin_a_release(recipe, data, tmp_path):
    stop = threading.Event()
    stop.set()
    state = train(recipe, data, tmp_path, steps=3, release_minutes=0.04, as_gpu=True, stop=stop)
    assert (state.stage, state.step) == ("stable", 0)
    assert not (tmp_path / "release.pt").exists() and (tmp_path / "stable.pt").exists()


def test_release_that_leaves_no_time_to_train_is_refused(recipe, data, tmp_path):
    with pytest.raises(ValueError, match="beyond the release's 2 but received 1"):
        train(recipe, data, tmp_path, minutes=1, release_minutes=2, as_gpu=True)
