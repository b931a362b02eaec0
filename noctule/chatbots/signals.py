"""`settings.analysis`: which signals a chatbot wants judged, and the flags of its own. Null is what holds without it."""

import re

import msgspec

from noctule.base.errors import Invalid
from noctule.base.wording import problem_with

_SLUG = re.compile(r"[a-z0-9][a-z0-9_]{0,63}")
_MOST_FLAGS = 100
_MOST_TEXTS = 200  # words, phrases or examples of one flag
_LONGEST_TEXT = 300


class FlagDefinition(msgspec.Struct, frozen=True):
    """What tells a flag: words and phrases as they stand, and messages that are like it."""

    enabled: bool | None = None
    words: tuple[str, ...] | None = None
    phrases: tuple[str, ...] | None = None
    examples: tuple[str, ...] | None = None


class Definitions(msgspec.Struct, frozen=True):
    flags: dict[str, FlagDefinition | None] | None = None


class AnalysisSettings(msgspec.Struct, frozen=True):
    sentiment: bool | None = None
    dissatisfaction: bool | None = None
    intent: bool | None = None
    topics: bool | None = None
    flags: bool | None = None
    behavior: bool | None = None
    outcome: bool | None = None
    quality: bool | None = None
    assistant_flags: bool | None = msgspec.field(default=None, name="assistantFlags")
    definitions: Definitions | None = None

    @property
    def off(self) -> frozenset[str]:
        return frozenset(name for name in self.__struct_fields__ if getattr(self, name) is False)

    @property
    def flag_definitions(self) -> dict[str, FlagDefinition]:
        found = (self.definitions.flags or {}) if self.definitions else {}
        return {name: one for name, one in found.items() if one is not None}


def analysis_in(stored: object) -> AnalysisSettings:
    """From `settings.analysis` as it is stored; what older versions let in and we do not understand asks for nothing."""
    try:
        return msgspec.convert(stored or {}, AnalysisSettings)
    except msgspec.ValidationError:
        return AnalysisSettings()


def check_analysis(given: object) -> None:
    """Raises Invalid naming the path of what is not understood."""
    try:
        asked = msgspec.convert({} if given is None else given, AnalysisSettings)
    except msgspec.ValidationError as error:
        field, message = problem_with(error, AnalysisSettings)
        raise Invalid.field("settings.analysis" + (f".{field}" if field != "body" else ""), message) from None
    flags = asked.flag_definitions
    if len(flags) > _MOST_FLAGS:
        raise Invalid.field("settings.analysis.definitions.flags", f"must be at most {_MOST_FLAGS}")
    for name, one in flags.items():
        _check_flag(f"settings.analysis.definitions.flags.{name}", name, one)


def _check_flag(field: str, name: str, one: FlagDefinition) -> None:
    if not _SLUG.fullmatch(name):
        raise Invalid.field(field, "must be named by 1 to 64 small letters, digits and underscores")
    for part in ("words", "phrases", "examples"):
        texts: tuple[str, ...] = getattr(one, part) or ()
        if len(texts) > _MOST_TEXTS or any(not 1 <= len(text.strip()) <= _LONGEST_TEXT for text in texts):
            raise Invalid.field(
                f"{field}.{part}", f"must be at most {_MOST_TEXTS} texts of 1 to {_LONGEST_TEXT} characters"
            )
