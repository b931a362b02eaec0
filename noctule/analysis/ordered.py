"""Lists in the order of a number that is known of conversations: the worst first, the longest, the largest value of a field.

Among equals the one that began last is first, and those of which the number is not known come last, whichever way the list
is turned. Columns of days hold conversations in the order in which they began: so numpy finds a page among all of them, and
only the ids of the days that stand on it are read.
"""

import heapq
from collections.abc import Sequence
from dataclasses import dataclass
from math import inf
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from noctule.analysis.columns import Table, mark_of, marks_in
from noctule.analysis.few import stated_for
from noctule.analysis.meant import Meant, meant_for
from noctule.analysis.models import Narrowing
from noctule.analysis.store import columns as keeping
from noctule.analysis.store import ordered as store
from noctule.analysis.store import places
from noctule.analysis.store.ordered import Place, Ranking
from noctule.base.db import Db
from noctule.chatbots import ChatbotId
from noctule.conversations import Conversation, ConversationId

_CUSTOM = "custom."


@dataclass(frozen=True)
class Order:
    name: str  # of a fact that is a number: score, messages, custom.<key>
    falling: bool = False  # the largest first

    @property
    def path(self) -> list[str]:
        own = self.name.startswith(_CUSTOM)
        return [_CUSTOM[:-1], self.name.removeprefix(_CUSTOM)] if own else [self.name]

    @property
    def sign(self) -> float:
        return -1.0 if self.falling else 1.0

    def rank(self, value: float | None) -> float:
        return inf if value is None else self.sign * value

    def key(self, place: Place) -> tuple[float, int, int]:
        return self.rank(place.value), -mark_of(place.began), -place.id.int


@dataclass(frozen=True)
class Ordered:
    conversation: Conversation
    value: float | None

    @property
    def place(self) -> Place:
        return Place(self.value, self.conversation.first_message_at, self.conversation.id)


@dataclass(frozen=True)
class _Walk:
    order: Order
    place: Place | None
    limit: int
    back: bool

    @property
    def ranking(self) -> Ranking:
        at = self.place
        known = (self.order.rank(at.value), at.began, at.id) if at else (None, None, None)
        return Ranking(self.order.path, self.order.sign, *known)

    def nearest(self, every: Sequence[Place]) -> list[Place]:
        """Of what was read one by one, in the order of the walk."""
        key = self.order.key
        here = key(self.place) if self.place else None
        left = [one for one in every if here is None or (key(one) < here if self.back else key(one) > here)]
        return (heapq.nlargest if self.back else heapq.nsmallest)(self.limit, left, key=key)


async def ordered_after(
    db: Db, chatbot_id: ChatbotId, narrowing: Narrowing, *, order: Order, place: Place | None, limit: int
) -> list[Ordered]:
    """From a place in the order on, or from its beginning."""
    return await _walked(db, chatbot_id, narrowing, _Walk(order, place, limit, back=False))


async def ordered_before(
    db: Db, chatbot_id: ChatbotId, narrowing: Narrowing, *, order: Order, place: Place, limit: int
) -> list[Ordered]:
    """Back from a place in the order, the nearest first."""
    return await _walked(db, chatbot_id, narrowing, _Walk(order, place, limit, back=True))


async def _walked(db: Db, chatbot_id: ChatbotId, narrowing: Narrowing, walk: _Walk) -> list[Ordered]:
    values = await _nearest(db, chatbot_id, narrowing, walk)
    found = [Ordered(one, values[one.id]) for one in await places.conversations_at(db, chatbot_id, list(values))]
    return sorted(found, key=lambda one: walk.order.key(one.place), reverse=walk.back)[: walk.limit]


async def _nearest(
    db: Db, chatbot_id: ChatbotId, narrowing: Narrowing, walk: _Walk
) -> dict[ConversationId, float | None]:
    """The conversations of the page, perhaps among others, and what they are ordered by."""
    for way in (_few, _kept) if narrowing.names_people else (_kept, _few):
        if (found := await way(db, chatbot_id, narrowing, walk)) is not None:
            return found
    ranked = store.places_ranked_back if walk.back else store.places_ranked
    found = await ranked(db, chatbot_id, narrowing, ranking=walk.ranking, limit=walk.limit)
    return {one.id: one.value for one in found}


async def _few(
    db: Db, chatbot_id: ChatbotId, narrowing: Narrowing, walk: _Walk
) -> dict[ConversationId, float | None] | None:
    ids = await stated_for(db, chatbot_id, narrowing)
    if ids is None:
        return None
    every = await store.places_valued_among(db, chatbot_id, narrowing, ids=ids, path=walk.order.path)
    return {one.id: one.value for one in walk.nearest(every)}


async def _kept(
    db: Db, chatbot_id: ChatbotId, narrowing: Narrowing, walk: _Walk
) -> dict[ConversationId, float | None] | None:
    meant = await meant_for(db, chatbot_id, narrowing, walk.order.name)
    if meant is None:
        return None
    path, spans = walk.order.path, meant.spans
    read = await store.places_valued_begun(db, chatbot_id, narrowing, spans=spans, path=path)
    return {one.id: one.value for one in walk.nearest(read)} | await _of_columns(db, chatbot_id, meant, walk)


async def _of_columns(db: Db, chatbot_id: ChatbotId, meant: Meant, walk: _Walk) -> dict[ConversationId, float | None]:
    values, turned = meant.table.numbers(walk.order.name), -1.0 if walk.back else 1.0
    ranks = turned * np.where(np.isnan(values), inf, walk.order.sign * values)
    left = meant.left
    if walk.place:
        here = turned * walk.order.rank(walk.place.value)
        equals = await _equals(db, chatbot_id, meant, place=walk.place, back=walk.back)
        left = left & _beyond(ranks, here, equals)
    chosen = _chosen(ranks, left, walk)
    ids = await _ids(db, chatbot_id, meant.table, chosen)
    return {one: None if np.isnan(value) else float(value) for one, value in zip(ids, values[chosen], strict=True)}


async def _equals(db: Db, chatbot_id: ChatbotId, meant: Meant, *, place: Place, back: bool) -> slice:
    """Where in the table those stand that come after the place if they are equal: they began before it, or on the way back after."""
    table, day = meant.table, meant.calendar.day_of(place.began)
    before = through = sum(size for one, size in zip(table.days, table.sizes, strict=True) if one < day)
    if day in table.days:
        since = meant.calendar.begin(day)
        earlier, with_it = await store.begun_up_to(db, chatbot_id, since=since, place=place)
        before, through = before + earlier, before + with_it
    return slice(through, None) if back else slice(before)


def _beyond(ranks: NDArray[np.float64], here: float, equals: slice) -> NDArray[np.bool_]:
    """What the walk has not met."""
    beyond = ranks > here
    beyond[equals] |= ranks[equals] == here
    return beyond


def _chosen(ranks: NDArray[np.float64], left: NDArray[np.bool_], walk: _Walk) -> NDArray[np.int64]:
    """The nearest ones, as they stand in the table; not all are sorted for a page of them."""
    at = np.flatnonzero(left) if walk.back else np.flatnonzero(left)[::-1]
    if len(at) > walk.limit:
        bound = np.partition(ranks[at], walk.limit - 1)[walk.limit - 1]
        nearer, equal = at[ranks[at] < bound], at[ranks[at] == bound]
        at = np.concatenate([nearer, equal[: walk.limit - len(nearer)]])
    return np.sort(at)


async def _ids(db: Db, chatbot_id: ChatbotId, table: Table, chosen: NDArray[np.int64]) -> list[ConversationId]:
    numbers = np.unique(np.searchsorted(np.cumsum(table.sizes), chosen, "right"))
    days = [table.days[int(one)] for one in numbers]
    marks = marks_in(await keeping.marks_of(db, chatbot_id, days))
    picked = np.zeros(sum(table.sizes), np.bool_)
    picked[chosen] = True
    return [ConversationId(UUID(bytes=one)) for day in days for _, one in marks(day, picked[table.span_of(day)])]
