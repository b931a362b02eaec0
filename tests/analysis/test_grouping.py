"""The parts of topics that need no database: words, the graph, names, lineage, places."""

from uuid import UUID

import numpy as np

from noctule.analysis.topics.graph import communities
from noctule.analysis.topics.grouping import Gathered, closest, group
from noctule.analysis.topics.identity import lineage
from noctule.analysis.topics.layout import placed, radii
from noctule.analysis.topics.models import TopicId
from noctule.analysis.topics.names import names_of, title
from noctule.analysis.topics.packed import Vectors, pack, unit, unpack
from noctule.analysis.topics.said import words_of
from tests.analysis.speech import INVOICES, PARCELS, PASSWORDS

A, B, C = (TopicId(UUID(int=number)) for number in (1, 2, 3))


def clouds(sizes: list[int], *, noise: float = 0.03) -> Vectors:
    """Vectors around as many directions as there are sizes."""
    chance = np.random.default_rng(7)
    centres = unit(chance.normal(size=(len(sizes), 384)).astype(np.float32))
    rows = np.repeat(centres, sizes, axis=0) + chance.normal(0, noise, (sum(sizes), 384))
    return unit(rows.astype(np.float32))


def test_greetings_and_short_words_do_not_tell() -> None:
    assert words_of(["Hi there!", "Thanks", "ok"]) == ""
    assert words_of(["Hello, my parcel has not come"]) == "my parcel has not come"
    assert words_of(["72193", "yes", "My parcel has not come"]) == "My parcel has not come\n72193"
    assert len(words_of(["word " * 1000] * 100)) <= 1600
    assert words_of([]) == ""


def test_packed_vectors_keep_their_direction() -> None:
    vectors = clouds([50])
    again = unpack(pack(vectors))
    assert float((vectors * again).sum(axis=1).min()) > 0.999
    assert len(pack(vectors)[0]) == 384
    assert unpack([pack(vectors[:1])[0] + pack(vectors[1:2])[0]]).shape == (2, 384)
    assert unpack([]).shape == (0, 384)


def test_communities_are_found_the_same_way_each_time() -> None:
    vectors = clouds([60, 40, 20])
    found = communities(vectors, neighbours=10, resolution=1.0)
    assert found == [0] * 60 + [1] * 40 + [2] * 20
    assert communities(vectors, neighbours=10, resolution=1.0) == found
    assert communities(vectors[:1], neighbours=3, resolution=1.0) == [0]
    assert communities(vectors[:0], neighbours=3, resolution=1.0) == []
    same = np.repeat(vectors[:1], 30, axis=0)
    assert len(set(communities(same, neighbours=5, resolution=1.0))) >= 1


def test_the_nearest_topic_may_have_several_centres() -> None:
    one, two, three = (clouds([1, 1, 1])[place : place + 1] for place in range(3))
    topics = [np.concatenate([one, three]), two]
    assert [number for number, _ in closest(np.concatenate([three, two, one]), topics)] == [0, 1, 0]
    assert closest(one, []) == [(-1, -1.0)]


def test_groups_are_named_and_loose_ones_are_none() -> None:
    chance = np.random.default_rng(3)
    loose = unit(chance.normal(size=(12, 384)).astype(np.float32))
    vectors = np.concatenate([clouds([12, 12, 12]), loose])
    texts = [*PARCELS, *PASSWORDS, *INVOICES, *(f"something {number}" for number in range(12))]
    found = group(Gathered(b"".join(pack(vectors)), texts, [-1] * 48, [], []))
    assert sorted(one.phrases[0].split()[0] for one in found.groups) == ["invoice", "parcel", "password"]
    assert all(len(one.members) == 12 for one in found.groups)
    assert found.joined == {}


def test_topics_that_are_kept_keep_their_own_and_take_what_is_near() -> None:
    vectors = clouds([12, 12])
    centre = pack(unit(vectors[:6].mean(axis=0, keepdims=True)))[0]
    kept = [0] * 6 + [-1] * 18
    found = group(Gathered(b"".join(pack(vectors)), [*PARCELS, *PASSWORDS], kept, [centre], ["Parcel"]))
    assert sorted(place for one in found.groups for place in one.members) + sorted(found.joined) == list(
        range(12, 24)
    ) or ({place for one in found.groups for place in one.members} | set(found.joined) == set(range(6, 24)))
    few = group(Gathered(b"".join(pack(vectors[:9])), PARCELS[:9], [0] * 3 + [-1] * 6, [centre], ["Parcel"]))
    assert few.groups == []
    assert few.joined == dict.fromkeys(range(3, 9), 0)


def test_names_are_no_numbers_addresses_people_or_idle_words() -> None:
    texts = [
        f"Hello, my name is Alexis. Please help me with my boarding pass, booking {number}, mail a{number}@example.com"
        for number in range(9)
    ]
    others = ["Could you please help me, I would like a pizza with cheese" for _ in range(9)]
    [first, second] = names_of([*texts, *others], [range(9), range(9, 18)])
    assert first[0] == "boarding pass"
    assert second[0] == "pizza with cheese"
    words = {word for phrase in [*first, *second] for word in phrase.split()}
    assert not words & {"alexis", "hello", "please", "help", "example", "name"}
    assert title("proof of insurance") == "Proof of Insurance"
    assert names_of(["..."], [[0]]) == [[]]


def test_no_two_topics_have_one_name() -> None:
    texts = ["the parcel is late", "the parcel is lost"] * 5 + ["the invoice is wrong"] * 10
    groups = [[place for place in range(10) if place % 2 == odd] for odd in (0, 1)] + [list(range(10, 20))]
    found = names_of(texts, groups, ["Invoice"])
    assert len({phrases[0] for phrases in found if phrases}) == len([phrases for phrases in found if phrases])
    assert "invoice" not in [phrases[0] for phrases in found if phrases]


def test_groups_go_on_with_the_topics_they_share_most_with() -> None:
    before = [A] * 10 + [B] * 10 + [None] * 5 + [C] * 2
    groups = [list(range(10)), [*range(10, 25), 25, 26]]
    found = lineage(groups, before)
    assert found.same == {0: A, 1: B}
    assert found.successors == {C: 1}
    halves = lineage([list(range(6)), list(range(6, 20))], before)
    assert halves.same == {1: B, 0: A}
    assert halves.came_from == [[], [A]]
    assert lineage([], before).successors == {}


def test_places_stay_where_they_were_and_do_not_cover_each_other() -> None:
    centres = clouds([1] * 8)
    sizes = [50, 30, 20, 10, 10, 5, 5, 5]
    first = placed(centres, sizes, {})
    assert first.shape == (8, 2)
    assert float(np.abs(first).max()) <= 1
    again = placed(centres, sizes, {place: (-x, y) for place, (x, y) in enumerate(first.tolist())})
    assert float(np.abs(again * [-1, 1] - first).max()) < 0.2, "mirrored back to where they were"
    assert radii([4, 1])[0] == 2 * radii([4, 1])[1]
    for many in range(3):
        assert placed(centres[:many], sizes[:many], {}).shape == (many, 2)


def test_a_name_reaches_most_of_its_conversations() -> None:
    claims = ["the claim was denied", "a claim for the roof", "the roof leaks", "rain came through the roof"] * 3
    pianos = ["a musical keyboard costs a lot", "which musical keyboards are for children"] * 6
    [first, second] = names_of([*claims, *pianos], [range(12), range(12, 24)])
    assert set(first[0].split()) >= {"claim", "and", "roof"}
    assert second[0].startswith("musical keyboard"), "words that stand together are one phrase, in whatever form"
