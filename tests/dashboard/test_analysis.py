"""The pages about what is judged: switches and thresholds, flags, trying before saving, judging again, what was parked."""

from typing import Any

from noctule.base.jobs import run_next
from noctule.main.recurring import HANDLERS
from tests.api.test_analysis import FAILED, Judged, judged
from tests.api.test_chatbots import sign_in_as
from tests.conftest import TurnableClock
from tests.dashboard.test_pages import XSS, check, form

__all__ = ["judged"]
SIGNALS = (
    "user",
    "assistant",
    "sentiment",
    "dissatisfaction",
    "intent",
    "topics",
    "flags",
    "behavior",
    "outcome",
    "quality",
)
ALL_ON = {
    **dict.fromkeys(SIGNALS, "on"),
    "very_negative": "-0.6", "negative": "-0.2", "positive": "0.2", "very_positive": "0.6",
}  # fmt: skip


def switched_on(page: str) -> int:
    return page.partition("<main")[2].partition("</main>")[0].count(" checked")


async def settings_of(one: Judged) -> dict[str, Any]:
    return (await one.bot.owner.client.get(f"/api/v1/chatbots/{one.bot.id}")).json()["settings"]


async def test_only_what_was_changed_is_kept(judged: Judged) -> None:
    client, path = judged.bot.owner.client, f"/b/{judged.bot.id}/settings/analysis"
    page = await client.get(path)
    assert (page.status_code, check(page.text)) == (200, [])
    assert switched_on(page.text) == len(SIGNALS)
    assert (await form(client, path, **ALL_ON)).headers["location"] == f"{path}?saved=1"
    assert await settings_of(judged) == {}
    without = {name: value for name, value in ALL_ON.items() if name not in ("assistant", "quality")}
    await form(client, path, **(without | {"positive": "0,3", "very_negative": ""}))
    thresholds = {"positive": 0.3, "veryNegative": None}
    assert await settings_of(judged) == {
        "assistantAnalysisEnabled": False,
        "analysis": {"quality": False, "thresholds": thresholds},
    }
    saved = await client.get(f"{path}?saved=1")
    assert (check(saved.text), switched_on(saved.text), 'value="0.3"' in saved.text) == (
        [],
        len(SIGNALS) - 2,
        True,
    )


async def test_thresholds_that_cannot_be_are_asked_for_again(judged: Judged) -> None:
    client, path = judged.bot.owner.client, f"/b/{judged.bot.id}/settings/analysis"
    for sent, told in (({"positive": "high"}, "number from -1 to 1"), ({"negative": "-0.7"}, "keep their order")):
        for where in ("", "/try"):
            answer = await form(client, path + where, **(ALL_ON | sent))
            assert (answer.status_code, told in answer.text, check(answer.text)) == (422, True, [])
    assert await settings_of(judged) == {}


async def test_settings_are_tried_before_they_are_saved(judged: Judged) -> None:
    client, path = judged.bot.owner.client, f"/b/{judged.bot.id}/settings/analysis"
    nothing = await form(client, f"{path}/try", **ALL_ON)
    assert (nothing.status_code, check(nothing.text)) == (200, [])
    assert "Tried on 2 conversations: nothing would be judged differently" in nothing.text
    without = {name: value for name, value in ALL_ON.items() if name not in ("sentiment", "flags")}
    tried = await form(client, f"{path}/try", **without)
    assert check(tried.text) == []
    assert "Tried on 2 conversations: 2 would be judged differently. Nothing was saved." in tried.text
    assert "churn risk, frustrated user</span> → not judged" in tried.text
    assert switched_on(tried.text) == len(SIGNALS) - 2, "the form stays as it was sent"
    assert await settings_of(judged) == {}


async def test_a_flag_is_made_tried_changed_and_deleted(judged: Judged) -> None:
    client, path = judged.bot.owner.client, f"/b/{judged.bot.id}/settings/analysis"
    empty = await client.get(f"{path}/flags")
    assert (empty.status_code, check(empty.text)) == (200, [])
    made = await form(client, f"{path}/flags", name="Legal threat!", enabled="on", words="lawyer\r\n\r\n  court ")
    assert made.headers["location"] == f"{path}#listed"
    assert "Legal threat" in (await client.get(path)).text
    own = f"{path}/flags/legal_threat"
    assert ">lawyer\ncourt</textarea>" in (await client.get(own)).text
    tried = await form(client, f"{own}/try", enabled="on", phrases="cancel my subscription", description=XSS)
    assert "churn risk, frustrated user</span> → churn risk, frustrated user, legal threat" in tried.text
    assert check(tried.text) == []
    changed = await form(client, own, enabled="on", words="lawyer", unless="my aunt", description=XSS, threshold="0.5")
    assert changed.headers["location"] == f"{own}?saved=1"
    page = await client.get(f"{own}?saved=1")
    assert (check(page.text), "Saved" in page.text, 'value="0.5"' in page.text) == ([], True, True)
    assert check((await client.get(path)).text) == []
    for where in (own, f"{own}/try"):
        bad = await form(client, where, threshold="2")
        assert (bad.status_code, "Must be from 0.3 to 0.9" in bad.text, check(bad.text)) == (422, True, [])
    assert (await form(client, f"{own}/delete")).headers["location"] == f"{path}#listed"
    assert (await client.get(own)).status_code == 404


async def test_a_flag_needs_a_name_of_its_own(judged: Judged) -> None:
    client, path = judged.bot.owner.client, f"/b/{judged.bot.id}/settings/analysis/flags"
    for name, told in (
        ("Churn risk", "name of another flag"),
        ("!?", "1 to 64 letters"),
        ("x" * 65, "1 to 64 letters"),
    ):
        answer = await form(client, path, name=name, words="lawyer")
        assert (answer.status_code, told in answer.text, check(answer.text)) == (422, True, [])
        assert ">lawyer</textarea>" in answer.text


async def test_a_list_too_long_for_a_form_is_kept(judged: Judged) -> None:
    client, words = judged.bot.owner.client, [f"{number} {'x' * 200}" for number in range(60)]
    flags = {"churn_risk": {"words": words, "phrases": ["code red"]}}
    settings = {"analysis": {"definitions": {"flags": flags}}}
    await client.patch(f"/api/v1/chatbots/{judged.bot.id}", json={"settings": settings})
    path = f"/b/{judged.bot.id}/settings/analysis/flags/churn_risk"
    assert "too long for this page" in (await client.get(path)).text
    await form(client, path, enabled="on", phrases="code blue")
    kept = (await settings_of(judged))["analysis"]["definitions"]["flags"]["churn_risk"]
    assert (kept["words"], kept["phrases"]) == (words, ["code blue"])


async def test_everything_is_judged_again_and_says_what_changed(judged: Judged, clock: TurnableClock) -> None:
    client, path = judged.bot.owner.client, f"/b/{judged.bot.id}/settings/analysis"
    assert (await form(client, f"{path}/again")).headers["location"] == f"{path}#again"
    waiting = await client.get(path)
    assert ("0 of 1 judged again" in waiting.text, check(waiting.text)) == (True, [])
    clock.passes(minutes=1)
    while await run_next(judged.bot.owner.world.database, HANDLERS):
        pass
    done = await client.get(path)
    assert ("What judging again changed" in done.text, check(done.text)) == (True, [])
    assert "Could not be judged" not in done.text, "judging all again takes up what was parked"


async def test_what_was_parked_is_listed_and_tried_again(judged: Judged) -> None:
    client, path = judged.bot.owner.client, f"/b/{judged.bot.id}/settings/analysis"
    page = await client.get(path)
    assert "1 conversation could not be judged" in page.text
    assert FAILED in page.text
    assert FAILED in (await client.get(f"/b/{judged.bot.id}/conversations/{judged.bad}")).text
    assert (await form(client, f"{path}/retry")).headers["location"] == path
    assert FAILED not in (await client.get(path)).text


async def test_members_look_and_strangers_do_not(judged: Judged) -> None:
    path = f"/b/{judged.bot.id}/settings/analysis"
    member, stranger = await sign_in_as("member", judged.bot), await sign_in_as("stranger", judged.bot)
    for page in (path, f"{path}/flags", f"{path}/flags/churn_risk"):
        shown = await member.get(page)
        assert (shown.status_code, check(shown.text), '<button class="btn primary">' in shown.text) == (200, [], False)
        assert (await stranger.get(page)).status_code == 404
    for what in (
        "",
        "/try",
        "/again",
        "/retry",
        "/flags",
        "/flags/churn_risk",
        "/flags/churn_risk/try",
        "/flags/churn_risk/delete",
    ):
        assert (await form(member, path + what, name="x")).status_code == 403, what
        assert (await form(stranger, path + what, name="x")).status_code == 404, what
