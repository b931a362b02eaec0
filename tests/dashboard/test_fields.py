"""Custom fields and the company on pages: found, said, refused, and only read by members."""

from tests.api.test_chatbots import sign_in_as
from tests.conftest import Bot, said
from tests.dashboard.test_pages import XSS, form


async def test_fields_are_found_and_said_what_they_are(bot: Bot) -> None:
    client, path = bot.owner.client, f"/b/{bot.id}/settings/fields"
    assert "is kept and appears here" in (await client.get(path)).text
    key = f"a/b {XSS}"
    await bot.capture("c", said("Hi"), custom={key: XSS, "seats": 3})
    page = (await client.get(path)).text
    assert ("<script>alert" in page, "Discovered" in page, "&lt;script&gt;" in page) == (False, True, True)
    assert (await form(client, f"{path}/status", key=key, status="deny")).status_code == 303
    assert (await form(client, f"{path}/status", key="seats", status="accept")).status_code == 303
    page = (await client.get(path)).text
    assert "Accepted as a filter" in page
    assert "<td>Denied</td>" in page
    assert (await form(client, f"{path}/status", key="seats", status="love")).status_code == 400
    assert (await form(client, f"{path}/status", key="nothing", status="deny")).status_code == 404
    assert (await form(client, path, key="plan", type="string", label="Plan")).status_code == 303
    again = await form(client, path, key="plan", type="number")
    assert (again.status_code, "declared already" in again.text) == (422, True)
    assert (await form(client, path, key=" ")).status_code == 422
    member = await sign_in_as("member", bot)
    page = (await member.get(path)).text
    assert ("Plan" in page, "<form" in page.partition("<main")[2].partition("</main>")[0]) == (True, False)
    assert (await form(member, f"{path}/status", key="plan", status="deny")).status_code == 403
    assert (await form(member, path, key="mine")).status_code == 403


async def test_the_company_is_said_and_taken_back(bot: Bot) -> None:
    client, path = bot.owner.client, f"/b/{bot.id}/settings/company"
    sent = {"product": f"Parcels {XSS}", "website": "https://example.com/", "description": "One\r\ntwo", "industry": ""}
    done = await client.post(path, data=sent)
    assert (done.status_code, done.headers["location"]) == (303, f"{path}?saved=1")
    page = (await client.get(f"{path}?saved=1")).text
    assert ("Saved" in page, "One\ntwo</textarea>" in page, "<script>alert" in page) == (True, True, False)
    settings = (await client.get(f"/api/v1/chatbots/{bot.id}")).json()["settings"]
    assert settings["company"] == {"product": sent["product"], "website": sent["website"], "description": "One\ntwo"}
    wrong = await client.post(path, data=sent | {"website": "javascript:alert(1)"})
    assert (wrong.status_code, 'id="website-note"' in wrong.text) == (422, True)
    await client.post(path, data=sent | {"website": ""})
    settings = (await client.get(f"/api/v1/chatbots/{bot.id}")).json()["settings"]
    assert settings["company"]["website"] is None
    member = await sign_in_as("member", bot)
    assert "One\ntwo" in (await member.get(path)).text
    assert (await member.post(path, data=sent)).status_code == 403
