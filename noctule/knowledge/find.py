"""A question in, the passages that answer it out: by words and by meaning, mixed.

A word that no source knows is taken for a slip of the fingers when one slip away lies a word that one does.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from noctule.base.db import Database, Db
from noctule.base.embed import Embedder
from noctule.base.words import slips, stems, words_in
from noctule.chatbots import ChatbotId
from noctule.knowledge import rank
from noctule.knowledge.models import Answer, Found, Hit, State
from noctule.knowledge.store import index
from noctule.knowledge.store import search as store
from noctule.knowledge.vectors import written

_LONGEST_WORD = 24  # letters of a word that may be misspelt
_SHORTEST_WORD = 4
_MOST_WORDS = 64  # of a question
_FEW = 4000  # passages whose vectors may all be looked at
_SPARE = 2  # times as many are looked at as are needed, because some belong to other versions
_LETTERS = {"latin": "abcdefghijklmnopqrstuvwxyz", "cyrillic": "абвгдежзийклмнопрстуфхцчшщъыьэюя"}


@dataclass(frozen=True)
class _ByWords:
    """The ranking by words: scores of passages, and how much of the question is known at all."""

    totals: rank.Totals
    coverage: float
    weights: dict[str, float]

    def score(self, number: int) -> float:
        return float(self.totals[number]) if number < len(self.totals) else 0.0


@dataclass(frozen=True)
class _ByMeaning:
    """The ranking by meaning: the vector of the question, and how near the nearest passages are."""

    vector: str | None
    near: dict[int, float]


async def search(database: Database, embedder: Embedder, chatbot_id: ChatbotId, question: str, *, limit: int) -> Answer:
    """Words and meaning are looked up side by side, each on a connection of its own."""
    async with database.transaction() as db:
        state = await index.state(db, chatbot_id)
    if state is None or state.passages == 0:
        return Answer([], state.version if state else 0, 0)
    by_meaning, by_words = await asyncio.gather(
        _by_meaning(database, chatbot_id, question, state=state, embedder=embedder),
        _by_words(database, chatbot_id, question, state),
    )
    numbers = rank.best(by_words.totals, rank.TOP * _SPARE)
    async with database.transaction() as db:
        cosines = await store.cosines(
            db, chatbot_id, numbers, version=state.version, vector=by_meaning.vector, limit=rank.TOP
        )
        cosines |= by_meaning.near
        scores = rank.mixed({number: by_words.score(number) for number in cosines}, cosines)
        best = sorted(scores, key=lambda number: (-scores[number], number))[: limit * 4]
        found = await store.found(db, chatbot_id, best)
    hits = [
        Hit(one, scores[one.number], by_words.score(one.number), cosines[one.number]) for one in _apart(found, limit)
    ]
    return Answer(hits, state.version, by_words.coverage, by_words.weights)


async def _by_meaning(
    database: Database, chatbot_id: ChatbotId, question: str, *, state: State, embedder: Embedder
) -> _ByMeaning:
    vectors = await embedder.embed([question]) if "en" in state.languages else None
    if vectors is None:
        return _ByMeaning(None, {})
    vector = written(vectors[0])
    async with database.transaction() as db:
        nearest = store.nearest_of_few if state.passages <= _FEW else store.nearest_of_many
        near = await nearest(db, chatbot_id, version=state.version, vector=vector, limit=rank.TOP)
    return _ByMeaning(vector, near)


async def _by_words(database: Database, chatbot_id: ChatbotId, question: str, state: State) -> _ByWords:
    words = list(dict.fromkeys(words_in(question)))[:_MOST_WORDS]
    languages = state.languages or ["en"]
    terms = _terms(words, languages)
    async with database.transaction() as db:
        known = await store.documents(db, chatbot_id, [term for each in terms.values() for term in each])
        strange = [word for word, each in terms.items() if not known.keys() & set(each)]
        known |= await _meant(db, chatbot_id, strange, languages)
        packed = await store.postings(db, chatbot_id, rank.chosen(known))
    weights = {
        word: max(rank.rarity(known.get(term, 0), state.passages) for term in each) for word, each in terms.items()
    }
    total = sum(weights.values())
    covered = sum(weight for word, weight in weights.items() if word not in strange)
    return _ByWords(rank.bm25(packed, state.passages), covered / total if total else 0.0, weights)


def _terms(words: Sequence[str], languages: Sequence[str]) -> dict[str, list[str]]:
    """For each word the terms it may stand under, one for each language of the sources."""
    each = [stems(words, language) for language in languages]
    return {word: sorted({terms[place] for terms in each}) for place, word in enumerate(words)}


async def _meant(db: Db, chatbot_id: ChatbotId, strange: Sequence[str], languages: Sequence[str]) -> dict[str, int]:
    """For each word that nobody uses the commonest term that is one slip away, if there is one."""
    terms = {word: _slipped(word, languages) for word in strange}
    every = sorted(set[str]().union(*terms.values()))
    known = await store.documents(db, chatbot_id, every) if every else {}
    found: dict[str, int] = {}
    for each in terms.values():
        if there := each & known.keys():
            best = max(there, key=lambda term: (known[term], term))
            found[best] = known[best]
    return found


def _slipped(word: str, languages: Sequence[str]) -> set[str]:
    """The terms one slip away; none for a word too short to tell."""
    if not _SHORTEST_WORD <= len(word) <= _LONGEST_WORD or not word.isalpha():
        return set()
    letters = _LETTERS["latin"] if word.isascii() else _LETTERS["cyrillic"] if "а" <= word[0] <= "я" else set(word)
    likely = sorted(slips(word, letters))
    return {term for language in languages for term in stems(likely, language)}


def _apart(found: Sequence[Found], limit: int) -> list[Found]:
    """The first so many, without those that repeat a part of a better one."""
    kept: list[Found] = []
    for one in found:
        if not any(
            one.begins < other.ends and other.begins < one.ends and one.source_id == other.source_id for other in kept
        ):
            kept.append(one)
        if len(kept) == limit:
            break
    return kept
