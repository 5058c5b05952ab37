"""Files by their SHA-256, in parts: any order, any number of times, through any server process.

The folder is shared by all processes. A part is written beside its place and renamed; the whole is
put together, verified and renamed. So nothing is ever half there.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
from pathlib import Path

import sqlalchemy as sa
import uuid_utils

from app.domain.permission import Principal
from app.server.access import Access
from app.server.database import Database, stamp
from app.server.problem import Problem
from app.server.sync import Sight
from app.store.kinds import KINDS
from app.store.sync_models import AttachmentRow, BlobRow
from app.sync import protocol
from app.sync.protocol import Code

_NAME = re.compile(r"[0-9a-f]{64}")


class Blobs:
    """Files that consoles send and read. Thread-safe; every method waits for the disk."""

    def __init__(self, database: Database, access: Access, folder: Path) -> None:
        self.database, self.access, self.folder = database, access, folder
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)

    def state(self, principal: Principal, sha: str) -> protocol.Parts:
        """What has arrived: of what this person sent, unless a row that refers to the file is seen
        (that a file is here is nobody else's business). Raises Problem."""
        if self._whole(sha).exists() and self._seen(principal, sha):
            return protocol.Parts(True, [])
        parts = self._parts(principal, sha)
        found = [int(p.name) for p in parts.iterdir() if p.name.isdigit()] if parts.is_dir() else []
        return protocol.Parts(False, sorted(found))

    def put(self, principal: Principal, sha: str, part: int, data: bytes) -> None:
        """A part. Raises Problem."""
        if not 0 <= part < protocol.MAX_BLOB // protocol.PART:
            raise Problem(413, Code.TOO_LARGE, "A file may have 4 GiB.")
        if not 0 < len(data) <= protocol.PART and part:
            raise Problem(422, Code.BAD_MESSAGE, "A part has 1 byte to 4 MiB.")
        folder = self._parts(principal, sha)
        folder.mkdir(exist_ok=True)
        _write(folder / str(part), data)

    def complete(self, principal: Principal, sha: str, size: int) -> None:
        """All parts are there: verify the whole. Raises Problem."""
        whole, folder = self._whole(sha), self._parts(principal, sha)
        if whole.exists() and self._seen(principal, sha):
            return
        count = max(1, (size + protocol.PART - 1) // protocol.PART)
        if not 0 <= size <= protocol.MAX_BLOB:
            raise Problem(413, Code.TOO_LARGE, "A file may have 4 GiB.")
        if any(not (folder / str(i)).is_file() for i in range(count)):
            raise Problem(409, Code.NOT_WHOLE, "Parts are missing.")
        partial = self.folder / f"{uuid_utils.uuid7()}.partial"
        digest = hashlib.sha256()
        try:
            with partial.open("wb") as file:
                for i in range(count):
                    data = (folder / str(i)).read_bytes()
                    digest.update(data)
                    file.write(data)
                file.flush()
                os.fsync(file.fileno())
            if digest.hexdigest() != sha or partial.stat().st_size != size:
                shutil.rmtree(folder, ignore_errors=True)
                raise Problem(422, Code.WRONG_HASH, "The bytes are not those of this SHA-256.")
            partial.replace(whole)
        except OSError as error:
            raise _full(error) from error
        finally:
            partial.unlink(missing_ok=True)
        shutil.rmtree(folder, ignore_errors=True)
        with self.database.writing() as session:
            if session.get(BlobRow, sha) is None:
                session.add(BlobRow(sha256=sha, size=size, at=stamp(self.access.now())))

    def read(self, principal: Principal, sha: str, begin: int) -> bytes:
        """Up to 4 MiB from `begin`, for who may see a row that refers to it. Raises Problem."""
        path = self._whole(sha)
        if not self._seen(principal, sha) or not path.exists() or begin < 0:
            raise Problem(404, Code.NOT_FOUND, "There is no such file, or it has not arrived.")
        with path.open("rb") as file:
            file.seek(begin)
            return file.read(protocol.PART)

    def _seen(self, principal: Principal, sha: str) -> bool:
        """Whether a row that refers to it may be seen."""
        with self.database.reading() as session:
            sight = Sight(session, self.access, principal)
            row = AttachmentRow
            query = sa.select(row.id).where(row.sha256 == sha, sight.condition(KINDS["attachment"]))
            return session.scalar(query.limit(1)) is not None

    def _whole(self, sha: str) -> Path:
        if not _NAME.fullmatch(sha):
            raise Problem(404, Code.NOT_FOUND, "This is no SHA-256.")
        return self.folder / sha

    def _parts(self, principal: Principal, sha: str) -> Path:
        """One's own: nobody learns what others send, or spoils it."""
        return self._whole(sha).with_name(f"{sha}.{principal.user_id}.parts")


def _write(path: Path, data: bytes) -> None:
    partial = path.with_name(f"{uuid_utils.uuid7()}.partial")
    try:
        with partial.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)
    except OSError as error:
        partial.unlink(missing_ok=True)
        raise _full(error) from error


def _full(error: OSError) -> Problem:
    detail = f"The server could not write the file: {error.strerror}."
    return Problem(507, Code.STORAGE_FULL, detail, retry_after=60)
