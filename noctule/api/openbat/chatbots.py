"""The chatbots of the caller's organization: list, create, read, change, archive, delete, rotate the key."""

from fastapi import APIRouter

from noctule import chatbots
from noctule.api.openbat.shapes import ChatbotChange, ChatbotShape, ChatbotStatus, ChatbotWithKey, Done, NewChatbot
from noctule.base.clock import iso
from noctule.chatbots import Chatbot
from noctule.web.callers import InMember, JsonRoute
from noctule.web.paths import chatbot_in
from noctule.web.services import InTransaction

router = APIRouter(prefix="/api/v1/chatbots", tags=["chatbots"], route_class=JsonRoute)


@router.get("")
async def list_chatbots(member: InMember, db: InTransaction) -> list[ChatbotShape]:
    return [shape(chatbot) for chatbot in await chatbots.chatbots_of(db, member.org_id)]


@router.post("")
async def create_chatbot(body: NewChatbot, member: InMember, db: InTransaction) -> ChatbotWithKey:
    chatbot, key = await chatbots.create(db, member, body.name)
    return ChatbotWithKey(chatbot=shape(chatbot), apiKey=key)


@router.get("/{chatbot_id}")
async def read_chatbot(chatbot_id: str, member: InMember, db: InTransaction) -> ChatbotShape:
    return shape(await chatbots.get(db, member.org_id, chatbot_in(chatbot_id)))


@router.patch("/{chatbot_id}")
async def change_chatbot(chatbot_id: str, body: ChatbotChange, member: InMember, db: InTransaction) -> ChatbotShape:
    changed = await chatbots.change(db, member, chatbot_in(chatbot_id), name=body.name, settings=body.settings)
    return shape(changed)


@router.delete("/{chatbot_id}")
async def delete_chatbot(chatbot_id: str, member: InMember, db: InTransaction) -> Done:
    await chatbots.delete(db, member, chatbot_in(chatbot_id))
    return Done()


@router.post("/{chatbot_id}/rotate-key")
async def rotate_key(chatbot_id: str, member: InMember, db: InTransaction) -> ChatbotWithKey:
    chatbot, key = await chatbots.rotate_key(db, member, chatbot_in(chatbot_id))
    return ChatbotWithKey(chatbot=shape(chatbot), apiKey=key)


@router.get("/{chatbot_id}/status")
async def read_status(chatbot_id: str, member: InMember, db: InTransaction) -> ChatbotStatus:
    """Beside the chatbot itself, whose shape OpenBat's clients know by heart."""
    chatbot = await chatbots.get(db, member.org_id, chatbot_in(chatbot_id))
    return ChatbotStatus(
        status=chatbot.status,
        archived_at=iso(chatbot.archived_at) if chatbot.archived_at else None,
        activated_at=iso(chatbot.activated_at) if chatbot.activated_at else None,
    )


@router.post("/{chatbot_id}/archive")
async def archive_chatbot(chatbot_id: str, member: InMember, db: InTransaction) -> ChatbotShape:
    return shape(await chatbots.archive(db, member, chatbot_in(chatbot_id)))


@router.post("/{chatbot_id}/restore")
async def restore_chatbot(chatbot_id: str, member: InMember, db: InTransaction) -> ChatbotShape:
    return shape(await chatbots.restore(db, member, chatbot_in(chatbot_id)))


def shape(chatbot: Chatbot) -> ChatbotShape:
    return ChatbotShape(
        id=str(chatbot.id),
        name=chatbot.name,
        api_key_prefix=f"{chatbot.key_prefix}...",
        settings=chatbot.settings,
        created_at=iso(chatbot.created_at),
    )
