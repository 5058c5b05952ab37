"""The paths of `docs/sync.md`: bytes in, bytes out; the work is done by `SyncServer` and `Blobs`."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Awaitable, Callable
from typing import Any

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response
from starlette.types import Message, Receive, Scope, Send

from app.domain.permission import Principal
from app.server.blobs import Blobs
from app.server.limits import LOOK, Guard, Look
from app.server.problem import Problem
from app.server.sync import SyncServer
from app.sync import protocol
from app.sync.protocol import Code

PULSE_S = 0.2
JITTER_S = 0.15
WATCH = "/sync/v1/watch"
LARGEST_WATCH = 64 * 1024
LOOKS = 12
"""So many look for news at once, of thousands that are woken at once: each look takes a thread, a
connection to the database and memory, and no more than the processors can do is gained by more."""

MESSAGES: dict[str, type[Any]] = {
    "hello": protocol.Place,
    "push": protocol.Push,
    "pull": protocol.Pull,
    "snapshot": protocol.SnapshotAsked,
    "visible": protocol.Place,
    "rows": protocol.RowsAsked,
    "digest": protocol.DigestAsked,
}


class Pulse:
    """Wakes those who wait: one question to the database five times a second, however many wait."""

    def __init__(self, ask: Callable[[], tuple[int, str]]) -> None:
        """`ask`: the feed's head, and the version of the rights."""
        self._ask = ask
        self.beat = asyncio.Event()
        """Set, and replaced by another, when something changed."""
        self.known: tuple[int, str] = (-1, "")
        """The last answer."""
        self._begun = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._waiting = 0

    async def join(self) -> None:
        """From now until `leave`, `beat` tells of every change. Who looks for news takes it first,
        looks, and waits for that one: what changes in between is not missed."""
        self._waiting += 1
        if self._task is None or self._task.done():
            self._begun = asyncio.Event()
            self._task = asyncio.create_task(self._run())
        await self._begun.wait()

    def leave(self) -> None:
        """As often as `join` was called."""
        self._waiting -= 1

    async def wait(self, beat: asyncio.Event, seconds: float) -> None:
        """Until something changed since `beat` was taken, or time is up."""
        try:
            async with asyncio.timeout(seconds):
                await beat.wait()
        except TimeoutError:
            return
        await asyncio.sleep(random.random() * JITTER_S)

    async def _run(self) -> None:
        first = True
        while self._waiting:
            try:
                now = await run_in_threadpool(self._ask)
            except Exception:  # the database is away: those who wait will hear it themselves
                now = self.known
            # What changed while nobody waited, each sees who looks from now on.
            changed, self.known, first = not first and now != self.known, now, False
            self._begun.set()
            if changed:
                beat, self.beat = self.beat, asyncio.Event()
                beat.set()
            await asyncio.sleep(PULSE_S)


class Waiting:
    """The outermost ASGI layer. The guard and the application look for news and answer at once; those
    who wait do it here. So a console that waits holds its socket and its question, and nothing of
    theirs: thousands do."""

    def __init__(self, guard: Guard) -> None:
        self._guard = guard
        self.pulse: Pulse | None = None
        """Set before the first request."""
        self._looks = asyncio.Semaphore(LOOKS)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        pulse = self.pulse
        asks = scope["type"] == "http" and scope["path"] == WATCH and scope["method"] == "POST"
        if pulse is None or not asks:
            await self._guard(scope, receive, send)
            return
        began, body = time.perf_counter(), await self._question(receive)
        await pulse.join()
        try:
            again = False
            while True:
                beat = pulse.beat
                async with self._looks:
                    answer, left = await self._look(scope, body, Look(began, again))
                if left <= 0:
                    for part in answer:
                        await send(part)
                    return
                answer, again = [], True
                self._guard.metrics.waiting += 1
                try:
                    await pulse.wait(beat, left)
                finally:
                    self._guard.metrics.waiting -= 1
        finally:
            pulse.leave()

    async def _question(self, receive: Receive) -> bytes:
        """The request's body. Where it is too long, too slow or cut off, a part of it: that is no
        message, and the application says so."""
        body = b""
        try:
            async with asyncio.timeout(self._guard.limits.seconds):
                while len(body) <= LARGEST_WATCH:
                    message = await receive()
                    body += message.get("body", b"")
                    if not message.get("more_body"):
                        break
        except TimeoutError:
            pass
        return body

    async def _look(self, scope: Scope, body: bytes, look: Look) -> tuple[list[Message], float]:
        """The answer, and for how long to wait before it is one."""
        asked = False
        answer: list[Message] = []

        async def receive() -> Message:
            nonlocal asked
            if asked:
                return {"type": "http.disconnect"}
            asked = True
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: Message) -> None:
            answer.append(message)

        own = {**scope, "state": dict(scope.get("state", {})), LOOK: look}
        await self._guard(own, receive, send)
        return answer, look.left


def router(sync: SyncServer, blobs: Blobs, principal: Callable[[Request], Principal]) -> APIRouter:
    """The routes. `principal` says who asks (on a worker thread), or raises Problem."""
    api = APIRouter(prefix="/sync/v1", include_in_schema=False)

    def add(method: str, path: str, work: Callable[[Request], Awaitable[Any]]) -> None:
        async def answer(request: Request) -> Response:
            return await run_in_threadpool(_response, request, await work(request))

        api.add_api_route(path, answer, methods=[method], response_model=None)

    def message(name: str) -> Callable[[Request], Awaitable[Any]]:
        async def work(request: Request) -> Any:
            body = await _body(request)

            def run() -> Any:
                who = principal(request)
                work = getattr(sync, "packed_snapshot" if name == "snapshot" else name)
                return work(who, _decode(MESSAGES[name], request, body))

            return await run_in_threadpool(run)

        return work

    for name in MESSAGES:
        add("POST", f"/{name}", message(name))

    async def watch(request: Request) -> Any:
        body = await _body(request)
        who = await run_in_threadpool(principal, request)
        asked = _decode(protocol.Watch, request, body)
        said = await run_in_threadpool(sync.news, who, asked)
        look = request.scope.get(LOOK)
        if look is not None and not said.news:
            wait = min(max(0.0, asked.wait), protocol.LONGEST_WAIT_S)
            look.left = look.began + wait - time.perf_counter()
        return said

    async def state(request: Request) -> Any:
        def run() -> Any:
            return blobs.state(principal(request), request.path_params["sha"])

        return await run_in_threadpool(run)

    async def put(request: Request) -> Any:
        data = await _body(request)

        def run() -> Any:
            part = _number(request.path_params["part"])
            return blobs.put(principal(request), request.path_params["sha"], part, data)

        return await run_in_threadpool(run)

    async def complete(request: Request) -> Any:
        body = await _body(request)

        def run() -> Any:
            size = _decode(dict[str, int], request, body).get("size", -1)
            return blobs.complete(principal(request), request.path_params["sha"], size)

        return await run_in_threadpool(run)

    async def content(request: Request) -> Any:
        def run() -> Any:
            begin = _number(request.path_params["begin"])
            return blobs.read(principal(request), request.path_params["sha"], begin)

        return await run_in_threadpool(run)

    add("POST", "/watch", watch)
    add("GET", "/blobs/{sha}", state)
    add("PUT", "/blobs/{sha}/parts/{part}", put)
    add("POST", "/blobs/{sha}/complete", complete)
    add("GET", "/blobs/{sha}/content/{begin}", content)
    return api


async def _body(request: Request) -> bytes:
    """At most MAX_BODY bytes, whatever the header says."""
    data = bytearray()
    async for part in request.stream():
        data += part
        if len(data) > protocol.MAX_BODY:
            raise Problem(413, Code.TOO_LARGE, "The request is too large.")
    return bytes(data)


def _decode(kind: Any, request: Request, body: bytes) -> Any:
    try:
        if request.headers.get("content-encoding") == "zstd":
            body = protocol.decompress(body, protocol.MAX_BODY)
        return protocol.decode(kind, body)
    except ValueError as error:
        if str(error) == "too large":
            raise Problem(413, Code.TOO_LARGE, "The request is too large.") from error
        raise Problem(422, Code.BAD_MESSAGE, "This is no message of the protocol.") from error


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 15):
        raise Problem(404, Code.NOT_FOUND, "This is no number.")
    return int(text)


def _response(request: Request, answer: Any) -> Response:
    if answer is None:
        return Response(b"{}", media_type="application/json")
    if isinstance(answer, bytes):
        return Response(answer, media_type="application/octet-stream")
    zstd, headers = "zstd" in request.headers.get("accept-encoding", ""), {}
    if isinstance(answer, protocol.Packed):
        data = answer.data if zstd else protocol.decompress(answer.data, protocol.MAX_ANSWER)
        headers = {"content-encoding": "zstd"} if zstd else {}
    else:
        data = protocol.encode(answer)
        if zstd and len(data) >= protocol.COMPRESS_FROM:
            data, headers = protocol.compress(data), {"content-encoding": "zstd"}
    return Response(data, media_type="application/json", headers=headers)
