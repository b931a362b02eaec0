"""The web application, put together: services, routes, errors, and what stands in front of them."""

from functools import cache
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
    front = api.IngestFront(routes(), services, api.DOORS)
    bounded = BoundedBodies(front, {**api.BODIES, **dashboard.BODIES})
    return Observed(HeadAsGet(bounded))


@cache
def routes() -> FastAPI:
    """Made once: they know no services, each request brings its own in its scope."""
    app = FastAPI(title="Noctule", version=__version__, docs_url=None, redoc_url=None, redirect_slashes=False)
    for router in [*api.ROUTERS, *dashboard.ROUTERS]:
        app.include_router(router)
    app.mount("/static", dashboard.STATIC)
    errors.install(app, [*api.ERRORS, *dashboard.ERRORS])
    app.openapi = lambda: _openapi(app)
    return app


def create_openapi() -> dict[str, Any]:
    return routes().openapi()


def _openapi(app: FastAPI) -> dict[str, Any]:
    if app.openapi_schema is None:
        app.openapi_schema = describe(app)
    return app.openapi_schema
