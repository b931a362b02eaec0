"""The web application, put together: services, routes, errors, and what stands in front of them."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI
from starlette.types import ASGIApp

from noctule import __version__, api, dashboard
from noctule.main.describe import describe
from noctule.web import errors
from noctule.web.bounds import BoundedBodies
from noctule.web.head import HeadAsGet
from noctule.web.observe import Observed
from noctule.web.services import Services


def create_app(services: Services) -> ASGIApp:
    """The whole application around services that somebody else starts and closes."""
    app = routes()
    app.state.services = services
    front = api.IngestFront(app, services, api.DOORS)
    bounded = BoundedBodies(front, {**api.BODIES, **dashboard.BODIES})
    return Observed(HeadAsGet(bounded))


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
    if app.openapi_schema is None:
        app.openapi_schema = describe(app)
    return app.openapi_schema
