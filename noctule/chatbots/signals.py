"""`settings.analysis`: which signals a chatbot wants judged, from where on, and its own flags. Null is what holds without it."""

import re
from dataclasses import dataclass

import msgspec

from noctule.base.errors import Invalid
from noctule.base.wording import problem_with

_SLUG = re.compile(r"[a-z0-9][a-z0-9_]{0,63}")
FLAG_TEXTS = ("words", "phrases", "examples", "unless")
_MOST_FLAGS = 100
_MOST_TEXTS = 200  # words, phrases or examples of one flag
_LONGEST_TEXT = 300
LOWEST, HIGHEST = 0.3, 0.9  # how sure a flag may have to be; words of a team's own are as sure as that


class FlagDefinition(msgspec.Struct, frozen=True):
    """What tells a flag: words and phrases as they stand, messages that are like it, and what rules it out."""

    enabled: bool | None = None
    description: str | None = None  # for people
    words: tuple[str, ...] | None = None
    phrases: tuple[str, ...] | None = None
    examples: tuple[str, ...] | None = None
    unless: tuple[str, ...] | None = None  # a message that says this does not carry the flag
    threshold: float | None = None  # how sure it must be


class Definitions(msgspec.Struct, frozen=True):
    flags: dict[str, FlagDefinition | None] | None = None


class Thresholds(msgspec.Struct, frozen=True):
    """Beyond which score a sentiment has its word."""

    very_negative: float | None = msgspec.field(default=None, name="veryNegative")
    negative: float | None = None
    positive: float | None = None
    very_positive: float | None = msgspec.field(default=None, name="veryPositive")


@dataclass(frozen=True)
class Bands:
    """The same, as they hold: neutral lies between the inner two."""

    very_negative: float = -0.6
    negative: float = -0.2
    positive: float = 0.2
    very_positive: float = 0.6


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
    thresholds: Thresholds | None = None
    definitions: Definitions | None = None

    @property
    def off(self) -> frozenset[str]:
        return frozenset(name for name in self.__struct_fields__ if getattr(self, name) is False)

    @property
    def flag_definitions(self) -> dict[str, FlagDefinition]:
        found = (self.definitions.flags or {}) if self.definitions else {}
        return {name: one for name, one in found.items() if one is not None}

    @property
    def bands(self) -> Bands:
        said = msgspec.structs.asdict(self.thresholds) if self.thresholds else {}
        return Bands(**{name: score for name, score in said.items() if score is not None})


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
    _check_bands(asked.bands)
    flags = asked.flag_definitions
    if len(flags) > _MOST_FLAGS:
        raise Invalid.field("settings.analysis.definitions.flags", f"must be at most {_MOST_FLAGS}")
    for name, one in flags.items():
        _check_flag(f"settings.analysis.definitions.flags.{name}", name, one)


def _check_bands(bands: Bands) -> None:
    below, above = -1 < bands.very_negative < bands.negative < 0, 0 < bands.positive < bands.very_positive < 1
    if not (below and above):
        side = "-1 < veryNegative < negative < 0" if not below else "0 < positive < veryPositive < 1"
        raise Invalid.field("settings.analysis.thresholds", f"must keep their order: {side}")


def _check_flag(field: str, name: str, one: FlagDefinition) -> None:
    if not _SLUG.fullmatch(name):
        raise Invalid.field(field, "must be named by 1 to 64 small letters, digits and underscores")
    if one.threshold is not None and not LOWEST <= one.threshold <= HIGHEST:
        raise Invalid.field(f"{field}.threshold", f"must be from {LOWEST} to {HIGHEST}")
    if len(one.description or "") > _LONGEST_TEXT:
        raise Invalid.field(f"{field}.description", f"must have at most {_LONGEST_TEXT} characters")
    for part in FLAG_TEXTS:
        texts: tuple[str, ...] = getattr(one, part) or ()
        if len(texts) > _MOST_TEXTS or any(not 1 <= len(text.strip()) <= _LONGEST_TEXT for text in texts):
            raise Invalid.field(
                f"{field}.{part}", f"must be at most {_MOST_TEXTS} texts of 1 to {_LONGEST_TEXT} characters"
            )
