"""Does every operation of Chatbase's document answer as it says, and does an agent know what it knows?

    python -m bench.agent [--document chatbase-openapi.txt]

Plays each operation against a fresh server and looks for the fields that clients read; with a copy of the document, which is
not ours to hand on, each answer is also checked against its schema there. Teaches an agent this repository's own documents and
asks it ten questions that they answer and ten that they do not; and looks at a stream.
"""

import argparse
import http.client
import json
import time
from pathlib import Path
from typing import Any

from bench.document import Document
from bench.server import Server

ROOT = Path(__file__).resolve().parents[1]
KNOWN = [
    "How do I set up Noctule?",
    "How can I import conversations from a file?",
    "How long until a conversation counts as closed?",
    "How is a repeated message recognised?",
    "What does the worker command do?",
    "How are members invited?",
    "Can I use my own PostgreSQL?",
    "How do I reset a forgotten password?",
    "How are passages ranked?",
    "What happens when a chatbot is archived?",
]
UNKNOWN = [
    "Which planet is the largest?",
    "Who won the world cup in 1998?",
    "How do I bake sourdough bread?",
    "What is the capital of Mongolia?",
    "How tall is Mount Everest?",
    "Can you recommend a good thriller novel?",
    "What is the boiling point of ethanol?",
    "How do I train for a marathon?",
    "Which vitamins are in carrots?",
    "When was Mozart born?",
]
# What the document says of each kind of answer: the type of a field, or the kind of answer that it holds.
Schema = dict[str, Any]
CHAT: Schema = {"text": str, "conversationId": str}
CHATBOT: Schema = {"chatbotId": str, "chatbotName": str, "model": str, "temperature": (int, float), "createdAt": str}
MESSAGE: Schema = {"role": str, "content": str}
CONVERSATION: Schema = {"id": str, "chatbotId": str, "source": str, "createdAt": str, "messages": [MESSAGE]}
LEAD: Schema = {"id": str, "chatbotId": str, "name": str, "email": str, "phone": str, "createdAt": str}
CONTACT: Schema = {"name": str, "email": str, "phone": str, "customAttributes": dict, "id": str, "createdAt": str}
ATTRIBUTE: Schema = {"name": str, "type": str}
STATUS: Schema = {"status": str, "message": str}
ERROR: Schema = {"error": str, "message": str}


class Play:
    """Plays operations and counts what does not fit."""

    def __init__(self, server: Server, key: str, document: Document | None) -> None:
        self._server = server
        self._key = key
        self._document = document
        self._seen = set[tuple[str, str]]()
        self.problems: list[str] = []
        self.played = 0

    def operation(
        self, name: str, schema: Any, body: object = None, *, status: int = 200, key: str | None = None
    ) -> Any:
        method, path = name.split()
        given, answer = self._server.ask(method, f"/api/v1{path}", body, key=self._key if key is None else key)
        found = [f"status {given}"] if given != status else misfits(schema, answer)
        if self._document and (known := self._document.operation(method, path)):
            self._seen.add(known)
            found += self._document.misfits(known, given, answer)
        self.played += 1
        self.problems += [f"{name}: {one}" for one in found]
        print(f"  {'ok ' if not found else 'BAD'} {given} {name.partition('?')[0]} {'; '.join(found)}")
        return answer

    def look_for_forgotten(self) -> None:
        """Operations of the document that were not played."""
        forgotten = sorted(self._document.operations - self._seen) if self._document else []
        self.problems += [f"{' '.join(one)}: not played" for one in forgotten]


def misfits(schema: Any, value: Any, path: str = "answer") -> list[str]:
    if isinstance(schema, list):
        if not isinstance(value, list):
            return [f"{path} is no list"]
        return [bad for place, one in enumerate(value) for bad in misfits(schema[0], one, f"{path}[{place}]")]
    if isinstance(schema, dict):
        if not isinstance(value, dict):
            return [f"{path} is no object"]
        missing = [f"{path}.{name} is missing" for name in schema if name not in value]
        return missing + [
            bad for name, one in schema.items() if name in value for bad in misfits(one, value[name], f"{path}.{name}")
        ]
    return [] if isinstance(value, schema) else [f"{path} is {value!r}"]


def play_all(play: Play) -> None:
    made = play.operation(
        "POST /create-chatbot", CHATBOT, {"chatbotName": "Lighthouse", "sourceText": "The lighthouse opens at noon."}
    )
    bot = made["chatbotId"]
    question = {
        "chatbotId": bot,
        "conversationId": "c1",
        "messages": [{"role": "user", "content": "When does it open?"}],
    }
    play.operation("POST /chat", CHAT, question)
    play.operation("POST /chat", ERROR, {"chatbotId": bot}, status=400)
    play.operation("POST /chat", ERROR, question, status=401, key="nobody")
    play.operation("POST /update-chatbot-data", CHATBOT, {"chatbotId": bot, "sourceText": "Sailors enter for free."})
    play.operation("POST /update-chatbot-data", ERROR, {"sourceText": "x"}, status=400)
    settings = {"chatbotId": bot, "chatbotName": "Tower", "model": "m", "temperature": 0.2, "visibility": "public"}
    play.operation("POST /update-chatbot-settings", CHATBOT, {**settings, "instructions": "Be kind."})
    play.operation("POST /create-chatbot", ERROR, {"sourceText": "x"}, status=400)
    play.operation("GET /get-chatbots", {"chatbots": [CHATBOT]})
    play.operation(
        f"GET /get-conversations?chatbotId={bot}&filteredSources=API&page=1&size=20", {"data": [CONVERSATION]}
    )
    lead = {"name": "Ann", "email": "ann@example.com", "phone": "1", "conversationId": "c1"}
    play.operation(f"POST /chatbots/{bot}/leads", {"id": str}, lead, status=201)
    play.operation(f"GET /get-leads?chatbotId={bot}&startDate=2020-01-01&endDate=2099-12-31", {"data": [LEAD]})
    play.operation(f"POST /chatbots/{bot}/custom-attributes", ATTRIBUTE, {"name": "vip", "type": "boolean"})
    play.operation(f"GET /chatbots/{bot}/custom-attributes", {"data": [ATTRIBUTE]})
    play.operation(f"PUT /chatbots/{bot}/custom-attributes/vip", ATTRIBUTE, {"name": "vip", "type": "boolean"})
    given = {"name": "Ben", "email": "ben@example.com", "phone": "2", "customAttributes": {"vip": "true"}}
    added = play.operation(f"POST /chatbots/{bot}/contacts", {"data": [CONTACT]}, {"contacts": [given]})
    contact = added["data"][0]["id"]
    listed = {"id": str, "createdAt": str, "customAttributes": dict}  # somebody whom a lead named has no phone here
    play.operation(f"GET /chatbots/{bot}/contacts?limit=10", {"data": [listed]})
    play.operation(f"GET /chatbots/{bot}/contacts/{contact}", CONTACT)
    play.operation(f"PATCH /chatbots/{bot}/contacts/{contact}", CONTACT, {"phone": "3"})
    play.operation(f"DELETE /chatbots/{bot}/contacts/{contact}", STATUS)
    play.operation("DELETE /delete-chatbot", STATUS, {"chatbotId": bot})
    play.operation("GET /get-chatbots", ERROR, status=401, key="nobody")


def teach_documents(server: Server) -> str:
    bot, _ = server.new_chatbot("Documents")
    paths = [
        ROOT / "README.md",
        ROOT / "ARCHITECTURE.md",
        ROOT / "CONTRIBUTING.md",
        *sorted((ROOT / "docs").rglob("*.md")),
    ]
    sources = [
        {"kind": "text", "external_id": str(path.relative_to(ROOT)), "title": path.stem, "text": text}
        for path in paths
        if (text := path.read_text()).strip()
    ]
    status, answer = server.ask("POST", f"/api/v1/chatbots/{bot}/sources", {"sources": sources})
    if status != 202:
        raise RuntimeError(answer)
    while not server.ask("GET", f"/api/v1/chatbots/{bot}/agent")[1]["calibrated_at"] or not has_meaning(server, bot):
        time.sleep(1)
    return bot


def has_meaning(server: Server, bot: str) -> bool:
    """Whether the vectors have come: the model is built in the background after the first start."""
    hits = server.ask("POST", f"/api/v1/chatbots/{bot}/search", {"query": "worker tulips", "limit": 10})[1]["hits"]
    return sum(hit["cosine"] is not None for hit in hits) > len(hits) / 2


def ask_all(server: Server, bot: str, key: str) -> list[str]:
    wrong: list[str] = []
    for questions, expected in ((KNOWN, True), (UNKNOWN, False)):
        for question in questions:
            began = time.monotonic()
            body = {"chatbotId": bot, "messages": [{"role": "user", "content": question}]}
            answer = server.ask("POST", "/api/v1/chat", body, key=key)[1]
            took = (time.monotonic() - began) * 1000
            cited = answer["citations"][0] if answer["citations"] else {"title": "", "quote": ""}
            said = " ".join(cited["quote"].split())[:70]
            print(
                f"  {answer['answered']!s:5} {answer['confidence']:.2f} {took:4.0f} ms  {question}  {cited['title']}: {said}"
            )
            if answer["answered"] is not expected or (expected and not cited["quote"]):
                wrong.append(question)
    return wrong


def stream(server: Server, bot: str, key: str) -> list[str]:
    """How the pieces come, and whether they are the stored answer."""
    body = {
        "chatbotId": bot,
        "conversationId": "streamed",
        "stream": True,
        "messages": [{"role": "user", "content": KNOWN[0]}],
    }
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    connection.request("POST", "/api/v1/chat", json.dumps(body), {"authorization": f"Bearer {key}"})
    answer, pieces = connection.getresponse(), list[bytes]()
    while piece := answer.read1(4096):
        pieces.append(piece)
    connection.close()
    found = server.ask("GET", f"/api/v1/get-conversations?chatbotId={bot}", key=key)[1]["data"]
    stored = next(one for one in found if one["id"] == "streamed")["messages"][-1]["content"]
    print(f"  {len(pieces)} pieces, {answer.headers['content-type']}, {answer.headers['transfer-encoding']}")
    return [] if b"".join(pieces).decode() == stored else ["the stream is not the stored answer"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--document", type=Path, help="Chatbase's OpenAPI document, as YAML or with all lines in one")
    given = parser.parse_args()
    document = Document(given.document.read_text()) if given.document else None
    with Server() as server:
        server.new_chatbot("another")
        key = server.ask("POST", "/api/v1/orgs/me/apikeys", {"label": "bench"})[1]["key"]
        print("every operation")
        play = Play(server, key, document)
        play_all(play)
        play.look_for_forgotten()
        print(f"  {play.played} played, {len(play.problems)} do not fit")
        print("an agent of these documents")
        bot = teach_documents(server)
        wrong = ask_all(server, bot, key)
        print(f"  {len(wrong)} of {len(KNOWN) + len(UNKNOWN)} otherwise than expected: {wrong}")
        print("a stream")
        play.problems += stream(server, bot, key)
    print("passed" if not play.problems and not wrong else "failed")


if __name__ == "__main__":
    main()
