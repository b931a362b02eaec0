"""A small real SMTP server on this machine, which keeps what it is sent, and may be told to refuse, to be slow or to die."""

import asyncio
import base64
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage


@dataclass
class Mailbox:
    port: int = 0
    mails: list[EmailMessage] = field(default_factory=list[EmailMessage])
    recipients: list[str] = field(default_factory=list[str])
    logins: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    answers: dict[str, list[str]] = field(default_factory=dict[str, list[str]])  # by command: said instead, once each
    seconds: float = 0  # before it says hello

    def url(self, user: str = "", query: str = "") -> str:
        return f"smtp://{user}127.0.0.1:{self.port}{query}"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(self.seconds)
        await _say(writer, "220 here")
        while line := (await reader.readline()).decode().strip():
            word = line.split()[0].upper()
            if waiting := self.answers.get(word):
                await _say(writer, waiting.pop(0))
            elif word == "EHLO":
                await _say(writer, "250-here", "250-AUTH PLAIN", "250 SMTPUTF8")
            elif word == "AUTH":
                _, user, password = base64.b64decode(line.split()[2]).decode().split("\0")
                self.logins.append((user, password))
                await _say(writer, "235 welcome" if password == "s3cret @:/" else "535 who are you")
            elif word == "DATA":
                await _say(writer, "354 go on")
                raw = (await reader.readuntil(b"\r\n.\r\n"))[:-3].replace(b"\r\n..", b"\r\n.")
                self.mails.append(message_from_bytes(raw, policy=policy.default))
                await _say(writer, "250 kept")
            elif word == "QUIT":
                await _say(writer, "221 bye")
                break
            else:
                if word == "RCPT":
                    self.recipients.append(line.partition("<")[2].rpartition(">")[0])
                await _say(writer, "250 ok")
        writer.close()


@asynccontextmanager
async def mailbox() -> AsyncGenerator[Mailbox]:
    box = Mailbox()
    server = await asyncio.start_server(box.serve, "127.0.0.1", 0)
    box.port = server.sockets[0].getsockname()[1]
    async with server:
        yield box


async def _say(writer: asyncio.StreamWriter, *lines: str) -> None:
    writer.write("".join(f"{line}\r\n" for line in lines).encode())
    await writer.drain()
