"""Coming in and going out: the first account, later ones, signing in and out."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import RedirectResponse

from noctule import accounts
from noctule.accounts import LockedOut, SignedIn, WrongPassword
from noctule.base.errors import Conflict, Invalid
from noctule.dashboard.forms import Form, InForm, refused
from noctule.dashboard.rendering import render
from noctule.demo import Visitor
from noctule.web.callers import COOKIE, CredentialsFirst, InMember, refuse_foreign_page, set_session_cookie
from noctule.web.services import InServices, InTransaction, Services

router = APIRouter(include_in_schema=False)
_signed_in = APIRouter(route_class=CredentialsFirst)
_FIELDS = ("name", "email", "organization", "password")
Wanted = Annotated[str, Query(alias="next")]


@dataclass(frozen=True)
class SignUpPage:
    first: bool  # the account that will own the server
    form: Form


@dataclass(frozen=True)
class SignInPage:
    form: Form
    next: str
    sign_up: bool
    visitor: Visitor | None  # who may look around in a demo


@dataclass(frozen=True)
class InvitationOnlyPage:
    pass


@router.get("/setup")
async def setup(request: Request, db: InTransaction, services: InServices) -> Response:
    if await accounts.anyone_exists(db):
        return RedirectResponse("/sign-up" if services.settings.open_signup else "/sign-in", 303)
    return render(request, "access/sign_up.html", SignUpPage(first=True, form=Form()))


@router.get("/sign-up")
async def sign_up(request: Request, db: InTransaction, services: InServices) -> Response:
    if not await accounts.anyone_exists(db):
        return RedirectResponse("/setup", 303)
    if not services.settings.open_signup:
        return render(request, "access/invitation_only.html", InvitationOnlyPage(), status=403)
    return render(request, "access/sign_up.html", SignUpPage(first=False, form=Form()))


@router.post("/setup")
@router.post("/sign-up")
async def create_account(request: Request, services: InServices, sent: InForm) -> Response:
    refuse_foreign_page(request, services)
    name, email, organization, password = (sent.get(field, "") for field in _FIELDS)
    try:
        signed_in = await accounts.register(
            services.database, email, password, name=name, organization=organization,
            open_signup=services.settings.open_signup, secret=services.secret,
        )  # fmt: skip
    except (Invalid, Conflict) as error:
        page = SignUpPage(request.url.path == "/setup", refused(sent, error))
        return render(request, "access/sign_up.html", page, status=422)
    return _welcome(request, signed_in, "/")


@router.get("/sign-in")
async def sign_in(request: Request, services: InServices, db: InTransaction, wanted: Wanted = "/") -> Response:
    if not await accounts.anyone_exists(db):
        return RedirectResponse("/setup", 303)
    return render(request, "access/sign_in.html", _sign_in(services, Form(), own_path(wanted)))


@router.post("/sign-in")
async def start_session(request: Request, services: InServices, sent: InForm) -> Response:
    refuse_foreign_page(request, services)
    wanted = own_path(sent.get("next", "/"))
    email, password = sent.get("email", ""), sent.get("password", "")
    try:
        signed_in = await accounts.login(services.database, email, password, secret=services.secret)
    except (Invalid, WrongPassword, LockedOut) as error:
        page = _sign_in(services, refused(sent, error), wanted)
        if error.retry_after is None:
            return render(request, "access/sign_in.html", page, status=422)
        response = render(request, "access/sign_in.html", page, status=error.status)
        response.headers["retry-after"] = str(error.retry_after)
        return response
    return _welcome(request, signed_in, wanted)


@_signed_in.post("/sign-out")
async def end_session(member: InMember, db: InTransaction) -> Response:
    await accounts.end_session(db, member)
    response = RedirectResponse("/sign-in", 303)
    response.delete_cookie(COOKIE)
    return response


router.include_router(_signed_in)


def own_path(path: str) -> str:
    """A path of ours, never an address: two slashes, of either kind, would lead away from here."""
    plain = path.startswith("/") and not path.startswith("//") and path.isprintable()
    return path if plain and "\\" not in path else "/"


def _sign_in(services: Services, form: Form, wanted: str) -> SignInPage:
    return SignInPage(form, wanted, services.settings.open_signup, services.visitor)


def _welcome(request: Request, signed_in: SignedIn, path: str) -> Response:
    response = RedirectResponse(path, 303)
    set_session_cookie(request, response, signed_in.token)
    return response
