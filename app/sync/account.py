"""This console's account with the central server: enrolment, certificate, sign-in, tokens.

No Qt. Everything here may wait for the network: call it off the Qt thread. What is secret (refresh
token, verifier of the password) lies in the secret store, one record a login; what is not (address,
the certificate's fingerprint, the console's id) in `server.json` in the data folder.
"""

from __future__ import annotations

import hashlib
import http.client
import json
import os
import ssl
import tempfile
import threading
import time
import weakref
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from app.domain.person import wait_after
from app.evidence.keys import TRUSTED_FOLDER, SigningKey, console_key
from app.store.secrets import Secrets, SecretsError
from app.sync.protocol import Problem, SyncError, decode
from app.sync.status import NetworkError
from app.sync.transport import CONNECT_TIMEOUT_S, PREFIX, HttpTransport

OFFLINE_DAYS = 7
"""Offline sign-in works so long after the server last confirmed the account, unless it says else."""
ANSWER_TIMEOUT_S = 20.0
MOST = 8 * 1024 * 1024  # bytes of an answer
EARLY_S = 60.0
"""A token is renewed so long before it expires."""
RECENT = 12  # logins that are remembered for the dialog
LOOPBACK = ("127.0.0.1", "::1", "localhost")
FILE = "server.json"

# RFC 9106's second choice is 64 MiB and 3 passes; a fourth lane is of no use on small machines.
_HASHER = PasswordHasher(time_cost=3, memory_cost=64 * 1024, parallelism=1)


class ServerError(SyncError):
    """The server refused, or this console did in its stead. `code` never changes its meaning:
    the server's, or offline_unknown, offline_expired, not_connected, sign_in of our own."""

    def __init__(
        self, code: str, detail: str = "", status: int = 0, retry_after: float = 0
    ) -> None:
        super().__init__(Problem(code, detail, status=status, retry_after=retry_after))

    @property
    def detail(self) -> str:
        """For people, in English."""
        return self.problem.detail

    @property
    def status(self) -> int:
        """The HTTP status; 0 where this console refused."""
        return self.problem.status

    @property
    def retry_after(self) -> float:
        """Seconds to wait before the next try."""
        return self.problem.retry_after


class CertificateError(NetworkError):
    """The server did not prove to be the one that is meant: nothing was sent to it."""


@dataclass(frozen=True, slots=True)
class Certificate:
    """A server's certificate as it is shown to a person."""

    fingerprint: str
    """SHA-256 of the DER, 64 hex digits."""
    subject: str
    issuer: str
    not_after: datetime
    why: str = ""
    """Why it is not trusted by itself; "" where it is."""

    @property
    def readable(self) -> str:
        """The fingerprint in pairs, as other programs show it."""
        pairs = (self.fingerprint[i : i + 2] for i in range(0, 64, 2))
        return ":".join(pairs).upper()


@dataclass(frozen=True, slots=True)
class Server:
    """The server that this console is connected with."""

    url: str
    fingerprint: str = ""
    """Of the one certificate that a person compared; "": certificates are verified as usual."""
    ca: str = ""
    """Certificates (PEM) of an authority of one's own, besides the system's."""
    console_id: str = ""
    console_name: str = ""
    organisation_id: str = ""
    logins: tuple[str, ...] = ()
    """Who signed in here, the last one first."""


@dataclass(frozen=True, slots=True)
class Identity:
    """Who is signed in, as the server said."""

    user_id: str
    login: str
    name: str
    organisation_id: str = ""
    roles: tuple[str, ...] = ()
    permissions: tuple[str, ...] = ()
    """What the roles allow with the own organisation's cameras."""


@dataclass(slots=True)
class _Record:
    """What the secret store keeps of one account."""

    identity: dict[str, Any]
    verifier: str = field(repr=False)
    """argon2id of the password."""
    confirmed: str
    """When the server last confirmed the account, UTC."""
    days: int = OFFLINE_DAYS
    refresh: str = field(default="", repr=False)
    failures: int = 0
    not_before: str = ""
    version: str = ""
    """The server's word for this password; "" where it has not said yet."""
    seen: str = ""
    """The latest time this console's clock showed: one that is set back gains nothing."""


# -- addresses and certificates


def server_url(text: str) -> str:
    """An address as a person types it, as a URL. Raises ServerError `bad_address`, `insecure`."""
    text = text.strip().rstrip("/")
    if "://" not in text:
        text = "https://" + text
    try:
        parts = urlsplit(text)
        host, _ = parts.hostname, parts.port
    except ValueError:
        host = None
    if not host or parts.scheme not in ("http", "https") or parts.query or parts.fragment:
        raise ServerError("bad_address", "This is no address of a server.")
    if parts.username or parts.password:
        raise ServerError("bad_address", "An address has no name and no password in it.")
    if parts.scheme == "http" and host not in LOOPBACK:
        raise ServerError("insecure", "Passwords would cross the network in clear text.")
    return text


class _Pinned(ssl.SSLContext):
    """Trusts one certificate, whoever issued it: its fingerprint is all that counts."""

    fingerprint = ""

    def wrap_socket(self, *arguments: Any, **more: Any) -> ssl.SSLSocket:
        wrapped = super().wrap_socket(*arguments, **more)
        der = wrapped.getpeercert(binary_form=True) or b""
        if hashlib.sha256(der).hexdigest() != self.fingerprint:
            wrapped.close()
            raise ssl.SSLCertVerificationError("another certificate than the one that was compared")
        return wrapped


def tls_context(server: Server) -> ssl.SSLContext | None:
    """How connections to a server are secured; None for plain HTTP on this machine.

    Raises ServerError `bad_ca` for certificates that are none.
    """
    if not server.url.startswith("https:"):
        return None
    if server.fingerprint:
        pinned = _Pinned(ssl.PROTOCOL_TLS_CLIENT)
        pinned.minimum_version = ssl.TLSVersion.TLSv1_2
        pinned.check_hostname = False
        pinned.verify_mode = ssl.CERT_NONE  # wrap_socket does it
        pinned.fingerprint = server.fingerprint
        return pinned
    context = ssl.create_default_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if server.ca:
        try:
            context.load_verify_locations(cadata=server.ca)
        except (ssl.SSLError, ValueError) as error:
            raise ServerError("bad_ca", "The file holds no certificate (PEM).") from error
    return context


def probe(url: str, ca: str = "") -> Certificate | None:
    """Look at a server's certificate; None for plain HTTP. Sends nothing. Raises NetworkError,
    and ServerError `bad_ca`."""
    server = Server(url, ca=ca)
    context = tls_context(server)
    if context is None:
        return None
    why = ""
    try:
        der = _peer(url, context)
    except ssl.SSLCertVerificationError as error:
        why = _reason(error)
        unverified = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        unverified.check_hostname = False
        unverified.verify_mode = ssl.CERT_NONE
        try:
            der = _peer(url, unverified)
        except OSError as again:
            raise NetworkError(str(again) or type(again).__name__) from again
    except OSError as error:
        raise NetworkError(str(error) or type(error).__name__) from error
    from cryptography import x509  # at the first connection only

    try:
        read = x509.load_der_x509_certificate(der)
        subject, issuer = read.subject.rfc4514_string(), read.issuer.rfc4514_string()
        until = read.not_valid_after_utc
    except ValueError:
        subject, issuer, until = "?", "?", datetime.max.replace(tzinfo=UTC)
    return Certificate(hashlib.sha256(der).hexdigest(), subject, issuer, until, why)


def _reason(error: ssl.SSLCertVerificationError) -> str:
    return getattr(error, "verify_message", "") or str(error.args[-1])


def _peer(url: str, context: ssl.SSLContext) -> bytes:
    parts = urlsplit(url)
    connection = http.client.HTTPSConnection(
        parts.hostname or "", parts.port, timeout=CONNECT_TIMEOUT_S, context=context
    )
    try:
        connection.connect()
        sock = connection.sock
        assert isinstance(sock, ssl.SSLSocket)
        return sock.getpeercert(binary_form=True) or b""
    finally:
        connection.close()


# -- the account


class Account:
    """This console's standing with its server, and who is signed in. Thread-safe."""

    def __init__(
        self,
        secrets: Secrets,
        folder: Path,
        *,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """`folder`: the data folder; `clock` is for tests."""
        self._secrets, self._folder, self._clock = secrets, folder, clock
        self._renewing = threading.RLock()
        """Held while tokens are made: one request for them at a time."""
        self._access, self._good_until = "", 0.0
        self._refresh = self._password = ""
        self._lines: weakref.WeakSet[_Line] = weakref.WeakSet()
        self._cut = False
        self.server = _read(folder / FILE)
        """Whom this console is connected with; None works alone."""
        self.identity: Identity | None = None
        self.offline = ""
        """Why the person is signed in without the server (network, certificate); "": with it."""
        self.ended = ""
        """Why the server wants a new sign-in; "" while it does not."""

    # -- enrolment

    def enrol(
        self, url: str, code: str, name: str, *, fingerprint: str = "", ca: str = ""
    ) -> Server:
        """Connect this console with a server. `fingerprint`: of the certificate that a person
        compared (see `probe`). Raises ServerError and NetworkError."""
        server = Server(server_url(url), fingerprint, ca)
        key = self._key()
        body = {"code": code, "name": name, "public_key": key.public_pem}
        made = request(server, "POST", "/api/consoles", body)
        server = replace(
            server, console_id=str(made["id"]), console_name=str(made["name"]),
            organisation_id=str(made["organisation_id"]),
        )  # fmt: skip
        self._forget_people()
        self._use(server)
        return server

    def trust(self, fingerprint: str) -> None:
        """A person compared the server's new certificate."""
        if self.server is not None:
            self._use(replace(self.server, fingerprint=fingerprint))

    def disconnect(self) -> None:
        """Work alone from now on. What was entered and not sent stays, for a later connection."""
        self.sign_out()
        self._forget_people()
        self.server = None
        (self._folder / FILE).unlink(missing_ok=True)

    def _key(self) -> SigningKey:
        return console_key(self._secrets, self._folder / TRUSTED_FOLDER)

    def _use(self, server: Server) -> None:
        _write(self._folder / FILE, server)
        self.server = server

    def _forget_people(self) -> None:
        for login in self.server.logins if self.server else ():
            self._secrets.delete(_place(login))

    # -- signing in

    def sign_in(self, login: str, password: str) -> Identity:
        """Sign in at the server or, where it does not answer, offline (see `offline`).

        Raises ServerError: the server's wrong_password, locked (`retry_after` s), console_unknown;
        offline: wrong_password, locked, offline_unknown, offline_expired.
        """
        login = login.strip().casefold()
        with self._renewing:
            before, access = self.identity, self._access
            try:
                identity = self._begin(login, password)
                if access:
                    with suppress(NetworkError, SyncError):
                        self._ask("DELETE", "/api/session", None, access)
                if before is not None and before.login != login:
                    self._forget_refresh(before.login)
                return identity
            except NetworkError as error:
                why = "certificate" if isinstance(error, CertificateError) else "network"
            except ServerError as error:
                if error.status < 500:
                    self._refused(login, password, error)
                    raise
                why = "network"
            return self._begin_offline(login, password, why)

    def _begin(self, login: str, password: str) -> Identity:
        """Raises ServerError and NetworkError."""
        server = self._server()
        question = self._ask("POST", "/api/session/challenge", {})
        text = str(question["challenge"])
        body = {
            "login": login, "password": password, "console_id": server.console_id,
            "challenge": text, "proof": self._key().sign(text.encode()).hex(),
        }  # fmt: skip
        pair = self._ask("POST", "/api/session", body)
        said = self._ask("GET", "/api/me", None, str(pair["access"]))
        identity = Identity(
            str(said["user_id"]), login, str(said["name"]), str(said["organisation_id"]),
            tuple(said["roles"]), tuple(said["permissions"]),
        )  # fmt: skip
        days = said.get("offline_days")
        now = self._clock().isoformat()
        record = _Record(
            asdict(identity), _HASHER.hash(password), now,
            days if type(days) is int and 0 <= days <= 90 else OFFLINE_DAYS, seen=now,
            version=_version(pair),
        )  # fmt: skip
        self.identity, self.offline, self.ended, self._password = identity, "", "", ""
        self._keep(pair, record)
        logins = (login, *(other for other in server.logins if other != login))[:RECENT]
        for dropped in set(server.logins) - set(logins):
            self._secrets.delete(_place(dropped))
        if logins != server.logins:
            self._use(replace(server, logins=logins))
        self._check_others(login)
        return identity

    def _check_others(self, login: str) -> None:
        """Nobody else signs in here offline with a password that is not theirs any more."""
        records = {other: self._load(other) for other in self._server().logins if other != login}
        known = {
            str(record.identity["user_id"]): other
            for other, record in records.items()
            if record is not None and record.version
        }
        if not known:
            return
        people = [{"user_id": user, "password_version": record.version}
                  for user, other in known.items() if (record := records[other])]  # fmt: skip
        with suppress(NetworkError, SyncError, SecretsError, KeyError):
            said = self._ask("POST", "/api/me/console/people", {"people": people}, self._access)
            for user in said["changed"]:
                if user in known:
                    self._secrets.delete(_place(known[user]))

    def _use_password(self, password: str) -> None:
        """The password was changed here: it is this one that lets in from now on."""
        with self._renewing, suppress(SecretsError):
            record = self._load(self.identity.login) if self.identity else None
            if record is not None and self.identity is not None:
                record.verifier, record.version = _HASHER.hash(password), ""
                self._save(self.identity.login, record)

    def _begin_offline(self, login: str, password: str, why: str) -> Identity:
        record = self._load(login)
        if record is None:
            raise ServerError("offline_unknown", "The server does not answer, and this person has "
                              "not yet signed in on this console.")  # fmt: skip
        if self.offline_until(login) <= self._clock():
            raise ServerError("offline_expired", "The server has not confirmed this account for "
                              f"{record.days} days: sign in once it answers.")  # fmt: skip
        if not self._check(login, password):
            raise ServerError("wrong_password", "The name or the password is wrong.")
        self._access, self._good_until = "", 0.0
        self._refresh, self._password = record.refresh, password
        self.identity = _identity(record)
        self.offline, self.ended = why, ""
        return self.identity

    def offline_until(self, login: str) -> datetime:
        """Until when this account may sign in without the server (in the past: it may not)."""
        record = self._load(login)
        if record is None:
            return datetime.min.replace(tzinfo=UTC)
        if record.seen and datetime.fromisoformat(record.seen) > self._clock() + timedelta(hours=1):
            return datetime.min.replace(tzinfo=UTC)  # the clock was set back
        return datetime.fromisoformat(record.confirmed) + timedelta(days=record.days)

    def check_password(self, password: str) -> bool:
        """Whether it is the password of who is signed in, as of the last sign-in at the server.

        Raises ServerError `locked` with `retry_after` s. For the console's lock.
        """
        return self.identity is not None and self._check(self.identity.login, password)

    def _check(self, login: str, password: str) -> bool:
        """Counted before it is looked at, and kept: ending the program does not forget it."""
        record = self._load(login)
        if record is None:
            return False
        now = self._clock()
        wait = 0.0
        if record.not_before:
            wait = (datetime.fromisoformat(record.not_before) - now).total_seconds()
        if wait > 0:
            raise ServerError(
                "locked", "Too many wrong passwords. Wait, then try again.",
                retry_after=min(wait, wait_after(record.failures)),
            )  # fmt: skip
        record.failures += 1
        record.not_before = (now + timedelta(seconds=wait_after(record.failures))).isoformat()
        record.seen = max(record.seen, now.isoformat())
        self._save(login, record)
        try:
            _HASHER.verify(record.verifier, password)
        except (VerificationError, InvalidHashError):
            return False
        record.failures, record.not_before = 0, ""
        self._save(login, record)
        return True

    def _refused(self, login: str, password: str, error: ServerError) -> None:
        """What the server refuses must not work offline either: a blocked account, an old
        password, a console whose enrolment ended."""
        if error.code == "console_unknown":
            self._forget_people()
            return
        record = self._load(login)
        if error.code != "wrong_password" or record is None:
            return
        with suppress(VerificationError, InvalidHashError):
            _HASHER.verify(record.verifier, password)
            self._secrets.delete(_place(login))

    def sign_out(self) -> None:
        """End this sign-in, at the server too where it answers."""
        with self._renewing:
            if self._access:
                with suppress(NetworkError, SyncError):
                    self._ask("DELETE", "/api/session", None, self._access)
            if self.identity is not None:
                self._forget_refresh(self.identity.login)
            self._access = self._refresh = self._password = ""
            self.identity, self.offline, self.ended = None, "", ""

    def _forget_refresh(self, login: str) -> None:
        record = self._load(login)
        if record is not None and record.refresh:
            record.refresh = ""
            self._save(login, record)

    # -- tokens

    def token(self) -> str:
        """The access token, renewed when it is about to expire. For `HttpTransport`.

        Raises NetworkError, and ServerError with status 401 when a new sign-in is needed.
        """
        with self._renewing:
            if self.identity is None or self.ended:
                raise ServerError("sign_in", "Sign in again.", 401)
            if self._access and time.monotonic() < self._good_until:
                return self._access
            return self._renew(self.identity)

    def renewed(self, refused: str) -> str:
        """Another token than the one that the server refused. Raises as `token`."""
        with self._renewing:
            if self._access == refused:
                self._access = ""
            return self.token()

    def _renew(self, identity: Identity) -> str:
        if self._refresh:
            try:
                pair = self._ask("POST", "/api/session/refresh", {"refresh": self._refresh})
            except ServerError as error:
                if error.status != 401:
                    raise
                self._refresh, why = "", error.detail
            else:
                record = None
                with suppress(SecretsError):
                    record = self._load(identity.login)
                if record is not None:
                    record.confirmed = record.seen = self._clock().isoformat()
                    if record.version and record.version != _version(pair):
                        record.verifier = ""  # the password is another one now
                    record.version = _version(pair)
                self._keep(pair, record)
                self.offline = self._password = ""
                self._check_others(identity.login)
                return self._access
        else:
            why = "Sign in again."
        if self._password:
            # Signed in offline, and the server answers again: once, for it counts wrong ones.
            password, self._password = self._password, ""
            try:
                self._begin(identity.login, password)
                return self._access
            except NetworkError:
                self._password = password
                raise
            except ServerError as error:
                if error.status >= 500:
                    self._password = password
                    raise
                why = error.detail
                self._refused(identity.login, password, error)
        self.ended, self._access = why, ""
        self._secrets.delete(_place(identity.login))  # blocked there is blocked here
        raise ServerError("sign_in", why, 401)

    def _keep(self, pair: dict[str, Any], record: _Record | None) -> None:
        self._access, self._refresh = str(pair["access"]), str(pair["refresh"])
        self._good_until = time.monotonic() + max(5.0, float(pair["expires_in"]) - EARLY_S)
        if record is not None and self.identity is not None:
            record.refresh = self._refresh
            # Tokens are good without being kept; a later start then asks for the password.
            with suppress(SecretsError):
                self._save(self.identity.login, record)

    # -- requests

    def call(self, method: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        """A request of the JSON API as who is signed in, `path` from `/api/` on; {} for none.

        Raises ServerError (`code`, `detail`, `status`) and NetworkError. Made once only.
        """
        token = self.token()
        try:
            said = self._ask(method, path, body, token)
        except ServerError as error:
            if error.status != 401 or error.code not in ("token_expired", "token_invalid"):
                raise
            said = self._ask(method, path, body, self.renewed(token))
        if (method, path) == ("PUT", "/api/me/password") and body:
            self._use_password(str(body["new"]))
        return said

    def transport(self, prefix: str = PREFIX) -> HttpTransport:
        """A connection of its own for synchronisation, for who is signed in now; with `prefix`, for
        other paths of the server's."""
        line = _Line(self, self._server(), prefix)
        self._lines.add(line)
        return line

    @property
    def cut(self) -> bool:
        """Whether the network to the server is cut on purpose (demo and tests)."""
        return self._cut

    @cut.setter
    def cut(self, value: bool) -> None:
        self._cut = value
        if value:
            for line in list(self._lines):
                line.cancel()

    def _server(self) -> Server:
        if self.server is None:
            raise ServerError("not_connected", "This console is connected with no server.")
        return self.server

    def _ask(
        self, method: str, path: str, body: dict[str, Any] | None, token: str = ""
    ) -> dict[str, Any]:
        if self._cut:
            raise NetworkError("the network is cut")
        return request(self._server(), method, path, body, token)

    # -- what is kept

    def _load(self, login: str) -> _Record | None:
        text = self._secrets.get(_place(login))
        if text is None:
            return None
        try:
            return _Record(**json.loads(text))
        except (ValueError, TypeError):
            return None

    def _save(self, login: str, record: _Record) -> None:
        self._secrets.set(_place(login), json.dumps(asdict(record), ensure_ascii=False))


class _Line(HttpTransport):
    """A transport that renews a token which the server refused, and that can be cut."""

    def __init__(self, account: Account, server: Server, prefix: str) -> None:
        self._account, self._used = account, ""
        self._person = account.identity.user_id if account.identity else ""
        super().__init__(server.url, self._give, tls_context(server), prefix)

    def _give(self) -> str:
        identity = self._account.identity
        if identity is None or identity.user_id != self._person:
            # What one person entered never goes out under another's name.
            raise ServerError("sign_in", "Somebody else is signed in now.", 401)
        self._used = self._account.token()
        return self._used

    def call(self, method: str, path: str, body: bytes, timeout_s: float) -> bytes:
        if self._account.cut:
            raise NetworkError("the network is cut")
        try:
            return super().call(method, path, body, timeout_s)
        except SyncError as error:
            if error.problem.status != 401 or isinstance(error, ServerError):
                raise
            self._account.renewed(self._used)
        except NetworkError as error:
            if self._account.cut:  # its one retry must not tell otherwise
                raise NetworkError("the network is cut") from error
            raise
        return super().call(method, path, body, timeout_s)


def request(
    server: Server, method: str, path: str, body: dict[str, Any] | None, token: str = ""
) -> dict[str, Any]:
    """One request to a server and its JSON answer. Raises ServerError, NetworkError, CertificateError."""
    parts = urlsplit(server.url)
    host, context = parts.hostname or "", tls_context(server)
    connection: http.client.HTTPConnection
    if context is None:
        connection = http.client.HTTPConnection(host, parts.port, timeout=CONNECT_TIMEOUT_S)
    else:
        connection = http.client.HTTPSConnection(
            host, parts.port, timeout=CONNECT_TIMEOUT_S, context=context
        )
    headers = {"content-type": "application/json", "accept": "application/json"}
    if token:
        headers["authorization"] = f"Bearer {token}"
    try:
        connection.connect()
        connection.sock.settimeout(ANSWER_TIMEOUT_S)
        data = None if body is None else json.dumps(body).encode()
        connection.request(method, parts.path.rstrip("/") + path, data, headers)
        response = connection.getresponse()
        answer = response.read(MOST + 1)
        status = response.status
    except ssl.SSLCertVerificationError as error:
        raise CertificateError(_reason(error)) from error
    except (OSError, http.client.HTTPException) as error:
        raise NetworkError(str(error) or type(error).__name__) from error
    finally:
        connection.close()
    if status >= 400:
        try:
            problem = decode(Problem, answer)
        except ValueError:
            raise NetworkError(f"HTTP status {status}") from None
        raise ServerError(problem.code, problem.detail, status, problem.retry_after)
    if not answer:
        return {}
    try:
        said = json.loads(answer) if len(answer) <= MOST else None
    except ValueError:
        said = None
    if not isinstance(said, dict):
        raise NetworkError("an answer that is none")
    return said


def _version(pair: dict[str, Any]) -> str:
    return str(pair.get("password_version") or "")


def _place(login: str) -> str:
    """A record's key in the secret store."""
    return f"server-account:{login}"


def _identity(record: _Record) -> Identity:
    values = record.identity
    return Identity(**{**values, "roles": tuple(values.get("roles", ())),
                       "permissions": tuple(values.get("permissions", ()))})  # fmt: skip


def _read(path: Path) -> Server | None:
    """What was kept; None when there is nothing, or nothing that can be used."""
    try:
        values = json.loads(path.read_text("utf-8"))
        server = Server(**{**values, "logins": tuple(values.get("logins", ()))})
        server_url(server.url)
    except (OSError, ValueError, TypeError, AttributeError, ServerError):
        return None
    return server


def _write(path: Path, server: Server) -> None:
    """All of it or nothing, and nobody else's to read."""
    handle, temporary = tempfile.mkstemp(dir=path.parent)  # mode 0600
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump(asdict(server), file, ensure_ascii=False, indent=1)
        file.flush()
        os.fsync(file.fileno())
    Path(temporary).replace(path)
