"""The settings object of a chatbot: any JSON the team likes, merged key by key, never replaced by accident."""

from datetime import timedelta
from typing import Any, cast

import msgspec

from noctule.base.calendar import zone_names
from noctule.base.errors import Invalid
from noctule.base.text import TOO_DEEP, Json, too_deep, unstorable_in
from noctule.chatbots.answering import check_agent
from noctule.chatbots.company import check_company
from noctule.chatbots.models import Silence
from noctule.chatbots.privacy import check_privacy
from noctule.chatbots.signals import check_analysis

LARGEST = 64 * 1024  # bytes of JSON
# Switches that change what we do must be what they look like, or null, which is kept and means what holds without them;
# everything else is the team's own.
_SWITCHES = ("onboarded", "userAnalysisEnabled", "assistantAnalysisEnabled")
# settings.lifecycle: minutes of silence, with what holds when the team says nothing.
_IDLE, _CLOSED = ("idleAfterMinutes", 10), ("closeAfterMinutes", 30)
_LONGEST_SILENCE = 30 * 24 * 60  # minutes


def merge(old: dict[str, Json], new: dict[str, Json]) -> dict[str, Json]:
    """Objects are merged at every depth; everything else, lists and null included, is replaced."""
    merged = dict(old)
    for key, value in new.items():
        before = merged.get(key)
        merged[key] = merge(before, value) if isinstance(before, dict) and isinstance(value, dict) else value
    return merged


def check_settings(settings: Json) -> None:
    """Raises Invalid naming the path of what cannot be stored."""
    if too_deep(settings):
        raise Invalid.field("settings", TOO_DEEP)
    bad = unstorable_in(settings, "settings")
    if bad is not None:
        raise Invalid.field(*bad)
    for name in _SWITCHES:
        if isinstance(settings, dict) and not isinstance(settings.get(name), bool | None):
            raise Invalid.field(f"settings.{name}", "must be true or false, or null for the default")
    _check_timezone(settings.get("timezone") if isinstance(settings, dict) else None)
    _check_lifecycle(settings)
    check_company(settings.get("company") if isinstance(settings, dict) else None)
    check_privacy(settings.get("privacy") if isinstance(settings, dict) else None)
    check_analysis(settings.get("analysis") if isinstance(settings, dict) else None)
    check_agent(settings.get("agent") if isinstance(settings, dict) else None)


def silence_in(lifecycle: object) -> Silence:
    """The rules of a chatbot for its conversations, from `settings.lifecycle` as it is stored."""
    rules = cast("dict[str, Any]", lifecycle) if isinstance(lifecycle, dict) else {}
    idle, closed = (timedelta(minutes=rules.get(name) or default) for name, default in (_IDLE, _CLOSED))
    return Silence(idle, closed)


def _check_timezone(name: Json) -> None:
    if name is not None and name not in zone_names():
        raise Invalid.field("settings.timezone", "must be a name of a time zone like Europe/Brussels, or null for UTC")


def _check_lifecycle(settings: Json) -> None:
    lifecycle = settings.get("lifecycle") if isinstance(settings, dict) else None
    if not isinstance(lifecycle, dict | None):
        raise Invalid.field("settings.lifecycle", "must be an object")
    for name, _ in (_IDLE, _CLOSED):
        minutes = (lifecycle or {}).get(name)
        whole = isinstance(minutes, int) and not isinstance(minutes, bool) and 1 <= minutes <= _LONGEST_SILENCE
        if minutes is not None and not whole:
            field = f"settings.lifecycle.{name}"
            raise Invalid.field(field, f"must be a whole number of minutes from 1 to {_LONGEST_SILENCE}")


def check_size(settings: dict[str, Json]) -> None:
    try:
        size = len(msgspec.json.encode(settings))
    except OverflowError:
        raise Invalid.field("settings", "holds something that cannot be stored") from None
    if size > LARGEST:
        raise Invalid.field("settings", "must not be larger than 64 KB")
