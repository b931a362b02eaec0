"""How clients of OpenBat prove which chatbot they are: a bearer token, or else the header x-openbat-key."""

from starlette.types import Scope

from noctule.chatbots import KeyRevoked
from noctule.web.ingest import Origin, repeat_key_in
from noctule.web.services import Services


async def admit(services: Services, scope: Scope) -> Origin:
    """Raises KeyRevoked or TooMany."""
    chatbot_id, key_hash = await services.key_ring.open(_key_in(scope))
    await services.limiter.take(
        chatbot_id.bytes, services.settings.rate_limit
    )  # not by the key: a new one would begin anew
    now, headers = services.database.clock(), scope["headers"]
    return Origin(chatbot_id, now, key_hash, repeat_key=repeat_key_in(scope), headers=headers)


def _key_in(scope: Scope) -> str:
    """Raises KeyRevoked when there is none."""
    other = ""
    for name, value in scope["headers"]:
        if name == b"authorization" and value[:7].lower() == b"bearer ":
            return value[7:].strip().decode("latin-1")
        if name == b"x-openbat-key":
            other = value.strip().decode("latin-1")
    if not other:
        raise KeyRevoked("Missing API key")
    return other
