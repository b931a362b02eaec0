"""Vectors of single words from MiniLM's own weights, in plain numpy: no torch, no runtime, no tokenizer library."""

import json
from pathlib import Path

import numpy as np

_HEADS = 12
_LAYERS = 6
_BATCH = 512


class WordVectors:
    """Reads the folder of the model (`model.safetensors`, `vocab.txt`)."""

    def __init__(self, folder: Path) -> None:
        raw = (folder / "model.safetensors").read_bytes()
        size = int.from_bytes(raw[:8], "little")
        head = json.loads(raw[8 : 8 + size])
        self._w = {
            name: np.frombuffer(raw, np.float32, offset=8 + size + one["data_offsets"][0],
                                count=int(np.prod(one["shape"], dtype=np.int64))).reshape(one["shape"])
            for name, one in head.items()
            if name != "__metadata__" and one["dtype"] == "F32"
        }  # fmt: skip
        self.vocabulary = (folder / "vocab.txt").read_text().split("\n")
        self._ids = {token: number for number, token in enumerate(self.vocabulary)}

    def of(self, words: list[str]) -> np.ndarray:
        """One vector of 384 for each word, of length one."""
        pieces = [[101, *self._pieces(word), 102] for word in words]
        found = np.zeros((len(words), 384), np.float32)
        order = sorted(range(len(words)), key=lambda at: len(pieces[at]))
        for start in range(0, len(order), _BATCH):
            some = order[start : start + _BATCH]
            found[some] = self._forward([pieces[at] for at in some])
        return found

    def _pieces(self, word: str) -> list[int]:
        """Greedy, the longest first."""
        found: list[int] = []
        start = 0
        while start < len(word):
            for end in range(len(word), start, -1):
                token = ("##" if start else "") + word[start:end]
                if token in self._ids:
                    found.append(self._ids[token])
                    start = end
                    break
            else:
                return [100]
        return found

    def _forward(self, pieces: list[list[int]]) -> np.ndarray:
        longest = max(map(len, pieces))
        ids = np.array([one + [0] * (longest - len(one)) for one in pieces])
        mask = np.array([[1.0] * len(one) + [0.0] * (longest - len(one)) for one in pieces], np.float32)
        w = self._w
        x = w["embeddings.word_embeddings.weight"][ids] + w["embeddings.position_embeddings.weight"][:longest]
        x = self._norm(x + w["embeddings.token_type_embeddings.weight"][0], "embeddings.LayerNorm")
        for number in range(_LAYERS):
            x = self._layer(x, mask, f"encoder.layer.{number}.")
        mean = (x * mask[..., None]).sum(1) / mask.sum(1, keepdims=True)
        return mean / np.linalg.norm(mean, axis=1, keepdims=True)

    def _layer(self, x: np.ndarray, mask: np.ndarray, name: str) -> np.ndarray:
        many, length, width = x.shape
        q, k, v = (
            self._linear(x, f"{name}attention.self.{one}").reshape(many, length, _HEADS, -1).transpose(0, 2, 1, 3)
            for one in ("query", "key", "value")
        )
        scores = q @ k.transpose(0, 1, 3, 2) / float(np.sqrt(width / _HEADS)) + (1 - mask)[:, None, None, :] * -1e4
        scores = np.exp(scores - scores.max(-1, keepdims=True))
        scores /= scores.sum(-1, keepdims=True)
        mixed = (scores @ v).transpose(0, 2, 1, 3).reshape(many, length, width)
        x = self._norm(x + self._linear(mixed, f"{name}attention.output.dense"), f"{name}attention.output.LayerNorm")
        inner = self._linear(x, f"{name}intermediate.dense")
        inner = 0.5 * inner * (1 + np.tanh(0.7978845608 * (inner + 0.044715 * inner * inner * inner)))
        return self._norm(x + self._linear(inner, f"{name}output.dense"), f"{name}output.LayerNorm")

    def _linear(self, x: np.ndarray, name: str) -> np.ndarray:
        flat = x.reshape(-1, x.shape[-1])  # one large product, not one for each word
        return (flat @ self._w[f"{name}.weight"].T + self._w[f"{name}.bias"]).reshape(*x.shape[:-1], -1)

    def _norm(self, x: np.ndarray, name: str) -> np.ndarray:
        x = x - x.mean(-1, keepdims=True)
        return (
            x / np.sqrt((x * x).mean(-1, keepdims=True) + 1e-12) * self._w[f"{name}.weight"] + self._w[f"{name}.bias"]
        )
