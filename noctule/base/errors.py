"""The one tree of errors. Each class knows its status and its machine word; a face renders them in its own words.

`message` is for the caller, in plain language, and names the field. What went wrong inside belongs in the log.
"""

from dataclasses import dataclass
from typing import ClassVar

from noctule.base.text import shown


@dataclass(frozen=True)
class Problem:
    """One thing wrong with one field; `field` is a path such as `messages[2].content`, made fit to be shown."""

    field: str
    message: str

    def __post_init__(self) -> None:
        """Parts of the path may be names that the caller chose: of any length, of any characters."""
        object.__setattr__(self, "field", shown(self.field))


class AppError(Exception):
    status: ClassVar[int] = 500
    code: ClassVar[str] = "internal_error"

    def __init__(self, message: str, *, problems: tuple[Problem, ...] = (), retry_after: int | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.problems = problems
        self.retry_after = retry_after  # whole seconds


class Invalid(AppError):
    """The request cannot be understood or breaks a stated limit."""

    status = 400
    code = "invalid_request"

    @classmethod
    def field(cls, field: str, message: str) -> "Invalid":
        problem = Problem(field, message)
        return cls(f"{problem.field}: {message}", problems=(problem,))


class Unauthenticated(AppError):
    """No credential, or one that is not valid here (any more)."""

    status = 401
    code = "unauthenticated"


class Denied(AppError):
    """The credential is valid but may not do this."""

    status = 403
    code = "forbidden"


class NotFound(AppError):
    """It does not exist, or it belongs to somebody else: the two look alike on purpose."""

    status = 404
    code = "not_found"


class MethodNotAllowed(AppError):
    status = 405
    code = "method_not_allowed"


class Conflict(AppError):
    """It exists already, or it changed meanwhile."""

    status = 409
    code = "conflict"


class TooMany(AppError):
    """Slow down; `retry_after` says for how long."""

    status = 429
    code = "rate_limited"


class Unavailable(AppError):
    """It cannot be stored or read now. Nothing was kept; the same request may be sent again."""

    status = 503
    code = "unavailable"
