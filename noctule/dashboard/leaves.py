"""A page of the list of conversations: from a place on or back to one, in the order that the list has.

A place is the time of the last message and an id, such as `2026-11-01T10:00:00+00:00_…`; where the list is in the order of a
number, it is that number, when the conversation began, and its id.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from math import isfinite
from uuid import UUID

from noctule import analysis, conversations
from noctule.analysis import Narrowing, Order, Place
from noctule.base.clock import in_utc
from noctule.base.db import Db
from noctule.base.errors import Invalid
from noctule.base.ids import parse_id
from noctule.chatbots import ChatbotId
from noctule.conversations import Conversation, ConversationId
from noctule.dashboard.sorting import Sorting

_PAGE = 25
_BEGINNING = datetime.min.replace(tzinfo=UTC)
_Entry = tuple[Conversation, str]  # with its place


@dataclass(frozen=True)
class Leaf:
    shown: list[Conversation]
    back: str = ""  # the place before which there is more
    on: str = ""  # and after which
    first: bool = False  # nothing is before it


async def leaf_of(
    db: Db, chatbot_id: ChatbotId, narrowing: Narrowing, *, sorting: Sorting, after: str, before: str
) -> Leaf:
    """Raises Invalid for what is no place in this list."""
    ways = _Ways(db, chatbot_id, narrowing, sorting)
    found = (await ways.back(before))[::-1] if before else await ways.on(after)
    more = len(found) > _PAGE
    shown = found[-_PAGE:] if before else found[:_PAGE]
    return Leaf(
        [one for one, _ in shown],
        back=shown[0][1] if shown and (after or before) else "",
        on=shown[-1][1] if more else "",
        first=not more if before else not after,
    )


@dataclass(frozen=True)
class _Ways:
    """Through a list; either finds one more than a page, if there is one, and the nearest first."""

    db: Db
    chatbot_id: ChatbotId
    narrowing: Narrowing
    sorting: Sorting

    async def on(self, after: str) -> list[_Entry]:
        if self.sorting.order:
            place = _place("after", after) if after else None
            return await self._ordered(self.sorting.order, place)
        here = _moment("after", after) if after else None
        if self.sorting.falling:
            return await self._older(here)
        return await self._newer(here or (_BEGINNING, ConversationId(UUID(int=0))))

    async def back(self, before: str) -> list[_Entry]:
        if self.sorting.order:
            return await self._ordered_back(self.sorting.order, _place("before", before))
        here = _moment("before", before)
        return await (self._newer(here) if self.sorting.falling else self._older(here))

    async def _ordered(self, order: Order, place: Place | None) -> list[_Entry]:
        found = await analysis.ordered_after(
            self.db, self.chatbot_id, self.narrowing, order=order, place=place, limit=_PAGE + 1
        )
        return [(one.conversation, _written(one.place)) for one in found]

    async def _ordered_back(self, order: Order, place: Place) -> list[_Entry]:
        found = await analysis.ordered_before(
            self.db, self.chatbot_id, self.narrowing, order=order, place=place, limit=_PAGE + 1
        )
        return [(one.conversation, _written(one.place)) for one in found]

    async def _older(self, here: tuple[datetime, ConversationId] | None) -> list[_Entry]:
        moment, one = here or (None, None)
        if self.narrowing == Narrowing():
            return _timed(
                await conversations.conversations_before(
                    self.db, self.chatbot_id, moment=moment, conversation_id=one, limit=_PAGE + 1
                )
            )
        return _timed(
            await analysis.matching_before(
                self.db, self.chatbot_id, self.narrowing, moment=moment, conversation_id=one, limit=_PAGE + 1
            )
        )

    async def _newer(self, here: tuple[datetime, ConversationId]) -> list[_Entry]:
        moment, one = here
        return _timed(
            await analysis.matching_after(
                self.db, self.chatbot_id, self.narrowing, moment=moment, conversation_id=one, limit=_PAGE + 1
            )
        )


def _timed(found: list[Conversation]) -> list[_Entry]:
    return [(one, f"{in_utc(one.last_message_at).isoformat()}_{one.id}") for one in found]


def _written(place: Place) -> str:
    number = "" if place.value is None else repr(place.value)
    return f"{number}_{in_utc(place.began).isoformat()}_{place.id}"


def _place(name: str, value: str) -> Place:
    """Raises Invalid."""
    number, _, rest = value.partition("_")
    began, one = _moment(name, rest)
    return Place(_number(name, number) if number else None, began, one)


def _number(name: str, text: str) -> float:
    """Only as it is written here. Raises Invalid."""
    try:
        number = float(text)
    except ValueError:
        number = float("nan")
    if not isfinite(number) or repr(number) != text:
        raise Invalid.field(name, "is not a place in this list")
    return number


def _moment(name: str, value: str) -> tuple[datetime, ConversationId]:
    """Raises Invalid."""
    moment, _, place = value.partition("_")
    parsed = parse_id(place)
    try:
        read = datetime.fromisoformat(moment)
        utc = read.astimezone(UTC) if read.tzinfo else None
    except (ValueError, OverflowError):  # no time, or one before the year 1 or after 9999 in UTC
        utc = None
    if parsed is None or utc is None:
        raise Invalid.field(name, "is not a place in this list")
    return utc, ConversationId(parsed)
