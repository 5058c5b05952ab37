"""`watchroom audit`: is the audit log as it was written? And the signed file of it.

Exit status of `verify`: 0 whole, 10 an entry was changed, 11 one is missing, 12 entries changed
places, 13 the end was cut off, 14 the file bears no valid signature, 1 it cannot be read.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import json
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import chain as joined_iterators
from itertools import groupby
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from app.domain.chain import Fault
from app.evidence.keys import Trusted, key_id, load_public_key
from app.paths import data_dir
from app.server import audit
from app.server.audit_routes import FORMAT, export_lines
from app.server.database import Database
from app.server.keys import server_key
from app.store.errors import StoreError

STATUS = {Fault.CHANGED: 10, Fault.GAP: 11, Fault.REORDERED: 12, Fault.CUT_OFF: 13}
UNSIGNED = 14
MAX_LINE = 1_000_000


class UnsignedError(Exception):
    """The file's signature is missing or does not fit."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's options."""
    parser.description = "The audit log: checks it, or writes it as a signed file. Reads only."
    codes = ", ".join(f"{code} {fault}" for fault, code in STATUS.items())
    parser.epilog = f"Exit status of verify: 0 whole, {codes}, {UNSIGNED} no valid signature."
    parser.add_argument("action", choices=["verify", "export"])
    parser.add_argument("file", nargs="?", type=Path, metavar="FILE",
                        help="an exported file (to write it, with export)")  # fmt: skip
    parser.add_argument("--database", metavar="URL", help="of a server (default: in --data)")
    parser.add_argument("--data", type=Path, metavar="DIR", help="folder of the server's data")
    parser.add_argument("--trusted", type=Path, metavar="FOLDER",
                        help="public keys to trust, *.pem, for a file")  # fmt: skip


def run(arguments: argparse.Namespace) -> int:
    """Prints what was found; returns the exit status."""
    try:
        if arguments.action == "verify" and arguments.file is not None:
            return _verify_file(arguments.file, arguments.trusted)
        data = arguments.data or data_dir() / "server"
        database = Database(arguments.database or f"sqlite:///{data / 'server.sqlite'}")
        try:
            if arguments.action == "export":
                return _export(database, data, arguments.file)
            with database.reading() as session:
                return _report(audit.verify(session))
        finally:
            database.close()
    except UnsignedError as error:
        print(f"NOT PROVED: {error}")
        return UNSIGNED
    except (StoreError, OSError, ValueError, sa.exc.SQLAlchemyError) as error:
        reason = getattr(error, "orig", None) or error
        print(f"watchroom audit: {reason}", file=sys.stderr)
        return 1


def _report(reports: list[audit.ChainReport]) -> int:
    status = 0
    for report in reports:
        if report.broken is None:
            print(f"whole    {report.chain}: {report.entries} entries, head {report.head[:16]}")
        else:
            number, fault = report.broken.number, report.broken.fault
            print(f"BROKEN   {report.chain}: {fault} at entry {number}")
            status = max(status, STATUS[fault])
    if not reports:
        print("There is no entry yet.")
    return status


def _export(database: Database, data: Path, file: Path | None) -> int:
    if file is None:
        raise ValueError("export needs the FILE to write")
    key = server_key(data).signing()
    with file.open("xb") as target:
        target.writelines(export_lines(database, key, datetime.now(UTC)))
    print(f"{file}: signed with the key {key.key_id}")
    return 0


def _verify_file(path: Path, trusted: Path | None) -> int:
    """Two passes: first the signature over all bytes, then the chains."""
    key = _signed_by(path)
    known = Trusted(trusted).name(key)
    text = f"known as {known}" if known else "compare this id with the server's, by another way"
    print(f"signed   with the key {key_id(key)} ({text})")
    with path.open("rb") as file:
        header = json.loads(file.readline(MAX_LINE))
        heads = {name: (int(head[0]), str(head[1])) for name, head in header["heads"].items()}
        joined: dict[str, tuple[int, str]] = {}
        reports = []
        lines = _lines(file)
        for name, entries in groupby(lines, key=lambda line: str(line[0])):
            head = heads.pop(name, None)
            found = ((int(e[1]), str(e[2]), str(e[3])) for e in entries)
            reports.append(audit.check(name, found, head, joined))
    reports += [audit.check(name, (), head, joined) for name, head in heads.items() if head[0]]
    return _report(reports + audit.lost(reports, joined))


def _lines(file: Any) -> Iterator[list[Any]]:
    for line in file:
        fields = json.loads(line)
        if isinstance(fields, list) and len(fields) == 4:
            yield fields
        elif not (isinstance(fields, dict) and "signature" in fields):
            raise ValueError("a line is no entry")


def _signed_by(path: Path) -> Ed25519PublicKey:
    """The key of the file's signature. Raises UnsignedError."""
    digest, last = hashlib.sha256(), b""
    with path.open("rb") as file:
        first = file.readline(MAX_LINE)
        if FORMAT.encode() not in first:
            raise ValueError(f"{path.name} is no exported audit log")
        for line in joined_iterators([first], iter(lambda: file.readline(MAX_LINE), b"")):
            digest.update(last)
            last = line
    try:
        fields = json.loads(last)
        key = load_public_key(str(fields["public_key"]))
        assert isinstance(key, Ed25519PublicKey)
        signature = base64.b64decode(str(fields["signature"]), validate=True)
    except (ValueError, KeyError, TypeError, AssertionError):
        raise UnsignedError("the file has no signature at its end") from None
    try:
        key.verify(signature, digest.digest())
    except InvalidSignature:
        raise UnsignedError("the file is not as it was signed") from None
    return key
