"""`settings.agent`: how a chatbot answers, and what its visitors see of it. Null is what holds without it."""

from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Struct

from noctule.base.errors import Invalid
from noctule.base.wording import problem_with

_Line = Annotated[str, Meta(max_length=1000)]
_Lines = Annotated[tuple[_Line, ...], Meta(max_length=50)]
REFUSAL = "I could not find an answer to that in what I have been taught."
COVERAGE = 0.9  # of the questions that its sources answer, how many an agent answers


class AgentSettings(Struct, frozen=True, rename="camel"):
    model: Annotated[str, Meta(max_length=100)] | None = None
    temperature: Annotated[float, Meta(ge=0, le=1)] | None = None
    instructions: Annotated[str, Meta(max_length=20_000)] | None = None
    visibility: Literal["private", "public"] | None = None
    initial_messages: _Lines | None = None
    suggested_messages: _Lines | None = None
    refusal: _Line | None = None
    coverage: Annotated[float, Meta(ge=0.5, le=0.99)] | None = None
    only_allow_on_added_domains: bool | None = None
    domains: _Lines | None = None
    ip_limit: Annotated[int, Meta(ge=0, le=1_000_000)] | None = None
    ip_limit_timeframe: Annotated[int, Meta(ge=1, le=86_400)] | None = None  # seconds
    ip_limit_message: _Line | None = None
    styles: dict[str, Any] | None = None
    collect_customer_information: dict[str, Any] | None = None


def agent_in(settings: dict[str, Any]) -> AgentSettings:
    """From `settings.agent` as it is stored; what older versions let in and we do not understand asks for nothing."""
    try:
        return msgspec.convert(settings.get("agent") or {}, AgentSettings)
    except msgspec.ValidationError:
        return AgentSettings()


def check_agent(given: object) -> None:
    """Raises Invalid naming the path of what is not understood."""
    try:
        msgspec.convert({} if given is None else given, AgentSettings)
    except msgspec.ValidationError as error:
        field, problem = problem_with(error, AgentSettings)
        path = "settings.agent" if field == "body" else f"settings.agent.{field}"
        raise Invalid.field(path, _bounds(problem)) from None


def _bounds(problem: str) -> str:
    """`expected float <= 1.0` in plain words."""
    words = problem.removeprefix("expected int ").removeprefix("expected float ")
    return (
        words
        if words == problem
        else f"must be a number {words}".replace(">=", "of at least").replace("<=", "of at most")
    )
