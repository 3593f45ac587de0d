"""Running a network on whole images of any size."""

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn


def with_noise_map(images: Tensor, sigmas: Tensor) -> Tensor:
    """[N,C,H,W] and sigmas [N] on 0..255 -> [N,C+1,H,W]."""
    maps = (sigmas / 255).view(-1, 1, 1, 1).expand(-1, 1, *images.shape[2:])
    return torch.cat([images, maps], dim=1)


@torch.inference_mode()
def denoise(network: nn.Module, noisy: np.ndarray, sigma: float) -> np.ndarray:
    """[H,W,C] -> [H,W,C], 0..1 as floats, untiled and in float32; padded by reflection to the network's multiple."""
    height, width = noisy.shape[:2]
    multiple = network.size_multiple
    pad = (0, -width % multiple, 0, -height % multiple)
    image = torch.from_numpy(np.ascontiguousarray(noisy, dtype=np.float32)).permute(2, 0, 1)[None]
    image = F.pad(image, pad, mode="reflect")
    device = next(network.parameters()).device
    output = network(with_noise_map(image, torch.tensor([float(sigma)])).to(device))
    return output[0, :, :height, :width].permute(1, 2, 0).cpu().numpy()
