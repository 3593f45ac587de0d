"""Graph <-> TensorFlow.js model.json and weight shards (https://www.tensorflow.org/js/guide/save_load)."""

import base64
import json
from pathlib import Path

import numpy as np

from .graph import INPUT, OUTPUT, Graph, Node
from .shapes import infer_shapes

SHARD_BYTES = 4 * 2**20
TYPES = {"float32": "DT_FLOAT", "int32": "DT_INT32"}
FLOAT16 = {"dtype": "float16", "original_dtype": "float32"}
INTEGERS = {  # the attribute that types an operation's sizes, axes and the like
    "ConcatV2": "Tidx",
    "Mean": "Tidx",
    "Reshape": "Tshape",
    "Shape": "out_type",
    "Slice": "Index",
    "Transpose": "Tperm",
}


def write(graph: Graph, folder: Path, shards: bool = True) -> list[str]:
    """model.json and its shards in float16; returns their names. Without `shards`, weights.q8 holds the weights."""
    entries = manifest_entries(graph) if shards else []
    payload = b"".join(encode(graph.weights[entry["name"]]) for entry in entries)
    parts = [payload[at : at + SHARD_BYTES] for at in range(0, len(payload), SHARD_BYTES)]
    names = [f"group1-shard{number}of{len(parts)}.bin" for number in range(1, len(parts) + 1)]
    for name, part in zip(names, parts):
        (folder / name).write_bytes(part)
    placeholder, result = graph.node(INPUT), graph.nodes[-1]
    if result.name != OUTPUT:
        raise ValueError(f"Expected the last node to be {OUTPUT!r} but it is {result.name!r}.")
    model = {
        "format": "graph-model",
        "generatedBy": "degrain",
        "convertedBy": None,
        "signature": {
            "inputs": {INPUT: tensor_info(placeholder)},
            "outputs": {OUTPUT: tensor_info(result)},
        },
        "modelTopology": {
            "node": [node_json(node) for node in graph.nodes],
            "library": {},
            "versions": {"producer": 1882},
        },
        "weightsManifest": [{"paths": names, "weights": manifest_entries(graph)}],
    }
    (folder / "model.json").write_text(json.dumps(model, separators=(",", ":")) + "\n")
    return names


def read(folder: Path) -> Graph:
    """The graph with its float16 weights widened to float32, as an engine sees it.

    Where there are no shards all weights are 0 and no shapes known, for `quantise.read` to fill in.
    """
    model = json.loads((folder / "model.json").read_text())
    graph = Graph()
    (group,) = model["weightsManifest"]
    graph.nodes.extend(parse_node(node) for node in model["modelTopology"]["node"])
    if not group["paths"]:
        graph.weights = {entry["name"]: np.zeros(entry["shape"], entry["dtype"]) for entry in group["weights"]}
        return graph
    payload = b"".join((folder / path).read_bytes() for path in group["paths"])
    at = 0
    for entry in group["weights"]:
        stored = np.dtype(entry.get("quantization", entry)["dtype"]).newbyteorder("<")
        count = int(np.prod(entry["shape"]))
        value = np.frombuffer(payload, stored, count, at).reshape(entry["shape"])
        graph.weights[entry["name"]] = value.astype(entry["dtype"])
        at += value.nbytes
    if at != len(payload):
        raise ValueError(f"Expected {at} bytes of weights in {folder} but received {len(payload)}.")
    infer_shapes(graph)
    return graph


def in_float16(graph: Graph) -> Graph:
    """`graph` with its weights rounded as the shards hold them."""
    weights = graph.weights.items()
    return Graph(graph.nodes, {n: v if v.dtype == np.int32 else v.astype("f2").astype(v.dtype) for n, v in weights})


def manifest_entries(graph: Graph) -> list[dict]:
    """Integers first, so that every tensor starts at a multiple of its element's size."""
    entries = []
    for name, value in sorted(graph.weights.items(), key=lambda item: item[1].dtype != np.int32):
        entry = {"name": name, "shape": list(value.shape), "dtype": value.dtype.name}
        entries.append(entry if value.dtype == np.int32 else {**entry, "quantization": FLOAT16})
    return entries


def encode(value: np.ndarray) -> bytes:
    return value.astype("<i4" if value.dtype == np.int32 else "<f2").tobytes()


def tensor_info(node: Node) -> dict:
    shape = [-1, *((-1, -1) if node.sides is None else node.sides), node.channels]
    return {"name": f"{node.name}:0", "dtype": "DT_FLOAT", "tensorShape": shape_json(shape)}


def shape_json(shape: list[int]) -> dict:
    return {"dim": [{"size": str(size)} for size in shape]}


def node_json(node: Node) -> dict:
    if node.op == "Const":
        dtype = TYPES[node.attributes["dtype"]]
        tensor = {"dtype": dtype, "tensorShape": shape_json(node.attributes["shape"])}
        return {"name": node.name, "op": "Const", "attr": {"dtype": {"type": dtype}, "value": {"tensor": tensor}}}
    if node.op == "Placeholder":
        attributes = {"dtype": {"type": "DT_FLOAT"}, "shape": {"shape": shape_json(node.attributes["shape"])}}
        return {"name": node.name, "op": "Placeholder", "attr": attributes}
    operands = "float32" if node.op == "Shape" else node.dtype
    attributes = {"T": {"type": TYPES[operands]}, **{key: attribute_json(x) for key, x in node.attributes.items()}}
    if node.op in INTEGERS:
        attributes[INTEGERS[node.op]] = {"type": "DT_INT32"}
    return {"name": node.name, "op": node.op, "input": node.inputs, "attr": attributes}


def attribute_json(value: str | bool | int | float | list) -> dict:
    """Protocol buffers in JSON: 64-bit integers are strings, byte strings are base64."""
    if isinstance(value, list):
        kind = "s" if isinstance(value[0], str) else "i"
        return {"list": {kind: [attribute_json(item)[kind] for item in value]}}
    if isinstance(value, str):
        return {"s": base64.b64encode(value.encode()).decode()}
    if isinstance(value, bool):
        return {"b": value}
    return {"f": value} if isinstance(value, float) else {"i": str(value)}


def parse_attribute(value: dict) -> str | bool | int | float | list:
    if "list" in value:
        ((kind, items),) = value["list"].items()
        return [parse_attribute({kind: item}) for item in items]
    if "s" in value:
        return base64.b64decode(value["s"]).decode()
    return int(value["i"]) if "i" in value else value.get("f", value.get("b"))


def parse_node(node: dict) -> Node:
    attributes = node["attr"]
    if node["op"] == "Const":
        shape = attributes["value"]["tensor"]["tensorShape"]
        dtype = next(name for name, code in TYPES.items() if code == attributes["dtype"]["type"])
        return Node(node["name"], "Const", [], {"dtype": dtype, "shape": sizes(shape)}, dtype=dtype)
    if node["op"] == "Placeholder":
        return Node(node["name"], "Placeholder", [], {"shape": sizes(attributes["shape"]["shape"])})
    plain = {key: parse_attribute(value) for key, value in attributes.items() if "type" not in value}
    return Node(node["name"], node["op"], node["input"], plain)


def sizes(shape: dict) -> list[int]:
    return [int(dimension["size"]) for dimension in shape["dim"]]
