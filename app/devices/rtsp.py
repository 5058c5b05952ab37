"""Whether a stream takes an account: one DESCRIBE, without a picture.

Some devices keep the accounts of their streams apart from those of ONVIF.
"""

from __future__ import annotations

import base64
import contextlib
import re
import socket
import time
from urllib.parse import urlsplit

from app.devices.soap import _Digest
from app.domain.camera import Credentials

MOST = 65_536


def stream_takes(url: str, account: Credentials, timeout_s: float = 5.0) -> bool | None:
    """True or False where the stream says so; None where it does not answer, lets everybody in, or
    speaks over TLS."""
    deadline = time.monotonic() + timeout_s
    with contextlib.suppress(OSError, ValueError, UnicodeError):
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port or 554
        if parts.scheme != "rtsp" or not host or re.search(r"[\x00-\x20\x7f]", url):
            return None
        address = host.partition("%")[0] if ":" not in host else host
        with socket.create_connection((address, port), timeout_s) as line:
            status, asked = _describe(line, url, "", 1, deadline)
            if status != 401:
                return None
            challenge = _Digest.of(asked)
            if challenge is not None:
                answer = challenge.answer(account, url, "DESCRIBE")
            elif "basic" in asked.lower():
                both = f"{account.username}:{account.password}".encode()
                answer = f"Basic {base64.b64encode(both).decode()}"
            else:
                return None
            status, _ = _describe(line, url, f"Authorization: {answer}\r\n", 2, deadline)
            return False if status in (401, 403) else True if status == 200 else None
    return None


def _describe(
    line: socket.socket, url: str, header: str, number: int, deadline: float
) -> tuple[int, str]:
    """Status and challenges of one answer. Raises OSError and ValueError."""
    line.sendall(
        f"DESCRIBE {url} RTSP/1.0\r\nCSeq: {number}\r\nAccept: application/sdp\r\n{header}\r\n".encode()
    )
    data = b""
    while b"\r\n\r\n" not in data:
        left = deadline - time.monotonic()
        if left <= 0 or len(data) > MOST:
            raise TimeoutError
        line.settimeout(left)
        more = line.recv(4096)
        if not more:
            raise ConnectionError
        data += more
    head, _, rest = data.partition(b"\r\n\r\n")
    text = head.decode("latin-1")
    found = re.match(r"RTSP/1\.0 (\d{3})", text)
    if found is None:
        raise ValueError("no RTSP")
    length = re.search(r"(?im)^content-length:\s*(\d{1,6})", text)
    wanted = int(length[1]) if length else 0
    while found[1] == "401" and len(rest) < wanted <= MOST:  # before the next answer comes
        line.settimeout(max(deadline - time.monotonic(), 0.001))
        rest += line.recv(4096) or b" " * wanted
    challenges = re.findall(r"(?im)^www-authenticate:\s*(.+?)\r?$", text)
    return int(found[1]), ", ".join(challenges)
