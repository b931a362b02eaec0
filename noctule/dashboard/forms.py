"""What a form sent: text by name, and what is wrong with which field."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated

from fastapi import Depends, Request

from noctule.base.errors import AppError, Invalid
from noctule.base.text import storable

_LONGEST = 10_000


@dataclass(frozen=True)
class Form:
    """The values to show again, never passwords, and the problems by field; `""` is for the whole form."""

    values: Mapping[str, str] = field(default_factory=dict[str, str])
    problems: Mapping[str, str] = field(default_factory=dict[str, str])


async def read_form(request: Request) -> dict[str, str]:
    """Only text; a file in its place counts as nothing. Raises Invalid when it cannot be read as a form."""
    try:
        sent = await request.form(max_files=1, max_fields=50)
    except ValueError as error:  # a body may name any codec of Python, also those that cannot decode
        raise Invalid.field("body", "could not be read") from error
    return {name: value[:_LONGEST] for name, value in sent.items() if isinstance(value, str)}


InForm = Annotated[dict[str, str], Depends(read_form)]


def refused(values: Mapping[str, str], error: AppError) -> Form:
    """The same form again, with what was wrong. What cannot be stored cannot be sent back either."""
    shown = {name: value for name, value in values.items() if "password" not in name and storable(value) is None}
    problems = {problem.field: problem.message for problem in error.problems} or {"": error.message}
    return Form(shown, problems)
