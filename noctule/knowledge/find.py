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


async def search(database: Database, embedder: Embedder, chatbot_id: ChatbotId, question: str, *, limit: int) -> Answer:
    async with database.transaction() as db:
        state = await index.state(db, chatbot_id)
    if state is None or state.passages == 0:
        return Answer([], state.version if state else 0, 0)
    vector, by_words = await asyncio.gather(
        _vector(embedder, question, state), _by_words(database, chatbot_id, question, state)
    )
    async with database.transaction() as db:
        numbers = rank.best(by_words.totals, rank.TOP * _SPARE)
        if vector:
            nearest = store.nearest_of_few if state.passages <= _FEW else store.nearest_of_many
            numbers += await nearest(db, chatbot_id, version=state.version, vector=vector, limit=rank.TOP)
        cosines = await store.cosines(db, chatbot_id, numbers, version=state.version, vector=vector)
        scores = rank.mixed({number: by_words.score(number) for number in cosines}, cosines)
        best = sorted(scores, key=lambda number: (-scores[number], number))[: limit * 4]
        found = await store.found(db, chatbot_id, best)
    hits = [
        Hit(one, scores[one.number], by_words.score(one.number), cosines[one.number]) for one in _apart(found)[:limit]
    ]
    return Answer(hits, state.version, by_words.coverage, by_words.weights)


async def _vector(embedder: Embedder, question: str, state: State) -> str | None:
    if "en" not in state.languages:
        return None
    vectors = await embedder.embed([question])
    return None if vectors is None else written(vectors[0])


async def _by_words(database: Database, chatbot_id: ChatbotId, question: str, state: State) -> _ByWords:
    words = list(dict.fromkeys(words_in(question)))[:_MOST_WORDS]
    languages = state.languages or ["en"]
    async with database.transaction() as db:
        terms = _terms(words, languages)
        known = await store.documents(db, chatbot_id, [term for each in terms.values() for term in each])
        strange = [word for word, each in terms.items() if not known.keys() & set(each)]
        for word in strange:
            if meant := await _meant(db, chatbot_id, word, languages):
                known |= meant
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


async def _meant(db: Db, chatbot_id: ChatbotId, word: str, languages: Sequence[str]) -> dict[str, int]:
    """The commonest term that is one slip away; nothing for a word too short to tell."""
    if not _SHORTEST_WORD <= len(word) <= _LONGEST_WORD or not word.isalpha():
        return {}
    letters = _LETTERS["latin"] if word.isascii() else _LETTERS["cyrillic"] if "а" <= word[0] <= "я" else set(word)
    likely = sorted(slips(word, letters))
    terms = {term for language in languages for term in stems(likely, language)}
    known = await store.documents(db, chatbot_id, sorted(terms))
    if not known:
        return {}
    best = max(known, key=lambda term: (known[term], term))
    return {best: known[best]}


def _apart(found: Sequence[Found]) -> list[Found]:
    """Without passages that repeat a part of a better one."""
    kept: list[Found] = []
    for one in found:
        if not any(
            one.source_id == other.source_id and one.begins < other.ends and other.begins < one.ends for other in kept
        ):
            kept.append(one)
    return kept
