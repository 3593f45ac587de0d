"""Autoencoders learn, exactly again after a stop, and leave what a reader of checkpoints expects."""

import copy
import struct
import tomllib

import numpy as np
import pytest
import torch
from PIL import Image
from training import digits, fit, fit_evaluate, fit_view, image_sets
from training.checkpoint import Checkpoint
from training.factor_noise import add_judged_noise
from training.fit_recipe import KIND, FitRecipe
from training.recipe import RECIPES

TINY = """
kind = "autoencoder"
id = "tiny-digits"
seed = 3
[model]
architecture = "dense-autoencoder"
code = 8
side = 12
[data]
train = ["digits"]
name = "Digits test"
[noise]
factors = [0.0, 0.5]
[fit]
method = "adam"
epochs = 2
batch = 8
lr = 1e-2
ema = 0.9
loss = "bce"
"""
STEPS = 6  # 20 pictures in batches of 8, twice


def bars(count: int, seed: int) -> np.ndarray:
    """[N,12,12] uint8: one bright bar per picture."""
    images = np.zeros((count, 12, 12), np.uint8)
    for image, at in zip(images, np.random.default_rng(seed).integers(0, 10, count)):
        image[at : at + 2] = 250
    return images


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    root = tmp_path_factory.mktemp("data")
    (root / "digits").mkdir()
    for name, images in zip(digits.SPLITS.values(), (bars(20, 0), bars(6, 1))):
        content = struct.pack(">4I", digits.IMAGES_MAGIC, *images.shape) + images.tobytes()
        (root / "digits" / name).write_bytes(content)
    return root


@pytest.fixture
def table():
    return tomllib.loads(TINY)


@pytest.fixture(scope="module")
def unbroken(data, tmp_path_factory):
    run = tmp_path_factory.mktemp("unbroken")
    fit.train(tomllib.loads(TINY), data, run)
    return run


class StopAfter:
    def __init__(self, steps: int):
        self.looks, self.steps = 0, steps

    def is_set(self) -> bool:
        self.looks += 1
        return self.looks > self.steps


def same(a, b) -> bool:
    if isinstance(a, torch.Tensor):
        return torch.equal(a, b)
    if isinstance(a, dict):
        return a.keys() == b.keys() and all(same(a[key], b[key]) for key in a)
    if isinstance(a, (list, tuple)):
        return len(a) == len(b) and all(same(x, y) for x, y in zip(a, b))
    return a == b


@pytest.mark.parametrize("steps", [3, 4])  # between epochs, and in the middle of one
def test_resumed_run_is_the_unbroken_run(table, data, tmp_path, unbroken, steps):
    fit.train(table, data, tmp_path, stop=StopAfter(steps))
    halfway = torch.load(tmp_path / fit.FILE)
    assert halfway["step"] == steps
    fit.train(table, data, tmp_path)
    resumed, whole = torch.load(tmp_path / fit.FILE), torch.load(unbroken / fit.FILE)
    for part in ("network", "ema", "optimisers", "step", "patches", "losses"):
        assert same(resumed[part], whole[part]), part
    assert not same(halfway["network"], whole["network"])
    logs = [[entry["loss"] for entry in fit_view.read_log(run)] for run in (tmp_path, unbroken)]
    assert logs[0] == logs[1] and len(logs[0]) == 2


def test_a_finished_run_is_left_as_it_is(table, data, unbroken):
    before = (unbroken / "log.csv").read_text()
    state = fit.train(table, data, unbroken)
    assert state.step == STEPS and state.patches == 40
    assert (unbroken / "log.csv").read_text() == before


def trained(table, data, epochs: int) -> tuple[fit.State, image_sets.ImageSets, list[float]]:
    """Without pictures, so in no time; the losses are the epochs'."""
    state = fit.State.start(FitRecipe.from_table(table), "cpu")
    sets = image_sets.read(table["data"], data, (12, 12), 1)
    losses = []
    for epoch in range(epochs):
        for place in range(3):
            fit.train_step(state, *fit.draw_batch(state.recipe, sets, epoch, place, state.step))
        losses.append(float(np.mean(state.losses[-3:])))
    return state, sets, losses


def test_loss_falls_on_a_tiny_set(table, data):
    _, _, losses = trained(table, data, epochs=30)
    assert losses[-1] < 0.6 * losses[0]


def test_loss_of_a_variational_autoencoder_falls(table, data):
    table["model"] = {"architecture": "variational-autoencoder", "hidden": 16, "code": 2, "side": 12}
    table["fit"] |= {"loss": "bce+kl", "kl_weight": 1.0}
    _, _, losses = trained(table, data, epochs=30)
    assert losses[-1] < 0.75 * losses[0]


def test_it_learns_to_remove_noise(table, data):
    state, sets, _ = trained(table, data, epochs=80)
    clean = sets.train.part(0, 20)
    noisy = add_judged_noise(clean, 0.5)
    error = (state.ema(noisy) - clean).square().mean()
    assert error < 0.5 * (noisy - clean).square().mean()


def test_checkpoint_is_read_as_any_other(data, unbroken):
    checkpoint = Checkpoint.read(unbroken)
    assert (checkpoint.stage, checkpoint.step, checkpoint.patches) == ("stable", STEPS, 40)
    assert same(checkpoint.network.state_dict(), torch.load(unbroken / fit.FILE)["ema"])
    assert not same(checkpoint.network.state_dict(), torch.load(unbroken / fit.FILE)["network"])


def test_checkpoint_of_another_model_is_refused(table, data, unbroken):
    table["model"]["code"] = 9
    with pytest.raises(ValueError, match="Expected .* to hold"):
        fit.train(table, data, unbroken)


def test_every_picture_is_seen_once_an_epoch_in_another_order(data, table):
    sets = image_sets.read(table["data"], data, (12, 12), 1)
    first, second = (torch.cat([sets.train.batch(3, epoch, at, 8) for at in (0, 8, 16)]) for epoch in (0, 1))
    assert first.shape == (20, 1, 12, 12) and not torch.equal(first, second)
    everything = sets.train.part(0, 20).flatten(1)
    for epoch in (first, second):
        assert torch.equal(epoch.flatten(1).sort(dim=0).values, everything.sort(dim=0).values)


def test_principal_components_are_solved_at_once(table, data, tmp_path):
    table["model"]["architecture"] = "principal-components"
    table["fit"] = {"method": "closed-form"}
    state = fit.train(table, data, tmp_path)
    assert (state.step, state.patches) == (1, 20)
    clean = image_sets.read(table["data"], data, (12, 12), 1).train.part(0, 20)
    network = Checkpoint.read(tmp_path).network
    assert (network(clean) - clean).square().mean() < 0.2 * clean.var()
    fit.train(table, data, tmp_path)
    assert len(fit_view.read_log(tmp_path)) == 1  # and not again


def test_a_run_leaves_pictures_and_can_be_shown(unbroken):
    assert {file.name for file in unbroken.iterdir()} >= {"stable.pt", "log.csv", "curves.png", "grid.png"}
    text = fit_view.show(unbroken)
    assert text.startswith("epoch 2: loss 0.") and "dB at 0.5" in text


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"kind": "tier"}, "kind = 'autoencoder'"),
        ({"fit": {"method": "sgd"}}, "received 'sgd'"),
        ({"fit": {"method": "adam", "epochs": 1}}, r"Expected \['batch', 'ema', 'loss', 'lr'\]"),
    ],
)
def test_what_a_recipe_lacks_is_named(table, change, message):
    with pytest.raises(ValueError, match=message):
        FitRecipe.from_table({**copy.deepcopy(table), **change})


def test_recipes_in_the_package_are_whole():
    tables = {file.stem: tomllib.loads(file.read_text()) for file in RECIPES.glob("*.toml")}
    recipes = {name: FitRecipe.from_table(table) for name, table in tables.items() if table.get("kind") == KIND}
    assert len(recipes) == 11
    for name, recipe in recipes.items():
        assert recipe.id == name
        assert recipe.card.keys() >= {"title", "description", "limits"}
        assert set(recipe.data["train"]) == set(recipe.data["licences"])


def folder_of_images(folder, count: int, size: tuple[int, int]) -> None:
    folder.mkdir(parents=True)
    for seed in range(count):
        noise = np.random.default_rng(seed).integers(0, 256, (size[1], size[0], 3), np.uint8)
        Image.fromarray(noise).save(folder / f"{seed}.png")


@pytest.mark.parametrize(("channels", "framing"), [(1, "resize"), (3, "resize"), (3, "crop")])
def test_folders_of_images_become_pictures_of_one_size(tmp_path, channels, framing):
    folder_of_images(tmp_path / "mine" / "train", 3, (40, 30))
    folder_of_images(tmp_path / "mine" / "test", 2, (20, 50))
    settings = {"train": ["mine/train"], "test": "mine/test", "framing": framing}
    sets = image_sets.read(settings, tmp_path, (16, 16), channels)
    assert sets.train.batch(0, 0, 0, 9).shape == (3, channels, 16, 16)
    assert sets.test.part(0, 9).shape == (2, channels, 16, 16)
    assert "apart" in sets.split


def test_crops_are_new_in_each_epoch_and_the_same_again(tmp_path):
    folder_of_images(tmp_path / "train", 2, (40, 30))
    folder_of_images(tmp_path / "test", 1, (40, 30))
    settings = {"train": ["train"], "test": "test", "framing": "crop"}
    crops = image_sets.read(settings, tmp_path, (16, 16), 3).train
    first, again, later = (crops.batch(0, epoch, 0, 2) for epoch in (0, 0, 1))
    assert torch.equal(first, again) and not torch.equal(first, later)


def test_digits_of_another_size_are_refused(table, data):
    with pytest.raises(ValueError, match="but .* has 1 x"):
        image_sets.read(table["data"], data, (28, 28), 1)


def test_a_folder_without_digits_is_named(table, tmp_path):
    with pytest.raises(FileNotFoundError, match="Name a folder `test`"):
        image_sets.read(table["data"], tmp_path, (28, 28), 1)


def test_evaluation_has_an_entry_per_factor_and_draws_test_pictures(table, data, unbroken):
    network = Checkpoint.read(unbroken).network
    metrics = fit_evaluate.evaluate(network, table, data, unbroken)
    assert [(entry["set"], entry["noise"], entry["factor"]) for entry in metrics] == [
        ("Digits test", "factor", 0),
        ("Digits test", "factor", 0.5),
    ]
    clean = metrics[0]
    by_hand = network(torch.from_numpy(bars(6, 1))[:, None].float() / 255)
    errors = (by_hand - torch.from_numpy(bars(6, 1))[:, None] / 255).square().mean(dim=(1, 2, 3))
    assert clean["psnr"] == pytest.approx((-10 * errors.log10()).mean().item(), abs=0.01)
    assert "mean of 6 images of 12x12; the official split" in clean["protocol"]
    assert (unbroken / "pictures.png").stat().st_size > 1000
    assert fit_evaluate.table(metrics).splitlines()[2].startswith("| Digits test | 0 | ")


def test_noise_does_not_depend_on_how_many_are_judged_at_a_time(table, data, unbroken, monkeypatch):
    network = Checkpoint.read(unbroken).network
    test, _ = fit_evaluate.test_set(FitRecipe.from_table(table), data, network)
    whole = fit_evaluate.scores(network, test, 0.5)
    monkeypatch.setattr(fit_evaluate, "CHUNK", 4)
    assert fit_evaluate.scores(network, test, 0.5) == pytest.approx(whole)


def test_a_variational_autoencoder_draws_samples_and_a_walk(table, data, tmp_path):
    table["model"] = {"architecture": "variational-autoencoder", "hidden": 16, "code": 2, "side": 12}
    table["fit"] |= {"epochs": 1, "loss": "bce+kl", "kl_weight": 1.0}
    network = fit.train(table, data, tmp_path).ema
    fit_evaluate.evaluate(network, table, data, tmp_path)
    for name in (fit_evaluate.SAMPLES, fit_evaluate.WALK):
        with Image.open(tmp_path / name) as image:
            assert image.size == (2 * 12 * 12, 2 * 12 * 12)
