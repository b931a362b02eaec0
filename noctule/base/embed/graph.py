"""MiniLM's weights written as an ONNX graph and cut down to eight bits: a second of work, once, with no torch near.

The one file that touches `onnx`, `safetensors` and the quantizer. It runs in a process of its own (`__main__.py`).
"""

import fcntl
import logging
import os
import tempfile
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np

from noctule.base.embed.files import DIMENSIONS, weights
from noctule.base.folders import make_folder

_LAYERS, _HEADS = 6, 12
_OPSET, _IR = 20, 9
_onnx: Any = import_module("onnx")
_log = logging.getLogger(__name__)


def build(target: Path) -> None:
    """Returns when the file is there; who comes second waits for the first. Half a file is never seen."""
    make_folder(target.parent)
    with (target.parent / "building.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if target.exists():
            return
        with tempfile.TemporaryDirectory(dir=target.parent) as folder:
            whole, small = Path(folder) / "whole.onnx", Path(folder) / "small.onnx"
            _onnx.save(_Graph(weights() / "model.safetensors").model(), str(whole))
            _quantize(whole, small)
            small.replace(target)


def _quantize(whole: Path, small: Path) -> None:
    logging.getLogger().setLevel(logging.ERROR)  # it recommends a preparation that the graph does not need
    quantization: Any = import_module("onnxruntime.quantization")
    quantization.quantize_dynamic(str(whole), str(small), weight_type=quantization.QuantType.QInt8, per_channel=True)
    with small.open("rb") as file:
        os.fsync(file.fileno())


class _Graph:
    """A BERT encoder, mean pooling and unit length. Methods add nodes and answer the names of their outputs."""

    def __init__(self, path: Path) -> None:
        self._weights: dict[str, Any] = import_module("safetensors.numpy").load_file(str(path))
        self._nodes: list[Any] = []
        self._constants: dict[str, Any] = {}

    def model(self) -> Any:
        helper, kinds = _onnx.helper, _onnx.TensorProto
        states = self._embedded()
        mask = self._node("Cast", "attention_mask", to=kinds.FLOAT)
        hidden = self._node("Sub", self._constant("one", 1.0), self._node("Unsqueeze", mask, self._axes(1, 2)))
        bias = self._node("Mul", hidden, self._constant("far", -1e4))  # what is padding is not looked at
        for number in range(_LAYERS):
            states = self._layer(states, bias, f"encoder.layer.{number}.")
        self._nodes.append(helper.make_node("LpNormalization", [self._mean(states, mask)], ["embedding"], axis=1, p=2))
        inputs = [
            helper.make_tensor_value_info(name, kinds.INT64, ["b", "t"]) for name in ("input_ids", "attention_mask")
        ]
        outputs = [helper.make_tensor_value_info("embedding", kinds.FLOAT, ["b", DIMENSIONS])]
        graph = helper.make_graph(self._nodes, "minilm", inputs, outputs, list(self._constants.values()))
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", _OPSET)])
        model.ir_version = _IR
        _onnx.checker.check_model(model)
        return model

    def _embedded(self) -> str:
        word = self._weight("embeddings.word_embeddings.weight")
        places = self._weights["embeddings.position_embeddings.weight"]
        place = self._constant("places", places + self._weights["embeddings.token_type_embeddings.weight"][0])
        shape = self._node("Shape", "input_ids", start=1, end=2)
        length = self._node("Squeeze", shape, self._axes(0))
        zero, one = self._whole("zero", 0), self._whole("step", 1)
        numbers = self._node("Gather", place, self._node("Range", zero, length, one))
        return self._normed(self._node("Add", self._node("Gather", word, "input_ids"), numbers), "embeddings.LayerNorm")

    def _layer(self, states: str, bias: str, at: str) -> str:
        query, key, value = (
            self._split(self._linear(states, f"{at}attention.self.{name}"), order)
            for name, order in (("query", [0, 2, 1, 3]), ("key", [0, 2, 3, 1]), ("value", [0, 2, 1, 3]))
        )
        scale = self._constant("scale", (DIMENSIONS // _HEADS) ** -0.5)
        scores = self._node("Add", self._node("Mul", self._node("MatMul", query, key), scale), bias)
        mixed = self._node("MatMul", self._node("Softmax", scores, axis=-1), value)
        joined = self._node("Reshape", self._node("Transpose", mixed, perm=[0, 2, 1, 3]), self._joined())
        attended = self._node("Add", self._linear(joined, f"{at}attention.output.dense"), states)
        states = self._normed(attended, f"{at}attention.output.LayerNorm")
        inner = self._node("Gelu", self._linear(states, f"{at}intermediate.dense"))
        return self._normed(
            self._node("Add", self._linear(inner, f"{at}output.dense"), states), f"{at}output.LayerNorm"
        )

    def _split(self, states: str, order: list[int]) -> str:
        heads = self._whole("heads", [0, 0, _HEADS, DIMENSIONS // _HEADS])
        return self._node("Transpose", self._node("Reshape", states, heads), perm=order)

    def _joined(self) -> str:
        return self._whole("joined", [0, 0, DIMENSIONS])

    def _mean(self, states: str, mask: str) -> str:
        column = self._node("Unsqueeze", mask, self._axes(2))
        total = self._node("ReduceSum", self._node("Mul", states, column), self._axes(1), keepdims=0)
        return self._node("Div", total, self._node("ReduceSum", column, self._axes(1), keepdims=0))

    def _linear(self, states: str, at: str) -> str:
        turned = self._constant(f"{at}.turned", self._weights[f"{at}.weight"].T)
        return self._node("Add", self._node("MatMul", states, turned), self._weight(f"{at}.bias"))

    def _normed(self, states: str, at: str) -> str:
        scale, shift = self._weight(f"{at}.weight"), self._weight(f"{at}.bias")
        return self._node("LayerNormalization", states, scale, shift, axis=-1, epsilon=1e-12)

    def _node(self, kind: str, *inputs: str, **how: object) -> str:
        name = f"{kind}_{len(self._nodes)}"
        self._nodes.append(_onnx.helper.make_node(kind, list(inputs), [name], name=name, **how))
        return name

    def _weight(self, name: str) -> str:
        return self._constant(name, self._weights[name])

    def _constant(self, name: str, value: object) -> str:
        return self._keep(name, np.array(value, dtype=np.float32, order="C"))

    def _whole(self, name: str, value: object) -> str:
        return self._keep(name, np.array(value, dtype=np.int64))

    def _axes(self, *axes: int) -> str:
        return self._whole("axes_" + "_".join(map(str, axes)), axes)

    def _keep(self, name: str, value: Any) -> str:
        if name not in self._constants:
            self._constants[name] = _onnx.numpy_helper.from_array(value, name)
        return name
