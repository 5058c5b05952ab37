"""What holds for every request: size, rate, time; a line of log and the figures of each.

Rates are counted in this process: with n processes behind a proxy, n times the limit is the most
that passes. Failed sign-ins are counted in the database, for all processes together.
"""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock

from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.server.problem import Problem

log = logging.getLogger("watchroom.server")
MAX_KEYS = 50_000
UNCOUNTED = ("/health", "/api/relay/authorise")  # the relay asks for everybody
GONE = 499
"""In log and figures: who asked did not wait for the answer."""
BUCKETS = (0.005, 0.025, 0.1, 0.5, 1.0, 5.0, 30.0)  # seconds


@dataclass(frozen=True, slots=True)
class Limits:
    """How much is too much. Sizes in bytes, times in seconds, rates in requests a second."""

    body: int = 4 * 1024 * 1024
    large_body: int = 9 * 1024 * 1024
    """For parts of attachments, under `/sync/v1/blobs/`."""
    seconds: float = 60.0
    """Until an answer begins."""
    streaming_seconds: float = 900.0
    """Until it ends: a first load on a slow line."""
    rate: float = 50.0
    burst: float = 200.0


class Buckets:
    """A token bucket a key; the keys that were not seen for longest are forgotten. Thread-safe."""

    def __init__(self, rate: float, burst: float, clock: Callable[[], float] = time.monotonic):
        self._rate, self._burst, self._clock, self._lock = rate, burst, clock, Lock()
        self._levels: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, key: str) -> float:
        """Takes one; seconds to wait if there is none, else 0."""
        now = self._clock()
        with self._lock:
            level, at = self._levels.pop(key, (self._burst, now))
            level = min(self._burst, level + (now - at) * self._rate)
            wait = 0.0 if level >= 1 else (1 - level) / self._rate
            self._levels[key] = (level if wait else level - 1, now)
            if len(self._levels) > MAX_KEYS:
                self._levels.popitem(last=False)
        return wait


class Metrics:
    """Figures for Prometheus. Thread-safe."""

    def __init__(self) -> None:
        self._lock, self.waiting = Lock(), 0
        self._requests: dict[tuple[str, str, int], list[float]] = {}

    def count(self, method: str, path: str, status: int, seconds: float) -> None:
        """One answered request; `path` is the route's, so that ids make no series."""
        with self._lock:
            row = self._requests.setdefault((method, path, status), [0.0] * (len(BUCKETS) + 2))
            for index, bound in enumerate(BUCKETS):
                row[index] += seconds <= bound
            row[-2] += 1
            row[-1] += seconds

    def text(self, gauges: dict[str, float]) -> str:
        """The exposition format, version 0.0.4."""
        name = "watchroom_request_seconds"
        lines = [f"# HELP {name} Time to answer.", f"# TYPE {name} histogram"]
        with self._lock:
            rows = sorted((key, list(row)) for key, row in self._requests.items())
        for (method, path, status), row in rows:
            labels = f'method="{method}",path="{path}",status="{status}"'
            for bound, value in zip((*BUCKETS, "+Inf"), row, strict=False):
                lines.append(f'{name}_bucket{{{labels},le="{bound}"}} {value:.0f}')
            lines.append(f"{name}_count{{{labels}}} {row[-2]:.0f}")
            lines.append(f"{name}_sum{{{labels}}} {row[-1]:.6f}")
        for gauge, value in {"requests_in_progress": self.waiting, **gauges}.items():
            lines += [f"# TYPE watchroom_{gauge} gauge", f"watchroom_{gauge} {value:g}"]
        return "\n".join(lines) + "\n"


LOOK = "watchroom.look"
"""In the scope of a request: whoever asks waits for news outside of all this (`Waiting`)."""


class Look:
    """One look for news. `left`: so many seconds it may go on waiting; 0: this is the answer."""

    __slots__ = ("again", "began", "left")

    def __init__(self, began: float, again: bool) -> None:
        """`began`: when the question came (`perf_counter`)."""
        self.began, self.again, self.left = began, again, 0.0


class Guard:
    """Around the whole application. What it refuses never reaches it."""

    def __init__(self, application: ASGIApp, limits: Limits, metrics: Metrics) -> None:
        self._application, self.limits, self.metrics = application, limits, metrics
        self._addresses = Buckets(limits.rate, limits.burst)
        self._accounts = Buckets(limits.rate, limits.burst)

    def count_account(self, account_id: str) -> None:
        """Raises Problem 429 `too_fast` when this account asks too often."""
        _refuse_if(self._accounts.take(account_id))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._application(scope, receive, send)
            return
        look: Look | None = scope.get(LOOK)
        began, status, started = look.began if look else time.perf_counter(), 500, False
        refusals: list[Problem] = []

        async def sending(message: Message) -> None:
            nonlocal status, started
            if message["type"] == "http.response.start":
                started, status = True, message["status"]
                headers = [(b"x-content-type-options", b"nosniff")]
                if scope["path"].startswith("/api/"):
                    headers.append((b"cache-control", b"no-store"))
                message = {**message, "headers": [*message["headers"], *headers]}
            await send(message)

        self.metrics.waiting += 1
        try:
            if scope["path"] not in UNCOUNTED and not (look and look.again):
                _refuse_if(self._addresses.take(_address(scope)))
            limited = self._limited(scope, receive, refusals)
            await self._within_time(scope, limited, sending, refusals, lambda: started)
        except ClientDisconnect:
            status = GONE  # nobody is there to be answered, and nothing failed
        except Exception as error:
            if look is not None:
                look.left = 0.0
            if isinstance(error, ClientDisconnect):
                error = Problem(400, "cut_off", "The request broke off.")
            elif not isinstance(error, Problem):
                # Never the exception's text: it may hold what is secret (see `JsonLines`).
                log.exception("unexpected")
                error = Problem(500, "internal", "The server failed. It is in its log.")
            if not started:
                await error.response()(scope, receive, sending)
        finally:
            self.metrics.waiting -= 1
            if look is None or look.left <= 0:
                self._note(scope, status, time.perf_counter() - began)

    def _note(self, scope: Scope, status: int, seconds: float) -> None:
        """A line of log, and the figures."""
        route = getattr(scope.get("route"), "path", "(none)")
        self.metrics.count(scope["method"], route, status, seconds)
        person = scope.get("state", {}).get("principal")
        fields = {
            "method": scope["method"],
            "path": route,  # the route's: an address may hold an id, a query a token
            "status": status,
            "ms": round(seconds * 1000, 1),
            "user": getattr(person, "user_id", ""),
            "address": _address(scope),
        }
        log.info("request", extra={"fields": fields})

    async def _within_time(
        self,
        scope: Scope,
        receive: Receive,
        send: Send,
        refusals: list[Problem],
        started: Callable[[], bool],
    ) -> None:
        """Runs the application. Raises what was refused, and Problem 503 `too_slow`.

        The application is not waited for then: a worker thread that waits for the database ends
        when that ends. What it would still send is dropped.
        """
        loop = asyncio.get_running_loop()
        over: asyncio.Future[None] = loop.create_future()

        async def gated(message: Message) -> None:
            if not over.done() and (started() or not refusals):
                await send(message)

        def finish(_: object = None) -> None:
            if not over.done():
                over.set_result(None)

        def expire() -> None:
            if started() and not over.done() and loop.time() < streaming_until:
                timers.append(loop.call_later(self.limits.seconds, expire))
            else:
                finish()

        streaming_until = loop.time() + self.limits.streaming_seconds
        work = asyncio.ensure_future(self._application(scope, receive, gated))
        work.add_done_callback(finish)
        timers = [loop.call_later(self.limits.seconds, expire)]
        try:
            await over
        finally:
            timers[-1].cancel()
            if not work.done():
                work.cancel()
                work.add_done_callback(lambda done: done.cancelled() or done.exception())
        if refusals:
            raise refusals[0]
        if not work.done():
            raise Problem(503, "too_slow", "This took too long. Try again.")
        work.result()

    def _limited(self, scope: Scope, receive: Receive, refusals: list[Problem]) -> Receive:
        """`receive` that counts. Raises Problem 413 `too_large`; at once where the size is told,
        else later, and puts it into `refusals`: frameworks make a 400 of any failure there."""
        large = scope["path"].startswith("/sync/v1/blobs/")
        most = self.limits.large_body if large else self.limits.body
        told = next((v for k, v in scope["headers"] if k == b"content-length"), b"0")
        refusal = Problem(413, "too_large", f"At most {most} bytes.", limit=most)
        if not told.isdigit() or len(told) > 15 or int(told) > most:
            raise refusal
        size = 0

        async def counting() -> Message:
            nonlocal size
            message = await receive()
            size += len(message.get("body", b""))
            if size > most:
                refusals.append(refusal)
                raise refusal
            return message

        return counting


def _address(scope: Scope) -> str:
    return str(scope["client"][0]) if scope["client"] else ""


def _refuse_if(wait: float) -> None:
    if wait:
        seconds = max(1, round(wait))
        raise Problem(429, "too_fast", "Too many requests. Wait a little.", retry_after=seconds)


class JsonLines(logging.Formatter):
    """One JSON object a line. Of an exception: its type and where, not its text."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created))
            + f".{record.msecs:03.0f}Z",
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            **getattr(record, "fields", {}),
        }
        if record.exc_info and record.exc_info[0] is not None:
            line["error"] = record.exc_info[0].__name__
            trace = record.exc_info[2]
            where = []
            while trace is not None:
                code = trace.tb_frame.f_code
                where.append(f"{code.co_filename.rsplit('/', 1)[-1]}:{trace.tb_lineno}")
                trace = trace.tb_next
            line["where"] = where[-8:]
        return json.dumps(line, ensure_ascii=False)
