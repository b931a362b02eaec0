"""What is sent to us as JSON, by request or in a file: decoding, the types of fields, and what cannot be stored."""

from typing import Annotated, Any, TypeVar

import msgspec
from msgspec import Meta, Struct

from noctule.base.errors import Invalid
from noctule.base.text import TOO_DEEP, too_deep, unstorable_in
from noctule.base.wording import problem_with

T = TypeVar("T", bound=Struct)
Json = dict[str, Any]
Id = Annotated[str, Meta(min_length=1, max_length=256)]
Name = Annotated[str, Meta(max_length=256)]
Content = Annotated[str, Meta(min_length=1, max_length=32_000)]  # characters
Plan = Annotated[str, Meta(max_length=64)]
Url = Annotated[str, Meta(max_length=2048)]

_MOST_KEYS = 256  # of custom or metadata in one request


class Tool(Struct, omit_defaults=True):
    name: Annotated[str, Meta(min_length=1, max_length=256)]
    input: Any = None
    output: Any = None


class UserBody(Struct, omit_defaults=True):
    id: Id | None = None
    name: Name | None = None
    email: Name | None = None
    plan: Plan | None = None
    createdAt: str | None = None
    industry: Name | None = None
    mrr: float | int | None = None


class OrganizationBody(Struct, omit_defaults=True):
    id: Id | None = None
    name: Name | None = None
    plan: Plan | None = None
    mrr: float | int | None = None
    industry: Name | None = None


def parse(decoder: msgspec.json.Decoder[T], body: bytes) -> T:
    """Raises Invalid, naming the field."""
    try:
        sent = decoder.decode(body)
        # Only an escape can bring in what cannot be stored; most bodies have none.
        bad = unstorable_in(msgspec.to_builtins(sent), "") if b"\\u" in body else None
    except msgspec.ValidationError as error:
        raise Invalid.field(*problem_with(error, decoder.type, body)) from None
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise Invalid.field("body", "is not valid JSON in UTF-8") from None
    except RecursionError:
        raise Invalid.field("body", TOO_DEEP) from None
    if bad is not None:
        raise Invalid.field(*bad)
    return sent


def given(part: Struct | None) -> Json:
    """The fields that were sent."""
    return {} if part is None else msgspec.to_builtins(part)


def checked(custom: Json, field: str) -> Json:
    """The same custom fields. Raises Invalid when they cannot be kept."""
    if len(custom) > _MOST_KEYS:
        raise Invalid.field(field, f"must have at most {_MOST_KEYS} keys")
    for key, value in custom.items():
        if not 1 <= len(key) <= 256:
            raise Invalid.field(field, "a key must have 1 to 256 characters")
        if too_deep(value):
            raise Invalid.field(f"{field}.{key}", TOO_DEEP)
    if custom:
        encoded(custom, field)
    return custom


def encoded(value: Json, field: str) -> bytes:
    """Its JSON. Raises Invalid for what cannot be written as JSON again."""
    try:
        return msgspec.json.encode(value)
    except (UnicodeEncodeError, OverflowError):
        raise Invalid.field(field, "holds something that cannot be stored") from None
