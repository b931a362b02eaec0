"""The parts of pages: called with names, shown in the gallery, drawn with icons that are there."""

import re
from pathlib import Path

import pytest
from jinja2 import Environment, nodes

from tests.conftest import Person

TEMPLATES = Path(__file__).resolve().parents[2] / "noctule" / "dashboard" / "templates"
FILES = sorted(TEMPLATES.rglob("*.html"))
FAMILIES = [path for path in FILES if path.parent.name == "_components" and path.name != "ui.html"]
# Parts of the frame, which is around the gallery itself.
IN_THE_FRAME = {"switcher", "person", "job_line", "palette", "keymap"}


def calls(path: Path) -> list[nodes.Call]:
    """Of macros: `ui.part(…)`, `parts.part(…)` and those of the same file."""
    tree = Environment().parse(path.read_text())
    own = {macro.name for macro in tree.find_all(nodes.Macro)}
    own |= {str(name) for found in tree.find_all(nodes.FromImport) for name in found.names}
    return [call for call in tree.find_all(nodes.Call) if is_macro(call.node, own)]


def is_macro(node: nodes.Expr, own: set[str]) -> bool:
    if isinstance(node, nodes.Getattr) and isinstance(node.node, nodes.Name):
        return node.node.name in ("ui", "parts")
    return isinstance(node, nodes.Name) and node.name in own


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(TEMPLATES).as_posix())
def test_parts_are_called_with_names(path: Path) -> None:
    assert [f"line {call.lineno}" for call in calls(path) if call.args] == []


def test_the_rule_sees_calls() -> None:
    assert sum(len(calls(path)) for path in FILES) > 150


def test_every_part_is_behind_the_front_door_and_in_the_gallery() -> None:
    door, gallery = (TEMPLATES / "_components" / "ui.html").read_text(), (TEMPLATES / "gallery.html").read_text()
    made = {name for path in FAMILIES for name in re.findall(r"{% macro (\w+)\(", path.read_text())}
    offered = {name for line in re.findall(r"{% set ([^=]+) =", door) for name in line.split(", ")}
    assert offered == made
    shown = set(re.findall(r"ui\.(\w+)\(", gallery))
    inside = {name for path in FAMILIES for name in re.findall(r"{{ (\w+)\(", path.read_text())}
    assert made - shown - IN_THE_FRAME - inside == set()


async def test_the_gallery_is_for_those_who_are_signed_in(owner: Person) -> None:
    page = await owner.client.get("/_ui")
    assert page.status_code == 200
    assert (await owner.world.client().get("/_ui")).status_code == 303


def test_every_icon_is_in_the_sprite() -> None:
    sprite = (TEMPLATES.parent / "static" / "vendor" / "icons.svg").read_text()
    code = "".join(path.read_text() for path in [*FILES, *TEMPLATES.parent.glob("*.py")])
    named = set(re.findall(r'(?:icon\(name=|image=)"(\w+)"', code))
    drawn = set(re.findall(r'id="(\w+)"', sprite))
    assert len(named) > 20
    assert named - drawn == set()
