"""The graph at work: tokens in, unit vectors out. The one file that touches onnxruntime and tokenizers."""

from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from noctule.base.embed.files import DIMENSIONS, weights

_LONGEST = 256  # tokens: what the model was trained on
_BATCH = 16


class Model:
    def __init__(self, path: Path, *, threads: int) -> None:
        runtime: Any = import_module("onnxruntime")
        options = runtime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        self._session = runtime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
        self._tokens: Any = import_module("tokenizers").Tokenizer.from_file(str(weights() / "tokenizer.json"))
        # The file brings settings of its own, for another length; a batch is padded to its longest text.
        self._tokens.enable_truncation(_LONGEST)
        self._tokens.enable_padding()

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """One row for each text. Texts of similar length share a batch, so that little is padded."""
        vectors = np.zeros((len(texts), DIMENSIONS), dtype=np.float32)
        order = sorted(range(len(texts)), key=lambda index: len(texts[index]))
        for start in range(0, len(order), _BATCH):
            batch = order[start : start + _BATCH]
            tokens = self._tokens.encode_batch([texts[index] for index in batch])
            feed = {
                "input_ids": np.array([one.ids for one in tokens], dtype=np.int64),
                "attention_mask": np.array([one.attention_mask for one in tokens], dtype=np.int64),
            }
            vectors[batch] = self._session.run(None, feed)[0]
        return vectors
