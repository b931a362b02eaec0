"""What both models need on their way to a file."""

import zlib
from collections.abc import Callable
from pathlib import Path
from time import perf_counter
from typing import Any, TypeVar

import msgspec

T = TypeVar("T")


def timed(name: str, make: Callable[[], T]) -> T:
    began = perf_counter()
    made = make()
    print(f"{name}: {(perf_counter() - began) / 60:.1f} minutes", flush=True)
    return made


def write(weights: Any, file: Path) -> None:
    file.write_bytes(zlib.compress(msgspec.msgpack.encode(weights), 9))
