"""`settings.privacy`: for how many days after its last message a conversation is kept. Null or left out: for good."""

from typing import Any, cast

from noctule.base.errors import Invalid

LONGEST_RETENTION = 3650  # days


def retention_in(stored: object) -> int | None:
    """From `settings.privacy` as it is stored."""
    days = cast("dict[str, Any]", stored).get("retentionDays") if isinstance(stored, dict) else None
    return days if _is_span(days) else None


def check_privacy(given: object) -> None:
    """Raises Invalid naming the path of what is not understood. Other keys are the team's own."""
    if not isinstance(given, dict | None):
        raise Invalid.field("settings.privacy", "must be an object")
    days = cast("dict[str, Any]", given or {}).get("retentionDays")
    if days is not None and not _is_span(days):
        field = "settings.privacy.retentionDays"
        raise Invalid.field(field, f"must be a whole number of days from 1 to {LONGEST_RETENTION}, or null")


def _is_span(days: object) -> bool:
    return isinstance(days, int) and not isinstance(days, bool) and 1 <= days <= LONGEST_RETENTION
