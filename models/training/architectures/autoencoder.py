"""What all autoencoders have in common: one fixed size in and out, and no word about how strong the noise is."""

from torch import nn


class Autoencoder(nn.Module):
    """[N, channels, side, side] -> the same; values 0..1, clean out of clean or noisy in."""

    conditioned = False  # there is no noise map
    receptive_radius = None  # every output pixel may depend on every input pixel

    def __init__(self, side: int, channels: int):
        super().__init__()
        self.channels = channels
        self.input_size = (side, side)  # px, height and width: the only size

    @property
    def size_multiple(self) -> int:
        """px: the size itself, so that whatever cuts images into tiles cuts them to it."""
        return self.input_size[0]
