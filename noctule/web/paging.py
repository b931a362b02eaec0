"""Whole numbers from a query string, within bounds: nonsense is refused, too much is cut."""

import re

from noctule.base.errors import Invalid


def whole_number(name: str, text: str | None, *, default: int, least: int, most: int, cut: bool = False) -> int:
    """Raises Invalid for anything but a whole number from `least` to `most`; with `cut`, more than `most` is `most`."""
    if text is None or text == "":
        return default
    if not re.fullmatch(r"\d{1,18}", text) or not text.isascii() or int(text) < least:
        raise Invalid.field(name, f"must be a whole number from {least} to {most}")
    number = int(text)
    if number > most and not cut:
        raise Invalid.field(name, f"must be a whole number from {least} to {most}")
    return min(number, most)
