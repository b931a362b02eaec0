"""Invitations into the caller's organization, and accepting one."""

from datetime import datetime

from fastapi import APIRouter, Request, Response

from noctule import accounts
from noctule.accounts import Invitation, Newcomer
from noctule.api.native.accounts import user_shape
from noctule.api.native.shapes import (
    Acceptance,
    InvitationList,
    InvitationMade,
    InvitationShape,
    LoggedIn,
    NewInvitation,
    Said,
)
from noctule.base.clock import iso
from noctule.base.errors import NotFound
from noctule.base.ids import parse_id
from noctule.web.callers import InMember, JsonBody, JsonRoute, member_if_any, refuse_hurry, set_session_cookie
from noctule.web.paths import address_of
from noctule.web.services import InServices, InTransaction

router = APIRouter(prefix="/api/v1", tags=["members"], route_class=JsonBody)
_signed_in = APIRouter(prefix="/orgs/me/invitations", route_class=JsonRoute)


@_signed_in.get("")
async def list_invitations(member: InMember, db: InTransaction) -> InvitationList:
    """Those that nobody has accepted yet."""
    member.must_be("admin")
    found = await accounts.invitations_of(db, member.org_id)
    return InvitationList(invitations=[_shape(one, db.now) for one in found])


@_signed_in.post("", status_code=201)
async def invite(
    body: NewInvitation, request: Request, member: InMember, db: InTransaction, services: InServices
) -> InvitationMade:
    """An earlier invitation of the same e-mail ends."""
    row, token = await accounts.invite(db, member, body.email, role=body.role, address=services.mail_address)
    link = f"{address_of(request)}/invitations/{token}"
    return InvitationMade(
        invitation=_shape(row, db.now), link=link, token=token, mail=services.mail_address is not None
    )


@_signed_in.delete("/{invitation_id}")
async def revoke_invitation(invitation_id: str, member: InMember, db: InTransaction) -> Said:
    parsed = parse_id(invitation_id)
    if parsed is None:
        raise NotFound("There is no such invitation.")
    await accounts.revoke_invitation(db, member, parsed)
    return Said(message="Invitation revoked")


@router.post("/invitations/accept")
async def accept_invitation(body: Acceptance, request: Request, response: Response, services: InServices) -> LoggedIn:
    """Signed in as whom it is for, with the password of the account with its e-mail, or with a name and a password for
    a new account.
    """
    member = await member_if_any(request, services)
    await refuse_hurry(request, services)
    signed_in = await accounts.accept_invitation(
        services.database,
        body.token,
        Newcomer(body.name or "", body.password or ""),
        member=member,
        secret=services.secret,
    )
    set_session_cookie(request, response, signed_in.token)
    return LoggedIn(message="Invitation accepted", user=user_shape(signed_in.member), token=signed_in.token)


router.include_router(_signed_in)


def _shape(one: Invitation, now: datetime) -> InvitationShape:
    return InvitationShape(
        id=str(one.id),
        email=one.email,
        role=one.role,
        invited_by=one.inviter,
        created_at=iso(one.created_at),
        expires_at=iso(one.expires_at),
        expired=one.expires_at <= now,
        mailed_at=iso(one.mailed_at) if one.mailed_at else None,
    )
