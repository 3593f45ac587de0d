"""Running a network on whole images of any size."""

import numpy as np
import torch
from torch import Tensor, nn


def with_noise_map(images: Tensor, sigmas: Tensor) -> Tensor:
    """[N,C,H,W] and sigmas [N] on 0..255 -> [N,C+1,H,W]."""
    maps = (sigmas / 255).view(-1, 1, 1, 1).expand(-1, 1, *images.shape[2:])
    return torch.cat([images, maps], dim=1)


def input_of(network: nn.Module, images: Tensor, sigmas: Tensor) -> Tensor:
    """What `network` is given: [N,C,H,W], and a noise map unless it is blind."""
    return with_noise_map(images, sigmas) if network.conditioned else images


def input_channels(network: nn.Module) -> int:
    return network.channels + (1 if network.conditioned else 0)


@torch.inference_mode()
def denoise(network: nn.Module, noisy: np.ndarray, sigma: float = 0) -> np.ndarray:
    """[H,W,C] -> [H,W,C], 0..1 as floats, untiled and in float32; padded by reflection to the network's multiple.

    A network for grey takes the channels of a colour image one after the other. Blind networks don't look at `sigma`.
    """
    height, width, channels = noisy.shape
    missing = (-height % network.size_multiple, -width % network.size_multiple)
    padded = np.pad(noisy.astype(np.float32), ((0, missing[0]), (0, missing[1]), (0, 0)), mode="reflect")
    image = torch.from_numpy(padded).permute(2, 0, 1)[None]
    if network.channels < channels:
        image = image.transpose(0, 1)  # [C,1,H,W]
    device = next(network.parameters()).device
    output = network(input_of(network, image, torch.full((len(image),), float(sigma))).to(device))
    output = output.reshape(1, channels, *output.shape[2:])
    return output[0, :, :height, :width].permute(1, 2, 0).cpu().numpy()
