"""A recipe of the kind 'autoencoder': a fixed number of epochs over a set of pictures of one size."""

from dataclasses import dataclass, field

KIND = "autoencoder"
SETTINGS = {"adam": {"epochs", "batch", "lr", "ema", "loss"}, "closed-form": set()}
LOSSES = ("bce", "bce+kl")


@dataclass(frozen=True)
class FitRecipe:
    id: str
    seed: int
    model: dict
    data: dict  # train: folders under --data; test: a folder, where those hold no split; name: for the metrics
    noise: dict  # factors: one is drawn per picture
    fit: dict  # method 'adam' with epochs, batch, lr, ema, loss (and kl_weight), or 'closed-form'
    card: dict = field(default_factory=dict)  # words for the model card: title, description, limits

    @classmethod
    def from_table(cls, table: dict) -> "FitRecipe":
        """`table` is what a recipe's file holds."""
        content = dict(table)
        if content.pop("kind", None) != KIND:
            raise ValueError(f"Expected kind = {KIND!r} in the recipe but received {table.get('kind')!r}.")
        recipe = cls(**content)
        recipe.check()
        return recipe

    def check(self) -> None:
        method = self.fit.get("method")
        if method not in SETTINGS:
            raise ValueError(f"Expected fit.method among {sorted(SETTINGS)} in {self.id!r} but received {method!r}.")
        missing = SETTINGS[method] - self.fit.keys()
        if missing:
            raise ValueError(f"Expected {sorted(missing)} in the [fit] table of {self.id!r} but it has none.")
        if method == "adam" and self.fit["loss"] not in LOSSES:
            raise ValueError(f"Expected fit.loss among {LOSSES} in {self.id!r} but received {self.fit['loss']!r}.")
        if self.fit.get("loss") == "bce+kl" and "kl_weight" not in self.fit:
            raise ValueError(f"Expected fit.kl_weight beside loss 'bce+kl' in {self.id!r}.")
