"""The web application, put together: services, routes, errors, and what stands in front of them."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any, cast

import msgspec
from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from starlette.types import ASGIApp

from noctule import __version__, api, dashboard
from noctule.api.openbat import capture
from noctule.web import errors
from noctule.web.observe import Observed
from noctule.web.services import Services


def create_app(services: Services) -> ASGIApp:
    """The whole application around services that somebody else starts and closes."""
    app = routes()
    app.state.services = services
    return Observed(api.CaptureFront(app, services))


def routes() -> FastAPI:
    app = FastAPI(
        title="Noctule", version=__version__, docs_url=None, redoc_url=None, redirect_slashes=False, lifespan=_recording
    )
    for router in [*api.ROUTERS, *dashboard.ROUTERS]:
        app.include_router(router)
    app.mount("/static", dashboard.STATIC)
    errors.install(app, [*api.ERRORS, *dashboard.ERRORS])
    app.openapi = lambda: _openapi(app)
    return app


@asynccontextmanager
async def _recording(app: FastAPI) -> AsyncGenerator[None]:
    """What still waits when the server stops is stored before it ends."""
    recorder = app.state.services.recorder
    recorder.start()
    yield
    await recorder.close()


def create_openapi() -> dict[str, Any]:
    return routes().openapi()


def _openapi(app: FastAPI) -> dict[str, Any]:
    """FastAPI's own description, and the operations that stand in front of it."""
    if app.openapi_schema is None:
        described = get_openapi(title=app.title, version=app.version, routes=app.routes)
        body, reply = capture.CaptureBody, capture.CaptureReply
        (body_schema, reply_schema), parts = msgspec.json.schema_components(
            (body, reply), ref_template="#/components/schemas/{name}"
        )
        operation = msgspec.json.decode(
            msgspec.json.encode(_with(capture.OPERATION, {body: body_schema, reply: reply_schema}))
        )
        described.setdefault("paths", {})[capture.PATH] = {"post": operation}
        components = described.setdefault("components", {})
        components.setdefault("schemas", {}).update(parts)
        components["securitySchemes"] = {
            "session": {
                "type": "http",
                "scheme": "bearer",
                "description": "Token of a session, also as cookie auth_token.",
            },
            "organizationKey": {"type": "http", "scheme": "bearer", "description": "Key of an organization."},
            "ingestKey": {
                "type": "http",
                "scheme": "bearer",
                "description": "Key of a chatbot, also as x-openbat-key.",
            },
        }
        app.openapi_schema = described
    return app.openapi_schema


def _with(part: object, schemas: dict[type, Any]) -> Any:
    """The same structure with each msgspec type replaced by its schema."""
    if isinstance(part, dict):
        return {key: _with(value, schemas) for key, value in cast("dict[str, object]", part).items()}
    if isinstance(part, list):
        return [_with(value, schemas) for value in cast("list[object]", part)]
    return schemas.get(part, part) if isinstance(part, type) else part
