"""The arithmetic of rankings."""

import numpy as np

from noctule.knowledge.rank import best, bm25, chosen, mixed, postings


def test_the_rarer_word_counts_more_and_the_shorter_passage_wins() -> None:
    packed = postings(
        [(1, ["the", "refund"]), (2, ["the", "office"]), (3, ["the", "refund", *["filler"] * 200]), (9, ["the"])]
    )
    assert packed["the"][0] == 4
    totals = bm25({term: packed[term][1] for term in ("the", "refund")}, 4)
    assert best(totals, 10)[:2] == [1, 3]
    assert best(totals, 1) == [1]
    assert totals[0] == 0


def test_the_sample_that_bounds_the_best_leaves_none_of_them_out() -> None:
    dice = np.random.default_rng(7)
    for known in (0, 1, 30, 400, 20_000):
        totals = np.zeros(20_000, dtype=np.float32)
        totals[dice.choice(20_000, known, replace=False)] = dice.integers(1, 50, known) / 7
        right = sorted(np.flatnonzero(totals).tolist(), key=lambda number: (-totals[number], number))
        assert best(totals, 200) == right[:200]


def test_no_term_no_score() -> None:
    assert best(bm25({}, 10), 5) == []


def test_common_words_are_left_out_when_rarer_ones_are_enough() -> None:
    assert chosen({"the": 100_000, "refund": 3, "office": 50_000}) == ["refund", "office"]
    assert chosen({"the": 100_000}) == ["the"]


def test_rankings_are_mixed_by_half_and_words_alone_count_where_there_is_no_vector() -> None:
    scores = mixed({1: 10.0, 2: 5.0, 3: 0.0}, {1: 0.1, 2: 0.9, 3: 0.1, 4: None})
    assert scores == {1: 0.5, 2: 0.75, 3: 0.0, 4: 0.0}
    assert mixed({}, {}) == {}
    assert mixed({7: 2.0}, {7: None}) == {7: 1.0}


def test_only_the_best_hundred_of_a_ranking_differ() -> None:
    scores = mixed({number: float(number) for number in range(300)}, dict.fromkeys(range(300)))
    assert scores[100] == scores[200] == 0.0
    assert np.isclose(scores[299], 1.0)
