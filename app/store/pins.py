"""Certificates of devices that vouch for themselves: kept on this console from their first use."""

from __future__ import annotations

import threading

from app.store.errors import StoreError
from app.store.store import Store

SETTING = "certificates"


class StoredPins:
    """SHA-256 fingerprints (hex) by "host:port"; see `devices.soap.Pins`. Thread-safe."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._lock = threading.Lock()

    def _all(self) -> dict[str, str]:
        kept = self._store.setting(SETTING)
        return kept if isinstance(kept, dict) else {}

    def get(self, place: str) -> str:
        """The fingerprint of a place, or ""."""
        try:
            return str(self._all().get(place, ""))
        except StoreError:
            return ""

    def set(self, place: str, fingerprint: str) -> None:
        """Keep it from now on. Raises StoreError."""
        with self._lock:
            self._store.set_setting(SETTING, self._all() | {place: fingerprint})
