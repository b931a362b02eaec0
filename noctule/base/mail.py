"""Mail by SMTP, with the standard library, in a thread: for jobs, which may wait and are repeated. Never in a request.

A mail server further away than this machine gets a password only over TLS, whose certificate is checked.
"""

import asyncio
import smtplib
import ssl
from dataclasses import dataclass, field
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import localtime, make_msgid
from urllib.parse import parse_qs, unquote, urlsplit

from noctule.base.near import is_near
from noctule.base.text import is_email

_SECONDS = 30
_PORTS = {"smtp": 25, "smtps": 465}


class MailRefused(Exception):
    """The mail server will not take this mail, also not later."""


class MailDelayed(Exception):
    """It could not be handed over now."""


@dataclass(frozen=True)
class Mail:
    to: str
    subject: str  # one line
    text: str


@dataclass(frozen=True)
class MailServer:
    host: str
    port: int
    tls: bool  # from the first byte
    user: str
    password: str = field(repr=False)
    sender: str

    @property
    def is_near(self) -> bool:
        return is_near(self.host)


def mail_server(url: str) -> MailServer:
    """`smtp://user:password@host:port?from=address`, or `smtps://`. Raises ValueError, which never repeats the URL."""
    form = "must look like smtps://user:password@host:465?from=noctule@example.com"
    try:
        parts = urlsplit(url)
        port, host = parts.port, parts.hostname
    except ValueError:
        raise ValueError(f"{form}; in a password, write @ / : # ? % as %40 %2F %3A %23 %3F %25") from None
    if parts.scheme not in _PORTS or not host or parts.path not in ("", "/") or parts.fragment:
        raise ValueError(form)
    user = unquote(parts.username or "")
    given = parse_qs(parts.query)
    if set(given) - {"from"}:
        raise ValueError("knows no option but from")
    sender = given.get("from", [user if is_email(user) else f"noctule@{host}"])[0]
    if not is_email(sender) or not sender.isascii():
        raise ValueError("has no e-mail address in from")
    return MailServer(
        host, port or _PORTS[parts.scheme], parts.scheme == "smtps", user, unquote(parts.password or ""), sender
    )


async def send(url: str, mail: Mail) -> None:
    """Raises MailRefused or MailDelayed, with what the server said."""
    server = mail_server(url)
    try:
        await asyncio.to_thread(_send, server, compose(server, mail))
    except smtplib.SMTPRecipientsRefused as error:
        code, said = next(iter(error.recipients.values()))
        raise _trouble(code, said) from None
    except smtplib.SMTPResponseException as error:
        raise _trouble(error.smtp_code, error.smtp_error) from None
    except smtplib.SMTPNotSupportedError as error:
        raise MailRefused(str(error)) from None
    except (OSError, smtplib.SMTPException) as error:
        raise MailDelayed(f"{server.host}:{server.port}: {error}") from None


def compose(server: MailServer, mail: Mail) -> EmailMessage:
    """Raises MailRefused for an address or a subject that no header can hold."""
    message = EmailMessage()
    try:
        message["From"] = Address("Noctule", addr_spec=server.sender)
        message["To"] = mail.to
        message["Subject"] = mail.subject
    except (ValueError, IndexError, AttributeError, MessageError) as error:
        # The parser of the standard library trips over some addresses, such as 0@[, in ways of its own.
        raise MailRefused(f"not a header: {error}") from None
    message["Date"] = localtime()
    message["Message-ID"] = make_msgid(domain=server.sender.rpartition("@")[2])
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(mail.text)
    return message


def _send(server: MailServer, message: EmailMessage) -> None:
    secure = ssl.create_default_context()
    if server.tls:
        session = smtplib.SMTP_SSL(server.host, server.port, timeout=_SECONDS, context=secure)
    else:
        session = smtplib.SMTP(server.host, server.port, timeout=_SECONDS)
    with session:
        session.ehlo_or_helo_if_needed()
        is_private = server.tls or server.is_near
        if not is_private and session.has_extn("starttls"):
            session.starttls(context=secure)
            session.ehlo_or_helo_if_needed()
            is_private = True
        if server.user and not is_private:
            raise smtplib.SMTPException("it offers no TLS, and a password is not sent in the clear")
        if server.user:
            session.login(server.user, server.password)
        session.send_message(message, server.sender, [str(message["To"])])


def _trouble(code: int, said: bytes | str) -> MailRefused | MailDelayed:
    text = said.decode(errors="replace") if isinstance(said, bytes) else said
    trouble = f"the mail server said {code} {text}"
    # 530 to 538: it does not know us (any more). That is for an operator to mend, and then the mail can go.
    is_final = 500 <= code < 600 and not 530 <= code <= 538
    return MailRefused(trouble) if is_final else MailDelayed(trouble)
