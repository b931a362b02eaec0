"""What people change about themselves: their names and their password."""

from dataclasses import dataclass

from noctule.accounts import audit, guesses
from noctule.accounts.models import Member, WrongPassword
from noctule.accounts.passwords import LONGEST, check_password, hash_password
from noctule.accounts.store import people as store
from noctule.base.db import Database, Db
from noctule.base.errors import Invalid, Unauthenticated
from noctule.base.text import storable

LONGEST_NAME = 100


@dataclass(frozen=True)
class Naming:
    """What is to be changed; None leaves it as it is. The shown name follows the others, and they follow it."""

    first_name: str | None = None
    last_name: str | None = None
    name: str | None = None


async def rename(db: Db, member: Member, naming: Naming) -> Member:
    """Raises Invalid."""
    first, last, name = _names(member, naming)
    if not name:
        raise Invalid.field("name", "must not be empty")
    if (first, last, name) != (member.first_name, member.last_name, member.name):
        await store.rename_user(db, member.user_id, first_name=first, last_name=last, name=name)
        await audit.note(db, member, action="user.renamed", target=member.user_id)
    renamed = await store.member_of_session(db, member.session_id)
    if renamed is None:
        raise Unauthenticated("The session has ended.")
    return renamed


async def change_password(database: Database, member: Member, current: str, *, new: str) -> None:
    """Ends all other sessions of the person. Raises Invalid, or LockedOut after too many wrong guesses."""
    check_password(new, field="new_password")
    if len(current) > LONGEST or storable(current):
        raise _wrong()
    async with guesses.turn(member.email):
        try:
            await guesses.check(database, member.email, current)
        except WrongPassword:
            raise _wrong() from None
        password_hash = await hash_password(new)
        async with database.transaction() as db:
            await store.forget_guesses(db, member.email)
            await store.set_password(db, member.user_id, password_hash)
            ended = await store.delete_other_sessions(db, member.user_id, keep=member.session_id)
            await audit.note(db, member, action="user.password_changed", target=member.user_id, sessions_ended=ended)


def split_name(name: str) -> tuple[str, str]:
    """The first word, and the rest."""
    first, _, last = name.partition(" ")
    return first, last.strip()


def _names(member: Member, naming: Naming) -> tuple[str, str, str]:
    """First, last and shown name as they shall be."""
    first, last, name = (_clean(field, getattr(naming, field)) for field in ("first_name", "last_name", "name"))
    if first is None and last is None:
        return (member.first_name, member.last_name, member.name) if name is None else (*split_name(name), name)
    first = member.first_name if first is None else first
    last = member.last_name if last is None else last
    return first, last, f"{first} {last}".strip() if name is None else name


def _clean(field: str, value: str | None) -> str | None:
    if value is None:
        return None
    if problem := storable(value):
        raise Invalid.field(field, problem)
    if len(value.strip()) > LONGEST_NAME:
        raise Invalid.field(field, f"must have at most {LONGEST_NAME} characters")
    return value.strip()


def _wrong() -> Invalid:
    """Not 401: the session is good, and a client shall not throw it away."""
    return Invalid.field("current_password", "is not your password")
