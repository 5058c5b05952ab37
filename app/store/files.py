"""Files that belong to rows: kept on this console by their SHA-256, sent when there is a network."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import sqlalchemy as sa

from app.store.errors import StoreError
from app.store.store import Store, new_id
from app.store.sync_models import AttachmentRow

MAX_FILE = 32 * 2**20
"""Bytes of one file."""


def folder_of(store: Store) -> Path:
    """Where the files are."""
    return store.path.parent / "attachments"


def keep(store: Store, data: bytes, name: str = "") -> str:
    """A file's bytes on this console; its SHA-256. Blocking. Raises StoreError. `name` is for messages."""
    if len(data) > MAX_FILE:
        raise StoreError(f"{name or 'The file'} is larger than {MAX_FILE // 2**20} MB.")
    sha = hashlib.sha256(data).hexdigest()
    folder = folder_of(store)
    path = folder / sha
    if not path.exists():
        try:
            folder.mkdir(parents=True, exist_ok=True)
            partial = folder / f"{new_id()}.partial"
            with partial.open("wb") as out:
                out.write(data)
                out.flush()
                os.fsync(out.fileno())
            partial.replace(path)
        except OSError as error:
            raise StoreError(f"The file could not be kept: {error.strerror}.") from error
    return sha


def attach(store: Store, kind: str, entity_id: str, name: str, media_type: str, data: bytes) -> str:
    """Keep a file with a row; its SHA-256. Blocking. Raises StoreError."""
    sha = keep(store, data, name)
    store.add_attachment(kind, entity_id, name, media_type, len(data), sha)
    return sha


def read(store: Store, sha256: str) -> bytes | None:
    """A file's bytes; None where it is not on this console (yet), or is not what it should be."""
    try:
        data = (folder_of(store) / sha256).read_bytes()
    except OSError:
        return None
    return data if hashlib.sha256(data).hexdigest() == sha256 else None


def fetched(store: Store, sha256: str) -> bytes | None:
    """The same, brought from the server where it is not here yet; None where it cannot be. Blocking."""
    data = read(store, sha256)
    if data is not None or store.fetch is None:
        return data
    with store._reading() as session:
        size = session.scalar(
            sa.select(AttachmentRow.size).where(AttachmentRow.sha256 == sha256).limit(1)
        )
    if size is None:
        return None
    try:
        store.fetch(sha256, size)
    except Exception:
        return None  # no network, or not ours to see: it is simply not here
    return read(store, sha256)
