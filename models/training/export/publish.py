"""The whole export, in one folder that appears only when it is complete."""

import itertools
import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from .. import evaluate
from ..checkpoint import Checkpoint
from ..data import image_files, read_rgb
from ..progress import CROP, middle
from ..recipe import Recipe
from . import golden, halo, model_json, quantise
from .card import card
from .graph import Graph
from .interpret import GraphNetwork
from .trace import trace

CALIBRATION_IMAGES = 8
CALIBRATION_SIGMAS = (10, 25, 50)
HALO_IMAGES = 8
TOLERANCE = 1e-5  # of the traced graph against PyTorch


def publish(
    recipe: Recipe,
    checkpoint: Checkpoint,
    version: str,
    data: Path,
    out: Path,
    metrics: list[dict],
    hardware: str,
    overwrite: bool = False,
    say: Callable[[str], None] = print,
) -> Path:
    """Writes <out>/<id>/<version>/; published versions do not change unless `overwrite` is true."""
    if not re.fullmatch(r"\d+\.\d+\.\d+", version):
        raise ValueError(f"Expected a version like 1.0.0 but received {version!r}.")
    if checkpoint.model != recipe.model:
        raise ValueError(f"Expected a checkpoint of {recipe.model} but received one of {checkpoint.model}.")
    target = out / recipe.id / version
    if target.exists() and not overwrite:
        raise FileExistsError(
            f"Expected no {target}: published versions do not change. Raise --version, or pass --overwrite."
        )
    torch.set_num_threads(1)  # sums then have one order, and the same checkpoint gives the same bytes
    network = checkpoint.network
    graph = trace(network, network.channels + 1)
    check_trace(graph, checkpoint)

    folder = target.with_name(f".{version}.partial")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    model_json.write(graph, folder)
    images = calibration_images(data / recipe.data["valid"], network.size_multiple)
    quantise.write(quantise.quantised_graph(graph, images), folder / "weights.q8")

    published = model_json.read(folder)  # from here on, what is judged is what was written
    q8 = GraphNetwork(quantise.read(published, folder / "weights.q8"), network.size_multiple)
    golden.write(network, q8, folder)
    q8_cost = psnr_cost(GraphNetwork(published, network.size_multiple), q8, data)
    say(f"int8 weights cost {q8_cost} dB against float16 (CBSD68, sigma 25, 8-bit)")

    files = halo.test_images(data, HALO_IMAGES)
    worst_by_halo = halo.measure(network, files, halo.sigmas_of(recipe))
    say(halo.table(worst_by_halo))
    content = card(recipe, version, checkpoint, graph, folder, data, worst_by_halo, q8_cost, metrics, hardware)
    (folder / "card.json").write_text(json.dumps(content, indent=2) + "\n")
    shutil.rmtree(target, ignore_errors=True)
    folder.rename(target)
    return target


@torch.inference_mode()
def check_trace(graph: Graph, checkpoint: Checkpoint) -> None:
    x = golden.golden_input(25, 48, 64, seed=0)
    network = checkpoint.network
    difference = float((GraphNetwork(graph, network.size_multiple)(x) - network(x)).abs().max())
    if not difference <= TOLERANCE:
        raise AssertionError(f"Expected the traced graph to equal PyTorch but it differs by {difference:.2g}.")


def calibration_images(valid: Path, multiple: int) -> list[Tensor]:
    """Noisy images with their noise maps, from the steering set: never from a test set."""
    files = image_files(valid)[:CALIBRATION_IMAGES]
    sigmas = itertools.cycle(CALIBRATION_SIGMAS)
    return [
        halo.noisy_input(middle(read_rgb(file), CROP), sigma, seed, multiple)
        for seed, (file, sigma) in enumerate(zip(files, sigmas))
    ]


def psnr_cost(before: GraphNetwork, after: GraphNetwork, data: Path) -> float:
    """dB that `after` loses on CBSD68 at sigma 25, 8-bit."""
    scores = [evaluate.scores(network, data, "CBSD68", 25, "8-bit") for network in (before, after)]
    return round(float(np.mean(scores[0]) - np.mean(scores[1])), 4)


def published_network(folder: Path, weights: str) -> GraphNetwork:
    """What `folder` holds, as a module: `weights` is 'f16' or 'q8'."""
    graph = model_json.read(folder)
    if weights == "q8":
        graph = quantise.read(graph, folder / "weights.q8")
    return GraphNetwork(graph, json.loads((folder / "card.json").read_text())["sizeMultiple"])
