"""What links open: an invitation, and a new password for a forgotten one. For people who need not be signed in."""

from dataclasses import dataclass

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from noctule import accounts
from noctule.accounts import Invitation, LinkOver, LockedOut, Member, Newcomer, WrongPassword
from noctule.base.errors import Conflict, Invalid
from noctule.dashboard.forms import Form, InForm, refused
from noctule.dashboard.rendering import render
from noctule.web.callers import member_if_any, refuse_foreign_page, refuse_hurry, set_session_cookie
from noctule.web.services import InServices, services

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True)
class InvitationPage:
    invitation: Invitation
    has_account: bool
    member: Member | None  # who is signed in
    form: Form
    path: str


@dataclass(frozen=True)
class ForgotPage:
    form: Form
    sends_mail: bool
    said: str = ""


@dataclass(frozen=True)
class ResetPage:
    form: Form
    token: str
    done: bool = False


@dataclass(frozen=True)
class LinkOverPage:
    message: str


@router.get("/invitations/{token}")
async def read_invitation(request: Request, token: str, known: InServices) -> Response:
    member = await member_if_any(request, known)
    await refuse_hurry(request, known)
    try:
        return await _invitation(request, token, member)
    except LinkOver as error:
        return _over(request, error)


@router.post("/invitations/{token}")
async def accept_invitation(request: Request, token: str, known: InServices, sent: InForm) -> Response:
    member = await member_if_any(request, known)
    await refuse_hurry(request, known)
    newcomer = Newcomer(sent.get("name", ""), sent.get("password", ""))
    try:
        signed_in = await accounts.accept_invitation(
            known.database, token, newcomer, member=member, secret=known.secret
        )
    except LinkOver as error:
        return _over(request, error)
    except (Invalid, Conflict, WrongPassword, LockedOut) as error:
        response = await _invitation(request, token, member, form=refused(sent, error))
        response.status_code = 429 if error.retry_after else 422
        if error.retry_after is not None:
            response.headers["retry-after"] = str(error.retry_after)
        return response
    response = RedirectResponse("/", 303)
    set_session_cookie(request, response, signed_in.token)
    return response


@router.get("/forgot")
async def ask_for_reset(request: Request, known: InServices) -> Response:
    return render(request, "access/forgot.html", ForgotPage(Form(), known.mail_address is not None))


@router.post("/forgot")
async def forgot(request: Request, known: InServices, sent: InForm) -> Response:
    refuse_foreign_page(request, known)
    await refuse_hurry(request, known)
    sends_mail = known.mail_address is not None
    try:
        async with known.database.transaction() as db:
            await accounts.forgot(db, sent.get("email", ""), address=known.mail_address)
    except Invalid as error:
        return render(request, "access/forgot.html", ForgotPage(refused(sent, error), sends_mail), status=422)
    return render(request, "access/forgot.html", ForgotPage(Form(), sends_mail, accounts.FORGOT))


@router.get("/reset")
async def ask_for_password(request: Request, known: InServices, token: str = "") -> Response:
    await refuse_hurry(request, known)
    async with known.database.transaction() as db:
        opens = await accounts.reset_opens(db, token)
    if not opens:
        return _over(request, LinkOver())
    return render(request, "access/reset.html", ResetPage(Form(), token))


@router.post("/reset")
async def reset_password(request: Request, known: InServices, sent: InForm) -> Response:
    refuse_foreign_page(request, known)
    await refuse_hurry(request, known)
    token = sent.get("token", "")
    try:
        await accounts.reset_password(known.database, token, sent.get("password", ""))
    except LinkOver as error:
        return _over(request, error)
    except Invalid as error:
        return render(request, "access/reset.html", ResetPage(refused(sent, error), token), status=422)
    return render(request, "access/reset.html", ResetPage(Form(), "", done=True))


async def _invitation(request: Request, token: str, member: Member | None, *, form: Form | None = None) -> Response:
    """Raises LinkOver."""
    async with services(request).database.transaction() as db:
        opened = await accounts.open_invitation(db, token)
    page = InvitationPage(opened.invitation, opened.has_account, member, form or Form(), request.url.path)
    return render(request, "access/invitation.html", page)


def _over(request: Request, error: LinkOver) -> Response:
    return render(request, "access/link_over.html", LinkOverPage(error.message), status=error.status)
