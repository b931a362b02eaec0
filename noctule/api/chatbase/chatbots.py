"""Agents of the caller's organization: made, taught, set, listed and deleted. A chatbot of any other door is one of them."""

from collections.abc import Generator, Sequence
from contextlib import contextmanager
from typing import Any

from fastapi import APIRouter, Request

from noctule import agents, chatbots, conversations, knowledge
from noctule.accounts import Caller
from noctule.api.chatbase.bodies import CreateBody, OfChatbot, SettingsBody, UpdateBody
from noctule.api.chatbase.chat import MODEL
from noctule.api.chatbase.shapes import ChatbotList, ChatbotSaved, ChatbotShape, Status, WrappedChatbots
from noctule.base.clock import iso
from noctule.base.db import Db
from noctule.base.errors import Invalid
from noctule.base.jobs import JobState
from noctule.chatbots import Chatbot, agent_in
from noctule.knowledge import Draft
from noctule.web.callers import InCaller, JsonRoute
from noctule.web.paths import chatbot_in
from noctule.web.patience import wait_for
from noctule.web.services import InServices, InTransaction, Services

router = APIRouter(prefix="/api/v1", tags=["agents"], route_class=JsonRoute)
_LONGEST_TEXT = 4_000_000  # characters
_MOST_URLS, _LONGEST_URL = 1000, 2000
_TEXT, _PAGE = "chatbase:text", "chatbase:url:"  # how the sources of this door are named
_NAMES = {"chatbotName": "name", "temp": "temperature"}
_SETTINGS = (
    "model", "temperature", "instructions", "visibility", "initialMessages", "suggestedMessages",
    "onlyAllowOnAddedDomains", "domains", "ipLimit", "ipLimitTimeframe", "ipLimitMessage", "styles",
    "collectCustomerInformation",
)  # fmt: skip


@router.post("/create-chatbot")
async def create_chatbot(body: CreateBody, caller: InCaller, services: InServices) -> ChatbotShape:
    """Answers when it is trained, or after some seconds while it still trains."""
    drafts = _drafts(body.sourceText, body.urlsToScrape)
    if not drafts and "name_alone" not in caller.compatibility:
        raise Invalid.field("sourceText", "or urlsToScrape is required")
    job = None
    async with services.database.transaction() as db:
        with _as_sent("chatbotName"):
            chatbot, _ = await chatbots.create(db, caller, body.chatbotName)
        if drafts:
            _, job = await knowledge.add(db, caller, chatbot, drafts)
    return await _trained(services, chatbot, job)


@router.post("/update-chatbot-data")
async def update_chatbot_data(body: UpdateBody, caller: InCaller, services: InServices) -> ChatbotShape:
    """A text takes the place of the text of before, addresses that of the addresses of before."""
    drafts = _drafts(body.sourceText, body.urlsToScrape)
    job = None
    async with services.database.transaction() as db:
        chatbot = await chatbots.get(db, caller.org_id, chatbot_in(body.chatbot))
        if body.chatbotName is not None:
            with _as_sent("chatbotName"):
                chatbot = await chatbots.change(db, caller, chatbot.id, name=body.chatbotName, settings=None)
        if body.urlsToScrape is not None:
            await _forget_pages(db, caller, chatbot, kept={draft.external_id for draft in drafts})
        if drafts:
            _, job = await knowledge.add(db, caller, chatbot, drafts)
        await agents.note_change(db, chatbot.id)
    return await _trained(services, chatbot, job)


@router.post("/update-chatbot-settings")
async def update_chatbot_settings(body: SettingsBody, caller: InCaller, db: InTransaction) -> ChatbotSaved:
    """Only what is sent is changed."""
    given = body.model_dump(include={*_SETTINGS, "temp"}, exclude_none=True)
    changes = {_NAMES.get(name, name): value for name, value in given.items()}
    chatbot = await chatbots.get(db, caller.org_id, chatbot_in(body.chatbot))
    name = body.name if body.chatbotName is None else body.chatbotName
    settings = {"agent": changes} if changes else None
    with _as_sent("name" if body.chatbotName is None else "chatbotName"):
        changed = await chatbots.change(db, caller, chatbot.id, name=name, settings=settings)
    await agents.note_change(db, chatbot.id)
    [shape] = await _shapes(db, [changed])
    return ChatbotSaved(**shape.model_dump())


@router.get("/get-chatbots")
async def get_chatbots(caller: InCaller, db: InTransaction) -> ChatbotList:
    shapes = await _shapes(db, await chatbots.chatbots_of(db, caller.org_id))
    return ChatbotList(chatbots=WrappedChatbots(data=shapes) if "wrapped_lists" in caller.compatibility else shapes)


@router.delete("/delete-chatbot")
async def delete_chatbot(
    caller: InCaller, db: InTransaction, request: Request, body: OfChatbot | None = None
) -> Status:
    """With everything below it, for good. The id comes in the body, or as `chatbotId` in the query."""
    named = (body.named if body is not None else None) or request.query_params.get("chatbotId")
    if not named:
        raise Invalid.field("chatbotId", "is required")
    await chatbots.delete(db, caller, chatbot_in(named))
    return Status()


@contextmanager
def _as_sent(name: str) -> Generator[None]:
    """What is wrong with the name is told of the field that it came in."""
    try:
        yield
    except Invalid as error:
        for problem in error.problems:
            if problem.field == "name":
                raise Invalid.field(name, problem.message) from None
        raise


def _drafts(text: str | None, urls: list[str] | None) -> list[Draft]:
    """Raises Invalid, naming the field; a text of nothing but space is none."""
    drafts: list[Draft] = []
    if text is not None and text.strip():
        if len(text) > _LONGEST_TEXT:
            raise Invalid.field("sourceText", f"must have at most {_LONGEST_TEXT:,} characters")
        drafts.append(Draft("text", external_id=_TEXT, text=text))
    if len(urls or ()) > _MOST_URLS:
        raise Invalid.field("urlsToScrape", f"must have at most {_MOST_URLS:,} items")
    for place, url in enumerate(dict.fromkeys(urls or ())):
        if not url.startswith(("http://", "https://")) or len(url) > _LONGEST_URL:
            raise Invalid.field(f"urlsToScrape[{place}]", "must be an address that begins with http:// or https://")
        drafts.append(Draft("url", external_id=f"{_PAGE}{url}", url=url))
    return drafts


async def _forget_pages(db: Db, caller: Caller, chatbot: Chatbot, *, kept: set[str | None]) -> None:
    for name, source_id in (await knowledge.sources_named(db, chatbot.id, _PAGE)).items():
        if name not in kept:
            await knowledge.remove(db, caller, chatbot, source_id)


async def _trained(services: Services, chatbot: Chatbot, job: JobState | None) -> ChatbotShape:
    """The chatbot when the job is over, so that the next question is answered from what it has been taught."""
    if job is not None:
        await wait_for(services.database, chatbot.org_id, job, seconds=services.patience)
    async with services.database.transaction() as db:
        [shape] = await _shapes(db, [chatbot])
    return shape


async def _shapes(db: Db, known: Sequence[Chatbot]) -> list[ChatbotShape]:
    ids = [one.id for one in known]
    taught, standings = await knowledge.learned(db, ids), await conversations.standings_of(db, ids, most=1)
    changes = await agents.calibrations_of(db, ids)
    shapes: list[ChatbotShape] = []
    for one in known:
        own, learned, changed = agent_in(one.settings), taught.get(one.id), changes.get(one.id)
        moments = [one.created_at, learned and learned.trained_at, changed and changed.changed_at]
        last_message = standings[one.id].last_message_at
        names: dict[str, Any] = {
            "chatbotId": str(one.id),
            "chatbotName": one.name,
            "temperature": own.temperature or 0,
            "createdAt": iso(one.created_at),
            "updatedAt": iso(max(moment for moment in moments if moment)),
        }
        shapes.append(
            ChatbotShape(
                **names,
                id=names["chatbotId"],
                name=one.name,
                model=own.model or MODEL,
                temp=names["temperature"],
                instructions=own.instructions or "",
                visibility=own.visibility or "private",
                status=_status(learned.sources, learned.waiting, learned.failed) if learned else "ready",
                created_at=names["createdAt"],
                updated_at=names["updatedAt"],
                last_message_at=iso(last_message) if last_message else None,
                last_trained_at=iso(learned.trained_at) if learned and learned.trained_at else None,
                num_of_characters=learned.characters if learned else 0,
                initial_messages=list(own.initial_messages or ()),
                suggested_messages=list(own.suggested_messages or ()),
                only_allow_on_added_domains=bool(own.only_allow_on_added_domains),
                domains=list(own.domains or ()),
                ip_limit=own.ip_limit,
                ip_limit_timeframe=own.ip_limit_timeframe,
                ip_limit_message=own.ip_limit_message,
                styles=own.styles or {},
                collect_customer_information=own.collect_customer_information or {},
            )
        )
    return shapes


def _status(sources: int, waiting: int, failed: int) -> str:
    if waiting:
        return "training"
    return "failed" if failed == sources else "ready"
