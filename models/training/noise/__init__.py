"""Noise: the kinds that the product offers, defined as in `models/noise/`, and what training makes of them."""

from .camera import camera_pairs
from .gaussian import add_noise, as_grey, correlated_noise, draw_sigmas, evaluation_noise

__all__ = ["add_noise", "as_grey", "camera_pairs", "correlated_noise", "draw_sigmas", "evaluation_noise"]
