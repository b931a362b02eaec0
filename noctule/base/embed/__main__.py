"""The two processes beside a server: `build FILE` writes the graph, `run FILE` answers texts with vectors.

`run` reads a length of four bytes and a MessagePack list of texts, and answers a length and the vectors as they lie in
memory. It ends with its input, so it never outlives whom it works for.
"""

import os
import sys
from pathlib import Path
from typing import BinaryIO

import msgspec

from noctule.base.embed.graph import build
from noctule.base.embed.model import Model

_THREADS = 1


def answer(model: Model, source: BinaryIO, target: BinaryIO) -> None:
    while len(head := source.read(4)) == 4:
        texts = msgspec.msgpack.decode(source.read(int.from_bytes(head)), type=list[str])
        vectors = model.embed(texts).tobytes()
        target.write(len(vectors).to_bytes(4) + vectors)
        target.flush()


def main(what: str, path: Path, niceness: int) -> None:
    os.nice(niceness)
    if what == "build":
        build(path)
    else:
        answer(Model(path, threads=_THREADS), sys.stdin.buffer, sys.stdout.buffer)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]))
