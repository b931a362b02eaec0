"""Real dialogues in and out, also through a kill of everything in the middle: the bench, on a part of its sets."""

from pathlib import Path

import pytest

from bench import replay
from bench.server import Server

pytestmark = pytest.mark.skipif(not replay.SETS.exists(), reason="the dialogue sets are not here")


def test_a_part_of_the_real_dialogues(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = replay.dialogues(replay.SETS, 150)
    with Server(data_dir=tmp_path) as server:
        replay.plain(server, found)
        replay.twice_in_random_order(server, found)
        replay.killed(server, found)
    printed = capsys.readouterr().out
    assert printed.count(f"{len(found)} of {len(found)} dialogues equal and in order") == 3
    assert "0 lost, 0 doubled" in printed
