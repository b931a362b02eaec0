"""Custom attributes: what a team declares of the contacts of a chatbot."""

from fastapi import APIRouter

from noctule import chatbots, people
from noctule.api.chatbase.bodies import AttributeBody
from noctule.api.chatbase.shapes import AttributeList, AttributeShape, OneAttribute
from noctule.base.errors import Invalid
from noctule.people import Attribute
from noctule.web.callers import InCaller, JsonRoute
from noctule.web.paths import chatbot_in
from noctule.web.services import InTransaction

router = APIRouter(prefix="/api/v1/chatbots/{chatbot_id}/custom-attributes", tags=["contacts"], route_class=JsonRoute)
_SAID = "Success"


@router.post("")
async def create_attribute(chatbot_id: str, body: AttributeBody, caller: InCaller, db: InTransaction) -> OneAttribute:
    for field in ("name", "type"):
        if not getattr(body, field):
            raise Invalid.field(field, "is required")
    chatbot = await chatbots.get(db, caller.org_id, chatbot_in(chatbot_id))
    made = await people.declare_attribute(
        db, caller, chatbot, name=body.name or "", kind=body.type or "", given=body.model_dump(exclude_unset=True)
    )
    return _one(made)


@router.get("")
async def list_attributes(chatbot_id: str, caller: InCaller, db: InTransaction) -> AttributeList:
    chatbot = await chatbots.get(db, caller.org_id, chatbot_in(chatbot_id))
    return AttributeList(message=_SAID, data=[_shape(one) for one in await people.attributes_of(db, chatbot.id)])


@router.put("/{name}")
async def update_attribute(
    chatbot_id: str, name: str, body: AttributeBody, caller: InCaller, db: InTransaction
) -> OneAttribute:
    """Its type may change when every value that is stored fits the new one; its name never does."""
    chatbot = await chatbots.get(db, caller.org_id, chatbot_in(chatbot_id))
    changes = body.model_dump(exclude_none=True)
    return _one(await people.change_attribute(db, caller, chatbot, name=name, changes=changes))


def _shape(one: Attribute) -> AttributeShape:
    return AttributeShape(**vars(one))


def _one(attribute: Attribute) -> OneAttribute:
    return OneAttribute(**vars(attribute), message=_SAID, data=_shape(attribute))
