"""From vectors and texts to groups with names: the part of topics that takes time, run in a process of its own."""

from collections.abc import Sequence

import msgspec
import numpy as np

from noctule.analysis.topics.graph import communities, nearest
from noctule.analysis.topics.names import names_of
from noctule.analysis.topics.packed import Vectors, pack, unit, unpack

NEAR = 0.55  # cosine; further from every topic, a conversation fits nowhere
LEAST = 10  # conversations that fit nowhere, before groups are looked for among them
_SMALLEST = 5  # a group of fewer is chance
_NEIGHBOURS = 15
_MOST = 6_000  # conversations from which groups are made; the others join the nearest
_BLOCK = 4096
_FAR = 0.4  # cosine to the centre; who is further was only swept along
_LOOSE = 0.45  # mean cosine to the centre; a group below it holds what has nothing in common
_SPEECHLESS = 3  # words; of most conversations of a group that is no topic
_FINER = (1.0, 1.5, 2.0, 3.0, 5.0, 8.0)  # resolutions, until something falls apart


class Gathered(msgspec.Struct, frozen=True):
    """What there is to group. Who is in a topic that is kept stays there."""

    vectors: bytes  # packed, one behind the other
    texts: list[str]
    kept: list[int]  # of each the place of its topic in `centres`, or −1
    centres: list[bytes]  # of the topics that are kept, one or more packed vectors each
    names: list[str]  # theirs
    split: bool = False  # make two or more of what is one


class Group(msgspec.Struct, frozen=True):
    phrases: list[str]  # the first is its name
    centre: bytes
    members: list[int]  # places


class Found(msgspec.Struct, frozen=True):
    groups: list[Group]
    joined: dict[int, int]  # places of those that came to a topic that is kept, and its place


def group(gathered: Gathered) -> Found:
    vectors = unpack([gathered.vectors])
    free = [place for place, kept in enumerate(gathered.kept) if kept < 0]
    groups = _groups(vectors, free, gathered) if len(free) >= LEAST or gathered.split else []
    inside = {place for members in groups for place in members}
    centres = [_centre(vectors, members) for members in groups]
    kept = [unpack([packed]) for packed in gathered.centres]
    rest = [place for place in free if place not in inside]
    joined: dict[int, int] = {}
    for place, (number, likeness) in zip(rest, closest(vectors[rest], [*centres, *kept]), strict=True):
        if number < 0 or (likeness < NEAR and not gathered.split):
            continue
        if number < len(groups):
            groups[number].append(place)
        else:
            joined[place] = number - len(groups)
    named = _named(gathered, groups)
    packed = [pack(_centre(vectors, members))[0] for members in groups]
    made = [Group(*one) for one in zip(named, packed, groups, strict=True)]
    return Found(made, joined)


def closest(vectors: Vectors, topics: Sequence[Vectors]) -> list[tuple[int, float]]:
    """Of each vector the place of the nearest topic, and the cosine to the nearest of its centres."""
    if not topics or not len(vectors):
        return [(-1, -1.0)] * len(vectors)
    owner = np.repeat(np.arange(len(topics)), [len(centres) for centres in topics])
    centres = np.concatenate(list(topics))
    found: list[tuple[int, float]] = []
    for start in range(0, len(vectors), _BLOCK):
        places, cosines = nearest(vectors[start : start + _BLOCK], centres, 1)
        found += [(int(owner[place]), float(cosine)) for place, cosine in zip(places[:, 0], cosines[:, 0], strict=True)]
    return found


def _groups(vectors: Vectors, free: Sequence[int], gathered: Gathered) -> list[list[int]]:
    chosen = free if len(free) <= _MOST else sorted(np.random.default_rng(0).permutation(free)[:_MOST].tolist())
    if gathered.split:
        return _parts(vectors, chosen)
    groups = [_without_strays(vectors, one) for one in _communities(vectors, chosen, 1.0)]
    return [one for one in groups if len(one) >= _SMALLEST and _is_topic(vectors, one, gathered.texts)]


def _without_strays(vectors: Vectors, members: list[int]) -> list[int]:
    """Whoever has neighbours in a group need not be like it."""
    near = (vectors[members] @ _centre(vectors, members).T)[:, 0] >= _FAR
    return [place for place, stays in zip(members, near.tolist(), strict=True) if stays]


def _parts(vectors: Vectors, chosen: Sequence[int]) -> list[list[int]]:
    """Two or more of one; none where nothing falls apart."""
    smallest = min(_SMALLEST, max(2, len(chosen) // 4))
    for resolution in _FINER:
        groups = [one for one in _communities(vectors, chosen, resolution) if len(one) >= smallest]
        if len(groups) > 1:
            return groups
    return []


def _communities(vectors: Vectors, chosen: Sequence[int], resolution: float) -> list[list[int]]:
    member = communities(vectors[chosen], neighbours=_width(len(chosen)), resolution=resolution)
    groups: list[list[int]] = [[] for _ in range(max(member, default=-1) + 1)]
    for place, number in zip(chosen, member, strict=True):
        groups[number].append(place)
    return groups


def _width(many: int) -> int:
    """Neighbours in the graph: of few conversations fewer, or all would be one group; of many more, or like ones fall apart."""
    return max(_NEIGHBOURS, many // 240) if many > _NEIGHBOURS**2 else max(5, round(many**0.5))


def _is_topic(vectors: Vectors, members: Sequence[int], texts: Sequence[str]) -> bool:
    together = float(np.linalg.norm(vectors[members].mean(axis=0)))
    said = sorted(len(texts[place].split()) for place in members)[len(members) // 2]
    return together >= _LOOSE and said > _SPEECHLESS


def _centre(vectors: Vectors, members: Sequence[int]) -> Vectors:
    return unit(vectors[members].mean(axis=0, keepdims=True))


def _named(gathered: Gathered, groups: Sequence[Sequence[int]]) -> list[list[str]]:
    kept: list[list[int]] = [[] for _ in gathered.centres]
    for place, number in enumerate(gathered.kept):
        if number >= 0:
            kept[number].append(place)
    every = [*groups, *(members for members in kept if members)]
    return names_of(gathered.texts, every, gathered.names)[: len(groups)]
