"""What clients say, door by door. A conversation is a few requests, sent again, several at once and out of their order.

Every message has words that no other one has, so it is found again by them, whichever door it took.
"""

import asyncio
import random
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

_LATE = "My parcel is late again, this is terrible."


@dataclass(frozen=True)
class Keys:
    """Of a chatbot, and of its organization."""

    chatbot: str
    organization: str
    chatbot_id: str


@dataclass(frozen=True)
class Request:
    path: str
    key: str
    body: dict[str, Any]
    says: Sequence[str] = ()  # the words of the messages in it
    repeat_key: str = ""


Send = Callable[[Request], Awaitable[dict[str, Any]]]  # until it is acknowledged
Door = Callable[[Send, Keys, str], Awaitable[None]]


async def by_capture(send: Send, keys: Keys, name: str) -> None:
    """Bodies that overlap, of messages with ids and times."""
    messages = [
        {"role": role, "content": words, "id": f"m{place}", "sentAt": f"2026-11-20T10:00:{place:02}Z"}
        for place, (role, words) in enumerate(_dialogue(name, 4))
    ]
    bodies = [{"conversationId": name, "messages": messages[first : first + 2]} for first in range(3)]
    await _in_any_order(send, [_request("/api/v1/capture", keys.chatbot, body) for body in bodies])


async def by_track(send: Send, keys: Keys, name: str) -> None:
    """The whole transcript after every turn. An earlier state may come late."""
    said = [{"role": role, "content": words} for role, words in _dialogue(name, 4)]
    bodies = [{"conversationId": name, "messages": said[:turn]} for turn in (1, 2, 4)]
    await _in_any_order(send, [_request("/v1/track", keys.chatbot, body) for body in bodies])


async def by_chats(send: Send, keys: Keys, name: str) -> None:
    """A chat and its messages one by one; that a request comes again, its key tells."""
    chat = await send(Request("/api/v1/chats", keys.organization, {"title": name}, repeat_key=name))
    await _in_any_order(
        send,
        [
            Request(
                f"/api/v1/chats/{chat['chat_id']}/messages",
                keys.organization,
                {"role": role, "content": words},
                [words],
                repeat_key=words,
            )
            for role, words in _dialogue(name, 3)
        ],
    )


async def by_chat(send: Send, keys: Keys, name: str) -> None:
    """Questions to an agent, each alone. The answer is a message as well, and has its name."""
    for _, words in _dialogue(name, 2):
        body = {"chatbotId": keys.chatbot_id, "conversationId": name, "messages": [{"role": "user", "content": words}]}
        question = Request("/api/v1/chat", keys.organization, body, [words], repeat_key=words)
        await _in_any_order(send, [question])


DOORS: dict[str, Door] = {"capture": by_capture, "track": by_track, "chats": by_chats, "chat": by_chat}


def one_message(keys: Keys, words: str) -> Request:
    """By the door of capture, in a language that is judged whatever the name looks like."""
    body = {"conversationId": words, "messages": [{"role": "user", "content": f"{words}: {_LATE}", "id": "m0"}]}
    return _request("/api/v1/capture", keys.chatbot, body)


def _dialogue(name: str, turns: int) -> list[tuple[str, str]]:
    lines = [_LATE, "I am sorry, I cannot find it."]
    return [(("user", "assistant")[turn % 2], f"{name} {turn}: {lines[turn % 2]}") for turn in range(turns)]


def _request(path: str, key: str, body: dict[str, Any]) -> Request:
    return Request(path, key, body, [message["content"] for message in body["messages"]])


async def _in_any_order(send: Send, requests: list[Request]) -> None:
    """All at once, the first of them twice."""
    shuffled = random.sample([*requests, requests[0]], len(requests) + 1)
    async with asyncio.TaskGroup() as group:
        for one in shuffled:
            group.create_task(_sent(send, one))


async def _sent(send: Send, request: Request) -> None:
    await send(request)
