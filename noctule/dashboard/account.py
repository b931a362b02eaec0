"""What somebody sees and changes about himself: name, password, and where he is signed in."""

from dataclasses import dataclass

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from noctule import accounts
from noctule.accounts import LockedOut, Member, Naming, OpenSession
from noctule.base.db import Db
from noctule.base.errors import Invalid
from noctule.dashboard.forms import Form, InForm, refused
from noctule.dashboard.frame import FRAMED
from noctule.dashboard.rendering import render
from noctule.web.callers import CredentialsFirst, InMember
from noctule.web.services import InDatabase, InTransaction

router = APIRouter(
    prefix="/settings/account", include_in_schema=False, route_class=CredentialsFirst, dependencies=FRAMED
)
_PAGE = "/settings/account"
_SAID = {"name": "Saved", "password": "Password changed; everywhere else you are signed out", "sessions": "Signed out everywhere else"}  # fmt: skip


@dataclass(frozen=True)
class AccountPage:
    member: Member
    sessions: list[OpenSession]
    naming: Form
    password: Form
    said: str = ""


@router.get("")
async def read_account(request: Request, member: InMember, db: InTransaction, saved: str = "") -> Response:
    page = await _account(db, member, said=_SAID.get(saved, ""))
    return render(request, "settings/account.html", page)


@router.post("")
async def rename(request: Request, member: InMember, db: InTransaction, sent: InForm) -> Response:
    try:
        await accounts.rename(db, member, Naming(name=sent.get("name", "")))
    except Invalid as error:
        page = await _account(db, member, naming=refused(sent, error))
        return render(request, "settings/account.html", page, status=422)
    return RedirectResponse(f"{_PAGE}?saved=name", 303)


@router.post("/password")
async def change_password(request: Request, member: InMember, database: InDatabase, sent: InForm) -> Response:
    try:
        await accounts.change_password(
            database, member, sent.get("current_password", ""), new=sent.get("new_password", "")
        )
    except (Invalid, LockedOut) as error:
        async with database.transaction() as db:
            page = await _account(db, member, password=refused(sent, error))
        response = render(request, "settings/account.html", page, status=422 if error.status == 400 else error.status)
        if error.retry_after is not None:
            response.headers["retry-after"] = str(error.retry_after)
        return response
    return RedirectResponse(f"{_PAGE}?saved=password", 303)


@router.post("/sessions")
async def end_other_sessions(member: InMember, db: InTransaction) -> Response:
    await accounts.end_other_sessions(db, member)
    return RedirectResponse(f"{_PAGE}?saved=sessions", 303)


async def _account(
    db: Db, member: Member, *, naming: Form | None = None, password: Form | None = None, said: str = ""
) -> AccountPage:
    sessions = await accounts.sessions_of(db, member)
    return AccountPage(member, sessions, naming or Form({"name": member.name}), password or Form(), said)
