"""Requests over HTTP or HTTPS: time-outs, compression, and a way to break one off.

The standard library's client: its connection can be shut from another thread while it waits, and
HTTPS uses the system's certificates.
"""

from __future__ import annotations

import http.client
import socket
import ssl
import threading
from collections.abc import Callable
from urllib.parse import urlsplit

from app.sync import protocol
from app.sync.protocol import Problem, SyncError
from app.sync.status import NetworkError

CONNECT_TIMEOUT_S = 10.0
PREFIX = "/sync/v1/"


class HttpTransport:
    """One connection, kept open; one request at a time."""

    again = True
    """Whether a request that a kept connection did not answer is made once more."""

    def __init__(
        self, url: str, token: Callable[[], str], context: ssl.SSLContext | None = None,
        prefix: str = PREFIX,
    ) -> None:  # fmt: skip
        """`token` gives the access token for each request (and may refresh it)."""
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError(f"no address of a server: {url}")
        self._secure, self._host = parts.scheme == "https", parts.hostname
        self._port, self._base = parts.port, parts.path.rstrip("/")
        self._context = context or (ssl.create_default_context() if self._secure else None)
        self._token, self._prefix = token, prefix
        self._connection: http.client.HTTPConnection | None = None
        self._lock = threading.Lock()
        self.received = self.sent = 0
        """Bytes of bodies on the wire."""

    def call(self, method: str, path: str, body: bytes, timeout_s: float) -> bytes:
        """Raises NetworkError and SyncError."""
        headers = {"authorization": f"Bearer {self._token()}", "accept-encoding": "zstd"}
        if method == "POST":
            headers["content-type"] = "application/json"
            if len(body) >= protocol.COMPRESS_FROM:
                body = protocol.compress(body)
                headers["content-encoding"] = "zstd"
        # A connection that was kept may be dead: every request may be made twice.
        fresh = self._connection is None
        try:
            status, data = self._once(method, path, body, headers, timeout_s)
        except (OSError, http.client.HTTPException) as error:
            self._drop()
            if fresh or not self.again or isinstance(error, TimeoutError):
                raise NetworkError(str(error) or type(error).__name__) from error
            try:
                status, data = self._once(method, path, body, headers, timeout_s)
            except (OSError, http.client.HTTPException) as again:
                self._drop()
                raise NetworkError(str(again) or type(again).__name__) from again
        if status >= 400:
            raise _refusal(status, data)
        return data

    def _once(
        self, method: str, path: str, body: bytes, headers: dict[str, str], timeout_s: float
    ) -> tuple[int, bytes]:
        connection = self._open()
        assert connection.sock is not None
        connection.sock.settimeout(timeout_s)
        connection.request(method, self._base + self._prefix + path, body, headers)
        response = connection.getresponse()
        data = response.read(protocol.MAX_ANSWER + 1)
        self.sent += len(body)
        self.received += len(data)
        if len(data) > protocol.MAX_ANSWER:
            raise OSError("the answer is too large")
        if response.getheader("content-encoding") == "zstd":
            try:
                data = protocol.decompress(data, protocol.MAX_ANSWER)
            except ValueError as error:
                raise OSError(f"the answer is damaged: {error}") from error
        return response.status, data

    def _open(self) -> http.client.HTTPConnection:
        if self._connection is None:
            if self._secure:
                made: http.client.HTTPConnection = http.client.HTTPSConnection(
                    self._host, self._port, timeout=CONNECT_TIMEOUT_S, context=self._context
                )
            else:
                made = http.client.HTTPConnection(self._host, self._port, timeout=CONNECT_TIMEOUT_S)
            made.connect()
            with self._lock:
                self._connection = made
        elif self._connection.sock is None:
            self._connection.connect()
        return self._connection

    def _drop(self) -> None:
        with self._lock:
            connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()

    def cancel(self) -> None:
        """Break off what is under way, from another thread."""
        with self._lock:
            sock = self._connection.sock if self._connection else None
        if sock is not None:
            try:
                sock.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def close(self) -> None:
        """Let go of the connection."""
        self._drop()


def _refusal(status: int, data: bytes) -> Exception:
    """What a status of 400 and more means. Those of proxies are as good as no answer."""
    try:
        problem = protocol.decode(Problem, data)
    except ValueError:
        return NetworkError(f"HTTP status {status}")
    problem.status = status
    return SyncError(problem)
