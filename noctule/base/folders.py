"""Folders that we make are ours alone: what people said lies in them."""

from pathlib import Path

_OURS_ALONE = 0o700


def make_folder(path: Path, *, mode: int = _OURS_ALONE) -> None:
    """With all that is missing above it. `mkdir(parents=True)` would open those to everybody; what is there stays as it is."""
    missing = [one for one in (path, *path.parents) if not one.exists()]
    for one in reversed(missing):
        one.mkdir(mode=mode, exist_ok=True)
