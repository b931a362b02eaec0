"""MiniLM with heads that tell something, in torch: its first two layers stay as they are, the other four learn."""

from collections.abc import Sequence
from pathlib import Path

import torch
from safetensors.torch import load_file
from tokenizers import Tokenizer
from torch import Tensor, nn
from torch.nn import functional

_LAYERS, _HEADS, _WIDTH = 6, 12, 384
FROZEN = 2
_LONGEST = 48  # tokens of a text, unless told
_DROPPED = 0.1
Weights = dict[str, Tensor]
Text = str | tuple[str, str]  # or a message and what was answered


class Encoder(nn.Module):
    def __init__(self, folder: Path, heads: Sequence[int], longest: int = _LONGEST) -> None:
        """Each head has so many outputs."""
        super().__init__()
        weights = load_file(str(folder / "model.safetensors"))
        self._tokens = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokens.no_padding()
        self._tokens.enable_truncation(longest)
        self._words = weights["embeddings.word_embeddings.weight"]
        self._places = (
            weights["embeddings.position_embeddings.weight"] + weights["embeddings.token_type_embeddings.weight"][0]
        )
        self.norm = _norm(weights, "embeddings.LayerNorm")
        self.layers = nn.ModuleList(_Layer(weights, number) for number in range(_LAYERS))
        self.heads = nn.ModuleList(nn.Linear(_WIDTH, outputs) for outputs in heads)
        for layer in (self.norm, *self.layers[:FROZEN]):
            layer.requires_grad_(requires_grad=False)

    def read(self, texts: Sequence[Text]) -> list[list[int]]:
        return [one.ids for one in self._tokens.encode_batch(list(texts))]

    def forward(self, ids: Tensor) -> list[Tensor]:
        mask = ids != 0
        with torch.no_grad():
            states = self.norm(self._words[ids] + self._places[: ids.shape[1]])
            for layer in self.layers[:FROZEN]:
                states = layer(states, mask, 0.0)
        for layer in self.layers[FROZEN:]:
            states = layer(states, mask, _DROPPED if self.training else 0.0)
        mean = (states * mask[..., None]).sum(1) / mask.sum(1, keepdim=True)
        mean = functional.dropout(mean, _DROPPED, self.training)
        return [head(mean) for head in self.heads]


class _Layer(nn.Module):
    def __init__(self, weights: Weights, number: int) -> None:
        super().__init__()
        at = f"encoder.layer.{number}."
        self.query, self.key, self.value = (
            _linear(weights, f"{at}attention.self.{name}") for name in ("query", "key", "value")
        )
        self.attended = _linear(weights, f"{at}attention.output.dense")
        self.first_norm = _norm(weights, f"{at}attention.output.LayerNorm")
        self.inner, self.outer = _linear(weights, f"{at}intermediate.dense"), _linear(weights, f"{at}output.dense")
        self.second_norm = _norm(weights, f"{at}output.LayerNorm")

    def forward(self, states: Tensor, mask: Tensor, dropped: float) -> Tensor:
        query, key, value = (_split(part(states)) for part in (self.query, self.key, self.value))
        mixed = functional.scaled_dot_product_attention(query, key, value, attn_mask=mask[:, None, None, :])
        attended = self.attended(mixed.transpose(1, 2).reshape(states.shape))
        states = self.first_norm(states + functional.dropout(attended, dropped))
        inner = self.outer(functional.gelu(self.inner(states)))
        return self.second_norm(states + functional.dropout(inner, dropped))


def _split(states: Tensor) -> Tensor:
    many, length, width = states.shape
    return states.view(many, length, _HEADS, width // _HEADS).transpose(1, 2)


def _linear(weights: Weights, at: str) -> nn.Linear:
    made = nn.Linear(weights[f"{at}.weight"].shape[1], weights[f"{at}.weight"].shape[0])
    made.load_state_dict({"weight": weights[f"{at}.weight"], "bias": weights[f"{at}.bias"]})
    return made


def _norm(weights: Weights, at: str) -> nn.LayerNorm:
    made = nn.LayerNorm(_WIDTH, eps=1e-12)
    made.load_state_dict({"weight": weights[f"{at}.weight"], "bias": weights[f"{at}.bias"]})
    return made
