"""Real dialogues through all three doors end as equal transcripts: the bench, on a part of its set."""

from pathlib import Path

import pytest

from bench import doors, replay
from bench.server import Server

pytestmark = pytest.mark.skipif(not replay.SETS.exists(), reason="the dialogue sets are not here")


def test_the_same_dialogues_through_each_door(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = replay.dialogues(replay.SETS, 40, sets=["star_dev"])
    with Server(data_dir=tmp_path, workers=0) as server:
        assert [doors.through(server, door, found) for door in doors.DOORS] == [True] * 3
    assert capsys.readouterr().out.count(f"{len(found)} of {len(found)} dialogues equal") == 3
