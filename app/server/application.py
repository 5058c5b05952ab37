"""The server's ASGI application, put together.

FastAPI, and not Litestar: MIT like it, released monthly, pure Python on wheels of pydantic-core
for 3.11 to 3.13, and by far the larger user base for those who write against our API. Its
validation costs a factor of six on large lists, so the sync routes answer with encoded bytes
(`Response`). Both import in well under a second.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from fastapi import FastAPI, Request
from starlette.responses import Response

from app.server.access import Access
from app.server.database import Database
from app.server.problem import Problem


@dataclass(frozen=True, slots=True)
class Settings:
    """What an installation chooses."""

    clock: Callable[[], datetime] = lambda: datetime.now(UTC)


def create_application(database: Database, settings: Settings) -> FastAPI:
    """The application on an open database. The caller closes the database afterwards."""
    application = FastAPI(title="Watchroom", docs_url=None, redoc_url=None)
    access = Access(database, settings.clock)
    application.state.database, application.state.access = database, access
    application.state.settings = settings
    application.add_exception_handler(Problem, _problem)
    return application


async def _problem(_: Request, error: Exception) -> Response:
    assert isinstance(error, Problem)
    return error.response()
