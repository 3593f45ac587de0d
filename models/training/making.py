"""A recipe from its start to its release, in one call."""

import threading
from collections.abc import Sequence
from pathlib import Path

from .recipe import Recipe
from .train import State, train

MODELS = Path(__file__).parents[1]


def starts_of(recipe: Recipe, runs: Path) -> list[Path]:
    """The published folders, and the releases of recipes, that a new run starts from."""
    return [MODELS / name if is_published(name) else runs / name / "release.pt" for name in recipe.start]


def is_published(name: str) -> bool:
    return "/" in name


def make(
    recipe: Recipe, data: Path, runs: Path, stop: threading.Event, starts: Sequence[Path] = (), **settings
) -> State | None:
    """Trains all of `recipe` in runs/<id>, after the recipes that it starts from, each from where it was left.

    `starts` are in place of those; `settings` are those of `train`. None if `stop` was set before its turn came.
    """
    run = runs / recipe.id
    if not starts and not (run / "stable.pt").exists():
        for name in recipe.start:
            if not is_published(name):
                make(Recipe.read(name), data, runs, stop, **settings)
            if stop.is_set():
                return None
    if not (run / "release.pt").exists():
        starts = starts or starts_of(recipe, runs)
        state = train(recipe, data, run, steps=recipe.stable_steps, starts=starts, stop=stop, **settings)
        if stop.is_set():
            return state
    return train(recipe, data, run, release=True, stop=stop, **settings)
