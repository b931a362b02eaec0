"""What is installed with Noctule may be used, changed and handed on by everybody: licences as their packages state them."""

import re
from collections.abc import Iterator
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

LOCK = Path(__file__).parent.parent / "requirements.lock"
GOOD = re.compile(r"\b(MIT|MIT-0|BSD|0BSD|Apache|ISC|MPL|PSF-2\.0|Zlib|CC0-1\.0|CNRI-Python)\b")
STRICT = re.compile(r"\b(A?GPL|LGPL|SSPL|BUSL|EUPL)", re.IGNORECASE)


def runtime() -> Iterator[Distribution]:
    for name in re.findall(r"^([\w.-]+)==", LOCK.read_text(), re.MULTILINE):
        try:
            yield distribution(name)
        except PackageNotFoundError:
            continue  # for another platform


def is_free(stated: str) -> bool:
    """Each part that `AND` joins has to be; of those that `OR` joins, one."""
    return all(
        any(GOOD.search(choice) and not STRICT.search(choice) for choice in part.split(" OR "))
        for part in stated.split(" AND ")
    )


def stated_by(package: Distribution) -> str:
    told = package.metadata
    classified = [one for one in told.get_all("Classifier") or [] if one.startswith("License ::")]
    return told["License-Expression"] or " ".join([(told["License"] or "").split("\n")[0], *classified])


def test_every_licence_is_free() -> None:
    stated = {package.name: stated_by(package) for package in runtime()}
    assert len(stated) > 40
    assert {name: words for name, words in stated.items() if not is_free(words)} == {}


def test_a_strict_one_is_seen() -> None:
    assert is_free("MPL-1.1 OR GPL-2.0-only")
    assert not is_free("MIT AND GPL-3.0-or-later")
    assert not is_free("License :: OSI Approved :: GNU Affero General Public License v3 AGPLv3")
    assert not is_free("")
