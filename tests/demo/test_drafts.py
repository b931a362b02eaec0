"""What the demo is made of: the same for everybody, of nobody, and nothing that capture would not take."""

import json
import re
from collections import Counter
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from typing import Any
from uuid import uuid4

from noctule import demo
from noctule.api.openbat import capture
from noctule.chatbots import ChatbotId
from noctule.transfer import Draft
from noctule.web.ingest import Origin

NOW = datetime(2026, 3, 18, 14, 30, tzinfo=UTC)
ADDRESS = re.compile(r"[\w.+-]+@([\w.-]+)|https?://([\w.-]+)")
ANGRY = re.compile(r"ridiculous|useless|unacceptable|terrible|sick of|joke|enough", re.IGNORECASE)


def everything(seed: str = "a", until: datetime = NOW) -> list[Draft]:
    return [draft for bot in demo.BOTS for draft in demo.drafts(bot, until, seed=seed)]


def digest(drafts: list[Draft]) -> str:
    return blake2b(repr(drafts).encode(), digest_size=16).hexdigest()


def body_of(draft: Draft) -> dict[str, Any]:
    messages = [
        {
            "role": turn.role,
            "content": turn.content,
            "id": turn.external_id,
            "sentAt": turn.sent_at.isoformat() if turn.sent_at else None,
            "tools": turn.evidence and turn.evidence["tools"],
        }
        for turn in draft.turns
    ]
    said = {"user": draft.person, "session": draft.session, "custom": draft.custom, "messages": messages}
    return {"conversationId": draft.external_id, "organization": draft.organization or None, **said}


def test_the_same_seed_makes_the_same_conversations() -> None:
    assert digest(everything()) == digest(everything())
    assert digest(everything()) != digest(everything(seed="b"))


def test_each_conversation_is_one_that_capture_takes() -> None:
    for draft in everything():
        read = capture.read(json.dumps(body_of(draft)).encode(), Origin(ChatbotId(uuid4()), NOW))
        assert [turn.content for turn in read.turns] == [turn.content for turn in draft.turns]


def test_nobody_can_have_its_addresses_and_no_blank_was_left_open() -> None:
    for draft in everything():
        text = json.dumps(body_of(draft))
        hosts = [mail or page for mail, page in ADDRESS.findall(text)]
        assert all(host.rstrip(".").endswith(".example") for host in hosts), hosts
        assert not re.search(r"\{\w+\}", "".join(turn.content for turn in draft.turns))


def test_names_are_unique_and_times_go_on_up_to_now() -> None:
    drafts = everything()
    assert len({draft.external_id for draft in drafts}) == len(drafts) == 3000
    for draft in drafts:
        times = [turn.sent_at for turn in draft.turns if turn.sent_at]
        assert times == sorted(times)
        assert NOW - timedelta(days=91) < times[0] <= times[-1] <= NOW
    going_on = [draft for draft in drafts if (draft.turns[-1].sent_at or NOW) > NOW - timedelta(minutes=10)]
    assert len(going_on) >= 3


def test_dialogues_differ_and_most_are_english() -> None:
    drafts = everything()
    told = Counter(tuple(turn.content for turn in draft.turns) for draft in drafts)
    assert len(told) > 0.97 * len(drafts)
    assert {"en", "de", "fr", "es", "pt"} == {draft.enrichment["language"] for draft in drafts}
    assert sum(draft.enrichment["language"] == "en" for draft in drafts) > 0.6 * len(drafts)
    assert {"capture", "track", "chats"} == {draft.source for draft in drafts}


def test_one_week_of_the_shop_went_wrong() -> None:
    def angry(draft: Draft) -> bool:
        return any(turn.role == "user" and ANGRY.search(turn.content) for turn in draft.turns)

    bad: list[bool] = []
    others: list[bool] = []
    for draft in demo.drafts("shop", NOW):
        ago = (NOW.date() - (draft.turns[0].sent_at or NOW).date()).days
        (bad if 18 <= ago <= 24 else others).append(angry(draft))
    assert sum(bad) / len(bad) > 2 * sum(others) / len(others)
    assert len(bad) / 7 > 1.3 * len(others) / 83
