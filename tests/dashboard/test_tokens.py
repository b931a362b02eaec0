"""The style sheets: colours that can be read in both themes, named in one place, and a weight that stays small."""

import gzip
import hashlib
import re
from itertools import product
from pathlib import Path

import pytest

from noctule.dashboard.assets import ASSETS

STATIC = Path(__file__).resolve().parents[2] / "noctule" / "dashboard" / "static"
TOKENS = (STATIC / "css" / "tokens.css").read_text()
HTMX = "a0abb04f2f45a1f89d1d4844023245537e5e6014c87b144553e0607b4cc32130"  # 4.0.1 as its makers published it
THEMES = ["light", "dark"]

SURFACES = ["bg", "surface", "inset", "hover"]
WORDS = [
    *product(["text", "text-2", "text-3"], [*SURFACES, "here", "pressed", "accent-soft"]),
    *product(["accent"], [*SURFACES, "accent-soft"]),
    *product(["pos", "neg", "warn"], ["surface", "inset"]),
    ("pos", "pos-soft"), ("neg", "neg-soft"), ("warn", "warn-soft"),
    ("text", "pos-soft"), ("text", "neg-soft"), ("text", "chosen"),
    ("text-2", "pos-soft"), ("text-2", "neg-soft"), ("text-2", "warn-soft"),
    ("bg", "text"), ("bg", "text-2"), ("face-text", "face"),
]  # fmt: skip
GRAPHICS = [
    *product(["accent-fill", "pos-fill", "neg-fill", "warn-fill", "edge", "text-3"], ["surface"]),
    ("accent-fill", "bg"), ("accent-fill", "line-2"), ("accent", "surface"), ("accent", "bg"), ("edge", "bg"),
]  # fmt: skip


def colours() -> dict[str, tuple[str, str]]:
    """Each token in the light and in the dark theme."""
    return {
        name: (light, dark) for name, light, dark in re.findall(r"--([\w-]+): light-dark\((#\w+), (#\w+)\)", TOKENS)
    }


def luminance(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(digit * 2 for digit in colour[1:])
    parts = [int(digits[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def test_contrast_is_measured_as_the_guidelines_say() -> None:
    assert contrast("#000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#fff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("theme", range(2), ids=THEMES)
@pytest.mark.parametrize(("word", "ground"), WORDS)
def test_words_can_be_read(word: str, ground: str, theme: int) -> None:
    assert contrast(colours()[word][theme], colours()[ground][theme]) >= 4.5


@pytest.mark.parametrize("theme", range(2), ids=THEMES)
@pytest.mark.parametrize(("drawing", "ground"), GRAPHICS)
def test_drawings_can_be_seen(drawing: str, ground: str, theme: int) -> None:
    assert contrast(colours()[drawing][theme], colours()[ground][theme]) >= 3


def test_colours_are_named_in_one_file() -> None:
    colour = re.compile(r"#(?:[0-9a-fA-F]{3}){1,2}\b(?![^{]*\{)|\brgba?\(|\bhsla?\(|\blight-dark\(")
    found = {path.name: colour.findall(path.read_text()) for path in (STATIC / "css").glob("*.css")}
    assert found.pop("tokens.css")
    assert {name: colours for name, colours in found.items() if colours} == {}


def test_the_window_around_a_page_has_its_colour() -> None:
    base = (STATIC.parent / "templates" / "base.html").read_text()
    assert tuple(re.findall(r'name="theme-color" content="(#\w+)"', base)) == colours()["bg"]


def test_every_token_that_is_used_is_there_and_the_other_way_round() -> None:
    sheets = "".join(path.read_text() for path in (STATIC / "css").glob("*.css"))
    made, used = set(re.findall(r"(--[\w-]+):", TOKENS)), set(re.findall(r"var\((--[\w-]+)", sheets))
    assert used - made == set()
    assert made - used == set()


def test_every_sheet_is_in_a_layer_and_is_sent() -> None:
    sent = ASSETS["app.css"].content.decode()
    for path in (STATIC / "css").glob("*.css"):
        text = path.read_text()
        assert re.sub(r"^ */\*[^*]*\*/\n", "", text, flags=re.MULTILINE) in sent, path.name
        outside = re.sub(r"/\*.*?\*/|@layer \w+ \{.*\n\}|@layer [\w, ]+;", "", text, flags=re.DOTALL)
        assert outside.strip() == "", path.name


def test_the_weight() -> None:
    scripts = list((STATIC / "js").glob("*.js"))
    assert len(gzip.compress(ASSETS["app.css"].content, 9)) <= 14 * 1024
    assert sum(len(gzip.compress(path.read_bytes(), 9)) for path in scripts) <= 12 * 1024


def test_htmx_is_what_its_makers_published() -> None:
    assert hashlib.sha256((STATIC / "vendor" / "htmx.min.js").read_bytes()).hexdigest() == HTMX


def test_what_was_made_by_others_has_its_licence_beside_it() -> None:
    assert {path.stem for path in (STATIC / "vendor").glob("*.LICENSE")} == {"geist", "lucide", "htmx"}


def test_scripts_are_sent_as_they_are_but_for_lines_that_are_only_a_comment() -> None:
    for path in (STATIC / "js").glob("*.js"):
        lines = [line for line in path.read_text().splitlines() if not line.lstrip().startswith("//")]
        assert ASSETS[f"js/{path.name}"].content.decode().splitlines() == lines
