"""A whole recipe in one call, and what it starts from."""

import threading
from dataclasses import replace

import pytest
import torch
from training import making
from training.making import make, starts_of
from training.recipe import RECIPES, Recipe, read_table
from training.train import train


@pytest.fixture
def recipes(recipe, monkeypatch):
    """`wide`, which starts from the tiny recipe."""
    small = replace(recipe, stable_steps=2)
    monkeypatch.setattr(making.Recipe, "read", lambda name: {"tiny": small}[name])
    model = {**recipe.model, "widths": [8, 16]}
    return replace(recipe, id="wide", model=model, start=("tiny",), stable_steps=1), small


def test_it_is_its_parts_one_after_the_other(recipes, data, tmp_path):
    wide, small = recipes
    state = make(wide, data, tmp_path / "whole", threading.Event())
    parts = tmp_path / "parts"
    train(small, data, parts / "tiny", steps=2)
    train(small, data, parts / "tiny", release=True)
    train(wide, data, parts / "wide", steps=1, starts=[parts / "tiny/release.pt"])
    train(wide, data, parts / "wide", release=True)
    assert (state.stage, state.step) == ("release", wide.release["steps"])
    for run in ("tiny", "wide"):
        whole, by_parts = (torch.load(folder / run / "release.pt") for folder in (tmp_path / "whole", parts))
        assert whole["patches"] == by_parts["patches"]
        assert all(torch.equal(whole["ema"][name], by_parts["ema"][name]) for name in whole["ema"])


def test_what_is_there_is_kept(recipes, data, tmp_path):
    wide, small = recipes
    make(small, data, tmp_path, threading.Event())
    written = (tmp_path / "tiny/stable.pt").stat().st_mtime_ns
    make(wide, data, tmp_path, threading.Event())
    again = make(wide, data, tmp_path, threading.Event())
    assert (tmp_path / "tiny/stable.pt").stat().st_mtime_ns == written
    assert (again.stage, again.step) == ("release", wide.release["steps"])


def test_a_stop_ends_it_where_it_is(recipes, data, tmp_path):
    stop = threading.Event()
    stop.set()
    assert make(recipes[0], data, tmp_path, stop) is None
    assert (tmp_path / "tiny/stable.pt").exists()
    assert not (tmp_path / "tiny/release.pt").exists() and not (tmp_path / "wide").exists()


def test_other_starts_take_the_place_of_the_recipe_s(recipes, recipe, data, tmp_path):
    train(recipe, data, tmp_path / "other", steps=1)
    make(recipes[0], data, tmp_path, threading.Event(), starts=[tmp_path / "other/stable.pt"])
    assert (tmp_path / "wide/release.pt").exists() and not (tmp_path / "tiny").exists()


def test_a_start_that_is_missing_is_named(recipes, data, tmp_path):
    wide = recipes[0]
    with pytest.raises(FileNotFoundError, match="Expected a checkpoint .*tiny/release.pt"):
        train(wide, data, tmp_path / "wide", steps=1, starts=starts_of(wide, tmp_path))


def recipes_for_photographs():
    tables = {file.stem: read_table(file.stem) for file in RECIPES.glob("*.toml")}
    return {name: Recipe.from_table(table) for name, table in tables.items() if "kind" not in table}


@pytest.mark.parametrize("name", sorted(recipes_for_photographs()))
def test_every_recipe_ends_and_starts_from_what_exists(name):
    recipe = recipes_for_photographs()[name]
    assert recipe.stable_steps is not None
    for start, source in zip(recipe.start, starts_of(recipe, RECIPES)):
        assert (source / "card.json").exists() if "/" in start else Recipe.read(start).id == start
