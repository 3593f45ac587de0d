"""A whole export of the tiny network."""

import dataclasses
import hashlib
import json

import numpy as np
import pytest
import torch
from training import evaluate
from training.architectures import build
from training.checkpoint import Checkpoint
from training.export.publish import publish, published_network
from training.export.restore import restore
from training.export.subject import PhotographSubject
from training.train import State, start_from

METRICS = [{"set": "CBSD68", "noise": "float", "sigma": 25, "psnr": 20.0, "protocol": "in words"}]
KEYS = {
    *("format", "id", "version", "title", "description", "family", "task", "license", "architecture", "channels"),
    *("sigma", "receptiveField"),
    *("halo", "sizeMultiple", "parameters", "gmacsPerMegapixel", "memory", "graph", "files", "quantisation"),
    *("training", "metrics", "limits"),
}


@pytest.fixture(scope="module")
def checkpoint(recipe, tmp_path_factory):
    """Of a network that was never trained, but whose weights are random."""
    run = tmp_path_factory.mktemp("run")
    state = State.start(recipe, "cpu")
    for parameter in state.ema.parameters():
        torch.nn.init.normal_(parameter, std=0.1)
    state.patches, state.seconds = 1234, 5400.0
    state.save(run / "stable.pt")
    return Checkpoint.read(run)


def export(recipe, checkpoint, data, out, **options):
    return publish(
        recipe,
        checkpoint,
        "1.2.3",
        PhotographSubject(recipe, data),
        out,
        METRICS,
        hardware="one core",
        say=lambda text: None,
        **options,
    )


@pytest.fixture(scope="module")
def folder(recipe, checkpoint, data, tmp_path_factory):
    return export(recipe, checkpoint, data, tmp_path_factory.mktemp("published"))


def tensor(folder, name, height, width):
    values = np.frombuffer((folder / name).read_bytes(), "<f4").reshape(1, height, width, -1)
    return torch.from_numpy(values.copy()).permute(0, 3, 1, 2)


def test_card_states_all_that_it_must(recipe, folder):
    card = json.loads((folder / "card.json").read_text())
    assert card.keys() == KEYS
    assert (card["id"], card["version"], card["sizeMultiple"]) == ("tiny", "1.2.3", 4)
    assert card["receptiveField"] == {"radius": 23} and card["halo"]["exact"] == 24
    assert 0 < card["halo"]["measured"] <= 24 and card["halo"]["measured"] % 4 == 0
    assert card["sigma"] == {"kind": "map", "min": 0, "max": 55, "correlatedGain": 1.5}
    assert (card["family"], card["architecture"]) == ("tier", {**recipe.model})
    assert card["training"] == {
        "data": [{"name": "train/a", "licence": "drawn here", "images": 3}],
        "recipe": "tiny",
        "patches": 1234,
        "hours": 1.5,
        "hardware": "one core",
    }
    assert card["metrics"] == METRICS and card["limits"] == ["Removes nothing."]
    assert card["memory"]["peakBytesPerPixel"] > card["memory"]["largestBufferBytesPerPixel"] >= 16


def test_card_names_every_file_with_its_hash(folder):
    files = {entry["name"]: entry for entry in json.loads((folder / "card.json").read_text())["files"]}
    assert files.keys() == {file.name for file in folder.iterdir()} - {"card.json"}
    for name, entry in files.items():
        content = (folder / name).read_bytes()
        assert entry["bytes"] == len(content) and entry["sha256"] == hashlib.sha256(content).hexdigest()
    roles = {name: entry["role"] for name, entry in files.items()}
    assert roles["model.json"] == "graph" and roles["group1-shard1of1.bin"] == "weights-f16"
    assert roles["weights.q8"] == "weights-q8" and roles["golden-0.output-q8.f32"] == "golden"


def test_published_weights_reproduce_the_golden_outputs(folder):
    golden = json.loads((folder / "golden.json").read_text())
    assert golden["format"] == 1
    assert [(c["sigma"], c["height"], c["width"]) for c in golden["cases"]] == [(25, 48, 64), (50, 72, 40)]
    for case in golden["cases"]:
        x = tensor(folder, case["input"], case["height"], case["width"])
        assert torch.equal(x[:, 3], torch.full_like(x[:, 3], case["sigma"] / 255))
        outputs = {}
        for weights, key in (("f16", "output"), ("q8", "outputQ8")):
            outputs[key] = tensor(folder, case[key], case["height"], case["width"])
            assert (published_network(folder, weights)(x) - outputs[key]).abs().max() < 1e-5
        assert 1e-5 < (outputs["output"] - outputs["outputQ8"]).abs().max() < 0.02


def test_the_same_checkpoint_gives_the_same_bytes(recipe, checkpoint, data, folder, tmp_path):
    again = export(recipe, checkpoint, data, tmp_path)
    for file in folder.iterdir():
        assert (again / file.name).read_bytes() == file.read_bytes(), file.name


def test_published_versions_do_not_change(recipe, checkpoint, data, folder):
    out = folder.parents[1]
    with pytest.raises(FileExistsError, match="versions do not change"):
        export(recipe, checkpoint, data, out)
    (folder / "stray").write_text("left over")
    export(recipe, checkpoint, data, out, overwrite=True)
    assert not (folder / "stray").exists() and len(list(folder.parent.iterdir())) == 1


def test_version_and_model_are_checked(recipe, checkpoint, data, tmp_path):
    other = dataclasses.replace(recipe, model={**recipe.model, "widths": [8, 8]})
    with pytest.raises(ValueError, match="Expected a checkpoint of"):
        export(other, checkpoint, data, tmp_path)
    with pytest.raises(ValueError, match="received 'latest'"):
        publish(recipe, checkpoint, "latest", PhotographSubject(recipe, data), tmp_path, METRICS, "one core")


def test_card_needs_words_and_licences(recipe, checkpoint, data, tmp_path):
    wordless = dataclasses.replace(recipe, card={"title": "Tiny"})
    with pytest.raises(ValueError, match=r"\['description', 'family', 'limits'\]"):
        export(wordless, checkpoint, data, tmp_path)
    unlicensed = dataclasses.replace(recipe, data={**recipe.data, "licences": {}})
    with pytest.raises(ValueError, match="licence of 'train/a'"):
        export(unlicensed, checkpoint, data, tmp_path)


def test_metrics_of_another_checkpoint_are_refused(checkpoint, tmp_path):
    file = tmp_path / "evaluation.json"
    with pytest.raises(FileNotFoundError, match="Run `evaluate` first"):
        evaluate.read(checkpoint, file)
    evaluate.write(METRICS, checkpoint, file)
    assert evaluate.read(checkpoint, file) == METRICS
    with pytest.raises(ValueError, match="Run `evaluate` again"):
        evaluate.read(dataclasses.replace(checkpoint, step=99), file)


def test_published_weights_come_back_into_the_module(recipe, checkpoint, folder):
    fresh = State.start(recipe, "cpu").network
    restore(fresh, folder)
    for (name, restored), original in zip(fresh.named_parameters(), checkpoint.network.parameters()):
        assert torch.equal(restored, original.half().float()), name


def test_weights_of_another_architecture_are_refused(recipe, folder):
    wider = dict(recipe.model, widths=[width + 4 for width in recipe.model["widths"]])
    with pytest.raises(ValueError, match="Is it this architecture"):
        restore(build(wider), folder)


@pytest.fixture(scope="module")
def blind(recipe, tmp_path_factory):
    """A blind network for grey that is published in int8 alone, and its checkpoint."""
    model = {**recipe.model, "channels": 1, "conditioned": False}
    card = {**recipe.card, "weights": ["q8"], "experimental": "It was never trained."}
    recipe = dataclasses.replace(recipe, model=model, card=card)
    run = tmp_path_factory.mktemp("blind")
    state = State.start(recipe, "cpu")
    for parameter in state.ema.parameters():
        torch.nn.init.normal_(parameter, std=0.1)
    state.save(run / "stable.pt")
    return recipe, Checkpoint.read(run)


def test_blind_network_for_grey_is_published_in_int8_alone(blind, data, tmp_path):
    recipe, checkpoint = blind
    folder = export(recipe, checkpoint, data, tmp_path)
    card = json.loads((folder / "card.json").read_text())
    assert card["channels"] == {"input": 1, "output": 1} and card["sigma"] == {"kind": "blind"}
    assert card["experimental"] == "It was never trained."
    assert not list(folder.glob("*.bin")) and "weights-f16" not in {entry["role"] for entry in card["files"]}
    (case, _) = json.loads((folder / "golden.json").read_text())["cases"]
    x = tensor(folder, case["input"], case["height"], case["width"])
    assert x.shape[1] == 1
    network = published_network(folder, "q8")
    assert (network(x) - tensor(folder, case["outputQ8"], case["height"], case["width"])).abs().max() < 1e-5

    fresh = State.start(recipe, "cpu").network
    restore(fresh, folder)
    # a transposed convolution's bias stands in the graph several times, each corrected on its own: one is taken
    assert (fresh(x) - network(x)).abs().max() < 2e-3


def test_a_new_run_starts_from_what_was_published(recipe, folder, checkpoint):
    state = State.start(recipe, "cpu")
    start_from(state, [folder])
    assert (state.step, state.patches, state.seconds) == (0, 1234, 5400.0)
    for network in (state.network, state.ema):
        for started, original in zip(network.parameters(), checkpoint.network.parameters()):
            assert torch.allclose(started, original, atol=1e-3)
