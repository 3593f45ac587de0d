"""`python -m training train|show|evaluate|halo|export|onnx|pack`, from the folder models/."""

import argparse
import signal
import threading
from pathlib import Path

import torch

from . import evaluate, fit, fit_evaluate, show
from .checkpoint import Checkpoint
from .fit_recipe import KIND as AUTOENCODER
from .fit_recipe import FitRecipe
from .making import make, starts_of
from .pack import pack, unpacked
from .recipe import Recipe, read_table
from .train import train


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m training", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    for add in (add_train, add_show, add_evaluate, add_halo, add_export, add_onnx, add_pack):
        add(commands)
    options = parser.parse_args()
    options.run_command(options)


def add_train(commands) -> None:
    command = commands.add_parser(
        "train",
        help="train a recipe, resuming where it was stopped",
        description="Makes all of a recipe, unless a part of it is asked for: by --release, --steps or --minutes.",
    )
    common(command, run_train)
    command.add_argument("--runs", type=Path, default=Path("runs"), help="checkpoints, log, curves: runs/<recipe>/")
    command.add_argument("--release", action="store_true", help="decay from the stable checkpoint to a release")
    command.add_argument(
        "--start",
        type=Path,
        action="append",
        default=[],
        help="a checkpoint or published folder that a new run starts from, in place of the recipe's; several times even",
    )
    command.add_argument("--steps", type=int, help="stop the stable part after this many steps in all")
    command.add_argument("--minutes", type=float, help="stop this call after so long; it can be resumed")
    command.add_argument(
        "--release-minutes",
        type=float,
        help="let a release last so long, in place of the recipe's steps; without --release, at the end of --minutes",
    )
    command.add_argument("--device", default=best_device())
    command.add_argument("--as-gpu", action="store_true", default=None, help="train as on a GPU: to try a plan out")
    command.add_argument(
        "--compile", action=argparse.BooleanOptionalAction, help="compile the network; by default on a GPU only"
    )


def run_train(options) -> None:
    table = read_table(options.recipe)
    run = options.runs / table["id"]
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    data = unpacked(options.data)
    if is_autoencoder(table):
        fit.train(table, data, run, minutes=options.minutes, device=options.device, stop=stop)
        return
    recipe = Recipe.from_table(table)
    settings = {"device": options.device, "as_gpu": options.as_gpu, "compiled": options.compile, "stop": stop}
    part = {name: getattr(options, name) for name in ("release", "steps", "minutes", "release_minutes")}
    if any(value not in (None, False) for value in part.values()):
        train(recipe, data, run, starts=options.start or starts_of(recipe, options.runs), **part, **settings)
    else:
        make(recipe, data, options.runs, starts=options.start, **settings)


def add_show(commands) -> None:
    command = commands.add_parser("show", help="summarise a run and redraw its curves")
    command.set_defaults(run_command=lambda options: print(show.show(options.run)))
    command.add_argument("--run", type=Path, required=True, help="a run's folder, such as runs/fast")


def add_evaluate(commands) -> None:
    command = commands.add_parser("evaluate", help="PSNR on the test sets, into <run>/evaluation.json")
    common(command, run_evaluate)
    checkpoint_options(command)
    command.add_argument("--sets", nargs="*", help="folders in <data>/test; by default those of the network's channels")
    command.add_argument("--sigmas", nargs="+", type=int, default=[15, 25, 50])
    command.add_argument("--noises", nargs="+", choices=evaluate.NOISES, default=evaluate.NOISES)
    command.add_argument("--real", nargs="*", help="folders in <data>/real; by default SIDD12 for blind networks")
    command.add_argument("--published", type=Path, help="a published folder to judge in place of a checkpoint")
    command.add_argument("--weights", choices=("f16", "q8"), default="f16", help="which of the published weights")
    command.add_argument("--device", default=best_device())


def run_evaluate(options) -> None:
    if options.published:
        from .export.publish import published_network

        network = published_network(options.published, options.weights).to(options.device)
        print(evaluate.table(judge(network, options)))
        return
    checkpoint = read_checkpoint(options, options.device)
    table = read_table(options.recipe)
    if is_autoencoder(table):
        metrics = fit_evaluate.evaluate(checkpoint.network, table, options.data, options.run)
        evaluate.write(metrics, checkpoint, options.run / evaluate.FILE)
        print(fit_evaluate.table(metrics))
        return
    metrics = judge(checkpoint.network, options)
    evaluate.write(metrics, checkpoint, options.run / evaluate.FILE)
    print(evaluate.table(metrics))


def judge(network, options) -> list[dict]:
    sets = evaluate.SETS[network.channels] if options.sets is None else options.sets
    real = evaluate.REAL_SETS if options.real is None and not network.conditioned else options.real or []
    metrics = evaluate.evaluate_camera(network, options.data, real)
    return metrics + evaluate.evaluate(network, options.data, sets, options.sigmas, tuple(options.noises))


def add_halo(commands) -> None:
    command = commands.add_parser("halo", help="how far tiles must overlap: the worst difference at each halo")
    common(command, run_halo)
    checkpoint_options(command)
    command.add_argument("--images", type=int, default=8, help="how many of CBSD68")


def run_halo(options) -> None:
    from .export import halo

    network, recipe = read_checkpoint(options).network, Recipe.read(options.recipe)
    files = halo.test_images(options.data, options.images)
    worst_by_halo = halo.measure(network, files, halo.sigmas_of(recipe))
    print(halo.table(worst_by_halo))
    print(f"invisible from {halo.smallest_invisible(worst_by_halo)} px, exact at {halo.exact_halo(network)} px")


def add_export(commands) -> None:
    command = commands.add_parser("export", help="write <out>/<recipe>/<version>/ for the browser")
    common(command, run_export)
    checkpoint_options(command)
    command.add_argument("--version", required=True, help="such as 1.0.0")
    command.add_argument("--out", type=Path, default=Path("published"))
    command.add_argument("--hardware", default="not stated", help="what it was trained on, for the card")
    command.add_argument("--overwrite", action="store_true", help="replace a version that nobody has used yet")


def run_export(options) -> None:
    from .export.publish import publish
    from .export.subject import FixedSizeSubject, PhotographSubject

    table = read_table(options.recipe)
    recipe, subject = (FitRecipe, FixedSizeSubject) if is_autoencoder(table) else (Recipe, PhotographSubject)
    recipe = recipe.from_table(table)
    checkpoint = read_checkpoint(options)
    metrics = evaluate.read(checkpoint, options.run / evaluate.FILE)
    print(
        publish(
            recipe,
            checkpoint,
            options.version,
            subject(recipe, options.data),
            options.out,
            metrics,
            options.hardware,
            options.overwrite,
        )
    )


def add_onnx(commands) -> None:
    command = commands.add_parser("onnx", help="a published model as an ONNX file, to run it elsewhere")
    command.set_defaults(run_command=run_onnx)
    command.add_argument("--published", type=Path, required=True, help="such as published/fast/1.2.0")
    command.add_argument("--out", type=Path, required=True, help="the file to write")
    command.add_argument("--float16", action="store_true", help="compute in float16; input and output stay float32")


def run_onnx(options) -> None:
    from .export.onnx import write_onnx

    write_onnx(options.published, options.out, options.float16)


def add_pack(commands) -> None:
    command = commands.add_parser("pack", help="photographs in files of limited size, to train from elsewhere")
    common(command, run_pack)
    command.add_argument("--out", type=Path, required=True, help="a folder for the packs, to be given as --data")
    command.add_argument("--folders", nargs="*", default=[], help="more folders in <data>, such as test/CBSD68")
    command.add_argument("--largest", type=float, default=60, help="MiB per file")


def run_pack(options) -> None:
    recipe, largest = Recipe.read(options.recipe), int(options.largest * 2**20)
    for file in pack(recipe, options.data, options.out, largest, tuple(options.folders)):
        print(f"{file}  {file.stat().st_size / 2**20:.1f} MiB")


def common(command, run_command) -> None:
    command.set_defaults(run_command=run_command)
    command.add_argument("--recipe", required=True, help="a name in recipes/ or a .toml file")
    command.add_argument("--data", type=Path, required=True, help="the folder that the recipe's data folders are in")


def checkpoint_options(command) -> None:
    command.add_argument("--run", type=Path, help="the folder of the checkpoint; by default runs/<recipe>")
    command.add_argument("--stage", choices=("stable", "release"), help="by default the release where there is one")


def read_checkpoint(options, device: str = "cpu") -> Checkpoint:
    options.run = options.run or Path("runs") / read_table(options.recipe)["id"]
    return Checkpoint.read(options.run, options.stage, device)


def is_autoencoder(table: dict) -> bool:
    return table.get("kind") == AUTOENCODER


def best_device() -> str:
    return "cuda" if torch.cuda.is_available() else "cpu"


if __name__ == "__main__":
    main()
