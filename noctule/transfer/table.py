"""A part of a conversation as rows of a CSV file: one row per message, every row with the facts of its conversation."""

import csv
import io
from collections.abc import Sequence
from typing import Any

import msgspec

from noctule.transfer import cells
from noctule.transfer.document import judged
from noctule.transfer.models import Part, Words

_PERSON = ("id", "name", "email", "plan", "industry", "mrr")
_ORGANIZATION = ("id", "name", "plan", "industry", "mrr")
_SESSION = ("pageUrl", "referrer", "device", "country")


class Table:
    """`fields` are the custom fields that get a column of their own; what is beyond them stands in the last one."""

    def __init__(self, fields: Sequence[str], *, analysis: bool) -> None:
        self._fields = fields
        self._analysis = analysis

    def header(self) -> bytes:
        columns = [*cells.COLUMNS, *(cells.FIELD + key for key in self._fields), cells.OTHERS]
        return _lines([[*columns, *(cells.ANALYSIS if self._analysis else ())]])

    def rows(self, part: Part) -> bytes:
        conversation, custom = part.conversation, part.conversation.custom
        rest = {key: value for key, value in custom.items() if key not in self._fields}
        facts = [
            *(cells.plain(conversation.person.get(name)) for name in _PERSON),
            *(cells.plain(conversation.organization.get(name)) for name in _ORGANIZATION),
            *(cells.plain(conversation.session.get(name)) for name in _SESSION),
            *(cells.typed(custom[key]) if custom.get(key) is not None else "" for key in self._fields),
            msgspec.json.encode(rest).decode() if rest else "",
        ]
        name = cells.shielded(conversation.external_id)
        return _lines([[name, *_message(words), *facts, *self._judged(part, words)] for words in part.words])

    def _judged(self, part: Part, words: Words) -> list[str]:
        if not self._analysis:
            return []
        found = judged(part.judgement)
        names = ("status", "final", "language", "sentiment", "sentiment_label", "intent", "escalated")
        return [*(cells.plain(found[name]) for name in names), cells.plain(words.sentiment)]


def _message(words: Words) -> list[str]:
    said_at = (words.sent_at or words.received_at).isoformat().replace("+00:00", "Z")
    name = words.external_id or str(words.id)
    return [cells.shielded(name), words.role, cells.shielded(words.content), said_at]


def _lines(rows: Sequence[Sequence[Any]]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue().encode()
