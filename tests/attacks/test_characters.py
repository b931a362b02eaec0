"""Characters that mean something elsewhere, in every text that people may write: kept exactly, or refused, never a failure.

`tests/api/test_bad_input.py` sends what is not even JSON, and wrong values in every field of every operation.
"""

from pathlib import Path

import pytest

from noctule.base.embed import Embedder
from tests.conftest import Bot, said
from tests.knowledge.test_train import work

TEXTS = (
    "'; drop table messages; --", "' or '1'='1", "\\'; select pg_sleep(9); --", "$$ || pg_sleep(9) || $$", "%' escape '%", "a_b%c\\%",
    "a & b | !c <-> (d)", "a:*", "'a':1A", "!!!", "&", "((((", "\\", "\\\\\\", '"', "'", "`", "{}", "[]", "{{7*7}}", "${7*7}", "<%= 7 %>",
    "{% raw %}", "\\u0000", "\\ud800", "%00", "%s%n%x", "\u202egnp.exe", "\u200b\u200d\ufeff", "e\u0301 \u00e9", "\U0001f469\u200d\U0001f680",
    "\x01\x1f\x7f\x85", "a\r\nb: c", "=1+1", "+1", "-1", "@sum(1)", "null", "NaN", "1e999", "9" * 400, "ﷺ" * 50, "Z̸̛̬a̴͙̽l̵͉̈́g̷̺̅o̸", "𒐫𒈙",
)  # fmt: skip


async def test_what_is_said_is_kept_as_it_was_said(bot: Bot) -> None:
    for place, words in enumerate(TEXTS):
        answer = await bot.capture(f"c{place}", said(words, id=f"m{words}"[:200]), custom={"note": words[:200]})
        assert answer.status_code == 200, (words, answer.text)
        read = await bot.owner.client.get(f"/api/v1/conversations/c{place}", params={"chatbotId": bot.id})
        assert read.json()["messages"][0]["content"] == words


async def test_what_is_taught_is_kept_and_found_as_it_was_taught(bot: Bot, tmp_path: Path) -> None:
    client, path = bot.owner.client, f"/api/v1/chatbots/{bot.id}"
    drafts = [
        {"kind": "text", "external_id": f"s{place}{words}"[:250], "title": words, "text": f"Tulips {words}"}
        for place, words in enumerate(TEXTS)
    ]
    taught = await client.post(f"{path}/sources", json={"sources": drafts})
    assert taught.status_code == 202, taught.text
    await work(bot, Embedder(tmp_path), calibrated=False)
    for draft, one in zip(drafts, taught.json()["sources"], strict=True):
        kept = (await client.get(f"{path}/sources/{one['id']}")).json()
        assert (kept["external_id"], kept["title"], kept["text"]) == (
            draft["external_id"],
            draft["title"],
            draft["text"],
        )
        assert kept["status"] == "ready"


@pytest.mark.parametrize("where", ["knowledge", "messages", "page", "chat", "names"])
async def test_what_is_searched_for_is_words_and_no_language(where: str, bot: Bot, tmp_path: Path) -> None:
    client, path = bot.owner.client, f"/api/v1/chatbots/{bot.id}"
    await client.post(f"{path}/sources", json={"kind": "text", "text": "Tulips need water."})
    await bot.capture("c1", said("Tulips need water."))
    await work(bot, Embedder(tmp_path), calibrated=False)
    for words in TEXTS:
        if where == "knowledge":
            answer = await client.post(f"{path}/search", json={"query": words})
        elif where == "messages":
            answer = await client.get(f"{path}/search/messages", params={"q": words})
        elif where == "page":
            answer = await client.get(f"/b/{bot.id}/search", params={"q": words})
        elif where == "chat":
            answer = await client.post("/api/v1/chat", json={"chatbotId": bot.id, "messages": [said(words)]})
        else:
            answer = await client.get(f"/b/{bot.id}/conversations", params={"q": words, "user": words, "after": words})
        assert answer.status_code in {200, 400, 422}, (words, answer.status_code, answer.text[:300])


async def test_names_and_leads_are_kept_as_they_were_given(bot: Bot) -> None:
    client, path = bot.owner.client, f"/api/v1/chatbots/{bot.id}"
    await client.post(f"{path}/custom-attributes", json={"name": "motto", "type": "text"})
    for words in TEXTS:
        given = {"external_id": f"u{words}"[:200], "name": words[:200], "customAttributes": {"motto": words}}
        made = await client.post(f"{path}/contacts", json={"contacts": [given]})
        assert made.status_code == 200, (words, made.text)
        kept = made.json()["data"][0]
        assert (kept["external_id"], kept["name"], kept["customAttributes"]["motto"]) == (
            *list(given.values())[:2],
            words,
        )
        lead = await client.post(f"{path}/leads", json={"name": words[:200], "phone": words[:200]})
        assert lead.status_code in {201, 400}, (words, lead.text)
        if lead.status_code == 201:
            listed = (await client.get("/api/v1/get-leads", params={"chatbotId": bot.id})).json()["data"]
            assert listed[0]["name"].strip() == words[:200].strip()
