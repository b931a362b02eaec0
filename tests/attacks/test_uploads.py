"""Files as wicked people send them: through the API, under the names and with the insides that break other products.

`tests/base/test_documents.py` attacks the reader itself.
"""

import base64
import gzip
import io
import time
import zipfile
from pathlib import Path
from typing import Any

import pytest

from noctule import knowledge
from noctule.agents.wording import greets, leans_back, thanks
from noctule.base.embed import Embedder
from noctule.base.words import words_in
from noctule.knowledge.chunk import cut
from tests.base.test_documents import docx, pdf
from tests.conftest import Bot
from tests.knowledge.test_train import work

NAMES = (
    "../../../../etc/cron.d/evil", "..\\..\\windows\\evil.txt", "/etc/passwd", "C:\\boot.ini", "a.txt/../../b.txt", "%2e%2e%2fevil.txt",
    "file:///etc/passwd", "-rf.txt", "$(reboot).txt", "`reboot`.txt", "; reboot #.txt", "| cat /etc/passwd", "a\nb.txt", "con.txt",
    "gnp.\u202etxt", "\u200b.txt", "<img src=x onerror=alert(1)>.txt", "😀.txt", ".", "..", "a" * 500,
)  # fmt: skip
WORDS = "Tulips need water twice a week."


def pages(count: int) -> bytes:
    kids = " ".join(["3 0 R"] * count)
    return pdf(WORDS).replace(b"/Kids [3 0 R] /Count 1", f"/Kids [{kids}] /Count {count}".encode())


def nested(levels: int) -> bytes:
    inside = b"0" * 1_000_000
    for _ in range(levels):
        content = io.BytesIO()
        with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as file:
            for number in range(10):
                file.writestr(f"{number}.zip", inside)
        inside = content.getvalue()
    return inside


def linked(name: str) -> bytes:
    """An archive with a symbolic link."""
    content = io.BytesIO(docx("<w:p/>"))
    with zipfile.ZipFile(content, "a") as file:
        link = zipfile.ZipInfo(name)
        link.external_attr = 0o120777 << 16
        file.writestr(link, "/etc/passwd")
    return content.getvalue()


LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
INSIDES: dict[str, bytes] = {
    "a program": b"\x7fELF\x02\x01\x01\0\0\0\0",
    "a Windows program": b"MZ\x90\0\x03\0\0\0",
    "a picture that says it is a PDF": b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
    "a PDF and an archive in one": b"%PDF-1.4\n" + docx("<w:p/>"),
    "a damaged PDF": b"%PDF-1.7\n" + b"9 0 obj <<" * 1000,
    "a PDF of too many pages": pages(5000),
    "a PDF that contains itself": pdf(WORDS).replace(b"/Kids [3 0 R]", b"/Kids [2 0 R]"),
    "an archive of archives": nested(3),
    "a file that leads out": docx("<w:p/>", **{"../../../../evil.txt": b"x"}),
    "a file that leads out by a backslash": docx("<w:p/>", **{"..\\..\\evil.txt": b"x"}),
    "a file with an absolute name": docx("<w:p/>", **{"/etc/cron.d/evil": b"x"}),
    "a symbolic link": linked("word/media/passwd"),
    "ten thousand files": docx("<w:p/>", **{f"word/media/{number}": b"" for number in range(10_000)}),
    "a bomb": docx("<w:p/>", **{"word/media/bomb": b"\0" * 250_000_000}),
    "a billion laughs": docx("<w:p/>").replace(b"x", b"x") + b"",
    "a gzip": gzip.compress(b"a" * 1_000_000),
    "deep HTML": b"<html>" + b"<div>" * 100_000 + b"<p>deep",
    "entities": f"<!DOCTYPE l [<!ENTITY l0 'ha'>{LAUGHS}]><html><body>&l9;</body></html>".encode(),
    "half a script": b"<html><script>" + b"x" * 100_000,
    "NUL": b"\0" * 10_000,
    "half a UTF-16": b"\xff\xfe\x00",
    "surrogates": "\ud800\udfff".encode("utf-16-le", "surrogatepass") * 1000,
    "a line without end": b"a" * 3_000_000,
    "nothing but space": b" \n\t" * 10_000,
}  # fmt: skip
HARMLESS = {
    "a PDF and an archive in one",
    "a symbolic link",
    "deep HTML",
    "entities",
    "surrogates",
    "half a UTF-16",
    "a line without end",
}


async def upload(bot: Bot, name: str, content: bytes) -> Any:
    body = {"kind": "file", "filename": name, "content": base64.b64encode(content).decode()}
    return await bot.owner.client.post(f"/api/v1/chatbots/{bot.id}/sources", json=body)


async def sources(bot: Bot) -> list[dict[str, Any]]:
    return (await bot.owner.client.get(f"/api/v1/chatbots/{bot.id}/sources")).json()["sources"]


def files_under(folder: Path) -> set[Path]:
    return {path for path in folder.rglob("*") if path.is_file()}


async def test_a_name_is_words_and_leads_nowhere(bot: Bot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is ever written under it: files are kept in the database."""
    (tmp_path / "a" / "b").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "a" / "b")
    for name in NAMES:
        answer = await upload(bot, name, WORDS.encode())
        assert answer.status_code == 202, (name, answer.text)
    await work(bot, Embedder(tmp_path), calibrated=False)
    known = await sources(bot)
    assert [one["title"] for one in known] == list(NAMES)
    assert {one["status"] for one in known} == {"ready"}
    assert files_under(tmp_path) == set()
    assert (await upload(bot, "a\0b.txt", b"x")).status_code == 400
    assert (await upload(bot, "", b"x")).status_code == 400
    assert (await upload(bot, "a" * 501, b"x")).status_code == 400


@pytest.mark.parametrize("kind", INSIDES)
async def test_what_is_inside_is_read_or_refused_with_a_reason(kind: str, bot: Bot, tmp_path: Path) -> None:
    assert (await upload(bot, "report.pdf", INSIDES[kind])).status_code == 202
    await work(bot, Embedder(tmp_path), calibrated=False)
    [known] = await sources(bot)
    if known["status"] != "ready":
        assert len(known["error"].split()) >= 4, "it says why"
    assert known["status"] == "failed" or kind in HARMLESS
    text = (await bot.owner.client.get(f"/api/v1/chatbots/{bot.id}/sources/{known['id']}")).json()["text"]
    assert "root:" not in text
    assert files_under(tmp_path) == set()


@pytest.mark.parametrize("content", ["?", "a===", "YQ==\n!", "data:text/plain;base64,YQ==", "\u00e4"])
async def test_what_is_no_base64_is_no_file(content: str, bot: Bot) -> None:
    body = {"kind": "file", "filename": "a.txt", "content": content}
    answer = await bot.owner.client.post(f"/api/v1/chatbots/{bot.id}/sources", json=body)
    assert answer.json()["details"] == [{"field": "content", "message": "must be base64"}]


@pytest.mark.parametrize(
    "piece",
    [
        " ",
        "\n",
        "a",
        ".",
        "a. ",
        "!?",
        "# ",
        "(",
        "|",
        "\t \n",
        "aA",
        "1.",
        "- ",
        "\u0300",
        "ก",
        "中",
        "'s ",
        "hello ",
        "thanks so much ",
        "a@",
    ],
)
def test_no_pattern_of_ours_runs_wild(piece: str) -> None:
    """Seconds of processor time for what takes milliseconds: a pattern that tries all ways would take hours."""
    text, began = (piece * 60_000)[:60_000] + "\x01", time.process_time()
    for pattern in (words_in, cut, knowledge.sentences, greets, thanks):
        pattern(text)
    leans_back(text[:2000], words_in(text[:2000]))
    assert time.process_time() - began < 20
