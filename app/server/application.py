"""The server's ASGI application, put together.

FastAPI, and not Litestar: MIT like it, alive, pure Python on wheels of pydantic-core for 3.11 to
3.13, imported in 0.25 s against 0.7 s, and by far the larger user base for those who write against
our API. Its validation costs a factor of six on large lists, so the sync routes answer with encoded
bytes (`Response`).
"""

from __future__ import annotations

import gc
import hmac
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import sqlalchemy as sa
from fastapi import APIRouter, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from app.domain.permission import Principal
from app.server import accounts, audit_routes, cameras, control, sharing, sync_routes
from app.server.access import Access
from app.server.blobs import Blobs
from app.server.caller import Who, address_of
from app.server.database import Database, stamp
from app.server.keys import ServerKey
from app.server.limits import LOOK, Guard, Limits, Metrics
from app.server.problem import MEDIA_TYPE, Problem
from app.server.relay import Relay, Sweeper
from app.server.rights import RIGHTS, Audience
from app.server.snapshots import Snapshots
from app.server.sync import SyncServer, note_changes
from app.store.server_models import AuditHeadRow

log = logging.getLogger("watchroom.server")
VERSION = "0.1.0"
LOOPBACK = ("127.0.0.1", "::1", "testclient")


@dataclass(frozen=True, slots=True)
class Settings:
    """What an installation chooses."""

    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    limits: Limits = field(default_factory=Limits)
    metrics_token: str = field(default="", repr=False)
    """For `/metrics` from another machine; "" answers this machine alone."""
    key: ServerKey | None = None
    """Without one, no camera passwords are kept and no audit log is exported."""
    relay: Relay | None = None
    offline_days: int = 7
    """So long a workstation may keep a camera's account while it cannot ask."""
    attachments: Path | None = None
    """Folder of attached files, the same for all processes. Default: beside the SQLite file."""


class ProblemDocument(BaseModel):
    """Every error's body. `code` is stable; `detail` is for people."""

    type: str
    status: int
    code: str
    detail: str


class Health(BaseModel):
    status: str
    version: str
    database: str
    time: str


router = APIRouter()


@router.get("/health")
def health(request: Request, who: Who) -> Health:
    """Whether the server and its database answer."""
    with who.database.reading() as session:
        session.execute(sa.select(1))
    return Health(
        status="ok",
        version=VERSION,
        database=who.database.engine.dialect.name,
        time=who.access.now().isoformat(),
    )


@router.get("/metrics", response_class=PlainTextResponse)
def metrics(request: Request, who: Who) -> str:
    """Figures for Prometheus: for this machine, or with the token of the settings."""
    settings: Settings = request.app.state.settings
    given = request.headers.get("authorization", "").removeprefix("Bearer ")
    token = settings.metrics_token
    if token:
        fine = hmac.compare_digest(given.encode(), token.encode())
    else:
        # A proxy on this machine forwards others' requests: it says so.
        fine = address_of(request) in LOOPBACK and "x-forwarded-for" not in request.headers
    if not fine:
        raise Problem(403, "not_permitted", "Figures are for this machine, or with a token.")
    with who.database.reading() as session:
        entries = session.scalar(sa.select(sa.func.sum(AuditHeadRow.number)))
    figures: Metrics = request.app.state.limits.metrics
    return figures.text({"audit_entries": float(entries or 0)})


class Application:
    """The application behind its guard; `api` is the FastAPI inside (OpenAPI, routes)."""

    def __init__(self, api: FastAPI, outermost: ASGIApp) -> None:
        self.api, self._outermost = api, outermost

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._outermost(scope, receive, send)


def create_application(database: Database, settings: Settings) -> Application:
    """The application on an open database. The caller closes the database afterwards."""
    access = Access(database, settings.clock)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        sweeper = Sweeper(access, settings.relay) if settings.relay else None
        if sweeper is not None:
            sweeper.start()
        yield
        if sweeper is not None:
            await run_in_threadpool(sweeper.stop)

    problem = {
        "description": "Refused or failed: a problem document",
        "content": {MEDIA_TYPE: {"schema": ProblemDocument.model_json_schema()}},
    }
    api = FastAPI(
        title="Watchroom",
        version=VERSION,
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        separate_input_output_schemas=False,
        responses={"4XX": problem, "5XX": problem},
        exception_handlers={
            Problem: _problem,
            RequestValidationError: _invalid,
            HTTPException: _http,
            sa.exc.OperationalError: _no_database,
            sa.exc.InterfaceError: _no_database,
            sa.exc.TimeoutError: _no_database,
            Exception: _internal,
        },
    )
    guard = Guard(api, settings.limits, Metrics())
    waiting = sync_routes.Waiting(guard)
    api.state.database, api.state.access, api.state.settings = database, access, settings
    api.state.limits = guard
    parts = (accounts.router, cameras.router, control.router, sharing.router, audit_routes.router)
    for part in (router, *parts):
        api.include_router(part)
    api.include_router(_sync(database, access, guard, settings, waiting))
    _describe(api)
    return Application(api, waiting)


def calm_collector() -> None:
    """For a process that is nothing but a server, once it is put together: what is there by now
    stays, and looking for circles among the rows of each page took a quarter of a load's time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


def _describe(api: FastAPI) -> None:
    """Put into the OpenAPI document which operations need a sign-in, and for which roles."""
    document = api.openapi()
    document.setdefault("components", {})["securitySchemes"] = {
        "token": {"type": "http", "scheme": "bearer"}
    }
    for path, item in document["paths"].items():
        for method, operation in item.items():
            right = RIGHTS[f"{method.upper()} {path}"]
            if right.audience is not Audience.EVERYBODY:
                operation["security"] = [{"token": []}]
                operation["x-roles"] = {
                    "own": sorted(right.own),
                    "granted": sorted(right.granted),
                    "foreign": sorted(right.foreign),
                }


def _sync(
    database: Database,
    access: Access,
    guard: Guard,
    settings: Settings,
    waiting: sync_routes.Waiting,
) -> APIRouter:
    """The routes of `docs/sync.md`. What a person may do there is decided row by row."""

    def principal(request: Request) -> Principal:
        who = access.principal(request)
        look = request.scope.get(LOOK)
        if look is None or not look.again:
            guard.count_account(who.user_id)
        return who

    access.entity_written = lambda session, kind, identity: note_changes(
        session, stamp(access.now()), "", {kind: [identity]}
    )
    file = database.engine.url.database if database.sqlite else None
    if settings.attachments is None and not file:
        raise ValueError("a server on PostgreSQL must be told where it keeps attachments")
    folder = settings.attachments or Path(str(file)).parent / "attachments"
    sync = SyncServer(database, access, snapshots=Snapshots(folder / "snapshots"))
    waiting.pulse = sync_routes.Pulse(sync.pulse)
    return sync_routes.router(sync, Blobs(database, access, folder), principal)


async def _problem(_: Request, error: Exception) -> Response:
    assert isinstance(error, Problem)
    return error.response()


async def _invalid(_: Request, error: Exception) -> Response:
    """Where the request is wrong and why, never what was in it."""
    assert isinstance(error, RequestValidationError)
    wrong = [
        {"where": ".".join(str(part) for part in e["loc"]), "why": e["type"]}
        for e in error.errors()[:20]
    ]
    first = wrong[0] if wrong else {"where": "", "why": ""}
    code = "page_too_large" if first["where"] == "query.limit" else "invalid"
    return Problem(422, code, f"{first['where']}: {first['why']}", errors=wrong).response()


async def _http(_: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    code = {404: "no_such_path", 405: "method_not_allowed"}.get(error.status_code, "invalid")
    response = Problem(error.status_code, code, str(error.detail)).response()
    response.headers.update(error.headers or {})
    return response


async def _no_database(_: Request, error: Exception) -> Response:
    log.error("database", exc_info=error)
    problem = Problem(503, "database_down", "The database does not answer. Try again.")
    return problem.response()


async def _internal(_: Request, __: Exception) -> Response:
    return Problem(500, "internal", "The server failed. It is in its log.").response()
