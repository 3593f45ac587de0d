"""PyTorch module -> Graph, by torch.fx: networks of known operations export without code of their own.

What each operation becomes stands in ops/, by family. Layouts and neighbours differ between PyTorch and TensorFlow.js,
so an operation may have to wait for its reader (a pixel-unshuffle is folded into the convolution after it), be taken
up by the one before it (a ReLU is fused), or have the layer before it give its outputs in another order.
"""

from collections.abc import Callable

import numpy as np
import torch
from torch import Tensor, fx, nn

from .graph import INPUT, OUTPUT, Graph, Node
from .ops import ACTIVATIONS, WRITERS, Activation
from .shapes import infer

REQUIRED = object()


def trace(network: nn.Module, input_channels: int) -> Graph:
    """The graph of `network`; its input is [N, input_channels, H, W], of its `input_size` or of any if it has none."""
    return Tracer(network, input_channels).graph


class Leaves(fx.Tracer):
    """Looks into modules down to those that ops/ can write."""

    def is_leaf_module(self, module: nn.Module, qualified_name: str) -> bool:
        return writable(type(module)) is not None or super().is_leaf_module(module, qualified_name)


class Tracer:
    def __init__(self, network: nn.Module, input_channels: int):
        self.graph = Graph()
        self.weights: dict[str, Tensor] = {}  # as in the graph, but still functions of the network's parameters
        self.modules = dict(network.named_modules())
        self.values: dict[fx.Node, object] = {}  # a Node, or what waits for its reader
        self.layers: dict[fx.Node, Node] = {}  # steps whose channels are those of a layer
        self.fused: dict[fx.Node, fx.Node] = {}  # activation -> the step whose layer computes it
        self.size = getattr(network, "input_size", (-1, -1))
        steps = fx.GraphModule(network, Leaves().trace(network)).graph
        steps.eliminate_dead_code()  # what only training needs
        for step in steps.nodes:
            if step.op == "placeholder":
                self.values[step] = self.emit(INPUT, "Placeholder", [], {"shape": [-1, *self.size, input_channels]})
            elif step.op == "output":
                self.tensor(step.args[0])  # one, and nothing that waits for a reader
            else:
                self.values[step] = self.write(step)

    def write(self, step: fx.Node) -> object:
        if step in self.fused:
            return self.values[self.fused[step]]
        writer = WRITERS.get(self.kind(step))
        if writer is None:
            raise NotImplementedError(
                f"Expected an operation that export/ops/ can write but received {step.format_node()} "
                f"({self.kind(step)}). Teach it there."
            )
        return writer(self, step)

    def kind(self, step: fx.Node) -> type | Callable | str:
        """What ACTIVATIONS and WRITERS know a step by: a module's class, a function, or a method's name."""
        if step.op == "call_module":
            module = type(self.modules[step.target])
            return writable(module) or module
        return step.target

    # what a step says

    def module(self, step: fx.Node) -> nn.Module:
        return self.modules[step.target]

    def option(self, step: fx.Node, position: int, name: str, default: object = REQUIRED) -> object:
        """An argument of a function, or the attribute of that name of the module that stands for the function."""
        if step.op == "call_module":
            return getattr(self.module(step), name)
        if len(step.args) > position:
            return step.args[position]
        if name not in step.kwargs and default is REQUIRED:
            raise NotImplementedError(f"Expected {name} in {step.format_node()}.")
        return step.kwargs.get(name, default)

    def tensor(self, argument: object) -> Node:
        value = self.values.get(argument)
        if not isinstance(value, Node):
            raise NotImplementedError(f"Expected a tensor that the graph holds but received {argument} ({value}).")
        return value

    def name(self, step: fx.Node) -> str:
        """The module's name, once; the output's belongs to the last step, or to the layer that this is fused into."""
        last = next((activation for activation, layer in self.fused.items() if layer is step), step)
        if any(reader.op == "output" for reader in last.users):
            return OUTPUT
        name = step.target.replace(".", "/") if step.op == "call_module" else step.name
        return step.name if any(node.name == name for node in self.graph.nodes) else name

    # what the graph gets

    def emit(self, name: str, op: str, inputs: list[str], attributes: dict | None = None) -> Node:
        node = Node(name, op, inputs, attributes or {})
        infer(self.graph, node)
        self.graph.nodes.append(node)
        return node

    def const(self, name: str, value: Tensor | list[int] | int) -> str:
        """A tensor is a weight; integers are sizes, axes and the like."""
        if isinstance(value, Tensor):
            self.keep(name, value)
        else:
            self.graph.weights[name] = np.array(value, np.int32)
        stored = self.graph.weights[name]
        self.graph.nodes.append(
            Node(name, "Const", [], {"dtype": stored.dtype.name, "shape": list(stored.shape)}, dtype=stored.dtype.name)
        )
        return name

    def keep(self, name: str, weight: Tensor) -> None:
        self.weights[name] = weight
        self.graph.weights[name] = np.ascontiguousarray(weight.detach().numpy())

    def layer(
        self, step: fx.Node, op: str, source: Node, filters: Tensor, bias: Tensor | None, attributes: dict, suffix=""
    ) -> Node:
        """A convolution or a product of matrices, with an activation if that alone reads it: all backends fuse them.

        The outputs are on the last axis of `filters`.
        """
        activation = self.activation_after(step)
        name = self.name(step) + suffix
        bias = torch.zeros(filters.shape[-1], dtype=filters.dtype) if bias is None else bias
        inputs = [source.name, self.const(f"{name}/filter", filters), self.const(f"{name}/bias", bias)]
        fused = {"fused_ops": ["BiasAdd", activation.op] if activation else ["BiasAdd"]}
        if activation and activation.slope is not None:
            fused["leakyrelu_alpha"] = activation.slope
        return self.emit(name, op, inputs, {**attributes, "num_args": 1, **fused})

    def activation_after(self, step: fx.Node) -> Activation | None:
        """The activation that can be fused with the layer that `step` becomes."""
        reader = next(iter(step.users)) if len(step.users) == 1 else None
        activation = reader and ACTIVATIONS.get(self.kind(reader))
        if not activation or not activation.fusible:
            return None
        self.fused[reader] = step
        return activation.of(self, reader)

    def layer_before(self, step: fx.Node, scaled: bool = False) -> Node | None:
        """The layer whose outputs reach the one reader of `step`, and nobody else, through no more than activations.

        Its outputs may be put in another order then, and `scaled` by a positive factor where no sigmoid follows.
        """
        while len(step.users) == 1:
            if step in self.layers:
                return self.layers[step]
            activation = ACTIVATIONS.get(self.kind(step))
            if not activation or (scaled and not activation.fusible):
                return None
            step = step.args[0]
        return None

    def change_outputs(self, layer: Node, change: Callable[[Tensor], Tensor]) -> None:
        """`change` works on the last axis of filters and biases."""
        for name in layer.inputs[1:]:
            self.keep(name, change(self.weights[name]))


def writable(module: type) -> type | None:
    """The class among `module` and its bases that ops/ can write."""
    return next((base for base in module.__mro__ if base in WRITERS), None)
