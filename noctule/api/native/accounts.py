"""Registering, signing in and out, and who I am."""

from fastapi import APIRouter, Request, Response

from noctule import accounts
from noctule.accounts import Member, Naming
from noctule.api.native.shapes import (
    Credentials,
    LoggedIn,
    OrganizationShape,
    PasswordChange,
    Registered,
    Registration,
    Said,
    UserChange,
    UserShape,
)
from noctule.base.clock import iso
from noctule.web.callers import COOKIE, InMember, JsonBody, JsonRoute, refuse_foreign_page, set_session_cookie
from noctule.web.services import InServices, InTransaction

router = APIRouter(prefix="/api/v1", tags=["accounts"], route_class=JsonBody)
_signed_in = APIRouter(route_class=JsonRoute)
_me = APIRouter(prefix="/users/me", route_class=JsonRoute)


@router.post("/auth/register", status_code=201)
async def register(body: Registration, request: Request, response: Response, services: InServices) -> Registered:
    """The first account owns the server; later ones need open sign-up."""
    refuse_foreign_page(request, services)
    signed_in = await accounts.register(
        services.database,
        body.email,
        body.password,
        name=body.name or "",
        organization=body.organization or "",
        open_signup=services.settings.open_signup,
        secret=services.secret,
    )
    set_session_cookie(request, response, signed_in.token)
    member = signed_in.member
    return Registered(user_id=str(member.user_id), organization=_organization(member))


@router.post("/auth/login")
async def login(body: Credentials, request: Request, response: Response, services: InServices) -> LoggedIn:
    refuse_foreign_page(request, services)
    signed_in = await accounts.login(services.database, body.email, body.password, secret=services.secret)
    set_session_cookie(request, response, signed_in.token)
    return LoggedIn(user=user_shape(signed_in.member), token=signed_in.token)


@_signed_in.post("/auth/logout")
async def logout(response: Response, member: InMember, db: InTransaction) -> Said:
    await accounts.end_session(db, member)
    response.delete_cookie(COOKIE)
    return Said(message="Logged out")


@_me.get("")
async def me(member: InMember) -> UserShape:
    return user_shape(member)


@_me.patch("")
async def rename(body: UserChange, member: InMember, db: InTransaction) -> UserShape:
    return user_shape(await accounts.rename(db, member, Naming(body.first_name, body.last_name, body.name)))


@_me.post("/password")
async def change_password(body: PasswordChange, member: InMember, services: InServices) -> Said:
    """The session goes on; all others of the same person end."""
    await accounts.change_password(services.database, member, body.current_password, new=body.new_password)
    return Said(message="Password changed")


router.include_router(_signed_in)
router.include_router(_me)


def user_shape(member: Member) -> UserShape:
    return UserShape(
        id=str(member.user_id),
        email=member.email,
        name=member.name,
        first_name=member.first_name,
        last_name=member.last_name,
        role=member.role,
        organization_id=str(member.org_id),
        organization=_organization(member),
        created_at=iso(member.created_at),
        updated_at=iso(member.updated_at),
        last_login_at=iso(member.last_login_at) if member.last_login_at else None,
    )


def _organization(member: Member) -> OrganizationShape:
    return OrganizationShape(id=str(member.org_id), name=member.org_name, slug=member.org_slug)
