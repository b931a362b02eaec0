"""The settings object of a chatbot: any JSON the team likes, merged key by key, never replaced by accident."""

import msgspec

from noctule.base.errors import Invalid
from noctule.base.text import Json, unstorable_in

LARGEST = 64 * 1024  # bytes of JSON
# Switches that change what we do must be what they look like; everything else is the team's own.
_SWITCHES = ("onboarded", "userAnalysisEnabled", "assistantAnalysisEnabled")


def merge(old: dict[str, Json], new: dict[str, Json]) -> dict[str, Json]:
    """Objects are merged at every depth; everything else, lists and null included, is replaced."""
    merged = dict(old)
    for key, value in new.items():
        before = merged.get(key)
        merged[key] = merge(before, value) if isinstance(before, dict) and isinstance(value, dict) else value
    return merged


def check_settings(settings: Json) -> None:
    """Raises Invalid naming the path of what cannot be stored."""
    try:
        bad = unstorable_in(settings, "settings")
    except RecursionError:
        bad = "settings", "is nested too deeply"
    if bad is not None:
        raise Invalid.field(*bad)
    for name in _SWITCHES:
        if isinstance(settings, dict) and not isinstance(settings.get(name), bool | None):
            raise Invalid.field(f"settings.{name}", "must be true or false")


def check_size(settings: dict[str, Json]) -> None:
    try:
        size = len(msgspec.json.encode(settings))
    except (RecursionError, OverflowError):
        raise Invalid.field("settings", "holds something that cannot be stored") from None
    if size > LARGEST:
        raise Invalid.field("settings", "must not be larger than 64 KB")
