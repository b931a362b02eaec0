"""Where a text is cut: at sentences and headings, a quarter twice, and nothing lost."""

import itertools

from hypothesis import given
from hypothesis import strategies as st

from noctule.knowledge.chunk import MOST, cut


def test_a_long_text_is_cut_at_sentences_and_a_part_stands_twice() -> None:
    text = " ".join(f"Sentence number {n} has exactly seven words." for n in range(60))
    cuts = cut(text)
    for one in cuts:
        piece = text[one.begins : one.ends]
        assert piece.startswith("Sentence")
        assert piece.endswith("words.")
        assert 70 <= len(piece.split()) <= MOST + 30
    overlaps = [before.ends - after.begins for before, after in itertools.pairwise(cuts)]
    assert all(0 < overlap < 250 for overlap in overlaps)
    assert cuts[-1].ends == len(text)


def test_headings_lead_their_passages() -> None:
    text = "Intro.\n# Shop\nAbout us.\n## Returns\nThirty days.\n## Hours\nNine to five.\n# Legal\nNone."
    assert [(one.heading, text[one.begins : one.ends]) for one in cut(text)] == [
        ("", "Intro."),
        ("Shop", "About us."),
        ("Shop › Returns", "Thirty days."),
        ("Shop › Hours", "Nine to five."),
        ("Legal", "None."),
    ]


def test_a_text_without_spaces_or_sentences_is_cut_all_the_same() -> None:
    for text in ("退" * 5000, "x" * 50_000, "word " * 5000, "ก" * 3000):
        assert 1 < len(cut(text)) < 400


@given(st.text(alphabet="ab .!?\n#-1。\t\u200b\x85", max_size=3000))
def test_nothing_is_lost(text: str) -> None:
    cuts = cut(text)
    seen = {place for one in cuts for place in range(one.begins, one.ends)}
    headings = {
        place
        for start, line in _lines(text)
        if line.strip().startswith("#")
        for place in range(start, start + len(line))
    }
    missing = [place for place in range(len(text)) if place not in seen | headings and not text[place].isspace()]
    assert missing == []
    assert all(0 <= one.begins < one.ends <= len(text) for one in cuts)


def _lines(text: str) -> list[tuple[int, str]]:
    found: list[tuple[int, str]] = []
    place = 0
    for line in text.splitlines(keepends=True):
        found.append((place, line))
        place += len(line)
    return found
