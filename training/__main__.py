"""Makes the sentiment model again, from the labelled sets to the file that ships, and prints how good it is.

    make teach ARGS="SETS [--lessons FILE] [--write]"

SETS is the folder of the labelled sets. What the teacher read is kept in FILE and taken from there the next time, so that
the small net can be taught anew in minutes. All else (MiniLM, VADER's list of words, torch) `make teach` installs.
"""

import argparse
import tempfile
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from time import perf_counter
from typing import TypeVar

import torch

from noctule.analysis.weights import FILE, SentimentModel
from noctule.base.embed.files import weights
from training import sentiment, teacher
from training.net import Lessons

T = TypeVar("T")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sets", type=Path)
    parser.add_argument("--lessons", type=Path, help="where to keep what the teacher read")
    parser.add_argument("--write", action="store_true", help="replace the file that ships")
    given = parser.parse_args()
    torch.set_num_threads(1)
    minilm, lexicon = weights(), _lexicon()
    with tempfile.TemporaryDirectory() as folder:
        kept = given.lessons or Path(folder) / "lessons.npz"
        if not kept.exists():
            _timed("teacher", lambda: teacher.read_lessons(given.sets, minilm, lexicon)).write(kept)
        made = _timed("small net", lambda: sentiment.make(given.sets, minilm, lexicon, Lessons.read(kept)))
    for name, figure in sentiment.measure(SentimentModel(made), given.sets).items():
        print(f"  {name:<22} {figure:.4f}")
    if given.write:
        sentiment.write(made, FILE)
        print(f"{FILE.name}: {FILE.stat().st_size / 1e6:.2f} MB")


def _lexicon() -> Path:
    spec = find_spec("vaderSentiment")  # found, not imported: only its list of words is read
    if spec is None or spec.origin is None:
        raise FileNotFoundError("the package vaderSentiment, which carries the list of words, is not installed")
    return Path(spec.origin).parent / "vader_lexicon.txt"


def _timed(name: str, make: Callable[[], T]) -> T:
    began = perf_counter()
    made = make()
    print(f"{name}: {(perf_counter() - began) / 60:.1f} minutes", flush=True)
    return made


if __name__ == "__main__":
    main()
