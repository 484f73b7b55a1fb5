"""The application: its routes, its middleware, and the desk that is open from its start to its end."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.exceptions import ExceptionMiddleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from .desk import Desk
from .graphql import Endpoint
from .health import livez, readyz
from .metrics import MEDIA_TYPE, Counters
from .middleware import Around

CORS_HEADERS = ("accept", "authorization", "content-type", "x-request-id")
GRAPHQL = "/graphql"
SAID = {404: "Rien à cette adresse.", 405: "Méthode refusée ici."}


def assembled(
    opening: Callable[[], AbstractAsyncContextManager[Desk]],
    counters: Counters,
    routes: Iterable[BaseRoute] = (),
    origines: Sequence[str] = (),
) -> Starlette:
    """In: what opens the desk, what counts, more routes, the foreign origins whose pages may ask. Out: the application."""
    known = [*own_routes(counters), *routes]
    middleware = [Middleware(Around, counters=counters, routes=known)]
    if origines:
        middleware.append(cors(origines))
    middleware.append(Middleware(Straight, endpoint=Endpoint()))

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        async with opening() as desk:
            app.state.desk = desk
            yield

    app = House(
        routes=known, middleware=middleware, lifespan=lifespan, exception_handlers={HTTPException: plainly}
    )
    app.router.redirect_slashes = False  # a redirect would repeat the host that the client claims
    return app


class House(Starlette):
    """Starlette's application, without its own mask over faults: `Around` is outermost, and says their number."""

    def build_middleware_stack(self) -> ASGIApp:
        """Out: the middleware of the house, around what answers in plain French where nothing else does."""
        app: ASGIApp = ExceptionMiddleware(self.router, handlers=self.exception_handlers)
        for each in reversed(self.user_middleware):
            app = each.cls(app, *each.args, **each.kwargs)
        return app


class Straight:
    """The path that is asked all day does not go through the router."""

    def __init__(self, app: ASGIApp, endpoint: ASGIApp) -> None:
        """In: the rest of the application, and what answers /graphql."""
        self.app, self.endpoint = app, endpoint

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or let the router find who does."""
        is_ours = scope["type"] == "http" and scope["path"] == GRAPHQL
        await (self.endpoint if is_ours else self.app)(scope, receive, send)


def own_routes(counters: Counters) -> list[BaseRoute]:
    """Out: the paths of the edge itself."""

    async def metrics(request: Request) -> Response:
        return PlainTextResponse(counters.rendered(), media_type=MEDIA_TYPE)

    return [
        Route(GRAPHQL, Endpoint()),
        Route("/livez", livez),
        Route("/readyz", readyz),
        Route("/metrics", metrics),
    ]


def cors(origines: Sequence[str]) -> Middleware:
    """Out: what lets the pages of these origins ask. Never with cookies: there are none here."""
    return Middleware(
        CORSMiddleware,
        allow_origins=list(origines),
        allow_methods=["POST"],
        allow_headers=CORS_HEADERS,
        expose_headers=["x-request-id", "retry-after"],
    )


async def plainly(request: Request, refused: Exception) -> Response:
    """A path or a method that is not ours, in one French sentence."""
    assert isinstance(refused, HTTPException)
    text = SAID.get(refused.status_code, "Requête refusée.")
    return PlainTextResponse(text, refused.status_code, refused.headers)
