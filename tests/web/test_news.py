"""Who listens hears that something has changed, in whichever process it happened, and nothing when it is somebody else's."""

import pytest

from noctule.base.errors import TooMany
from noctule.web import news
from noctule.web.news import News
from tests.conftest import Bot, Person, World


async def test_a_change_reaches_those_who_listen_to_it(world: World) -> None:
    told = News(world.database)
    with told.listening("a") as one, told.listening("b") as other:
        told.heard("a")
        assert (one.is_set(), other.is_set()) == (True, False)
        told.heard("")
        assert other.is_set()
    told.heard("a")


async def test_there_are_not_too_many(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(news, "MOST", 1)
    told = News(world.database)
    with told.listening("a"), pytest.raises(TooMany), told.listening("b"):
        pytest.fail("one too many")


async def test_only_members_hear_of_a_chatbot(bot: Bot) -> None:
    stranger: Person = await bot.owner.world.sign_up("eve@example.com", "Elsewhere")
    assert (await stranger.client.get(f"/b/{bot.id}/live")).status_code == 404
