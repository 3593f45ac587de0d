"""A recipe is one TOML file per published model: everything that decides its weights."""

import tomllib
from dataclasses import dataclass, field
from pathlib import Path

RECIPES = Path(__file__).parent / "recipes"


def read_table(name_or_file: str) -> dict:
    """What a recipe's file holds: of networks for photographs, or, with a `kind`, of others."""
    file = Path(name_or_file)
    if file.suffix != ".toml":
        file = RECIPES / f"{name_or_file}.toml"
    if not file.exists():
        known = sorted(f.stem for f in RECIPES.glob("*.toml"))
        raise FileNotFoundError(f"Expected a recipe among {known} or a .toml file but received {name_or_file!r}.")
    return tomllib.loads(file.read_text())


@dataclass(frozen=True)
class Phase:
    """Part of a schedule: how many patches of which size (px) make a step, until which step."""

    patch: int
    batch: int
    until: int | None = None


@dataclass(frozen=True)
class Recipe:
    id: str
    seed: int
    model: dict
    data: dict
    noise: dict
    optimiser: dict
    stable: tuple[Phase, ...]
    release: dict
    start: tuple[str, ...] = ()  # what a new run starts from: recipes, which are made first, or folders published/…
    stable_steps: int | None = None  # how long the stable part is where `train` is told nothing; None: until stopped
    card: dict = field(default_factory=dict)  # words for the model card: title, description, limits

    @classmethod
    def read(cls, name_or_file: str) -> "Recipe":
        """`fast` for recipes/fast.toml, or a path."""
        return cls.from_table(read_table(name_or_file))

    @classmethod
    def from_table(cls, table: dict) -> "Recipe":
        stable = tuple(Phase(**phase) for phase in table["stable"])
        if stable[-1].until is not None:
            raise ValueError("Expected the last stable phase to have no `until`, so that training can go on.")
        return cls(**{**table, "stable": stable, "start": tuple(table.get("start", ()))})

    def stable_phase(self, step: int) -> Phase:
        return next(phase for phase in self.stable if phase.until is None or step < phase.until)

    @property
    def release_phase(self) -> Phase:
        return Phase(patch=self.release["patch"], batch=self.release["batch"])

    @property
    def largest_patch(self) -> int:
        return max(self.release["patch"], *(phase.patch for phase in self.stable))
