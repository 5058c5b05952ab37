"""`watchroom server` as a process of its own, with TLS, an administrator, accounts and codes."""

from __future__ import annotations

import hashlib
import ipaddress
import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import requests
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

PASSWORD = "seven green bicycles"


def self_signed(folder: Path, name: str = "127.0.0.1") -> tuple[Path, Path]:
    """A certificate for this machine that nobody vouches for, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=30))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), True)
        .sign(key, hashes.SHA256())
    )
    folder.mkdir(parents=True, exist_ok=True)
    certificate, private = folder / "cert.pem", folder / "key.pem"
    certificate.write_bytes(made.public_bytes(Encoding.PEM))
    private.write_bytes(
        key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    )  # fmt: skip
    return certificate, private


class ServerProcess:
    """Started at once; `kill` and `start` again keep port and data."""

    def __init__(self, folder: Path, *, tls: bool = True) -> None:
        self.folder, self.port = folder, 0
        self.certificate: Path | None = None
        self._options: list[str] = []
        if tls:
            self.certificate, key = self_signed(folder)
            self._options = ["--tls-cert", str(self.certificate), "--tls-key", str(key)]
        self._scheme = "https" if tls else "http"
        self.code, self.log = "", ""
        self._tokens: dict[str, Any] = {}
        self.start()

    @property
    def url(self) -> str:
        return f"{self._scheme}://127.0.0.1:{self.port}"

    def start(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "app", "server", "--port", str(self.port),
             "--data", str(self.folder / "data"), *self._options],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env={**os.environ},
        )  # fmt: skip
        assert self._process.stderr is not None
        for line in self._process.stderr:
            self.log += line
            found = re.search(r"running on https?://127\.0\.0\.1:(\d+)", line)
            if found:
                self.port = int(found[1])
                break
        else:
            raise AssertionError(f"the server did not start: {self.log}")
        threading.Thread(target=self._read, args=(self._process.stderr,), daemon=True).start()
        if not self.code:
            assert self._process.stdout is not None
            for line in self._process.stdout:
                found = re.fullmatch(r"\s*([0-9a-f]{4}(-[0-9a-f]{4}){7})\s*", line)
                if found:
                    self.code = found[1]
                    break

    def _read(self, stream: Any) -> None:
        for line in stream:
            self.log += line

    def kill(self) -> None:
        """As a power cut."""
        self._process.send_signal(signal.SIGKILL)
        self._process.wait(10)
        for stream in (self._process.stdout, self._process.stderr):
            if stream is not None and stream is self._process.stdout:
                stream.close()

    stop = kill

    # -- as the administrator

    def ask(self, method: str, path: str, body: Any = None, token: str = "") -> Any:
        headers = {"authorization": f"Bearer {token}"} if token else {}
        answer = requests.request(
            method, self.url + path, json=body, headers=headers, timeout=30,
            verify=str(self.certificate) if self.certificate else True,
        )  # fmt: skip
        assert answer.ok, (answer.status_code, answer.text)
        return answer.json() if answer.content else None

    def status(self, path: str, token: str) -> int:
        """What a token gets."""
        answer = requests.get(
            self.url + path, headers={"authorization": f"Bearer {token}"}, timeout=30,
            verify=str(self.certificate) if self.certificate else True,
        )  # fmt: skip
        return answer.status_code

    def admin(self, method: str, path: str, body: Any = None) -> Any:
        """A request of the first administrator's, who is made at the first call."""
        if not self._tokens:
            self._tokens = self.ask("POST", "/api/setup", {
                "code": self.code, "login": "chief", "name": "值班长", "password": PASSWORD,
                "organisation": "市局",
            })  # fmt: skip
        return self.ask(method, path, body, self._tokens["access"])

    @property
    def organisation(self) -> str:
        return str(self.admin("GET", "/api/me")["organisation_id"])

    def account(self, login: str, name: str, *roles: str) -> str:
        """Its id; the password is PASSWORD."""
        body = {"login": login, "name": name, "password": PASSWORD,
                "organisation_id": self.organisation, "roles": list(roles)}  # fmt: skip
        return str(self.admin("POST", "/api/accounts", body)["id"])

    def console_code(self) -> str:
        """With which a console enrols."""
        made = self.admin("POST", "/api/consoles/codes", {"organisation_id": self.organisation})
        return str(made["code"])

    def expire_access_tokens(self) -> None:
        """As after a quarter of an hour; not the administrator's."""
        mine = hashlib.sha256(self._tokens["access"].encode()).hexdigest()
        with sqlite3.connect(self.folder / "data" / "server.sqlite", timeout=10) as database:
            database.execute(
                "UPDATE token SET expires_at = '2020' WHERE kind = 'access' AND hash != ?", (mine,)
            )

    def messages(self) -> list[str]:
        """What was logged."""
        return [json.loads(line)["message"] for line in self.log.splitlines() if line[:1] == "{"]
