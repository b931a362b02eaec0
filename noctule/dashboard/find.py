"""The palette as a page: pages and chatbots by name. With a script it opens over any page and asks as one types."""

from dataclasses import dataclass

from fastapi import APIRouter, Request, Response

from noctule import chatbots
from noctule.base.text import storable
from noctule.chatbots import Chatbot
from noctule.dashboard.frame import FRAMED
from noctule.dashboard.places import of_chatbot, of_organization
from noctule.dashboard.rendering import render
from noctule.web.callers import CredentialsFirst, InMember
from noctule.web.services import InTransaction

router = APIRouter(include_in_schema=False, route_class=CredentialsFirst, dependencies=FRAMED)
_MOST = 12
_LONGEST = 100


@dataclass(frozen=True)
class Target:
    label: str
    image: str
    href: str
    note: str = ""
    keys: str = ""


@dataclass(frozen=True)
class FindPage:
    wanted: str
    near: str  # the chatbot from whose page one asks
    places: list[tuple[str, list[Target]]]


@router.get("/find")
async def find(request: Request, member: InMember, db: InTransaction, *, q: str = "", b: str = "") -> Response:
    wanted = " ".join(q[:_LONGEST].split()) if storable(q) is None else ""
    known = await chatbots.chatbots_of(db, member.org_id)
    near = next((one for one in known if str(one.id) == b), None)
    page = FindPage(wanted, str(near.id) if near else "", _found(wanted, known, near=near))
    return render(request, "find.html", page)


def _found(wanted: str, known: list[Chatbot], *, near: Chatbot | None) -> list[tuple[str, list[Target]]]:
    here = [
        Target(place.label, place.image, place.href, keys=f"G {place.keys.upper()}")
        for place in [*(of_chatbot(near.id) if near else []), *of_organization()]
    ]
    pages = [*here, Target("New chatbot", "plus", "/chatbots/new"), Target("API reference", "code", "/docs")]
    bots = [Target(one.name, "bot", f"/b/{one.id}", "" if one.status == "active" else one.status) for one in known]
    groups = [("Pages", _fitting(wanted, pages)), ("Chatbots", _fitting(wanted, bots))]
    return [(name, fitting[:_MOST]) for name, fitting in groups if fitting]


def _fitting(wanted: str, targets: list[Target]) -> list[Target]:
    """Every word has to occur; what begins with it comes first."""
    words = wanted.casefold().split()
    fitting = [one for one in targets if all(word in one.label.casefold() for word in words)]
    return sorted(fitting, key=lambda one: not one.label.casefold().startswith(wanted.casefold()))
