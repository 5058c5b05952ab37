"""Requests that are not like others: a file straight to the disk; the first account of a server."""

from __future__ import annotations

import http.client
import json
import os
import ssl
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from app.sync.account import (
    ANSWER_TIMEOUT_S,
    Account,
    CertificateError,
    Server,
    ServerError,
    tls_context,
)
from app.sync.protocol import Problem, decode
from app.sync.status import NetworkError
from app.sync.transport import CONNECT_TIMEOUT_S

PART = 64 * 1024


def download(
    account: Account, path: str, target: Path, progress: Callable[[int], bool] = lambda _: True
) -> int:
    """Write the answer to `GET path` to a file, all of it or nothing; returns its bytes.

    `progress` hears the bytes so far, and ends it by False (returns 0). Raises ServerError,
    NetworkError, and OSError where the file cannot be written.
    """
    server = account.server
    if server is None:
        raise ServerError("not_connected", "This console is connected with no server.")
    parts, token = urlsplit(server.url), account.token()
    connection = _connection(server)
    handle, temporary = tempfile.mkstemp(dir=target.parent)
    done, whole = 0, False
    try:
        with os.fdopen(handle, "wb") as file:
            headers = {"authorization": f"Bearer {token}"}
            response = _asked(connection, "GET", parts.path.rstrip("/") + path, None, headers)
            while True:
                try:
                    part = response.read(PART)
                except (OSError, http.client.HTTPException) as error:
                    raise NetworkError(str(error) or type(error).__name__) from error
                if not part:
                    break
                file.write(part)
                done += len(part)
                if not progress(done):
                    return 0
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(target)
        whole = True
        return done
    finally:
        connection.close()
        if not whole:
            Path(temporary).unlink(missing_ok=True)


def first_administrator(server: Server, body: dict[str, Any]) -> dict[str, Any]:
    """`POST /api/setup`, for which nobody can be signed in. Raises ServerError, NetworkError.

    The tokens of the answer are dropped: one signs in as always.
    """
    connection = _connection(server)
    path = urlsplit(server.url).path.rstrip("/") + "/api/setup"
    headers = {"content-type": "application/json"}
    try:
        _asked(connection, "POST", path, json.dumps(body).encode(), headers)
    finally:
        connection.close()
    return {}


def _connection(server: Server) -> http.client.HTTPConnection:
    parts, context = urlsplit(server.url), tls_context(server)
    host = parts.hostname or ""
    if context is None:
        return http.client.HTTPConnection(host, parts.port, timeout=CONNECT_TIMEOUT_S)
    return http.client.HTTPSConnection(host, parts.port, timeout=CONNECT_TIMEOUT_S, context=context)


def _asked(
    connection: http.client.HTTPConnection, method: str, path: str, body: bytes | None,
    headers: dict[str, str],
) -> http.client.HTTPResponse:  # fmt: skip
    try:
        connection.connect()
        connection.sock.settimeout(ANSWER_TIMEOUT_S)
        connection.request(method, path, body, headers)
        response = connection.getresponse()
        refused = response.read(PART) if response.status >= 400 else b""
    except ssl.SSLCertVerificationError as error:
        raise CertificateError(str(error.verify_message or error)) from error
    except (OSError, http.client.HTTPException) as error:
        raise NetworkError(str(error) or type(error).__name__) from error
    if response.status < 400:
        return response
    try:
        problem = decode(Problem, refused)
    except ValueError:
        raise NetworkError(f"HTTP status {response.status}") from None
    raise ServerError(problem.code, problem.detail, response.status, problem.retry_after)
