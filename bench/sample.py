"""Conversations, people, topics and an agent to look at: what pages are filled with, for pictures and for tests."""

import random
import time
from datetime import UTC, datetime, timedelta
from typing import Any

from bench.server import Server

LONG = "This is a very long question that goes on and on about an invoice that never arrived " * 4


def fill(server: Server, key: str) -> dict[str, str]:
    """Conversations of every kind: their ids by kind, the richest the latest."""
    kinds: list[tuple[str, list[tuple[str, str]], dict[str, Any]]] = [
        ("rich", [
            ("system", "You are a kind assistant."),
            ("user", "I sent the jacket back on the 6th and the money is still missing. This is really frustrating!"),
            ("assistant", "Refunds reach your card 3 to 5 working days after the parcel arrives.\n\nYou can follow it under Orders."),
            ("user", "That is nine working days now. Terrible service. Where is it?"),
            ("assistant", "I am sorry, I cannot see that from here."),
            ("user", "Thank you anyway, I love the jacket I kept. " + "averyveryverylongword" * 12),
        ], {"user": {"id": "u1", "name": "Ines Moreau", "email": "ines@brightside.example", "plan": "pro"},
            "organization": {"name": "Brightside", "plan": "enterprise", "mrr": 4200}, "custom": {"tier": "gold", "seats": 5},
            "session": {"pageUrl": "https://example.com/help/" + "a" * 120, "device": "desktop"}}),
        ("happy", [("user", "Everything works perfectly, thank you so much, you are wonderful!")], {"user": {"name": "Karim"}}),
        ("hebrew", [("user", "שלום, איפה החשבונית שלי? אני מחכה כבר שבוע"), ("assistant", "החשבונית נמצאת בהגדרות")],
            {"user": {"name": "נועה לוי"}, "organization": {"name": "Acme"}}),
        ("emoji", [("user", "👩‍👩‍👧 🚀🚀🚀")], {"user": {"name": "🦊 Fox"}}),
        ("long", [("user", LONG)], {"user": {"id": "visitor-" + "9" * 80}}),
        ("code", [("user", "```\nfor x in range(10):\n    print(x)\n```\nWhy is this broken?")], {}),
        ("script", [("user", "<script>alert(1)</script><img src=x onerror=alert(1)>")], {"user": {"name": "<b>Eve</b>"}}),
    ]  # fmt: skip
    ids: dict[str, str] = {}
    for name, said, more in reversed(kinds):
        body = {"conversationId": name, "messages": [{"role": role, "content": text} for role, text in said], **more}
        ids[name] = server.ask("POST", "/api/v1/capture", body, key=key)[1]["conversationId"]
    return ids


def fill_much(server: Server, key: str, number: int = 700) -> None:
    """Two months of conversations, more by day than by night, and a bad last week."""
    chance = random.Random(11)
    people = [
        ("Ines Moreau", "Brightside"),
        ("Jun Tan", "Fieldworks"),
        ("Karin Haugen", "Nordkap AS"),
        ("Lena Vogt", ""),
    ]
    questions = ["Where is my parcel? Tracking is stuck in Leipzig", "How do I set up Okta for 40 people", "Which jacket runs true to size",
                 "The promo code BLACK20 is rejected at the till", "I need an invoice with the new company address"]  # fmt: skip
    good = [" Thank you, that was perfect, I love it!", " Great help, thanks so much."]
    bad = [" This is terrible, I am really frustrated.", " Awful service, I am very angry and disappointed."]
    today = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
    for one in range(number):
        ago = int(60 * chance.random() ** 1.15)
        hour = int(min(23, max(0, chance.gauss(11 if chance.random() < 0.7 else 19, 2.6))))
        moment = min(
            (today - timedelta(days=ago)).replace(hour=hour, minute=chance.randrange(60)),
            datetime.now(UTC) - timedelta(minutes=9 + one % 50),
        )
        if moment.weekday() > 4 and chance.random() < 0.55:
            continue
        tone = chance.random() - (0.22 if ago < 7 else 0)
        name, company = chance.choice(people)
        words = chance.choice(questions) + (
            chance.choice(good) if tone > 0.55 else chance.choice(bad) if tone < 0.16 else "?"
        )
        said = [
            ("user", words),
            ("assistant", "Let me look that up for you. It is on its way and should arrive tomorrow."),
        ] * chance.choice([1, 1, 2, 3])
        body = {
            "conversationId": f"much-{one}",
            "messages": [
                {"role": role, "content": text, "sentAt": (moment + timedelta(seconds=40 * place)).isoformat()}
                for place, (role, text) in enumerate(said)
            ],
            "user": {"id": f"u{chance.randrange(220)}", "name": name},
            "organization": {"name": company} if company else {},
        }
        server.ask("POST", "/api/v1/capture", body, key=key)


def topic_in(server: Server, bot: str) -> str:
    """The page of the biggest topic, as soon as there is one: the model may still be built."""
    deadline = time.monotonic() + 180
    while time.monotonic() < deadline:
        found = server.ask("GET", f"/api/v1/chatbots/{bot}/topics")[1]["topics"]
        if found:
            return f"/b/{bot}/topics/{found[0]['id']}"
        time.sleep(0.2)
    raise RuntimeError("there is no topic")


def bring_in(server: Server, chatbot_id: str) -> str:
    """Two files, one of them left unjudged: the id of its conversation."""
    path = f"/api/v1/chatbots/{chatbot_id}/import"
    for name, asked in (("brought", ""), ("left", "?analyse=false")):
        said = [{"role": "user", "content": "Where is the conversation that I had last year?"}]
        job = server.ask("POST", path + asked, [{"conversationId": name, "messages": said}])[1]["job"]["id"]
        while server.ask("GET", f"/api/v1/jobs/{job}")[1]["status"] in ("queued", "running"):
            time.sleep(0.1)
    found = server.ask("GET", f"/api/v1/conversations?chatbotId={chatbot_id}")[1]["conversations"]
    return next(one["id"] for one in found if one["external_conversation_id"] == "left")


def first_of(server: Server, chatbot_id: str, kind: str) -> str:
    """The page of the first user or organization."""
    return f"/b/{chatbot_id}/{kind}/{server.ask('GET', f'/api/v1/chatbots/{chatbot_id}/{kind}')[1][kind][0]['id']}"


def fill_agent(server: Server, bot: str) -> dict[str, str]:
    """An agent that has been taught and asked, with leads and contacts: ids of what a page can be about."""
    base = f"/api/v1/chatbots/{bot}"
    guide = (
        "# Returns\nYou may send goods back within 30 days of delivery. We refund the price after we have checked the parcel.\n"
        "# Opening hours\nOur office is open from nine to five on weekdays. On Sundays nobody answers the telephone.\n"
        "# Shipping\nParcels leave our warehouse in Leipzig every evening. Delivery to Norway takes a week.\n"
    )
    sources = [
        {"kind": "text", "title": "Shop guide", "text": guide},
        {"kind": "qna", "question": "Do you ship to Peru?", "answer": "Yes, by boat. It takes six weeks."},
        {"kind": "url", "url": "http://127.0.0.1:9999/a/page/that/is/not/read"},
        {"kind": "text", "title": "<b>Eve</b> " + "averyverylongword" * 12, "text": "x" * 400},
    ]
    taught = server.ask("POST", f"{base}/sources", {"sources": sources})[1]
    while server.ask("GET", f"/api/v1/jobs/{taught['job']['id']}")[1]["status"] in ("queued", "running"):
        time.sleep(0.1)
    settings = {
        "initialMessages": ["Welcome to Northwind. How can I help?"],
        "suggestedMessages": ["When are you open?"],
    }
    server.ask("POST", "/api/v1/update-chatbot-settings", {"chatbotId": bot, **settings})
    server.ask("POST", f"{base}/custom-attributes", {"name": "vip", "type": "boolean", "label": "VIP"})
    contacts = [
        {"external_id": "u-1", "name": "Ann Lindqvist", "email": "ann@example.com", "customAttributes": {"vip": True}},
        {"external_id": "u-2", "name": "<b>Eve</b>" + "x" * 200, "phone": "+49 30 1234567"},
        {"name": "נועה לוי"},
    ]
    server.ask("POST", f"{base}/contacts", {"contacts": contacts})
    for lead in (
        {"name": "Ann Lindqvist", "email": "ann@example.com", "conversationId": "c1"},
        {"phone": "+49 30 1234567"},
    ):
        server.ask("POST", f"{base}/leads", lead)
    return {"source": taught["sources"][0]["id"], "failed": taught["sources"][2]["id"]}


def remark(server: Server, bot: str, conversation_id: str) -> None:
    """Somebody has read it, knows better, and keeps a view; as soon as it is judged."""
    path, until = f"/api/v1/conversations/{conversation_id}", time.monotonic() + 60
    said = {"sentiment": "Positive", "flags": {"churn_risk": True}}
    while server.ask("POST", f"{path}/corrections", said)[0] != 200:
        assert time.monotonic() < until, "it is not judged"
        time.sleep(0.1)
    server.ask("POST", f"{path}/review", {"reviewed": True})
    server.ask("POST", f"{path}/notes", {"text": "Called her back.\nThe refund is on its way, " + "verylongword" * 12})
    for name, query, page in (
        ("Angry this week", "range=7d&f=sentiment:is:negative", "conversations"),
        ("Not reviewed " + "and quite long " * 5, "f=reviewed:is:false", "conversations"),
        ("Quarter", "range=90d", "overview"),
    ):
        view = {"name": name, "query": query, "page": page, "shared": page == "overview"}
        server.ask("POST", f"/api/v1/chatbots/{bot}/views", view)
    server.ask("POST", f"/api/v1/chatbots/{bot}/fields", {"key": "tier", "type": "string", "label": "Tier"})
