"""The cells of our CSV files, out and in again: one pair of functions for each direction, each undoing the other.

A cell that a spreadsheet would run as a formula gets an apostrophe in front; the import takes it off again. A custom
value keeps its type: a string that looks like a number, or like true, false or a quoted string, is written in quotes.
"""

import re
from decimal import Decimal
from typing import Any

import msgspec

COLUMNS = (
    "conversation_id message_id role content sent_at "
    "user_id user_name user_email user_plan user_industry user_mrr "
    "organization_id organization_name organization_plan organization_industry organization_mrr "
    "page_url referrer device country"
).split()
ANALYSIS = (
    "analysis_status analysis_final language conversation_sentiment conversation_sentiment_label "
    "intent escalated message_sentiment"
).split()
OTHERS = "custom"  # the last column: what has no column of its own, as a JSON object
FIELD = "custom."  # how the column of a custom field begins

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "'")
_NUMBER = re.compile(r"-?(0|[1-9]\d{0,399})(\.\d{1,400})?")


def shielded(text: str) -> str:
    return "'" + text if text.startswith(_FORMULA) else text


def unshielded(cell: str) -> str:
    return cell[1:] if cell[:1] == "'" and cell[1:2] in _FORMULA and len(cell) > 1 else cell


def plain(value: Any) -> str:
    """Of a column whose type is known: text as it is, nothing for null."""
    match value:
        case None:
            return ""
        case str():
            return shielded(value)
        case bool():
            return "true" if value else "false"
        case int():
            return str(value)
        case float():
            return format(Decimal(repr(value)), "f")
        case _:
            return shielded(msgspec.json.encode(value).decode())


def typed(value: Any) -> str:
    """Of a custom field, whose type the import finds in the cell."""
    if isinstance(value, str) and (value == "" or not isinstance(read_typed(value), str) or value[0] == '"'):
        return msgspec.json.encode(value).decode()
    return plain(value)


def read_typed(cell: str) -> str | int | float | bool:
    """An empty cell is left out before it comes here."""
    if cell in ("true", "false"):
        return cell == "true"
    if match := _NUMBER.fullmatch(cell):
        return float(cell) if match[2] else int(cell)
    if cell[:1] == '"' and cell[-1:] == '"':
        try:
            return msgspec.json.decode(cell, type=str)
        except msgspec.DecodeError:
            return cell
    return unshielded(cell)
