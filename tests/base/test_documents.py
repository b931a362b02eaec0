"""Files of strangers: what they say, and what the wicked ones try."""

import io
import zipfile

import pytest

from noctule.base.documents import Document, NoDocument, read

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def docx(body: str, **more: bytes) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr(
            "[Content_Types].xml", '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
        )
        file.writestr("word/document.xml", f'<w:document xmlns:w="{WORD}"><w:body>{body}</w:body></w:document>')
        for name, inside in more.items():
            file.writestr(name, inside)
    return content.getvalue()


def pdf(words: str) -> bytes:
    stream = f"BT /F1 24 Tf 72 700 Td ({words}) Tj ET".encode()
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    parts = [b"%PDF-1.4\n", *(b"%d 0 obj\n%s\nendobj\n" % (n, one) for n, one in enumerate(objects, 1))]
    return b"".join(parts) + b"trailer << /Root 1 0 R /Size 6 >>\n%%EOF"


async def text_in(content: bytes, name: str = "a") -> str:
    found = await read(content, name=name)
    assert isinstance(found, Document), found
    return found.text


async def test_each_kind_is_read_by_what_it_is_and_not_by_its_name() -> None:
    assert "Refunds take thirty days" in await text_in(pdf("Refunds take thirty days"), "a.txt")
    paragraph = "<w:p><w:r><w:t>Refunds take thirty days</w:t></w:r></w:p>"
    assert await text_in(docx(paragraph), "a.pdf") == "Refunds take thirty days"
    assert await text_in("# Größe\n\nText".encode(), "a.md") == "# Größe\n\nText"
    assert await text_in("Größe".encode("cp1252")) == "Größe"
    assert await text_in("Größe".encode("utf-16")) == "Größe"


async def test_a_page_gives_its_main_text_headings_and_title() -> None:
    words = "Goods may be sent back within thirty days, and the price is refunded in full. " * 5
    page = f"<!doctype html><title> Our  Returns </title><nav>Home Shop Cart</nav><main><h2>Refunds</h2><p>{words}</p></main><script>steal()</script>"
    found = await read(page.encode(), name="a.html")
    assert isinstance(found, Document)
    assert found.title == "Our Returns"
    assert "## Refunds" in found.text
    assert "sent back within thirty days" in found.text
    assert "steal" not in found.text


async def test_a_page_without_a_main_text_gives_all_of_it() -> None:
    assert "Call 555-0100" in await text_in(b"<html><body><table><tr><td>Call 555-0100</td></tr></table></body></html>")


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"\x7fELF\x02\x01\x01\0\0\0\0", "a.pdf"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "a.txt"),
        (b"%PDF-1.7\ngarbage", "a.pdf"),
        (b"PK\x03\x04garbage", "a.docx"),
        (b"   ", "a.txt"),
        (b"", "../../etc/passwd\0"[:16].encode().decode()),
        (docx("<w:p/>", **{"../../evil.txt": b"x"}), "a.docx"),
        (docx("<w:p/>", **{"/etc/cron.d/evil": b"x"}), "a.docx"),
        (docx("<w:p/>", **{"word/media/bomb": b"\0" * 250_000_000}), "a.docx"),
        (docx("<w:p><w:r><w:t>&lol;</w:t></w:r></w:p>"), "a.docx"),
        (b"<html>" + b"<script>" + b"x" * 1000, "a.html"),
    ],
    ids=["elf", "png", "pdf", "zip", "blank", "empty", "slip", "absolute", "bomb", "entity", "script"],
)  # fmt: skip
async def test_what_is_damaged_or_wicked_is_refused_with_a_reason(content: bytes, name: str) -> None:
    found = await read(content, name=name)
    assert isinstance(found, NoDocument), found
    assert len(found.reason.split()) >= 2


async def test_a_billion_laughs_and_deep_pages_end() -> None:
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    content = f'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY l0 "ha">{laughs}]><html><body><p>&l11; end</p></body></html>'
    assert len(await text_in(content.encode())) < 100_000
    deep = b"<html><body>" + b"<div>" * 200_000 + b"deep"
    found = await read(deep, name="a.html")
    assert isinstance(found, NoDocument) or "deep" in found.text


async def test_what_takes_too_long_is_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("noctule.base.documents.child._SECONDS", 0.01)
    assert await read(b"text", name="a") == NoDocument("takes too long to read")


async def test_what_says_too_much_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("noctule.base.documents.child._LARGEST_ANSWER", 1000)
    assert isinstance(await read(b"word " * 10_000, name="a"), NoDocument)


async def test_a_text_beyond_all_measure_is_refused() -> None:
    assert await read(b"word " * 1_000_000, name="a") == NoDocument("holds more than 4,000,000 characters")
