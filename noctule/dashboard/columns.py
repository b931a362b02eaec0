"""The columns of the list of conversations: which there are, which are shown, and what stands in them.

In an address they are `cols=state,messages,custom.tier`; a key that holds a comma is escaped once more. What an address does
not say is what the person chose last. The same values go into the file that is exported.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, unquote

from starlette.datastructures import QueryParams

from noctule import analysis, chatbots
from noctule.accounts import Member
from noctule.analysis import Topic
from noctule.base.db import Db
from noctule.chatbots import MOST_COLUMNS, Chatbot, CustomField
from noctule.conversations import ConversationId
from noctule.dashboard.rendering import short
from noctule.dashboard.rows import ConversationRow
from noctule.dashboard.tiles import CHANNELS

CUSTOM = "custom."
USUAL = ("state", "messages", "last")
_OFFERED = 40  # custom fields in the menu, those that come most often; an address may name any


@dataclass(frozen=True)
class Column:
    name: str
    label: str
    number: bool = False  # stands to the right


@dataclass(frozen=True)
class Cell:
    value: Any


@dataclass(frozen=True)
class Offer:
    """A line of the menu."""

    id: str
    column: Column
    shown: bool


@dataclass(frozen=True)
class Columns:
    shown: tuple[Column, ...]
    offers: list[Offer]  # those that are shown first, in their order
    cols: str  # as the address says it; empty when it does not
    sortable: Mapping[str, Column]  # by name, whether they are shown or not
    problems: tuple[str, ...] = ()

    @property
    def order(self) -> str:
        return written(one.name for one in self.shown)


def _list(words: Iterable[str]) -> str | None:
    return ", ".join(words) or None


def _judged(name: str) -> Callable[[ConversationRow, Topic | None], Any]:
    return lambda row, _topic: getattr(row.judgement, name) if row.judgement else None


def _told(*names: str) -> Callable[[ConversationRow, Topic | None], Any]:
    """What the caller said in its session, or what the headers told."""
    return lambda row, _topic: next(
        (said for part in (row.conversation.session, row.conversation.enrichment) for name in names if (said := part.get(name))),
        None,
    )  # fmt: skip


_BUILT_IN: Mapping[str, tuple[str, Callable[[ConversationRow, Topic | None], Any]]] = {
    "state": ("State", lambda row, _: row.state),
    "messages": ("Messages", lambda row, _: row.conversation.message_count),
    "last": ("Last message", lambda row, _: row.conversation.last_message_at),
    "began": ("Began", lambda row, _: row.conversation.first_message_at),
    "topic": ("Topic", lambda _, topic: topic.name if topic else None),
    "outcome": ("Outcome", _judged("outcome")),
    "intent": ("Intent", _judged("intent")),
    "flags": ("Flags", lambda row, _: _list(one["name"] for one in row.judgement.flags) if row.judgement else None),
    "score": ("Sentiment score", _judged("sentiment")),
    "escalated": ("Escalated", _judged("escalated")),
    "unanswered": ("Unanswered", _judged("unanswered")),
    "language": ("Language", _judged("language")),
    "channel": ("Channel", lambda row, _: CHANNELS.get(row.conversation.source, row.conversation.source)),
    "country": ("Country", _told("country")),
    "device": ("Device", _told("device")),
    "tags": ("Tags", lambda row, _: _list(row.conversation.tags)),
    "plan": ("Plan", lambda row, _: row.conversation.organization.get("plan") or row.conversation.person.get("plan")),
    "reviewed": ("Reviewed by", lambda row, _: (row.review.reviewer or "Somebody who is gone") if row.review else None),
    "id": ("Id", lambda row, _: row.conversation.external_id),
}
_NUMBERS = {"messages", "score"}


def written(names: Iterable[str]) -> str:
    return ",".join(quote(name, safe=":/@ !()*+;=-_.~") for name in names)


def read(text: str) -> list[str]:
    return list(dict.fromkeys(unquote(name) for name in text.split(",") if name))


async def columns_of(db: Db, member: Member, chatbot: Chatbot, query: QueryParams) -> Columns:
    """As the address wants them, else the person, else the usual ones; what is not known is said and left out."""
    fields = [one for one in await chatbots.fields_of(db, member.org_id, chatbot.id) if one.status != "deny"]
    known = _known(fields)
    asked = read(query.get("cols", "")) or None
    kept = None if asked else await chatbots.columns_of(db, member, chatbot.id)
    names = asked or ([name for name in kept if name in known] if kept is not None else USUAL)
    shown = [known[name] for name in names if name in known][:MOST_COLUMNS]
    problems: list[str] = []
    if any(name not in known for name in names):
        problems.append("A column of this address is not known here and was left out.")
    if sum(name in known for name in names) > MOST_COLUMNS:
        problems.append(f"At most {MOST_COLUMNS} columns are shown.")
    if asked and not shown:
        shown = [known[name] for name in USUAL]
    places = {name: number for number, name in enumerate(known)}
    often = {CUSTOM + one.key for one in sorted(fields, key=lambda one: -one.occurrences)[:_OFFERED]}
    rest = [one for name, one in known.items() if one not in shown and (name in _BUILT_IN or name in often)]
    offers = [Offer(f"col-{places[one.name]}", one, one in shown) for one in [*shown, *rest]]
    sortable = {name: one for name, one in known.items() if one.number or name == "last"}
    cols = written(one.name for one in shown) if asked else ""
    return Columns(tuple(shown), offers, cols, sortable, tuple(problems))


def chosen(sent: Mapping[str, str]) -> list[str]:
    """What a sent menu says: what stays in its order, then what is new; and one of them a place up or down."""
    ticked = [name.removeprefix("on.") for name in sent if name.startswith("on.")]
    names = [name for name in read(sent.get("order", "")) if name in ticked]
    names += [name for name in ticked if name not in names]
    for step, moved in ((-1, sent.get("up")), (1, sent.get("down"))):
        if moved in names:
            at = names.index(moved)
            to = min(max(at + step, 0), len(names) - 1)
            names[at], names[to] = names[to], names[at]
    return names


async def cells_of(
    db: Db, chatbot: Chatbot, rows: Sequence[ConversationRow], columns: Columns
) -> dict[ConversationId, list[Cell]]:
    """Row by row what stands in the columns."""
    ids = [row.conversation.id for row in rows]
    wanted = any(one.name == "topic" for one in columns.shown)
    topics = await analysis.topics_of_conversations(db, chatbot.id, ids) if wanted else {}
    return {
        row.conversation.id: [_cell(one, row, topics.get(row.conversation.id)) for one in columns.shown] for row in rows
    }


def _known(fields: Sequence[CustomField]) -> dict[str, Column]:
    own = {
        CUSTOM + one.key: Column(CUSTOM + one.key, short(one.label or one.key), one.type == "number") for one in fields
    }
    return {name: Column(name, label, name in _NUMBERS) for name, (label, _) in _BUILT_IN.items()} | own


def _cell(column: Column, row: ConversationRow, topic: Topic | None) -> Cell:
    if column.name.startswith(CUSTOM):
        return Cell(row.conversation.custom.get(column.name.removeprefix(CUSTOM)))
    return Cell(_BUILT_IN[column.name][1](row, topic))
