"""How many steps fit into a given time: measured on the first of them."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

WARM_STEPS = 10  # compilation and the choice of algorithms are over
MEASURED_SHARE = 0.05  # of the time
USED_SHARE = 0.93  # of what is left then; looks and saves take the rest


@dataclass
class Pace:
    """`settle` waits until the device has done what was asked of it. `end` is a time of `clock`, in seconds."""

    end: float
    settle: Callable[[], None]
    clock: Callable[[], float] = time.monotonic
    steps: int = field(default=0, init=False)
    began: float | None = field(default=None, init=False)

    def after_step(self) -> int | None:
        """How many steps are still to come, once that can be told."""
        self.steps += 1
        if self.began is None:
            if self.steps == WARM_STEPS:
                self.settle()
                self.began = self.clock()
            return None
        if self.clock() - self.began < MEASURED_SHARE * (self.end - self.began):
            return None
        self.settle()
        now = self.clock()
        rate = (self.steps - WARM_STEPS) / (now - self.began)
        return max(1, int(USED_SHARE * max(0.0, self.end - now) * rate))
