"""What each of PyTorch's operations becomes in TensorFlow.js, a file per family. All are exact."""

from . import activations, convolutions, joins, pooling, resizing, vectors, wavelets  # noqa: F401  (they register)
from .registry import ACTIVATIONS, WRITERS, Activation

__all__ = ["ACTIVATIONS", "WRITERS", "Activation"]
