"""Functions of each number alone, and softmax."""

import torch
import torch.nn.functional as F
from torch import fx, nn

from ..graph import Node
from .registry import ACTIVATIONS, Activation, writes

RELU = Activation("Relu", fusible=True)
LEAKY_RELU = Activation("LeakyRelu", fusible=True, slope=0.01)  # PyTorch's default
SIGMOID = Activation("Sigmoid", fusible=False)

ACTIVATIONS |= dict.fromkeys([nn.ReLU, F.relu, torch.relu, "relu"], RELU)
ACTIVATIONS |= dict.fromkeys([nn.LeakyReLU, F.leaky_relu], LEAKY_RELU)
ACTIVATIONS |= dict.fromkeys([nn.Sigmoid, F.sigmoid, torch.sigmoid, "sigmoid"], SIGMOID)


@writes(*ACTIVATIONS)
def activation(tracer, step: fx.Node) -> Node:
    source = tracer.tensor(step.args[0])
    found = ACTIVATIONS[tracer.kind(step)].of(tracer, step)
    attributes = {} if found.slope is None else {"alpha": found.slope}
    return tracer.emit(tracer.name(step), found.op, [source.name], attributes)


@writes(nn.Softmax, F.softmax, torch.softmax, "softmax")
def softmax(tracer, step: fx.Node) -> Node:
    """TensorFlow.js has it along the last axis only, so that any other changes places with that one."""
    source, dimension = tracer.tensor(step.args[0]), tracer.option(step, 1, "dim")
    name = tracer.name(step)
    if source.sides == () and dimension in (1, -1):
        return tracer.emit(name, "Softmax", [source.name])
    if dimension == 1:
        return tracer.emit(name, "Softmax", [source.name])
    if not source.sides or dimension not in (2, 3):
        raise NotImplementedError(f"Expected softmax along an axis of fixed length but received {step.format_node()}.")
    order = [0, 3, 2, 1] if dimension == 2 else [0, 1, 3, 2]
    swap = tracer.const(f"{name}/order", order)
    last = tracer.emit(f"{name}/last", "Transpose", [source.name, swap])
    shares = tracer.emit(f"{name}/shares", "Softmax", [last.name])
    return tracer.emit(name, "Transpose", [shares.name, swap])


@writes(nn.Identity)
def identity(tracer, step: fx.Node) -> Node:
    """A place with a name, from which the graph can be run, or to which."""
    return tracer.emit(tracer.name(step), "Identity", [tracer.tensor(step.args[0]).name])
