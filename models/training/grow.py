"""Small networks' weights into a larger one of the same architecture, which then starts as good as they, or better.

Copies stand side by side, each turned by another quarter, for as long as there is room, and the answer is their mean:
the ensemble over turned pictures that is otherwise run one after the other (Timofte et al., "Seven ways to improve
example-based single image super resolution", 2016), in one network. What is left over is added so that the function
stays: old outputs do not read new channels, and new blocks add nothing. Gradients reach all of it at once (Chen et al.,
"Net2Net", 2016, copies channels instead; copies have to be told apart by noise first).
"""

import copy
import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from .subpixels import closed, opened, turned


@dataclass(frozen=True)
class Member:
    network: nn.Module
    turn: int


@torch.no_grad()
def grow(network: nn.Module, starts: Sequence[nn.Module]) -> int:
    """Gives `network` the mean answer of `starts`, repeated while they fit; returns how many members there are.

    Each counts as much as it is wide. Residual blocks that only `network` has are made to add nothing.
    """
    if len(starts) == 1 and shapes(starts[0]) == shapes(network):
        network.load_state_dict(starts[0].state_dict())
        return 1
    if not hasattr(network, "picture_layers"):
        raise ValueError(f"Expected the very network of {type(network).__name__}, which does not grow.")
    members = [Member(start, turn) for start, turn in zip(starts, itertools.cycle(network.turns))]
    for member in members:
        check_names(network, member.network)
    if missing := no_room(network, members):
        raise ValueError(f"Expected room in {missing} but received more channels than it has.")
    for start, turn in zip(itertools.cycle(starts), network.turns[len(starts) :]):
        if no_room(network, [*members, Member(start, turn)]):
            break
        members.append(Member(start, turn))
    for name in dict(network.named_parameters()):
        place(network, members, name)
    return len(members)


def shapes(network: nn.Module) -> dict[str, torch.Size]:
    return {name: parameter.shape for name, parameter in network.named_parameters()}


def check_names(network: nn.Module, smaller: nn.Module) -> None:
    unknown = sorted(set(shapes(smaller)) - set(shapes(network)))
    if unknown:
        raise ValueError(f"Expected a network that contains the smaller one, but it has no {unknown[0]}.")


def no_room(network: nn.Module, members: Sequence[Member]) -> str | None:
    """The first weight in which `members` do not fit side by side."""
    for name, parameter in network.named_parameters():
        if parameter.dim() == 1:
            continue
        room = form_of(network, name).shape
        taken = [form_of(member.network, name).shape for member in members if name in shapes(member.network)]
        for axis, picture in enumerate(is_picture(network, name)):
            sizes = [shape[axis] for shape in taken]
            if (max(sizes, default=0) if picture else sum(sizes)) > room[axis]:
                return name
    return None


def place(network: nn.Module, members: Sequence[Member], name: str) -> None:
    """The members' weights called `name` into that of `network`."""
    having = [member for member in members if name in shapes(member.network)]
    if not having:
        if ".second." in name:
            parameter_of(network, name).zero_()
        return
    if len(having) < len(members):
        raise ValueError(f"Expected starts with the same blocks, but only some have {name}.")
    form = form_of(network, name)
    writes, reads = is_picture(network, name)
    bias = parameter_of(network, name).dim() == 1
    old = [turned(form_of(member.network, name), member.turn) for member in members]
    shares = members_shares(network, members)
    form[: max(len(part) for part in old) if writes else sum(len(part) for part in old)] = 0
    row = column = 0
    for part, share in zip(old, shares):
        place_at = form[row : row + len(part), column : column + part.shape[1]]
        place_at += part * share if writes else part
        row += 0 if writes else len(part)
        column += 0 if reads or bias else part.shape[1]
    layer, layout = layer_of(network, name)
    parameter = parameter_of(network, name)
    parameter.copy_(closed(form, layer, layout, parameter))


def members_shares(network: nn.Module, members: Sequence[Member]) -> list[float]:
    """Of each member in the mean: its channels before the last layer."""
    last = f"{network.picture_layers[1]}.weight"
    widths = [form_of(member.network, last).shape[1] for member in members]
    return [width / sum(widths) for width in widths]


def is_picture(network: nn.Module, name: str) -> tuple[bool, bool]:
    """Whether the outputs of the layer are the picture, and whether its inputs are: all members share these."""
    first, last = network.picture_layers
    layer = name.rpartition(".")[0]
    return layer == last, layer == first


def parameter_of(network: nn.Module, name: str) -> nn.Parameter:
    return network.get_parameter(name)


def layer_of(network: nn.Module, name: str) -> tuple[nn.Module, tuple[str, str] | None]:
    layer = name.rpartition(".")[0]
    return network.get_submodule(layer), network.subpixels.get(layer)


def form_of(network: nn.Module, name: str) -> Tensor:
    return opened(parameter_of(network, name).detach(), *layer_of(network, name))


@torch.no_grad()
def without_noise_map(network: nn.Module, sigma: float) -> nn.Module:
    """A blind copy of a conditioned U-Net, which takes all noise for `sigma` (0..255)."""
    blind = copy.deepcopy(network)
    weight = network.head.weight  # [out, (channels + 1) * r * r, k, k]: the map comes last
    kept = network.channels * network.unshuffle**2
    blind.head = nn.Conv2d(kept, weight.shape[0], 3, padding=1)
    blind.head.weight.copy_(weight[:, :kept])
    blind.head.bias.copy_(network.head.bias + weight[:, kept:].sum(dim=(1, 2, 3)) * sigma / 255)
    blind.conditioned = False
    return blind
