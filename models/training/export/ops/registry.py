"""Which function writes which of PyTorch's operations: ops/ fills these tables, trace.py reads them."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from torch import fx

if TYPE_CHECKING:
    from ..trace import Tracer

# by a module's class, a function, or a method's name; a writer returns a Node, or what waits for its reader
WRITERS: dict[type | Callable | str, Callable[["Tracer", fx.Node], object]] = {}


@dataclass(frozen=True)
class Activation:
    """Works on each number alone. Layers can be fused with the fusible ones; for these, f(s x) = s f(x) for s > 0."""

    op: str
    fusible: bool
    slope: float | None = None  # of the negative half

    def of(self, tracer: "Tracer", step: fx.Node) -> "Activation":
        """This one with the slope that `step` has."""
        if self.slope is None:
            return self
        return replace(self, slope=float(tracer.option(step, 1, "negative_slope", self.slope)))


ACTIVATIONS: dict[type | Callable | str, Activation] = {}


def writes(*kinds: type | Callable | str) -> Callable:
    """Registers the decorated function for modules, functions and methods that mean the same."""

    def register(writer):
        WRITERS.update(dict.fromkeys(kinds, writer))
        return writer

    return register
