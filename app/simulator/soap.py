"""SOAP 1.2 over HTTP as ONVIF devices speak it: reading requests, checking who asks, answering."""

from __future__ import annotations

import asyncio
import base64
import gzip
import hashlib
import re
import secrets
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from xml.sax.saxutils import escape

from lxml import etree

MAX_HEAD = 16_384
MAX_BODY = 262_144
CREATED_WINDOW_S = 60.0
"""How far `Created` may be from the camera's clock; real devices allow 5 s to 300 s."""

NS = {
    "s": "http://www.w3.org/2003/05/soap-envelope",
    "tds": "http://www.onvif.org/ver10/device/wsdl",
    "trt": "http://www.onvif.org/ver10/media/wsdl",
    "tr2": "http://www.onvif.org/ver20/media/wsdl",
    "tptz": "http://www.onvif.org/ver20/ptz/wsdl",
    "timg": "http://www.onvif.org/ver20/imaging/wsdl",
    "tev": "http://www.onvif.org/ver10/events/wsdl",
    "tt": "http://www.onvif.org/ver10/schema",
    "wsnt": "http://docs.oasis-open.org/wsn/b-2",
    "wstop": "http://docs.oasis-open.org/wsn/t-1",
    "wsa": "http://www.w3.org/2005/08/addressing",
    "tns1": "http://www.onvif.org/ver10/topics",
    "ter": "http://www.onvif.org/ver10/error",
}
WSSE = (
    "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd",
    "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd",
)
TONGUES = (
    ("zh", "发送者未授权", True),
    ("de", "Absender ist nicht berechtigt", True),
    ("ru", "Отправитель не авторизован", True),
    ("es", "Operación prohibida\x85 " + "ñ" * 5000, True),
    ("en", "Sender not Authorized", False),  # the words alone, without a subcode
    ("", "error: not authorized", False),  # a SOAP 1.1 fault
)
"""How makers tell a refusal: language, words, whether with the proper subcode."""

_DECLARED = " ".join(f'xmlns:{prefix}="{uri}"' for prefix, uri in NS.items())


class Fault(Exception):  # noqa: N818 -- SOAP's own word
    """A SOAP fault with its ONVIF subcode, `more` below it, and its HTTP status.

    The camera's own failings (Action, ActionNotSupported) are the receiver's, all else the
    sender's.
    """

    def __init__(
        self, subcode: str, reason: str, *, more: str = "", status: int | None = None
    ) -> None:
        super().__init__(reason)
        ours = subcode in ("Action", "ActionNotSupported")
        self.code = "Receiver" if ours else "Sender"
        self.status = status or (500 if ours else 400)
        self.subcode, self.more, self.reason = subcode, more, reason

    def xml(self, tongue: int | None = None) -> str:
        """The fault's envelope, in one of `TONGUES` if told so."""
        if tongue is not None:
            return self._in_tongue(*TONGUES[tongue])
        inner = f"<s:Subcode><s:Value>ter:{self.more}</s:Value></s:Subcode>" if self.more else ""
        return envelope(
            f"<s:Fault><s:Code><s:Value>s:{self.code}</s:Value><s:Subcode>"
            f"<s:Value>ter:{self.subcode}</s:Value>{inner}</s:Subcode></s:Code>"
            f'<s:Reason><s:Text xml:lang="en">{escape(self.reason)}</s:Text></s:Reason></s:Fault>'
        )

    def _in_tongue(self, language: str, words: str, proper: bool) -> str:
        if not language:
            return envelope(
                f"<s:Fault><faultcode>s:Client</faultcode><faultstring>{escape(words)}"
                "</faultstring></s:Fault>"
            )
        codes = f"<s:Subcode><s:Value>ter:{self.subcode}</s:Value></s:Subcode>" if proper else ""
        return envelope(
            f"<s:Fault><s:Code><s:Value>s:{self.code}</s:Value>{codes}</s:Code><s:Reason>"
            f'<s:Text xml:lang="{language}">{escape(words)}</s:Text></s:Reason></s:Fault>'
        )


def envelope(body: str, header: str = "") -> str:
    """A SOAP envelope with every prefix of `NS` declared."""
    head = f"<s:Header>{header}</s:Header>" if header else ""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><s:Envelope {_DECLARED}>{head}'
        f"<s:Body>{body}</s:Body></s:Envelope>"
    )


@dataclass
class Request:
    """One HTTP request with its parsed SOAP body. `element` is the operation's element."""

    path: str
    headers: dict[str, str]
    element: Any
    envelope: Any

    @property
    def operation(self) -> tuple[str, str]:
        """(namespace, local name) of what is asked."""
        name = etree.QName(self.element)
        return name.namespace or "", name.localname

    def text(self, path: str) -> str | None:
        """Text of the first element at a `prefix:name/...` path below the operation, or None."""
        found = self.element.find(path, NS)
        return None if found is None else (found.text or "").strip()

    def addressing(self) -> str:
        """The WS-Addressing header of the answer, where the request carries one."""
        message = self.envelope.findtext("s:Header/wsa:MessageID", "", NS).strip()
        if not message:
            return ""
        action = self.envelope.findtext("s:Header/wsa:Action", "", NS).strip()
        answer = escape(f"{action.removesuffix('Request')}Response")
        return f"<wsa:RelatesTo>{escape(message)}</wsa:RelatesTo><wsa:Action>{answer}</wsa:Action>"

    def find(self, path: str) -> Any:
        """The first element at such a path, or None."""
        return self.element.find(path, NS)


def parse(body: bytes) -> tuple[Any, Any]:
    """(envelope, operation) of a request. Raises Fault for what is not plain SOAP."""
    if b"<!DOCTYPE" in body or b"<!ENTITY" in body:
        raise Fault("WellFormed", "document type declarations are refused")
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        huge_tree=False,
        load_dtd=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(body, parser)
    except etree.XMLSyntaxError as error:
        raise Fault("WellFormed", f"not well-formed XML: {error.msg}") from error
    # The bytes may be in an encoding in which the words above look different.
    if root.getroottree().docinfo.internalDTD is not None:
        raise Fault("WellFormed", "document type declarations are refused")
    found = root.find("s:Body", NS)
    if found is None or not len(found):
        raise Fault("WellFormed", "no SOAP 1.2 body")
    return root, found[0]


@dataclass
class Guard:
    """Checks the account of one camera: WS-UsernameToken (digest) or HTTP Digest."""

    password_of: Callable[[str], str | None]
    open: Callable[[], bool]
    realm: str = "watchroom"
    nonce: str = field(default_factory=lambda: secrets.token_hex(16))
    _seen: deque[bytes] = field(default_factory=lambda: deque(maxlen=2000))

    def challenge(self) -> str:
        """The WWW-Authenticate value."""
        return f'Digest realm="{self.realm}", qop="auth", nonce="{self.nonce}", algorithm=MD5'

    def admits(self, request: Request, clock: float, ways: str = "both") -> bool:
        """Whether the request carries this camera's account. `clock`: the camera's own time.

        `ways`: "token", "digest" or "both" are understood.
        """
        if self.open():
            return True
        if ways == "digest":
            return self._digest(request)
        token = request.envelope.find(f"s:Header//{{{WSSE[0]}}}UsernameToken", NS)
        if token is not None or ways == "token":
            return token is not None and self._token(token, clock)
        return self._digest(request)

    def _token(self, token: Any, clock: float) -> bool:
        def text(namespace: str, name: str) -> str:
            return (token.findtext(f"{{{namespace}}}{name}") or "").strip()

        nonce, created = text(WSSE[0], "Nonce"), text(WSSE[1], "Created")
        try:
            at = datetime.fromisoformat(created)
            raw = base64.b64decode(nonce, validate=True)
        except ValueError:
            return False
        if at.tzinfo is None:
            at = at.replace(tzinfo=UTC)
        if abs(at.timestamp() - clock) > CREATED_WINDOW_S or raw in self._seen:
            return False
        password = self.password_of(text(WSSE[0], "Username"))
        digest = hashlib.sha1(
            raw + created.encode() + (password or "").encode(), usedforsecurity=False
        )
        good = password is not None and _same(
            base64.b64encode(digest.digest()).decode(), text(WSSE[0], "Password")
        )
        if good:
            self._seen.append(raw)
        return good

    def _digest(self, request: Request) -> bool:
        header = request.headers.get("authorization", "")
        given = {k: a or b for k, a, b in re.findall(r'(\w+)=(?:"([^"]*)"|([^",\s]+))', header)}
        username = given.get("username", "")
        password = self.password_of(username)
        if password is None or given.get("nonce") != self.nonce:
            return False
        # A response is good for the address it was made for, not for every other one.
        if given.get("uri") != request.path:
            return False

        def md5(text: str) -> str:
            return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()

        first = md5(f"{username}:{self.realm}:{password}")
        second = md5(f"POST:{request.path}")
        if given.get("qop"):
            middle = f"{self.nonce}:{given.get('nc')}:{given.get('cnonce')}:{given.get('qop')}"
        else:
            middle = self.nonce
        expected = md5(f"{first}:{middle}:{second}")
        return _same(expected, given.get("response", ""))


def _same(expected: str, given: str) -> bool:
    return secrets.compare_digest(expected.encode(), given.encode())


async def read_request(reader: asyncio.StreamReader) -> tuple[str, dict[str, str], bytes]:
    """(path, headers, body) of one HTTP POST. Raises Fault, or EOFError at the end."""
    try:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    except asyncio.IncompleteReadError as error:
        raise EOFError from error
    except asyncio.LimitOverrunError as error:
        raise Fault("WellFormed", "request head too large", status=431) from error
    lines = head.split("\r\n")
    parts = lines[0].split(" ")
    headers = {}
    for line in lines[1:]:
        name, _, value = line.partition(":")
        headers[name.strip().lower()] = value.strip()
    if len(parts) != 3 or parts[0] != "POST":
        raise Fault("WellFormed", "only POST is served", status=405)
    length = headers.get("content-length", "")
    if not re.fullmatch(r"[0-9]{1,9}", length) or int(length) > MAX_BODY:
        raise Fault("WellFormed", "a Content-Length up to 256 KiB is required", status=413)
    try:
        return parts[1], headers, await reader.readexactly(int(length))
    except asyncio.IncompleteReadError as error:
        raise EOFError from error


def http_reply(status: int, xml: str, headers: dict[str, str] | None = None) -> bytes:
    """A whole HTTP answer."""
    body = xml.encode()
    lines = [
        f"HTTP/1.1 {status} {'OK' if status == 200 else 'Error'}",
        "Content-Type: application/soap+xml; charset=utf-8",
        f"Content-Length: {len(body)}",
        *(f"{name}: {value}" for name, value in (headers or {}).items()),
    ]
    return ("\r\n".join(lines) + "\r\n\r\n").encode() + body


def hostile(which: int) -> bytes:
    """Whole HTTP answers that are meant to hurt the one who asked."""
    name = HOSTILE[which]
    head = "HTTP/1.1 200 OK\r\nContent-Type: application/soap+xml\r\n"

    def told(data: bytes, more: str = "") -> bytes:
        return f"{head}{more}Content-Length: {len(data)}\r\n\r\n".encode() + data

    match name:
        case "deep":
            return told(envelope("<x>" * 100_000 + "</x>" * 100_000).encode())
        case "wide":
            return told(envelope("<x/>" * 900_000).encode())
        case "attributes":
            many = " ".join(f'a{i}="1"' for i in range(100_000))
            return told(envelope(f"<x {many}/>").encode())
        case "hidden-dtd":
            text = (
                '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE b [<!ENTITY a "lol">]>'
                + envelope("<x>&a;</x>").partition("?>")[2]
            )
            return told(text.encode("utf-16"))
        case "external":
            text = envelope("<x>&a;</x>").partition("?>")[2]
            return told(f'<!DOCTYPE b [<!ENTITY a SYSTEM "file:///etc/passwd">]>{text}'.encode())
        case "gzip":
            return told(gzip.compress(b"<a>" * 3_000_000), "Content-Encoding: gzip\r\n")
        case "endless-head":
            return head.encode() + b"X-Padding: 1\r\n" * 200_000
        case "negative-length":
            return f"{head}Content-Length: -1\r\n\r\n<x/>".encode()
        case "huge-length":
            return f"{head}Content-Length: 99999999999\r\n\r\n<x/>".encode()
        case "huge-chunk":
            return f"{head}Transfer-Encoding: chunked\r\n\r\nFFFFFFFF\r\n<x/>".encode()
        case "no-http":
            return b"SSH-2.0-OpenSSH_9.6\r\n"
        case "web-page":
            return told(b"<!DOCTYPE html><html><body>Login</body></html>")
        case "nothing":
            return told(b"")
        case "elsewhere":
            place = "Location: http://192.0.2.77/onvif/device_service\r\n"
            return f"HTTP/1.1 302 Found\r\n{place}Content-Length: 0\r\n\r\n".encode()
    return told(b"\x00\xff" * 1000)


HOSTILE = (
    "deep",
    "wide",
    "attributes",
    "hidden-dtd",
    "external",
    "gzip",
    "endless-head",
    "negative-length",
    "huge-length",
    "huge-chunk",
    "no-http",
    "web-page",
    "nothing",
    "elsewhere",
    "rubbish",
)
"""What `hostile` can send."""
