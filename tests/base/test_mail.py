"""Mail against a real SMTP server: what arrives, what is refused, and that nothing of ours leaks."""

import asyncio
import logging

import pytest
from hypothesis import given
from hypothesis import strategies as some

from noctule.base.mail import Mail, MailDelayed, MailRefused, MailServer, compose, mail_server, send
from noctule.base.settings import BadSetting, read_settings
from noctule.base.text import is_email, one_line
from tests.mailbox import mailbox

LETTER = Mail("jane@example.com", "Hello, Jané", "First line\n.\n..two dots\nזה\n")


async def test_a_mail_arrives_as_it_was_written() -> None:
    async with mailbox() as box:
        await send(box.url("me%40here:s3cret%20%40%3A%2F@", "?from=bots@example.com"), LETTER)
    mail = box.mails[0]
    assert (mail["To"], mail["From"], mail["Subject"]) == (
        "jane@example.com",
        "Noctule <bots@example.com>",
        "Hello, Jané",
    )
    assert mail["Date"]
    assert mail["Message-ID"].endswith("@example.com>")
    assert mail.get_content_type() == "text/plain"
    assert mail.get_content().replace("\r\n", "\n") == LETTER.text
    assert box.logins == [("me@here", "s3cret @:/")]
    assert box.recipients == ["jane@example.com"]


@pytest.mark.parametrize(
    ("command", "said", "kind"),
    [
        ("RCPT", "550 no such person", MailRefused),
        ("RCPT", "450 come back later", MailDelayed),
        ("MAIL", "552 too much", MailRefused),
        ("DATA", "451 not now", MailDelayed),
        ("AUTH", "535 who are you", MailDelayed),
        ("EHLO", "421 closing", MailDelayed),
    ],
)
async def test_what_the_server_says_decides_whether_to_try_again(
    command: str, said: str, kind: type[Exception], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    async with mailbox() as box:
        box.answers = {command: [said] * 3, "HELO": ["421 closing"] * 3 if command == "EHLO" else []}
        with pytest.raises(kind) as caught:
            await send(box.url("me:s3cret%20%40%3A%2F@"), LETTER)
    assert "s3cret" not in f"{caught.value!r} {caplog.text}"
    assert caught.value.__cause__ is None
    assert box.mails == []


async def test_a_server_that_is_not_there_is_tried_again() -> None:
    async with mailbox() as box:
        pass
    with pytest.raises(MailDelayed, match="127.0.0.1"):
        await send(box.url("me:hunter2@"), LETTER)


async def test_a_slow_server_keeps_nobody_else_waiting() -> None:
    async with mailbox() as box:
        box.seconds = 1
        sending = asyncio.create_task(send(box.url("", "?from=a@b.example"), LETTER))
        await asyncio.sleep(0.05)
        assert not sending.done()
        await sending
    assert len(box.mails) == 1


async def test_a_password_is_not_sent_in_the_clear_to_another_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    async with mailbox() as box:
        monkeypatch.setattr(MailServer, "is_near", property(lambda _server: False))
        with pytest.raises(MailDelayed, match="no TLS"):
            await send(box.url("me:hunter2@"), LETTER)
        assert box.logins == []
        await send(box.url("", "?from=a@b.example"), LETTER)
    assert len(box.mails) == 1


@given(some.text(max_size=200), some.text(max_size=200))
def test_no_text_makes_a_second_header(subject: str, name: str) -> None:
    server = mail_server("smtp://localhost?from=a@b.example")
    text = f"{name}\r\nBcc: eve@example.com\n{subject}"
    message = compose(server, Mail("jane@example.com", one_line(text, 100), "x"))
    raw = message.as_bytes()
    assert b"\nBcc:" not in raw
    assert message["Bcc"] is None
    for line_end in ("\r\n", "\n", "\r"):
        with pytest.raises(MailRefused):
            compose(server, Mail("jane@example.com", f"Hello{line_end}Bcc: eve@example.com", "x"))
        with pytest.raises(MailRefused):
            compose(server, Mail(f"jane@example.com{line_end}Bcc: eve@example.com", "Hello", "x"))


@given(some.from_regex(r"[^\s@,;<>\"]{1,20}@[^\s@,;<>\"]{1,20}", fullmatch=True))
def test_whatever_counts_as_an_address_is_sent_or_refused(address: str) -> None:
    if not is_email(address):
        return
    try:
        message = compose(mail_server("smtp://localhost"), Mail(address, "Hello", "x"))
    except MailRefused:
        return
    assert len(message.get_all("To", [])) == 1
    assert b"\nBcc:" not in message.as_bytes()


@pytest.mark.parametrize(
    "url",
    ["mail.example.com", "http://mail.example.com", "smtp://", "smtp://u:hunter2@h:99999", "smtp://u:hunter2@h/path",
     "smtp://u:hunter2@h?from=nobody", "smtp://u:hunter2@h?form=a@b.c", "smtp://u:hunter2#x@h", "smtp://[h",
     "smtp://h?from=a@b.c%0d%0aBcc:x@y.z", "smtp://h?from=jané@b.c"],
)  # fmt: skip
def test_a_wrong_address_of_a_mail_server_is_named_without_its_password(url: str) -> None:
    with pytest.raises(BadSetting, match="NOCTULE_SMTP_URL") as caught:
        read_settings({"NOCTULE_SMTP_URL": url})
    assert "hunter2" not in str(caught.value)


def test_addresses_of_mail_servers() -> None:
    assert read_settings({"NOCTULE_SMTP_URL": ""}).smtp_url == ""
    one = mail_server("smtps://me%40example.com:p%40ss@mail.example.com")
    assert (one.host, one.port, one.tls, one.user, one.password, one.sender) == (
        "mail.example.com", 465, True, "me@example.com", "p@ss", "me@example.com",
    )  # fmt: skip
    assert "p@ss" not in repr(one)
    other = mail_server("smtp://[::1]:2525")
    assert (other.host, other.port, other.is_near, other.sender) == ("::1", 2525, True, "noctule@::1")
