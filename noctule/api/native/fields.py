"""The custom fields of a chatbot: what conversations carry, and what the team says about it."""

from typing import Literal

from fastapi import APIRouter

from noctule import chatbots
from noctule.api.native.shapes import FieldChange, FieldList, FieldShape, NewField
from noctule.base.clock import iso
from noctule.chatbots import CustomField
from noctule.web.callers import InCaller, InMember, JsonRoute
from noctule.web.paths import chatbot_in
from noctule.web.services import InTransaction

router = APIRouter(prefix="/api/v1/chatbots", tags=["custom fields"], route_class=JsonRoute)


@router.get("/{chatbot_id}/fields")
async def list_fields(
    chatbot_id: str,
    caller: InCaller,
    db: InTransaction,
    status: Literal["discovered", "track", "accept", "deny"] | None = None,
) -> FieldList:
    found = await chatbots.fields_of(db, caller.org_id, chatbot_in(chatbot_id), status=status)
    return FieldList(fields=[_shape(field) for field in found])


@router.post("/{chatbot_id}/fields", status_code=201)
async def declare_field(chatbot_id: str, body: NewField, member: InMember, db: InTransaction) -> FieldShape:
    """A key that was discovered becomes a declared one."""
    return _shape(
        await chatbots.declare_field(db, member, chatbot_in(chatbot_id), key=body.key, label=body.label, kind=body.type)
    )


@router.patch("/{chatbot_id}/fields/{key:path}")
async def change_field(chatbot_id: str, key: str, body: FieldChange, member: InMember, db: InTransaction) -> FieldShape:
    """The key may hold slashes."""
    changes = body.model_dump(exclude_unset=True)
    return _shape(await chatbots.change_field(db, member, chatbot_in(chatbot_id), key, changes=changes))


def _shape(field: CustomField) -> FieldShape:
    return FieldShape(
        key=field.key,
        label=field.label,
        type=field.type,
        status=field.status,
        sample=field.sample,
        occurrences=field.occurrences,
        created_at=iso(field.created_at),
        last_seen_at=iso(field.last_seen_at) if field.last_seen_at else None,
    )
