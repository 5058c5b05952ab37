"""SOAP over HTTP to devices that cannot be trusted: one deadline for all of an exchange, bounded bytes.

Written for what cameras do: replies that drip, hang, never end or are bombs; HTTP Digest or
WS-UsernameToken or both; a clock of their own; certificates that they signed themselves. A `requests`
session bounds none of it (its time-out starts anew with every byte) and costs ten times the CPU.
"""

from __future__ import annotations

import base64
import contextlib
import functools
import hashlib
import ipaddress
import re
import secrets
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol
from urllib.parse import SplitResult, urlsplit
from xml.sax.saxutils import escape

import certifi
from lxml import etree

from app.devices.errors import DeviceError, ErrorCode, LockedError
from app.domain.camera import Credentials

MAX_REPLY = 4_000_000
"""Bytes of one answer; the largest honest ones (64 profiles) stay far below."""

MAX_HEAD = 32_768
KEEP_S = 20.0
"""A connection that rested longer is not used again: cameras close theirs unasked."""

SOAP = "http://www.w3.org/2003/05/soap-envelope"
_WSSE = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd"
_WSU = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd"
_DIGEST_TYPE = (
    "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-username-token-profile-1.0"
    "#PasswordDigest"
)
REFUSALS = ("notauthorized", "not authorized", "failedauthentication", "unauthorized",
            "invalid username", "invalid user", "authority failure")  # fmt: skip
"""How devices without a proper subcode say that an account is wrong."""


class Pins(Protocol):
    """Fingerprints of certificates that vouch for themselves, by "host:port"."""

    def get(self, place: str) -> str: ...  # SHA-256 as hex, or ""
    def set(self, place: str, fingerprint: str) -> None: ...


class MemoryPins(dict[str, str]):
    """Pins for as long as the program runs."""

    def get(self, place: str) -> str:  # type: ignore[override]
        return dict.get(self, place, "")

    def set(self, place: str, fingerprint: str) -> None:
        self[place] = fingerprint


def fingerprint_text(fingerprint: str) -> str:
    """A fingerprint as people compare it: "AB:CD:…"."""
    pairs = (fingerprint[i : i + 2] for i in range(0, len(fingerprint), 2))
    return ":".join(pairs).upper()


class CertificateError(DeviceError):
    """A certificate that is not trusted; `fingerprint` is what it has, `pinned` what it had."""

    def __init__(self, place: str, fingerprint: str, pinned: str) -> None:
        text = "the certificate has changed" if pinned else "the certificate is not trusted"
        super().__init__(ErrorCode.TLS, text)
        self.place, self.fingerprint, self.pinned = place, fingerprint, pinned


@functools.cache
def _context(*, verify: bool) -> ssl.SSLContext:
    authorities = ssl.get_default_verify_paths().cafile or certifi.where()
    context = ssl.create_default_context(cafile=authorities)
    if not verify:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


def _too_late() -> DeviceError:
    return DeviceError(ErrorCode.TIMEOUT, "no complete answer in time")


def _left(deadline: float) -> float:
    """Seconds left, at least a millisecond. Raises DeviceError when there are none."""
    left = deadline - time.monotonic()
    if left <= 0:
        raise _too_late()
    return max(left, 0.001)


def _addresses(host: str, port: int, deadline: float) -> list[Any]:
    """What a host name means. The system's resolver knows no time-out: it gets a thread."""
    kind = socket.SOCK_STREAM
    try:
        ipaddress.ip_address(host.partition("%")[0])
        return socket.getaddrinfo(host, port, type=kind, flags=socket.AI_NUMERICHOST)
    except ValueError:
        pass
    except OSError as error:
        raise DeviceError(ErrorCode.UNREACHABLE, "no connection to the device") from error
    found: list[Any] = []

    def ask() -> None:
        with contextlib.suppress(OSError, UnicodeError):
            found.extend(socket.getaddrinfo(host, port, type=kind))

    thread = threading.Thread(target=ask, name="resolve", daemon=True)
    thread.start()
    thread.join(_left(deadline))
    if thread.is_alive():
        raise _too_late()
    if not found:
        raise DeviceError(ErrorCode.UNREACHABLE, "the device's name is not known")
    return found


class _Line:
    """One connection to one place."""

    def __init__(self, scheme: str, host: str, port: int, pins: Pins | None) -> None:
        self.place = (scheme, host, port)
        self.used_at = time.monotonic()
        self.fingerprint = ""
        self._pins = pins
        self._buffer = bytearray()
        self.socket: socket.socket | None = None

    def close(self) -> None:
        """Hang up."""
        if self.socket is not None:
            self.socket.close()
            self.socket = None

    def open(self, deadline: float) -> None:
        """Connect; TLS is verified, or pinned on first use. Raises DeviceError or OSError."""
        scheme, host, port = self.place
        if scheme == "http":
            self.socket = self._connect(deadline)
            return
        name = f"{host}:{port}"
        pinned = self._pins.get(name) if self._pins is not None else ""
        if not pinned:
            try:
                self.socket = self._wrapped(host, deadline, verify=True)
                self.fingerprint = self._own_fingerprint()
                return
            except ssl.SSLCertVerificationError:
                pass
        self.socket = self._wrapped(host, deadline, verify=False)
        self.fingerprint = self._own_fingerprint()
        if pinned == self.fingerprint and pinned:
            return
        if pinned or self._pins is None:
            self.close()
            raise CertificateError(name, self.fingerprint, pinned)
        self._pins.set(name, self.fingerprint)

    def _own_fingerprint(self) -> str:
        assert isinstance(self.socket, ssl.SSLSocket)
        return hashlib.sha256(self.socket.getpeercert(binary_form=True) or b"").hexdigest()

    def _connect(self, deadline: float) -> socket.socket:
        _, host, port = self.place
        trouble: OSError | None = None
        for family, kind, protocol, _, address in _addresses(host, port, deadline):
            plain = socket.socket(family, kind, protocol)
            try:
                plain.settimeout(_left(deadline))
                plain.connect(address)
                plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            except OSError as error:
                plain.close()
                trouble = error
            except DeviceError:
                plain.close()
                raise
            else:
                return plain
        raise trouble or OSError("no address")

    def _wrapped(self, host: str, deadline: float, *, verify: bool) -> ssl.SSLSocket:
        plain = self._connect(deadline)
        try:
            # The time-out is for the whole handshake, not for each of its steps.
            plain.settimeout(_left(deadline))
            return _context(verify=verify).wrap_socket(plain, server_hostname=host)
        except BaseException:
            plain.close()
            raise

    def send(self, data: bytes, deadline: float) -> None:
        """Send all of it."""
        assert self.socket is not None
        self.socket.settimeout(_left(deadline))
        self.socket.sendall(data)

    def more(self, deadline: float) -> bool:
        """Read what has come; False at the end."""
        assert self.socket is not None
        self.socket.settimeout(_left(deadline))
        data = self.socket.recv(65_536)
        self._buffer += data
        return bool(data)

    def head(self, deadline: float) -> tuple[int, dict[str, str]]:
        """Status and headers (names in lower case). Raises EOFError where nothing came."""
        searched = 0
        while True:
            end = self._buffer.find(b"\r\n\r\n", max(0, searched - 3))
            if end >= 0:
                break
            searched = len(self._buffer)
            if searched > MAX_HEAD:
                raise DeviceError(ErrorCode.TOO_LARGE, "the answer's head is too large")
            if searched >= 5 and not self._buffer.startswith(b"HTTP/"):
                raise DeviceError(ErrorCode.NOT_ONVIF, "what answers there is not HTTP")
            if not self.more(deadline):
                if not self._buffer:
                    raise EOFError
                raise _cut_short()
        lines = bytes(self._buffer[:end]).decode("latin-1").split("\r\n")
        del self._buffer[: end + 4]
        found = re.match(r"HTTP/1\.[01] (\d{3})", lines[0])
        if not found:
            raise DeviceError(ErrorCode.NOT_ONVIF, "what answers there is not HTTP")
        headers: dict[str, str] = {}
        for line in lines[1:]:
            name, _, value = line.partition(":")
            key = name.strip().lower()
            # A device offers several ways to sign in, each in a header of the same name.
            headers[key] = f"{headers[key]}, {value.strip()}" if key in headers else value.strip()
        return int(found[1]), headers

    def take(self, count: int, deadline: float) -> bytes:
        """Exactly so many bytes."""
        while len(self._buffer) < count:
            if not self.more(deadline):
                raise _cut_short()
        data = bytes(self._buffer[:count])
        del self._buffer[:count]
        return data

    def line(self, deadline: float) -> bytes:
        """Up to the next line end, without it; of a chunk's size, so a short one."""
        while True:
            end = self._buffer.find(b"\r\n")
            if end >= 0:
                return self.take(end + 2, deadline)[:-2]
            if len(self._buffer) > 1024:
                raise DeviceError(ErrorCode.MALFORMED, "the answer is no proper HTTP")
            if not self.more(deadline):
                raise _cut_short()

    def rest(self, deadline: float) -> bytes:
        """All up to the end, bounded."""
        while self.more(deadline):
            if len(self._buffer) > MAX_REPLY:
                raise _too_large()
        return bytes(self._buffer)

    def chunks(self, deadline: float) -> bytes:
        """A chunked body, bounded."""
        body = bytearray()
        while True:
            text = self.line(deadline).partition(b";")[0].strip()
            if not re.fullmatch(rb"[0-9A-Fa-f]{1,8}", text):
                raise DeviceError(ErrorCode.MALFORMED, "the answer is no proper HTTP")
            size = int(text, 16)
            if len(body) + size > MAX_REPLY:
                raise _too_large()
            if size == 0:
                for _ in range(64):
                    if not self.line(deadline):
                        return bytes(body)
                raise DeviceError(ErrorCode.MALFORMED, "the answer is no proper HTTP")
            body += self.take(size, deadline)
            self.line(deadline)


def _cut_short() -> DeviceError:
    return DeviceError(ErrorCode.MALFORMED, "the answer is cut short")


def _too_large() -> DeviceError:
    return DeviceError(ErrorCode.TOO_LARGE, "the answer is larger than 4 MB")


@dataclass(slots=True)
class _Digest:
    """A camera's challenge (RFC 7616) and how often it was answered."""

    realm: str
    nonce: str
    opaque: str
    qop: bool
    algorithm: str
    count: int = 0

    @classmethod
    def of(cls, header: str) -> _Digest | None:
        """The best of the challenges in a WWW-Authenticate header that we can answer, or None."""
        best = None
        for part in re.split(r"\b(?=Digest\s)", header, flags=re.IGNORECASE)[1:]:
            given = {
                k.lower(): (a or b)
                for k, a, b in re.findall(r'(\w+)\s*=\s*(?:"([^"]*)"|([^",\s]+))', part)
            }
            algorithm = given.get("algorithm", "MD5").upper()
            if algorithm not in ("MD5", "SHA-256") or "nonce" not in given:
                continue
            offered = {q.strip() for q in given.get("qop", "").split(",")}
            challenge = cls(given.get("realm", ""), given["nonce"], given.get("opaque", ""),
                            "auth" in offered, algorithm)  # fmt: skip
            if best is None or algorithm == "SHA-256":
                best = challenge
        return best

    def answer(self, account: Credentials, path: str, method: str = "POST") -> str:
        """The Authorization header."""

        def digest(text: str) -> str:
            name = "sha256" if self.algorithm == "SHA-256" else "md5"
            return hashlib.new(name, text.encode(), usedforsecurity=False).hexdigest()

        def quoted(text: str) -> str:
            return text.replace("\\", "\\\\").replace('"', '\\"')

        first = digest(f"{account.username}:{self.realm}:{account.password}")
        second = digest(f"{method}:{path}")
        self.count += 1
        more = ""
        if self.qop:
            number, own = f"{self.count:08x}", secrets.token_hex(8)
            response = digest(f"{first}:{self.nonce}:{number}:{own}:auth:{second}")
            more = f', qop=auth, nc={number}, cnonce="{own}"'
        else:
            response = digest(f"{first}:{self.nonce}:{second}")
        if self.opaque:
            more += f', opaque="{quoted(self.opaque)}"'
        return (
            f'Digest username="{quoted(account.username)}", realm="{quoted(self.realm)}", '
            f'nonce="{quoted(self.nonce)}", uri="{path}", algorithm={self.algorithm}, '
            f'response="{response}"{more}'
        )


@dataclass
class SoapClient:
    """Asks one device. Serialised: a device gets one question at a time.

    `signed_by` tells which way of signing it accepted: "", "token" or "digest".
    """

    account: Credentials = field(repr=False)
    timeout_s: float
    pins: Pins | None = None
    clock_offset_s: float = 0.0
    signed_by: str = ""
    fingerprint: str = ""
    until: float | None = None
    """No exchange goes on after this moment (monotonic seconds), whatever its own time-out."""
    date_header: str = ""
    aborted: bool = False
    _challenge: _Digest | None = None
    _line: _Line | None = None
    _lock: Any = field(default_factory=threading.RLock)

    def close(self) -> None:
        """Hang up; the next question connects anew."""
        line, self._line = self._line, None
        if line is not None:
            line.close()

    def abort(self) -> None:
        """Wake a thread that waits for an answer: it fails with UNREACHABLE, and so does every
        further question until `aborted` is taken back."""
        self.aborted = True
        line = self._line
        plain = line.socket if line is not None else None
        if plain is not None:
            with contextlib.suppress(OSError):
                plain.shutdown(socket.SHUT_RDWR)

    def ask(
        self,
        address: str,
        body: str,
        *,
        signed: bool = True,
        header: str = "",
        timeout_s: float | None = None,
        remeasure: Callable[[], None] | None = None,
    ) -> Any:
        """Post a body and return the root of the answer. Raises DeviceError.

        Signed as the device wants it: a UsernameToken first, HTTP Digest where it asks for that.
        Refused, `remeasure` asks for the clock again (cameras lose theirs on a reboot), and when it
        was wrong the question is put once more.
        """
        with self._lock:
            if not (signed and self.account):
                return self._once(address, body, header, "", timeout_s)
            way = self.signed_by or "token"
            try:
                return self._once(address, body, header, way, timeout_s)
            except DeviceError as error:
                if error.code is not ErrorCode.UNAUTHORIZED:
                    raise
                refused = error
            if self._challenge is None and not self.signed_by:
                # Some that want Digest say so only to who comes without a token.
                with contextlib.suppress(DeviceError):
                    self._once(address, body, header, "", timeout_s)
            if self._challenge is not None:  # of the refusal just now: a nonce that is new
                try:
                    return self._once(address, body, header, "digest", timeout_s)
                except DeviceError as error:
                    if error.code is not ErrorCode.UNAUTHORIZED:
                        raise
            if remeasure is not None:
                before = self.clock_offset_s
                remeasure()
                if abs(before - self.clock_offset_s) >= 2:
                    return self._once(address, body, header, "token", timeout_s)
            raise refused

    def try_account(self, address: str, body: str, account: Credentials) -> Any:
        """Put a question signed with this account exactly once: how, the device tells by its refusal
        of the same question unsigned. Raises DeviceError."""
        with self._lock:
            try:
                return self._once(address, body, "", "", None)  # it asks for no account
            except LockedError:
                raise
            except DeviceError as error:
                if error.code is not ErrorCode.UNAUTHORIZED:
                    raise
            self.account = account
            way = "digest" if self._challenge is not None else "token"
            return self._once(address, body, "", way, None)

    def _once(self, address: str, body: str, header: str, way: str, timeout_s: float | None) -> Any:
        try:
            parts = urlsplit(address)
            scheme, host, port = parts.scheme, parts.hostname, parts.port
        except ValueError as error:
            raise DeviceError(ErrorCode.BAD_ADDRESS, "this is no address") from error
        if scheme not in ("http", "https") or not host:
            raise DeviceError(ErrorCode.BAD_ADDRESS, "this is no address")
        place = (scheme, host, port or (443 if scheme == "https" else 80))
        path = parts.path or "/"
        if parts.query:
            path += f"?{parts.query}"
        if re.search(r"[\x00-\x20\x7f-\uffff]", path):
            raise DeviceError(ErrorCode.BAD_ADDRESS, "this is no address")
        head = ""
        if way == "digest" and self._challenge is not None:
            head = f"Authorization: {self._challenge.answer(self.account, path)}\r\n"
        elif way:
            header = self._token() + header
        content = (
            f'<?xml version="1.0" encoding="UTF-8"?><s:Envelope xmlns:s="{SOAP}">'
            f"<s:Header>{header}</s:Header><s:Body>{body}</s:Body></s:Envelope>"
        ).encode()
        request = (
            f"POST {path} HTTP/1.1\r\nHost: {_host_header(parts)}\r\n{head}"
            "Content-Type: application/soap+xml; charset=utf-8\r\nAccept-Encoding: identity\r\n"
            f"User-Agent: Watchroom\r\nContent-Length: {len(content)}\r\n\r\n"
        ).encode() + content
        deadline = time.monotonic() + (timeout_s or self.timeout_s)
        if self.until is not None:
            deadline = min(deadline, self.until)
        status, headers, data = self._exchange(place, request, deadline)
        self.date_header = headers.get("date", "")
        if status in (423, 429) or (status in (401, 403) and _LOCKS.search(data[:4000])):
            raise LockedError
        if status in (401, 403):
            self._challenge = _Digest.of(headers.get("www-authenticate", ""))
            raise DeviceError(ErrorCode.UNAUTHORIZED, "user name or password refused")
        if not data.strip() or (300 <= status < 400) or status in (404, 405):
            raise DeviceError(ErrorCode.NOT_ONVIF, f"HTTP status {status}")
        root = parse_reply(data)
        fault = _fault(root, status)
        if fault is not None:
            if fault.code is ErrorCode.UNAUTHORIZED:
                self._challenge = _Digest.of(headers.get("www-authenticate", ""))
            raise fault
        if status >= 400:
            raise DeviceError(ErrorCode.NOT_ONVIF, f"HTTP status {status}")
        if way:
            self.signed_by = way
        return root

    def _token(self) -> str:
        """A UsernameToken by the device's own clock."""
        nonce = secrets.token_bytes(16)
        now = datetime.now(UTC) + timedelta(seconds=self.clock_offset_s)
        created = f"{now:%Y-%m-%dT%H:%M:%S}.{now.microsecond // 1000:03d}Z"
        digest = hashlib.sha1(
            nonce + created.encode() + self.account.password.encode(), usedforsecurity=False
        ).digest()
        return (
            f'<w:Security xmlns:w="{_WSSE}" s:mustUnderstand="1"><w:UsernameToken><w:Username>'
            f'{_text(self.account.username)}</w:Username><w:Password Type="{_DIGEST_TYPE}">'
            f"{base64.b64encode(digest).decode()}</w:Password><w:Nonce>"
            f'{base64.b64encode(nonce).decode()}</w:Nonce><u:Created xmlns:u="{_WSU}">{created}'
            "</u:Created></w:UsernameToken></w:Security>"
        )

    def _exchange(
        self, place: tuple[str, str, int], request: bytes, deadline: float
    ) -> tuple[int, dict[str, str], bytes]:
        """One request and its answer, on the connection of before where it still stands."""
        try:
            if self.aborted:
                raise EOFError
            line = self._line
            fresh = line is None or line.place != place
            if fresh or time.monotonic() - line.used_at > KEEP_S:  # type: ignore[union-attr]
                self.close()
                line = None
            if line is not None:
                try:
                    return self._on(line, request, deadline)
                except (EOFError, ConnectionError, ssl.SSLError):
                    if self.aborted:
                        raise
                    self.close()  # it had closed the connection meanwhile, and has read nothing
            line = self._line = _Line(*place, self.pins)
            line.open(deadline)
            self.fingerprint = line.fingerprint
            return self._on(line, request, deadline)
        except DeviceError:
            self.close()
            raise
        except TimeoutError as error:
            self.close()
            raise DeviceError(ErrorCode.TIMEOUT, "no answer in time") from error
        except ssl.SSLError as error:
            self.close()
            raise DeviceError(ErrorCode.TLS, "no common way to encrypt") from error
        except (OSError, EOFError, UnicodeError) as error:
            self.close()
            raise DeviceError(ErrorCode.UNREACHABLE, "no connection to the device") from error

    def _on(
        self, line: _Line, request: bytes, deadline: float
    ) -> tuple[int, dict[str, str], bytes]:
        line.send(request, deadline)
        status, headers = line.head(deadline)
        for _ in range(3):
            if status != 100:
                break
            status, headers = line.head(deadline)
        length = headers.get("content-length")
        lasts = headers.get("connection", "").lower() != "close"
        if "chunked" in headers.get("transfer-encoding", "").lower():
            data = line.chunks(deadline)
        elif length is not None:
            if not re.fullmatch(r"\d{1,15}", length):
                raise DeviceError(ErrorCode.MALFORMED, "the answer is no proper HTTP")
            if int(length) > MAX_REPLY:
                raise _too_large()
            data = line.take(int(length), deadline)
        else:
            data, lasts = line.rest(deadline), False
        line.used_at = time.monotonic()
        if not lasts:
            self.close()
        return status, headers, data


def _host_header(parts: SplitResult) -> str:
    """Host and port without an account and without an IPv6 scope, which means nothing there."""
    host = parts.netloc.rpartition("@")[2]
    return re.sub(r"%[^\]]*\]", "]", host)


def _text(value: str) -> str:
    """Element text; what XML cannot carry at all is left out."""
    return escape(re.sub(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", "", value))


element_text = _text


def parse_reply(body: bytes) -> Any:
    """An XML answer as a tree, without DTD or entities. Raises DeviceError."""
    if b"<!DOCTYPE" in body or b"<!ENTITY" in body:
        raise DeviceError(ErrorCode.MALFORMED, "the answer has a document type declaration")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False,
                             load_dtd=False, remove_comments=True, remove_pis=True)  # fmt: skip
    try:
        try:
            root = etree.fromstring(body, parser)
        except etree.XMLSyntaxError:
            declared = _with_prefixes(body, parser.error_log)
            if declared is None:
                raise
            root = etree.fromstring(declared, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        what = "is cut short or no XML" if b"Envelope" in body[:2000] else "is not XML"
        code = ErrorCode.MALFORMED if b"Envelope" in body[:2000] else ErrorCode.NOT_ONVIF
        raise DeviceError(code, f"the answer {what}") from error
    # The bytes may be in an encoding in which the words above look different.
    if root.getroottree().docinfo.internalDTD is not None:
        raise DeviceError(ErrorCode.MALFORMED, "the answer has a document type declaration")
    if etree.QName(root).localname != "Envelope":
        raise DeviceError(ErrorCode.NOT_ONVIF, "the answer is not SOAP")
    return root


_LOCKS = re.compile(
    rb"\block(?:ed|out)?\b|too many|" + "锁定|锁住|次数过多".encode(), re.IGNORECASE
)
"""Words of devices that have had enough of wrong passwords."""

_ONVIF = "http://www.onvif.org/"
_PREFIXES = {
    "tt": _ONVIF + "ver10/schema", "onvif": _ONVIF + "ver10/schema",
    "tds": _ONVIF + "ver10/device/wsdl", "trt": _ONVIF + "ver10/media/wsdl",
    "tr2": _ONVIF + "ver20/media/wsdl", "tptz": _ONVIF + "ver20/ptz/wsdl",
    "ptz": _ONVIF + "ver20/ptz/wsdl", "timg": _ONVIF + "ver20/imaging/wsdl",
    "tev": _ONVIF + "ver10/events/wsdl", "tns1": _ONVIF + "ver10/topics",
    "ter": _ONVIF + "ver10/error", "wsnt": "http://docs.oasis-open.org/wsn/b-2",
    "wsa": "http://www.w3.org/2005/08/addressing", "wsa5": "http://www.w3.org/2005/08/addressing",
    "xsi": "http://www.w3.org/2001/XMLSchema-instance", "xs": "http://www.w3.org/2001/XMLSchema",
    "xsd": "http://www.w3.org/2001/XMLSchema",
}  # fmt: skip
"""What ONVIF's own documents call its namespaces."""


def _with_prefixes(body: bytes, errors: Iterable[Any]) -> bytes | None:
    """The answer with the declarations that it forgot, where that is all that is wrong with it.
    `errors`: the parser's own; those of the exception are of all parsers of the thread."""
    entries = list(errors)
    wanted = {
        found[1]
        for e in entries
        if (
            found := re.match(
                r"Namespace prefix (\w+) (?:for \S+ )?on \S+ is not defined", e.message
            )
        )
    }
    only = all(e.domain_name == "NAMESPACE" for e in entries)
    start = re.search(rb"<(?:\w+:)?Envelope\b", body[:2000])
    if not only or not wanted or not wanted <= _PREFIXES.keys() or start is None:
        return None
    texts = "".join(f' xmlns:{prefix}="{_PREFIXES[prefix]}"' for prefix in sorted(wanted))
    return body[: start.end()] + texts.encode() + body[start.end() :]


def _fault(root: Any, status: int) -> DeviceError | None:
    """The fault in an answer, told by its codes: its words may be in any language."""
    fault = root.find("{*}Body/{*}Fault")
    if fault is None:
        return None
    codes = " ".join(
        (e.text or "").strip().rpartition(":")[2] for e in fault.iterfind("{*}Code//{*}Value")
    )
    codes += " " + (fault.findtext("{*}faultcode") or fault.findtext("faultcode") or "")
    texts = fault.findall("{*}Reason/{*}Text")
    lang = "{http://www.w3.org/XML/1998/namespace}lang"
    texts.sort(key=lambda t: not t.get(lang, "").lower().startswith("en"))
    reason = texts[0].text if texts else None
    reason = reason or fault.findtext("{*}faultstring") or fault.findtext("faultstring") or ""
    reason = " ".join("".join(c for c in reason if c.isprintable() or c.isspace()).split())[:200]
    everything = f"{codes} {' '.join(t.text or '' for t in texts[:20])} {reason}".lower()
    if _LOCKS.search(everything.encode()):
        return LockedError()
    if any(word in everything for word in REFUSALS):
        return DeviceError(ErrorCode.UNAUTHORIZED, "user name or password refused")
    if "ActionNotSupported" in codes:
        return DeviceError(ErrorCode.NOT_SUPPORTED, "the device cannot do this")
    return DeviceError(ErrorCode.REFUSED, reason or f"HTTP status {status}")
