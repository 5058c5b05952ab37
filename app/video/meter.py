"""What the processes of the client and the whole computer use, read on a thread of its own."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import psutil

PERIOD_S = 1.0


@dataclass(frozen=True, slots=True)
class Reading:
    """Over the last period. `busy`: share of all cores in use; `cores`: how many there are."""

    busy: float | None = None
    cores: int = field(default_factory=lambda: psutil.cpu_count() or 1)
    processes: dict[int, tuple[float, int]] = field(default_factory=dict)
    """By pid: cores used, resident bytes."""
    memory: int = 0
    """Bytes of the whole computer's memory."""


class Meter:
    """Reads once a second from `start` to `stop`; `reading` may be looked at from any thread."""

    def __init__(self, pids: Callable[[], list[int]]) -> None:
        """`pids`: whom to watch beside this process; called on the meter's thread."""
        self.reading = Reading()
        self._pids = pids
        self._end = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="meter", daemon=True)
            self._thread.start()

    def stop(self) -> None:
        """End; does not wait."""
        self._end.set()

    def _run(self) -> None:
        known: dict[int, tuple[psutil.Process, float]] = {}
        total, idle = _machine()
        at, memory = time.monotonic(), psutil.virtual_memory().total
        while not self._end.wait(PERIOD_S):
            now = time.monotonic()
            total_before, idle_before = total, idle
            total, idle = _machine()
            spent = total - total_before
            busy = 1 - (idle - idle_before) / spent if spent > 0 else None
            processes: dict[int, tuple[float, int]] = {}
            before, known = known, {}
            for pid in [os.getpid(), *self._pids()]:
                try:
                    process = before[pid][0] if pid in before else psutil.Process(pid)
                    times, resident = process.cpu_times(), process.memory_info().rss
                except psutil.Error:
                    continue
                used = times.user + times.system
                known[pid] = process, used
                cores = (used - before[pid][1]) / (now - at) if pid in before else 0.0
                processes[pid] = max(0.0, cores), resident
            at = now
            self.reading = Reading(busy, psutil.cpu_count() or 1, processes, memory)


def _machine() -> tuple[float, float]:
    """Seconds of all cores since start: all, and idle."""
    times = psutil.cpu_times()
    idle = times.idle + getattr(times, "iowait", 0.0)
    # Linux counts guests' time within user time.
    return sum(times) - getattr(times, "guest", 0.0) - getattr(times, "guest_nice", 0.0), idle
