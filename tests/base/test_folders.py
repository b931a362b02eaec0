"""Folders that we make are closed to others, also those above; folders that were there are left as they are."""

import stat
from pathlib import Path

from noctule.base.folders import make_folder


def test_what_is_made_is_closed_and_what_was_there_stays(tmp_path: Path) -> None:
    there = tmp_path / "there"
    there.mkdir(mode=0o755)
    for _ in range(2):
        make_folder(there / "data" / "demo")
    assert [rights(path) for path in (there, there / "data", there / "data" / "demo")] == [0o755, 0o700, 0o700]


def rights(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)
