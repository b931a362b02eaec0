"""The documents tell what is there: settings, routes, commands and metrics, no more and no less. Their links lead
somewhere, and nothing of the machine they were written on is left in them.
"""

import argparse
import re
import subprocess
from collections.abc import Iterator
from dataclasses import fields
from functools import cache
from pathlib import Path

import pytest

from noctule.base.settings import Settings
from noctule.main.app import create_openapi
from noctule.main.cli import build_parser

ROOT = Path(__file__).resolve().parents[1]
DECISIONS = sorted((ROOT / "docs" / "decisions").glob("*.md"))

# Spelled with brackets so that this file does not find itself.
FOREIGN = {
    "a registry's host": r"pypi[.]org|python[h]osted|npm[j]s\.|anaconda[.]org|crates[.]io|proxy\.go[l]ang|ghcr[.]io",
    "a path of one machine": r"(?<![\w.])/(wor[k]|roo[t]|hom[e]/\w+|User[s]/\w+|opt/whee[l]s)/|/tmp/bas[h]",
    "how it was written": r"\bclaud[e]\b|\bcopilo[t]\b|\bsub-?agen[t]s?\b|\bco-authore[d]|\bissu[e] #?\d|\bsession [i]d of",
}


@cache
def project_files() -> list[Path]:
    """Those that git keeps or would keep."""
    listed = subprocess.run(
        ["git", "-c", f"safe.directory={ROOT}", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    return [ROOT / name for name in sorted(set(listed.split("\0")) - {""}) if (ROOT / name).is_file()]


def documents() -> list[Path]:
    return [path for path in project_files() if path.suffix == ".md"]


def words_of(*patterns: str) -> str:
    return "\n".join(path.read_text() for pattern in patterns for path in sorted(ROOT.glob(pattern)))


def test_each_setting_is_documented_and_nothing_else_is() -> None:
    documented = set(re.findall(r"`NOCTULE_([A-Z_]+)`", words_of("docs/settings.md")))
    assert documented == {field.name.upper() for field in fields(Settings)}


def test_other_documents_name_real_settings() -> None:
    mentioned = {
        name for path in documents() for name in re.findall(r"\bNOCTULE_([A-Z]+(?:_[A-Z]+)*)\b", path.read_text())
    }
    assert mentioned <= {field.name.upper() for field in fields(Settings)}


def commands() -> Iterator[tuple[str, argparse.ArgumentParser]]:
    for action in build_parser()._actions:
        if isinstance(action, argparse._SubParsersAction):
            yield from action.choices.items()


def test_each_command_is_documented_with_its_flags() -> None:
    sections = dict(
        re.findall(r"^## `noctule ([\w-]+)`\n(.*?)(?=^## |\Z)", words_of("docs/commands.md"), re.MULTILINE | re.DOTALL)
    )
    assert set(sections) == {name for name, _ in commands()}
    flags = {name: set(re.findall(r"`(--[\w-]+)", text)) for name, text in sections.items()}
    shown = {
        name: {
            flag
            for action in parser._actions
            for flag in action.option_strings
            if flag.startswith("--") and flag != "--help" and action.help != argparse.SUPPRESS
        }
        for name, parser in commands()
    }
    assert flags == shown


def shape_of(path: str) -> str:
    """`/chatbots/{chatbot_id}` and `/chatbots/:id` are the same route."""
    return re.sub(r"\{[^}]*\}|:\w+", "{}", path).rstrip("/")


def routes() -> set[str]:
    return {
        f"{method.upper()} {shape_of(path)}"
        for path, operations in create_openapi()["paths"].items()
        for method in operations
        if method in {"get", "post", "put", "patch", "delete"}
    }


def test_each_route_is_documented() -> None:
    text = words_of("docs/api/*.md")
    mentioned = {
        f"{method} {shape_of(path)}" for method, path in re.findall(r"`(GET|POST|PUT|PATCH|DELETE) (/[^\s`?]*)", text)
    }
    assert len(routes()) >= 15
    assert routes() - mentioned == set()


def test_a_table_of_routes_lists_real_ones() -> None:
    """Rows that say what a route does; what a test sends may well be wrong."""
    listed = re.findall(
        r"^\| `(GET|POST|PUT|PATCH|DELETE) (/[^\s`?]*)[^`]*` \|", words_of("docs/api/*.md"), re.MULTILINE
    )
    described = {"GET /openapi.json", "GET /docs"}  # they describe the others
    assert {f"{method} {shape_of(path)}" for method, path in listed} - routes() - described == set()


def test_each_metric_is_documented() -> None:
    pattern = r'\b(?:Counter|Gauge|Histogram)\(\s*"(noctule_\w+)"'
    defined = {name for path in ROOT.glob("noctule/**/*.py") for name in re.findall(pattern, path.read_text())}
    documented = set(re.findall(r"`(noctule_\w+)`", words_of("docs/operate.md")))
    assert len(defined) >= 4
    assert documented == defined


def anchors_in(text: str) -> set[str]:
    """As most viewers of Markdown make them from headings."""
    without_code = re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL)
    headings = re.findall(r"^#+ (.+)$", without_code, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in headings}


def broken_links(path: Path, text: str) -> list[str]:
    without_code = re.sub(r"^```.*?^```|`[^`\n]*`", "", text, flags=re.MULTILINE | re.DOTALL)
    found: list[str] = []
    for target in re.findall(r"\]\(([^)\s]+)\)", without_code):
        file, _, anchor = target.partition("#")
        if re.match(r"[a-z]+:", target):
            continue
        other = (path.parent / file).resolve() if file else path
        if not other.exists():
            found.append(f"{target}: no such file")
        elif anchor and anchor not in anchors_in(other.read_text()):
            found.append(f"{target}: no such heading")
    return found


def test_links_lead_somewhere() -> None:
    assert len(documents()) >= 12
    assert {path.name: broken for path in documents() if (broken := broken_links(path, path.read_text()))} == {}


def test_a_broken_link_would_be_seen() -> None:
    readme = ROOT / "README.md"
    assert broken_links(readme, "[a](LICENSE) [b](#here)\n# Here\n") == ["#here: no such heading"]
    assert broken_links(readme, "[a](nowhere.md) `[b](code.md)`") == ["nowhere.md: no such file"]


def test_each_document_is_in_the_index() -> None:
    index = words_of("docs/README.md")
    pages = [path.relative_to(ROOT / "docs").as_posix() for path in (ROOT / "docs").glob("**/*.md")]
    assert [page for page in sorted(pages) if page != "README.md" and f"]({page}" not in index] == []


def foreign_words(text: str) -> list[str]:
    return [
        f"{what}: {match[0]}"
        for what, pattern in FOREIGN.items()
        for match in re.finditer(pattern, text, re.IGNORECASE)
    ]


def test_nothing_of_the_workshop_is_left() -> None:
    found: dict[str, list[str]] = {}
    for path in project_files():
        try:
            words = foreign_words(path.read_text())
        except UnicodeDecodeError:
            continue  # fonts and pictures
        if words:
            found[str(path.relative_to(ROOT))] = words
    assert len(project_files()) > 50
    assert found == {}


@pytest.mark.parametrize(
    "line",
    ["https://py" + "pi.org/simple", "/ro" + "ot/.venv", "see /wo" + "rk/x", "as in iss" + "ue 12", "Clau" + "de"],
)
def test_what_is_left_would_be_seen(line: str) -> None:
    assert len(foreign_words(line)) == 1


def test_locks_name_no_hosts_and_pin_hashes() -> None:
    for name in ("requirements.lock", "requirements-dev.lock"):
        text = (ROOT / name).read_text()
        assert re.findall(r"://|^-|\s/\w+", text, re.MULTILINE) == [], name
        pins = re.findall(r"^[\w.\[\]-]+==((?:.*\\\n)*.*)", text, re.MULTILINE)
        assert len(pins) > 20
        assert all("--hash=sha256:" in pin for pin in pins), name


@pytest.mark.parametrize("path", DECISIONS, ids=lambda path: path.stem)
def test_a_decision_fits_one_screen(path: Path) -> None:
    text = path.read_text()
    assert re.fullmatch(r"\d{4}-[a-z0-9-]+", path.stem)
    assert text.count("\n") <= 60
    for part in ("context", "decision", "consequences"):
        assert re.search(rf"^(#+ |\*\*){part}", text, re.MULTILINE | re.IGNORECASE), part


def test_decisions_have_numbers_of_their_own() -> None:
    numbers = [path.name[:4] for path in DECISIONS]
    assert len(numbers) >= 1
    assert numbers == sorted(set(numbers))


@pytest.mark.parametrize(
    ("name", "lines"), [("README.md", 60), ("ARCHITECTURE.md", 200), ("STYLE.md", 100), ("CONTRIBUTING.md", 100)]
)
def test_a_front_page_stays_short(name: str, lines: int) -> None:
    assert (ROOT / name).read_text().count("\n") <= lines
