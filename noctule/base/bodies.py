"""What is sent to us as JSON, by request or in a file: decoding, the types of fields, and what cannot be stored."""

from typing import Annotated, Any, TypeVar

import msgspec
from msgspec import Meta, Struct

from noctule.base.clock import moment
from noctule.base.errors import Invalid
from noctule.base.text import TOO_DEEP, is_email, too_deep, unstorable_in
from noctule.base.wording import problem_with

T = TypeVar("T", bound=Struct)
Json = dict[str, Any]
Id = Annotated[str, Meta(min_length=1, max_length=256)]
Name = Annotated[str, Meta(max_length=256)]
Content = Annotated[str, Meta(min_length=1, max_length=32_000)]  # characters
Plan = Annotated[str, Meta(max_length=64)]
Country = Annotated[str, Meta(max_length=64)]
Url = Annotated[str, Meta(max_length=2048)]

_MOST_KEYS = 256  # of custom or metadata in one request
_MOST_EVIDENCE = 32 * 1024  # bytes of {tools, reasoning}
_DEVICES = ("desktop", "mobile", "tablet")


class Tool(Struct, omit_defaults=True):
    name: Annotated[str, Meta(min_length=1, max_length=256)]
    input: Any = None
    output: Any = None


Tools = Annotated[list[Tool], Meta(max_length=20)]


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


class SessionBody(Struct, omit_defaults=True):
    id: Id | None = None
    pageUrl: Url | None = None
    referrer: Url | None = None
    device: str | None = None
    country: Country | None = None


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


def person_in(user: UserBody | None, user_id: str | None) -> Json:
    """Raises Invalid, like all that follow. The deprecated name of the id gives way to `user.id`."""
    person = given(user)
    if user_id is not None:
        person.setdefault("id", user_id)
    address(person.get("email"), "user.email")
    if "createdAt" in person:
        moment(person["createdAt"], "user.createdAt")
    return person


def session_in(sent: SessionBody | None) -> Json:
    session = given(sent)
    if "device" in session:
        session["device"] = device(session["device"], "session.device")
    return session


def custom_in(custom: Json | None, metadata: Json | None) -> Json:
    """The deprecated `metadata` may hold anything, `custom` only plain values; where both name a key, `custom` wins."""
    for key, value in (custom or {}).items():
        if not isinstance(value, str | int | float | bool):
            raise Invalid.field(f"custom.{key}", "must be a string, a number or a boolean")
    return {**checked(metadata or {}, "metadata"), **checked(custom or {}, "custom")}


def evidence_in(role: str, tools: list[Tool] | None, reasoning: str | None, *, field: str) -> Json | None:
    """Only an assistant has reasons; from others they are ignored."""
    if role != "assistant" or not (tools or reasoning):
        return None
    for place, tool in enumerate(tools or []):
        if too_deep(tool.input) or too_deep(tool.output):
            raise Invalid.field(f"{field}.tools[{place}]", TOO_DEEP)
    evidence: Json = {"tools": msgspec.to_builtins(tools or []), "reasoning": reasoning}
    if len(encoded(evidence, field)) >= _MOST_EVIDENCE:
        raise Invalid.field(field, "tools and reasoning together must be smaller than 32 KB")
    return evidence


def address(email: str | None, field: str) -> None:
    if email is not None and not is_email(email):
        raise Invalid.field(field, "must be an e-mail address")


def device(name: str, field: str) -> str:
    if name.lower() not in _DEVICES:
        raise Invalid.field(field, "must be desktop, mobile or tablet")
    return name.lower()


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
