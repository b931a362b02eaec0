"""Where people were frustrated: the messages that show it, each with its reason, and the users who ended unhappy most often."""

from dataclasses import dataclass
from uuid import UUID

from noctule import people
from noctule.analysis.breakdown import Part, Scope, part_of
from noctule.analysis.days import most_dissatisfied
from noctule.analysis.models import Frustration, StoodSo
from noctule.analysis.store import unhappy as store
from noctule.base.db import Db
from noctule.people import Person, PersonId

_FLAG = "frustrated_user"
_NO_PHRASE = "From the course of the conversation."


@dataclass(frozen=True)
class UnhappyUser:
    person: Person
    part: Part  # of the conversations that ended unhappy
    stood: StoodSo  # of all conversations of these days


async def frustrations(db: Db, scope: Scope, *, limit: int) -> list[Frustration]:
    """Messages of users, the latest first, of conversations that began in these days."""
    return await store.frustrations(
        db, scope.chatbot_id, first=scope.days.first, last=scope.days.last, conditions=scope.path, limit=limit
    )


def reason_of(one: Frustration) -> str:
    return next((flag["reason"] for flag in one.flags if flag["name"] == _FLAG), _NO_PHRASE)


async def unhappy_users(db: Db, scope: Scope, *, limit: int) -> list[UnhappyUser]:
    """The most conversations that ended unhappy first, then the surer ones."""
    days = scope.days
    users, figures = await most_dissatisfied(
        db,
        scope.chatbot_id,
        first=days.first,
        last=days.last,
        conditions=scope.conditions,
        before=days.before.first,
        limit=limit,
    )
    ranked = [part_of(days, user, [one for one in figures if one.value == user]) for user in users]
    stood = await store.stood_so(
        db,
        scope.chatbot_id,
        [PersonId(UUID(one.value)) for one in ranked],
        first=scope.days.first,
        last=scope.days.last,
        conditions=scope.path,
    )
    return [
        UnhappyUser(person, part, stood[person.id])
        for part in ranked
        if (person := await people.person(db, scope.chatbot_id, PersonId(UUID(part.value)))) and person.id in stood
    ]
