"""Optimisers: Muon for the hidden convolutions, AdamW for everything else.

Muon (Jordan et al., 2024) replaces a weight matrix's momentum by its nearest semi-orthogonal matrix, found with five
Newton-Schulz steps. Convolutions enter as [out, in * kh * kw]. The update is scaled as in Moonlight (Liu et al., 2025,
arXiv 2502.16982) so that its root mean square matches AdamW's and one learning rate serves both.
"""

import torch
from torch import Tensor, nn

NEWTON_SCHULZ = (3.4445, -4.7750, 2.0315)


def orthogonalise(matrices: Tensor, steps: int = 5) -> Tensor:
    """The nearest semi-orthogonal matrix, roughly, of each [rows, columns] in a batch [N, rows, columns]."""
    a, b, c = NEWTON_SCHULZ
    x = matrices.bfloat16()
    tall = x.shape[1] > x.shape[2]
    if tall:
        x = x.transpose(1, 2)
    x = x / (x.norm(dim=(1, 2), keepdim=True) + 1e-7)
    for _ in range(steps):
        gram = x @ x.transpose(1, 2)
        x = a * x + (b * gram + c * gram @ gram) @ x
    return (x.transpose(1, 2) if tall else x).float()


class Muon(torch.optim.Optimizer):
    def __init__(self, parameters, lr: float, momentum: float = 0.95, weight_decay: float = 0.0):
        super().__init__(parameters, {"lr": lr, "momentum": momentum, "weight_decay": weight_decay})

    @torch.no_grad()
    def step(self) -> None:
        for group in self.param_groups:
            weights = group["params"]
            for weight in weights:
                if "momentum" not in self.state[weight]:
                    self.state[weight]["momentum"] = torch.zeros_like(weight)
            # lists in one call each: on a GPU, launching small kernels one by one takes longer than they do
            momenta = [self.state[weight]["momentum"] for weight in weights]
            gradients = [weight.grad for weight in weights]
            torch._foreach_lerp_(momenta, gradients, 1 - group["momentum"])
            nesterov = torch._foreach_lerp(gradients, momenta, group["momentum"])
            torch._foreach_mul_(weights, 1 - group["lr"] * group["weight_decay"])
            by_shape: dict[tuple[int, int], list[tuple[Tensor, Tensor]]] = {}
            for weight, direction in zip(weights, nesterov):
                matrix = direction.reshape(weight.shape[0], -1)
                by_shape.setdefault(tuple(matrix.shape), []).append((weight, matrix))
            for shape, entries in by_shape.items():
                updates = orthogonalise(torch.stack([matrix for _, matrix in entries]))
                scale = 0.2 * max(shape) ** 0.5
                for (weight, _), update in zip(entries, updates):
                    weight.add_(update.reshape(weight.shape), alpha=-group["lr"] * scale)


def optimisers(network: nn.Module, name: str, lr: float, weight_decay: float) -> list[torch.optim.Optimizer]:
    """`muon` or `adamw`. Biases and the layers that touch pixels (head, tail) always get AdamW."""
    if name not in ("muon", "adamw"):
        raise ValueError(f"Expected optimiser 'muon' or 'adamw' but received {name!r}.")
    hidden, rest = [], []
    for parameter_name, parameter in network.named_parameters():
        at_pixels = parameter_name.startswith(("head", "tail"))
        (hidden if name == "muon" and parameter.dim() == 4 and not at_pixels else rest).append(parameter)
    fused = True if rest[0].is_cuda else None  # in one kernel
    chosen: list[torch.optim.Optimizer] = [
        torch.optim.AdamW(rest, lr=lr, betas=(0.9, 0.99), weight_decay=weight_decay, fused=fused)
    ]
    # two of about the same work, so that two cores can step at the same time
    hidden.sort(key=torch.numel)
    for half in (hidden[::2], hidden[1::2]):
        if half:
            chosen.append(Muon(half, lr=lr, weight_decay=weight_decay))
    return chosen
