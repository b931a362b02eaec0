"""Sign-up: the first account owns the server; later ones come when sign-up is open, each with an organization."""

import re
import unicodedata

from noctule.accounts import audit
from noctule.accounts.models import Organization, OrgId, SignedIn, SignUpClosed, User, UserId
from noctule.accounts.passwords import check_password, hash_password
from noctule.accounts.profile import LONGEST_NAME, split_name
from noctule.accounts.sessions import start_session
from noctule.accounts.store import people as store
from noctule.base.db import Database, Db
from noctule.base.errors import Conflict, Invalid
from noctule.base.ids import new_id
from noctule.base.text import is_email, storable

_RESERVED = {"me"}  # /orgs/me/ is the caller's own organization


async def register(
    database: Database, email: str, password: str, *, name: str, organization: str, open_signup: bool, secret: str
) -> SignedIn:
    """Raises Invalid, Conflict (the e-mail has an account) or SignUpClosed."""
    email = email.strip().lower()
    _check(email, password, name=name, organization=organization)
    password_hash = await hash_password(password)
    async with database.transaction() as db:
        await store.lock_sign_up(db)
        if not open_signup and await store.anyone_exists(db):
            raise SignUpClosed("This server takes new people by invitation only.")
        if await store.email_taken(db, email):
            raise Conflict("There is an account with this e-mail already.")
        org_name = organization.strip() or email.split("@")[0]
        slug = free_slug(org_name, set(await store.slugs_like(db, slugify(org_name))))
        org = Organization(OrgId(new_id()), org_name, slug, db.now)
        await store.insert_organization(db, org)
        user_id = await add_user(db, email, name.strip(), password_hash=password_hash)
        await store.insert_member(db, org.id, user_id, "owner")
        signed_in = await start_session(db, org.id, user_id, secret=secret)
        await audit.note(db, signed_in.member, action="organization.created", target=org.id, name=org.name)
        return signed_in


def _check(email: str, password: str, *, name: str, organization: str) -> None:
    if not is_email(email):
        raise Invalid.field("email", "must be an e-mail address")
    check_password(password)
    check_name(name, field="name")
    check_name(organization, field="organization")


async def add_user(db: Db, email: str, name: str, *, password_hash: str) -> UserId:
    """Sign-up is locked and the e-mail free."""
    shown = name or email.partition("@")[0]
    user = User(UserId(new_id()), email, shown, *split_name(shown), db.now)
    await store.insert_user(db, user, password_hash)
    return user.id


def check_name(name: str, *, field: str) -> None:
    """May be empty. Raises Invalid."""
    if len(name.strip()) > LONGEST_NAME:
        raise Invalid.field(field, f"must have at most {LONGEST_NAME} characters")
    if problem := storable(name):
        raise Invalid.field(field, problem)


def slugify(name: str) -> str:
    """Lower-case ASCII letters, digits and single hyphens; `organization` when nothing is left (日本 has none)."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:48].strip("-") or "organization"


def free_slug(name: str, taken: set[str]) -> str:
    slug, number = slugify(name), 1
    candidate = slug
    while candidate in taken | _RESERVED:
        number += 1
        candidate = f"{slug}-{number}"
    return candidate
