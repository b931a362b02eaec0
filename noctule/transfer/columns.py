"""A CSV file as conversations: the header says what each column means, each row is a message.

Rows of one conversation that follow each other make one draft; where they are scattered they meet in the store.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from math import isfinite
from typing import Any

import msgspec

from noctule.base.bodies import address, checked, device
from noctule.base.errors import Invalid, Problem
from noctule.base.text import unstorable_in
from noctule.base.wording import problem_with
from noctule.conversations import Turn, evidence_of
from noctule.transfer import cells
from noctule.transfer.draft import LONGEST_CAPTURE, Draft, named
from noctule.transfer.forms import moment
from noctule.transfer.rows import Row
from noctule.transfer.shapes import CsvRow

_LONGEST_NAME = len(cells.FIELD) + 256
_NEEDED = ("conversation_id", "role", "content")
_KNOWN = {*cells.COLUMNS, "title"}
_PASSED_OVER = {*cells.ANALYSIS}
# Columns of other products, by the words of their headers.
_ALSO = {
    "chat_id": "conversation_id",
    "external_conversation_id": "conversation_id",
    "external_message_id": "message_id",
    "timestamp": "sent_at",
    "created_at": "",
    "token_count": "token_count",
    "latency": "latency",
}
_PERSON = {name: f"user_{name}" for name in ("id", "name", "email", "plan", "industry", "mrr")}
_ORGANIZATION = {name: f"organization_{name}" for name in ("id", "name", "plan", "industry", "mrr")}
_SESSION = {"pageUrl": "page_url", "referrer": "referrer", "device": "device", "country": "country"}


class Columns:
    """What the columns of one file mean."""

    def __init__(self, header: Row) -> None:
        """Raises Invalid, naming every column that is wrong."""
        names = [_plain_name(cell) for cell in header.cells]
        self.chatlogger = "chat_id" in names
        self.meaning = [self._meaning(name) for name in names]
        told = list(zip(header.cells, self.meaning, strict=True))
        problems = [Problem(cell, trouble) for cell, meaning in told if (trouble := _trouble(meaning))]
        problems += [Problem(name, "is a column that is needed") for name in _NEEDED if name not in self.meaning]
        times = Counter(meaning for meaning in self.meaning if meaning)
        problems += [Problem(name, "stands there twice") for name in sorted(times) if times[name] > 1]
        if problems:
            raise Invalid("The columns are not right.", problems=tuple(problems))
        self.mapping = {cell.strip(): meaning or "-" for cell, meaning in told}

    def _meaning(self, name: str) -> str | None:
        """Empty: passed over. None: nobody knows."""
        if name in _PASSED_OVER or (self.chatlogger and name == "organization_id"):
            return ""
        if name in _KNOWN or name == cells.OTHERS or (name.startswith(cells.FIELD) and len(name) > len(cells.FIELD)):
            return name
        return _ALSO.get(name)

    def read(self, row: Row) -> Draft:
        """A draft of one message. Raises Invalid, naming the column."""
        if len(row.cells) != len(self.meaning):
            raise Invalid.field("row", f"has {len(row.cells)} cells, but the header has {len(self.meaning)}")
        filled = {meaning: cell for meaning, cell in zip(self.meaning, row.cells, strict=True) if meaning and cell}
        custom = {name: filled.pop(name) for name in list(filled) if name.startswith(cells.OTHERS)}
        for name, cell in filled.items():
            filled[name] = cells.unshielded(cell)
            if bad := unstorable_in(filled[name], name):
                raise Invalid.field(*bad)
        if "role" in filled:
            filled["role"] = filled["role"].lower()
        sent = _converted(filled)
        turn = Turn(sent.role, sent.content, sent.message_id, moment(sent.sent_at, "sent_at"), _evidence(sent))
        address(sent.user_email, "user_email")
        session = _part(sent, _SESSION)
        if "device" in session:
            session["device"] = device(session["device"], "device")
        return Draft(
            external_id=sent.conversation_id,
            turns=(named(turn, f"line {row.line}"),),
            title=sent.title,
            person=_part(sent, _PERSON),
            organization=_part(sent, _ORGANIZATION),
            session=session,
            custom=_custom(custom),
        )


class Gathering:
    """Drafts of single rows in, drafts of conversations out; the facts of later rows win."""

    def __init__(self) -> None:
        self._held: list[Draft] = []

    def add(self, draft: Draft) -> Iterator[Draft]:
        if self._held:
            more = self._held[0].external_id == draft.external_id
            if not more or len(self._held) == LONGEST_CAPTURE:
                yield self._joined(more=more)
        self._held.append(draft)

    def rest(self) -> Iterator[Draft]:
        if self._held:
            yield self._joined(more=False)

    def _joined(self, *, more: bool) -> Draft:
        held, self._held = self._held, []
        return replace(
            held[-1],
            turns=tuple(turn for draft in held for turn in draft.turns),
            title=next((draft.title for draft in reversed(held) if draft.title), None),
            more=more,
            **{
                name: {key: value for draft in held for key, value in getattr(draft, name).items()}
                for name in ("person", "organization", "session", "custom")
            },
        )


def _trouble(meaning: str | None) -> str | None:
    if meaning is None:
        return "is no column that we know; custom fields are called custom.<key>"
    return "the key of a custom field must have at most 256 characters" if len(meaning) > _LONGEST_NAME else None


def _plain_name(cell: str) -> str:
    """Custom fields as they are; other names in whatever case, with spaces or underscores."""
    name = cells.unshielded(cell).strip()
    return name if name.startswith(cells.FIELD) else name.lower().replace(" ", "_")


def _converted(filled: dict[str, str]) -> CsvRow:
    try:
        return msgspec.convert(filled, CsvRow, strict=False)
    except msgspec.ValidationError as error:
        raise Invalid.field(*problem_with(error, CsvRow)) from None


def _part(sent: CsvRow, names: dict[str, str]) -> dict[str, Any]:
    found = {name: getattr(sent, column) for name, column in names.items() if getattr(sent, column) is not None}
    mrr = found.get("mrr")
    if mrr is not None and not isfinite(mrr):
        raise Invalid.field(names["mrr"], "must be a finite number")
    return found


def _evidence(sent: CsvRow) -> dict[str, Any] | None:
    if sent.latency is not None and not isfinite(sent.latency):
        raise Invalid.field("latency", "must be a finite number")
    return evidence_of({"token_count": sent.token_count, "latency": sent.latency})


def _custom(filled: dict[str, str]) -> dict[str, Any]:
    try:
        rest = msgspec.json.decode(filled.pop(cells.OTHERS, "{}"), type=dict[str, Any])
    except (msgspec.DecodeError, RecursionError):
        raise Invalid.field(cells.OTHERS, "must be an object in JSON") from None
    found = rest | {name.removeprefix(cells.FIELD): cells.read_typed(cell) for name, cell in filled.items()}
    if bad := unstorable_in(found, cells.OTHERS):
        raise Invalid.field(*bad)
    return checked(found, cells.OTHERS)
