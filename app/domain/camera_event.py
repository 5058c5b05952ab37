"""What cameras report of themselves, in one vocabulary whatever their maker calls it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class EventKind(StrEnum):
    """What an event is about."""

    MOTION = "motion"
    RULE = "rule"  # a line crossed, a field entered: what the camera's own analytics call so
    TAMPER = "tamper"  # covered, turned away, out of focus
    DIGITAL_INPUT = "digital-input"
    VIDEO_LOSS = "video-loss"
    STORAGE = "storage"
    TEMPERATURE = "temperature"
    HARDWARE = "hardware"  # fan, power supply
    GAP = "gap"  # ours: nothing was heard for a while, and what happened then is not known
    OTHER = "other"


FAULTS = frozenset(
    {EventKind.TAMPER, EventKind.VIDEO_LOSS, EventKind.STORAGE, EventKind.TEMPERATURE,
     EventKind.HARDWARE, EventKind.GAP}
)  # fmt: skip
"""Kinds that concern maintenance."""


@dataclass(frozen=True, slots=True)
class CameraEvent:
    """One message of a camera. Append-only: nothing of it is ever changed."""

    camera_id: str
    at: datetime
    """UTC by our clock: the camera's time without its measured offset, or when it came."""
    received_at: datetime
    kind: EventKind
    active: bool | None
    """Began (True), ended (False), or a moment without duration (None)."""
    source: str
    """Which input, rule or part of the camera; "" where it does not say."""
    topic: str
    raw: str
    """The message as it came, cut after `devices.pull_point.MAX_RAW` characters."""
    ongoing: bool = False
    """It was so already when we began to listen."""
    recorder: str = ""
    """The device, where the event is about a recorder of many cameras and not about one of them;
    `camera_id` is then the camera through which it was heard."""
    number: int = 0
    """In the order in which the console heard them, from 1, without gaps."""
