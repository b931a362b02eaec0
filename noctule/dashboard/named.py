"""What conversations are filtered by, in words: names of fields, and values as people call them instead of codes."""

from functools import cache
from importlib.resources import files

from noctule.dashboard.tiles import CHANNELS

FIELDS = {
    "sentiment": "Sentiment", "score": "Sentiment score", "outcome": "Outcome", "intent": "Intent", "topic": "Topic",
    "flags": "Flag", "behavior": "Behaviour", "quality": "Quality", "failing": "Weak answer", "unanswered": "Unanswered",
    "escalated": "Escalated", "dissatisfaction": "Unhappiness", "unresolved": "Probably unresolved", "reviewed": "Reviewed",
    "analysed": "Analysed", "ended": "Over", "messages": "Messages", "tags": "Tag", "channel": "Channel", "source": "Channel",
    "language": "Language", "country": "Country", "device": "Device", "browser": "Browser", "os": "System", "plan": "Plan",
    "industry": "Industry", "user": "User", "organization": "Organization",
}  # fmt: skip
SWITCH = {"true": "Yes", "false": "No"}
_AS_THEY_ARE = {"plan", "industry", "tags", "browser", "os", "user", "organization", "topic"}
_OWN = {("sentiment", "none"): "Not judged", ("outcome", "fully_resolved"): "Resolved", ("outcome", "partially_resolved"): "Resolved in part",
        ("outcome", "capability_failure"): "Could not help"}  # fmt: skip
_LANGUAGES = {
    "af": "Afrikaans", "am": "Amharic", "ar": "Arabic", "az": "Azerbaijani", "be": "Belarusian", "bg": "Bulgarian", "bn": "Bengali",
    "bs": "Bosnian", "ca": "Catalan", "cs": "Czech", "cy": "Welsh", "da": "Danish", "de": "German", "el": "Greek", "en": "English",
    "eo": "Esperanto", "es": "Spanish", "et": "Estonian", "eu": "Basque", "fa": "Persian", "fi": "Finnish", "fil": "Filipino",
    "fr": "French", "fy": "Frisian", "ga": "Irish", "gd": "Scottish Gaelic", "gl": "Galician", "gu": "Gujarati", "he": "Hebrew",
    "hi": "Hindi", "hr": "Croatian", "ht": "Haitian Creole", "hu": "Hungarian", "hy": "Armenian", "id": "Indonesian", "is": "Icelandic",
    "it": "Italian", "ja": "Japanese", "ka": "Georgian", "kk": "Kazakh", "km": "Khmer", "kn": "Kannada", "ko": "Korean", "ku": "Kurdish",
    "ky": "Kyrgyz", "la": "Latin", "lb": "Luxembourgish", "lo": "Lao", "lt": "Lithuanian", "lv": "Latvian", "mg": "Malagasy",
    "mk": "Macedonian", "ml": "Malayalam", "mn": "Mongolian", "mr": "Marathi", "ms": "Malay", "mt": "Maltese", "my": "Burmese",
    "ne": "Nepali", "nl": "Dutch", "nn": "Norwegian Nynorsk", "no": "Norwegian", "pa": "Punjabi", "pl": "Polish", "ps": "Pashto",
    "pt": "Portuguese", "ro": "Romanian", "ru": "Russian", "sd": "Sindhi", "si": "Sinhala", "sk": "Slovak", "sl": "Slovenian",
    "so": "Somali", "sq": "Albanian", "sr": "Serbian", "sv": "Swedish", "sw": "Swahili", "ta": "Tamil", "te": "Telugu", "tg": "Tajik",
    "th": "Thai", "tk": "Turkmen", "tl": "Tagalog", "tr": "Turkish", "tt": "Tatar", "ug": "Uyghur", "uk": "Ukrainian", "ur": "Urdu",
    "uz": "Uzbek", "vi": "Vietnamese", "yi": "Yiddish", "yo": "Yoruba", "zh": "Chinese", "zu": "Zulu",
}  # fmt: skip


def field_name(field: str) -> str:
    """A custom field is called by its key, `marks.accuracy` by what is marked."""
    return FIELDS.get(field) or field.removeprefix("custom.").removeprefix("marks.").replace("_", " ").capitalize()


def value_name(field: str, value: str) -> str:
    """A code that nobody knows stays as it is."""
    if field == "language":
        return language_name(value)
    if field == "country":
        return country_name(value)
    if field in ("channel", "source"):
        return CHANNELS.get(value, value)
    if field in _AS_THEY_ARE:
        return value
    if field.startswith("custom."):
        return SWITCH.get(value, value)
    return _OWN.get((field, value)) or SWITCH.get(value) or value.replace("_", " ").capitalize()


def language_name(code: str) -> str:
    """`German` for de, `Portuguese (BR)` for pt-BR."""
    base, _, rest = code.replace("_", "-").partition("-")
    name = _LANGUAGES.get(base.lower(), "")
    return f"{name} ({rest})" if name and rest else name or code


def country_name(code: str) -> str:
    return _countries().get(code.upper(), code)


@cache
def _countries() -> dict[str, str]:
    """Of the time zone database, which comes along: a code, a tab, a name."""
    text = (files("tzdata") / "zoneinfo" / "iso3166.tab").read_text("utf-8")
    lines = (line.split("\t") for line in text.splitlines() if not line.startswith("#"))
    return {line[0]: line[1] for line in lines if len(line) == 2}
