"""Which new group is which old topic: by the conversations they share, so that names, edits and history go on."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from noctule.analysis.topics.models import TopicId

_MOSTLY = 0.5  # of the conversations of one of the two
_PARTLY = 0.2  # from here on a group came from a topic


@dataclass(frozen=True)
class Lineage:
    same: dict[int, TopicId]  # of groups, by their places
    came_from: list[list[TopicId]]  # of each group
    successors: dict[TopicId, int]  # of topics that no group goes on with: the group that has most of them


def lineage(groups: Sequence[Sequence[int]], before: Sequence[TopicId | None]) -> Lineage:
    """`before` is the topic of each place so far; members of groups are places."""
    sizes = Counter(one for one in before if one is not None)
    shared = [Counter(old for place in group if (old := before[place]) is not None) for group in groups]
    same = _same(shared, sizes)
    taken = set(same.values())
    came_from = [
        [old for old, many in held.most_common() if many >= _PARTLY * held.total() and old != same.get(place)]
        for place, held in enumerate(shared)
    ]
    successors = {
        old: max(range(len(groups)), key=lambda place: shared[place][old])
        for old in sizes
        if old not in taken and any(held[old] for held in shared)
    }
    return Lineage(same, came_from, successors)


def _same(shared: Sequence[Counter[TopicId]], sizes: Mapping[TopicId, int]) -> dict[int, TopicId]:
    """The pairs that share most come first; each topic and each group is in one pair."""
    pairs = sorted(
        ((many, place, old) for place, held in enumerate(shared) for old, many in held.items()),
        key=lambda pair: (-pair[0], pair[1], pair[2]),
    )
    same: dict[int, TopicId] = {}
    for many, place, old in pairs:
        mostly = many >= _MOSTLY * sizes[old] or many >= _MOSTLY * shared[place].total()
        if mostly and place not in same and old not in same.values():
            same[place] = old
    return same
