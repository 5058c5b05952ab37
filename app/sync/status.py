"""How synchronisation stands, for those who show or await it without doing it (`client.py`)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

DIFFERED = "differed"


class NetworkError(Exception):
    """No answer: cut, refused, timed out."""


@dataclass(frozen=True, slots=True)
class SyncStatus:
    """What a person should know."""

    phase: str = "off"
    """off, connecting, first_load, sending, in_step, offline or stopped."""
    waiting: int = 0
    """Entries that the server has not yet taken."""
    conflicts: int = 0
    uploads: int = 0
    loaded: int = 0
    total: int = 0
    offline_since: datetime | None = None
    problem: str = ""
    """A Code, or disk_full, sign_in, clock, identity_twice, rewound: what to tell."""
    detail: str = ""
    clock_offset_s: float = 0.0
    """The server's time less this console's."""
    last_contact: datetime | None = None
