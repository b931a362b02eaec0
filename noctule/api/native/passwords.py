"""A forgotten password, and where somebody is signed in."""

from fastapi import APIRouter, Request

from noctule import accounts
from noctule.api.native.shapes import Forgotten, NewPassword, Said, SessionList, SessionShape
from noctule.base.clock import iso
from noctule.web.callers import InMember, JsonBody, JsonRoute, refuse_foreign_page, refuse_hurry
from noctule.web.services import InServices, InTransaction

router = APIRouter(prefix="/api/v1", tags=["accounts"], route_class=JsonBody)
_signed_in = APIRouter(prefix="/users/me", route_class=JsonRoute)


@router.post("/auth/forgot")
async def forgot(body: Forgotten, request: Request, services: InServices) -> Said:
    """The answer is the same whether or not there is such an account."""
    refuse_foreign_page(request, services)
    await refuse_hurry(request, services)
    async with services.database.transaction() as db:
        await accounts.forgot(db, body.email, address=services.mail_address)
    return Said(message=accounts.FORGOT)


@router.post("/auth/reset")
async def reset_password(body: NewPassword, request: Request, services: InServices) -> Said:
    """Works once. All sessions of the person end."""
    refuse_foreign_page(request, services)
    await refuse_hurry(request, services)
    await accounts.reset_password(services.database, body.token, body.password)
    return Said(message="Password changed. Sign in with it.")


@_signed_in.get("/sessions")
async def list_sessions(member: InMember, db: InTransaction) -> SessionList:
    found = await accounts.sessions_of(db, member)
    return SessionList(
        sessions=[
            SessionShape(
                organization=one.org_name,
                created_at=iso(one.created_at),
                expires_at=iso(one.expires_at),
                current=one.id == member.session_id,
            )
            for one in found
        ]
    )


@_signed_in.delete("/sessions")
async def end_other_sessions(member: InMember, db: InTransaction) -> Said:
    """All but this one."""
    ended = await accounts.end_other_sessions(db, member)
    return Said(message=f"{ended} other session{'s' * (ended != 1)} ended")


router.include_router(_signed_in)
