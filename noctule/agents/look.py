"""A question, and the passages that may answer it, looked at closely: each with its nearest sentence."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from noctule import knowledge
from noctule.agents.models import Looked
from noctule.agents.quoting import LOOKED_INTO, sentences_of, share, standings
from noctule.agents.trust import trust
from noctule.agents.wording import about
from noctule.base.db import Database
from noctule.base.embed import Embedder
from noctule.chatbots import ChatbotId
from noctule.knowledge import Hit

_HITS = 8


@dataclass(frozen=True)
class View:
    """What a question finds."""

    subject: dict[str, float]  # the words that say what it is about, with their weights
    looked: list[Looked]
    version: int

    @property
    def trust(self) -> float:
        return trust(self.looked)


async def look(database: Database, embedder: Embedder, chatbot_id: ChatbotId, question: str) -> View:
    answer = await knowledge.search(database, embedder, chatbot_id, question, limit=_HITS)
    near = await _sentences(embedder, question, answer.hits)
    subject = about(answer.weights)
    return View(subject, [_looked(subject, hit, near) for hit in answer.hits], answer.version)


async def look_twice(
    database: Database, embedder: Embedder, chatbot_id: ChatbotId, *, question: str, hidden: tuple[object, str]
) -> tuple[View, View]:
    """As things are, and as if one section, by source and heading, were not there."""
    answer = await knowledge.search(database, embedder, chatbot_id, question, limit=3 * _HITS)
    others = [hit for hit in answer.hits if (hit.passage.source_id, hit.passage.heading) != hidden]
    near = await _sentences(embedder, question, [*answer.hits[:LOOKED_INTO], *others[:LOOKED_INTO]], most=None)
    subject = about(answer.weights)
    there, without = (
        View(subject, [_looked(subject, hit, near) for hit in hits[:_HITS]], answer.version)
        for hits in (answer.hits, others)
    )
    return there, without


async def _sentences(
    embedder: Embedder, question: str, hits: Sequence[Hit], *, most: int | None = LOOKED_INTO
) -> dict[int, list[float]]:
    """By the number of a passage, how near each of its sentences is to the question; nothing where there is no vector."""
    near = {hit.passage.number: hit.passage for hit in hits[:most] if hit.cosine is not None}
    passages = list(near.values())
    if not passages:
        return {}
    spans = {one.number: sentences_of(one) for one in passages}
    texts = [one.text[begins:ends] for one in passages for begins, ends in spans[one.number]]
    titles = [one.title or one.heading for one in passages]
    vectors = await embedder.embed([question, *titles, *texts])
    if vectors is None:
        return {}
    cosines: list[float] = (vectors[1:] @ vectors[0]).astype(np.float64).tolist()
    found: dict[int, list[float]] = {}
    place = len(passages)
    for number, one in enumerate(passages):
        count = len(spans[one.number])
        found[one.number] = cosines[place : place + count]
        if one.kind == "qna":  # its title is the question that it answers
            found[one.number] = [max(cosines[number], near) for near in found[one.number]]
        place += count
    return found


def _looked(subject: dict[str, float], hit: Hit, known: dict[int, list[float]]) -> Looked:
    passage, near = hit.passage, known.get(hit.passage.number)
    shares = [share(subject, passage.text[begins:ends], passage.language) for begins, ends in sentences_of(passage)]
    whole = f"{passage.title or ''} {passage.heading} {passage.text}"
    return Looked(
        passage,
        hit.score,
        hit.cosine,
        max(near) if near else None,
        share(subject, whole, passage.language),
        max(shares, default=0.0),
        standings(near, shares),
    )
