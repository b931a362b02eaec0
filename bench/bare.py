"""The limit that capture is measured against: the same server, the same body decoded, nothing stored."""

import sys
from typing import Any

import msgspec
import uvicorn

_reply = msgspec.json.encode(
    {"ok": True, "conversationId": "0" * 36, "messagesStored": 2, "analysisQueued": True, "warnings": []}
)


async def app(scope: dict[str, Any], receive: Any, send: Any) -> None:
    if scope["type"] != "http":
        return
    message = await receive()
    msgspec.json.decode(message["body"])
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(_reply)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": _reply})


if __name__ == "__main__":
    uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[1]), log_config=None, access_log=False, lifespan="off")
