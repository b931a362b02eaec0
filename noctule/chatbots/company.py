"""`settings.company`: whose chatbot it is and what the product does, in the words of the team. Null is not said."""

from typing import cast
from urllib.parse import urlsplit

from noctule.base.errors import Invalid

# With how many characters each may have.
COMPANY: dict[str, int] = {
    "product": 100,
    "website": 500,
    "documentation": 500,
    "description": 2000,
    "industry": 100,
}
_ADDRESSES = ("website", "documentation")


def company_in(stored: object) -> dict[str, str]:
    """From `settings.company` as it is stored: what is said; what older versions let in and is no text is left out."""
    known = cast("dict[str, object]", stored) if isinstance(stored, dict) else {}
    return {name: value for name in COMPANY if isinstance(value := known.get(name), str) and value}


def check_company(given: object) -> None:
    """Raises Invalid naming the path of what is not understood. Other keys are the team's own."""
    if not isinstance(given, dict | None):
        raise Invalid.field("settings.company", "must be an object")
    known = cast("dict[str, object]", given or {})
    for name, longest in COMPANY.items():
        value, field = known.get(name), f"settings.company.{name}"
        if not isinstance(value, str | None):
            raise Invalid.field(field, "must be a text, or null")
        if len(value or "") > longest:
            raise Invalid.field(field, f"must have at most {longest} characters")
        if value and name in _ADDRESSES and not _is_address(value):
            raise Invalid.field(field, "must be an address that begins with https:// or http://")


def _is_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.netloc) and text.isprintable() and " " not in text
