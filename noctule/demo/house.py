"""`noctule demo`: a house that is open to look around. Its owner, its visitor, whose password everybody may know, its data."""

from dataclasses import dataclass

from noctule import accounts
from noctule.accounts import Newcomer
from noctule.base.crypto import random_hex
from noctule.base.db import Database
from noctule.demo.load import load

OWNER = "owner@noctule.example"
ORGANIZATION = "Alderbrook"


class NoDemo(Exception):
    """The database cannot be shown to everybody."""


@dataclass(frozen=True)
class Visitor:
    """Who may look at everything and change nothing."""

    email: str
    password: str


VISITOR = Visitor("demo@noctule.example", "look-around")


async def open_house(database: Database, *, secret: str) -> None:
    """The first time: the owner, the visitor, and jobs that load the data. Later: nothing. Raises NoDemo.

    Nobody knows the owner's password; `noctule reset-password` gives a new one to whoever has the folder.
    """
    async with database.transaction() as db:
        if await accounts.email_taken(db, VISITOR.email) and await accounts.email_taken(db, OWNER):
            return
        if await accounts.anyone_exists(db):
            raise NoDemo("this database holds accounts of others; the demo needs an empty one of its own")
    owner = await accounts.register(
        database, OWNER, random_hex(32), name="Demo owner", organization=ORGANIZATION, open_signup=False, secret=secret
    )
    async with database.transaction() as db:
        await load(db, owner.member)
        _, token = await accounts.invite(db, owner.member, VISITOR.email, role="member", address=None)
    newcomer = Newcomer("Demo visitor", VISITOR.password)
    await accounts.accept_invitation(database, token, newcomer, member=None, secret=secret)
