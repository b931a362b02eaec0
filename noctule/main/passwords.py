"""`noctule reset-password`: a link for somebody who has forgotten the password, for an operator without a mail server."""

import argparse
import sys

import uvloop

from noctule import accounts
from noctule.base.db import connect
from noctule.base.errors import NotFound
from noctule.base.migrate import migrate
from noctule.base.settings import Settings
from noctule.main.transfers import TROUBLE, reached


def reset_password(settings: Settings, given: argparse.Namespace) -> int:
    try:
        with reached(settings) as url:
            token = uvloop.run(_new_reset(url, given.email))
    except TROUBLE as error:
        print(f"noctule: {error}", file=sys.stderr)
        return 1
    print(f"{settings.address}/reset?token={token}")
    if not settings.base_url:
        print(f"The link is for a server at {settings.address}: say --port if yours has another one.", file=sys.stderr)
    print("It sets a new password once, within an hour. Hand it to nobody else.", file=sys.stderr)
    return 0


async def _new_reset(url: str, email: str) -> str:
    await migrate(url)
    async with connect(url, most=2) as database, database.transaction() as db:
        token = await accounts.new_reset(db, email)
    if token is None:
        raise NotFound(f"There is no account with the e-mail {email}.")
    return token
