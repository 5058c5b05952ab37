"""What the benchmarks share: CPU seconds of process families, and an X server of their own."""

from __future__ import annotations

import contextlib
import os
import subprocess
from collections.abc import Iterable, Iterator

import psutil


def cpu_seconds(pids: Iterable[int]) -> float:
    """User and system seconds of processes and all their children."""
    total = 0.0
    for pid in pids:
        with contextlib.suppress(psutil.Error):
            process = psutil.Process(pid)
            for member in [process, *process.children(recursive=True)]:
                with contextlib.suppress(psutil.Error):
                    times = member.cpu_times()
                    total += times.user + times.system
    return total


def memory_mb(pids: Iterable[int]) -> dict[str, int]:
    """Memory of processes and all their children, in MB.

    `rss_mb` counts what they share (libraries, frame rings) once a process; `pss_mb` counts it once.
    """
    rss = pss = 0
    for pid in pids:
        with contextlib.suppress(psutil.Error):
            process = psutil.Process(pid)
            for member in [process, *process.children(recursive=True)]:
                with contextlib.suppress(psutil.Error):
                    info = member.memory_full_info()
                    rss += info.rss
                    pss += getattr(info, "pss", info.rss)  # Linux only
    return {"rss_mb": round(rss / 1e6), "pss_mb": round(pss / 1e6)}


@contextlib.contextmanager
def display(size: str = "1920x1080x24") -> Iterator[tuple[int, dict[str, str]]]:
    """An X server nobody else uses: its pid, and an environment for its clients."""
    reader, writer = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(writer), "-screen", "0", size, "-nolisten", "tcp"],
        pass_fds=[writer],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    os.close(writer)
    with os.fdopen(reader) as pipe:
        number = pipe.readline().strip()
    environment = dict(os.environ) | {"DISPLAY": f":{number}", "QT_QPA_PLATFORM": "xcb"}
    environment.pop("WAYLAND_DISPLAY", None)
    try:
        yield server.pid, environment
    finally:
        server.terminate()
        server.wait(5)
