"""How soon does a changed text answer differently?

    python -m bench.retrain

Over HTTP, from the change until the agent says the new word: by `PUT` of a source and by `update-chatbot-data`, when
nothing else is done, and while the model still reads what another chatbot was taught.
"""

import argparse
import time

from bench.agent import has_meaning
from bench.server import Server

BAR = 2.0  # seconds
WORDS = [f"{a}l{b}x" for a in "bdfg" for b in "aeo"]


def main() -> None:
    argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter).parse_args()
    with Server(workers=1) as server:
        bot, _ = server.new_chatbot()
        key = server.ask("POST", "/api/v1/orgs/me/apikeys", {"label": "bench"})[1]["key"]
        made = server.ask("POST", "/api/v1/create-chatbot", {"chatbotName": "b", "sourceText": "Tulips are red."}, key)[
            1
        ]
        path = f"/api/v1/chatbots/{bot}/sources"
        source = server.ask("POST", path, {"kind": "text", "text": "Tulips are red."})[1]["sources"][0]["id"]

        def put(word: str) -> float:
            began = time.monotonic()
            server.ask("PUT", f"{path}/{source}", {"text": f"Tulips are {word}."})
            return until(server, bot, word) - began

        def update(word: str) -> float:
            began = time.monotonic()
            body = {"chatbotId": made["chatbotId"], "sourceText": f"Tulips are {word}."}
            server.ask("POST", "/api/v1/update-chatbot-data", body, key)
            return until(server, made["chatbotId"], word) - began

        while not has_meaning(server, bot):  # the model is built after the first start
            time.sleep(0.2)
        report("idle", [change(word) for change in (put, update) for word in WORDS])
        other, _ = server.new_chatbot("another")
        texts = [{"kind": "text", "text": f"Sentence {n} about tulips. " * 200} for n in range(200)]
        server.ask("POST", f"/api/v1/chatbots/{other}/sources", {"sources": texts})
        report("while the model reads", [change(word + "o") for change in (put, update) for word in WORDS])


def report(state: str, seconds: list[float]) -> None:
    middle, most = sorted(seconds)[len(seconds) // 2], max(seconds)
    verdict = "ok" if most <= BAR else "MISSED"
    print(f"{state}: a changed text answers after {middle:.2f} s, at most {most:.2f} s (bar {BAR:.0f})  {verdict}")


def until(server: Server, bot: str, word: str) -> float:
    """When the agent says it."""
    while True:
        body = {"chatbotId": bot, "messages": [{"role": "user", "content": "Which colour are tulips?"}]}
        if word in server.ask("POST", "/api/v1/chat", body)[1]["text"]:
            return time.monotonic()
        time.sleep(0.02)


if __name__ == "__main__":
    main()
