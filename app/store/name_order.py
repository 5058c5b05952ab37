"""The order of lists of names, kept between starts.

What a name is sorted by comes from pypinyin, whose tables take a fifth of a second to load, just when
a console starts. Cameras have a column for it; of places there are few, and theirs are kept together.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterable
from typing import TYPE_CHECKING, Protocol, TypeVar

from app.store import search
from app.store.errors import StoreError

if TYPE_CHECKING:
    from app.store.store import Store

MADE_BY = 1
"""Rises when `search.sort_key` makes other keys."""


class Named(Protocol):
    """What can be sorted."""

    @property
    def id(self) -> str: ...
    @property
    def name(self) -> str: ...


T = TypeVar("T", bound=Named)


class NameOrder:
    """Sorts by name. Thread-safe; may wait for the disk, and write: not for use within a write."""

    def __init__(self, store: Store, setting: str) -> None:
        """`setting`: where the keys are kept."""
        self._store, self._setting = store, setting
        self._lock = threading.Lock()
        self._keys: dict[str, str] | None = None

    def sorted(self, rows: Iterable[T]) -> list[T]:
        """By name, then id. Raises StoreError."""
        rows = list(rows)
        wanted = {row.name for row in rows}
        with self._lock:
            keys = self._keys if self._keys is not None else self._kept()
            if not wanted <= keys.keys() or len(keys) > 2 * len(wanted) + 100:
                keys = {name: keys.get(name) or search.sort_key(name) for name in wanted}
                with contextlib.suppress(StoreError):  # then they are made again next time
                    self._store.set_setting(self._setting, {"made_by": MADE_BY, "keys": keys})
            self._keys = keys
        return sorted(rows, key=lambda row: (keys[row.name], row.id))

    def _kept(self) -> dict[str, str]:
        kept = self._store.setting(self._setting)
        if not isinstance(kept, dict) or kept.get("made_by") != MADE_BY:
            return {}
        keys = kept.get("keys")
        return {str(n): str(k) for n, k in keys.items()} if isinstance(keys, dict) else {}
