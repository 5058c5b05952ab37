"""What a stream really is, measured over some seconds: for acceptance, and to compare with it later."""

from __future__ import annotations

import contextlib
import itertools
import statistics
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection

from app.domain.camera import Credentials, StreamSpec
from app.video import orders, tls, worker
from app.video.probe import in_process

SECONDS = 10.0
MAX_PACKETS = 60_000
"""A stream that floods is measured for less time."""
GAP = 1.5
"""A step between pictures of more than so many usual ones is a gap."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """A packet of video. Times in seconds; `pts` on the stream's own clock, None where it has none."""

    pts: float | None
    at: float
    size: int
    key: bool


@dataclass(frozen=True, slots=True)
class Measurement:
    """A stream as it arrived."""

    codec: str
    profile: str
    width: int
    height: int
    seconds: float
    """How long it was measured, on the stream's clock."""
    pictures: int
    fps: float
    bitrate_kbps: float
    gop_s: float | None
    """Mean between key frames; None where fewer than two came."""
    gop_pictures: float | None
    lost: float
    """Share of pictures that are missing by the timestamps, 0 to 1."""
    longest_gap_s: float
    """The longest without a packet, as it arrived."""
    jitter_ms: float
    """Of arrival against timestamps (RFC 3550, 6.4.1, over pictures)."""
    first_picture_s: float
    """From the connection's begin to the first decoded picture."""
    picture: bytes
    """The first whole picture as JPEG, in the stream's own size."""

    @property
    def values(self) -> dict[str, float]:
        """The figures that a baseline keeps (`app.domain.commissioning.moved_from`)."""
        found = {"width": float(self.width), "height": float(self.height), "fps": self.fps,
                 "bitrate_kbps": self.bitrate_kbps, "gop_s": self.gop_s,
                 "first_picture_s": self.first_picture_s}  # fmt: skip
        return {name: value for name, value in found.items() if value is not None}


def measure_stream(
    stream: StreamSpec,
    credentials: Credentials,
    transport: str = "tcp",
    seconds: float = SECONDS,
    cancelled: threading.Event | None = None,
    *,
    verify_tls: bool = True,
) -> Measurement:
    """Watch a stream for so long, on a connection of its own, in a process of its own. Blocking.

    Raises ProbeError; its codes are those of `probe_stream`, and `too-short` where it broke off.
    """
    arguments = (stream.url, transport, credentials, seconds, verify_tls)
    timeout = orders.OPEN_TIMEOUT_S + worker.READ_TIMEOUT_S + seconds + 10
    measured = in_process(_measure_main, arguments, timeout, cancelled)
    assert isinstance(measured, Measurement)
    return measured


def figures(arrivals: Sequence[Arrival]) -> dict[str, float | None]:
    """The figures of `Measurement` that follow from packets alone. Raises ValueError for less than two."""
    if len(arrivals) < 2:
        raise ValueError("too few packets")
    times = sorted(a.pts for a in arrivals if a.pts is not None)
    if len(times) < 2 or times[-1] <= times[0]:
        times = [a.at for a in arrivals]  # a camera without usable timestamps
    steps = [b - a for a, b in itertools.pairwise(times)]
    usual = statistics.median(s for s in steps if s > 0) if any(s > 0 for s in steps) else 0.0
    span = times[-1] - times[0]
    missing = sum(round(s / usual) - 1 for s in steps if usual and s > GAP * usual)
    keys = [i for i, a in enumerate(arrivals) if a.key]
    key_times = [t for t in (arrivals[i].pts for i in keys) if t is not None]
    jitter, before = 0.0, None
    for a in arrivals:
        if a.pts is not None:
            transit = a.at - a.pts
            if before is not None:
                jitter += (abs(transit - before) - jitter) / 16
            before = transit
    gops = [b - a for a, b in itertools.pairwise(key_times) if b > a]
    return {
        "seconds": span,
        "pictures": len(arrivals),
        # The last picture lasts as long as the others.
        "fps": (len(arrivals) - 1) / span if span else 0.0,
        "bitrate_kbps": sum(a.size for a in arrivals[:-1]) * 8 / 1000 / span if span else 0.0,
        "gop_s": statistics.fmean(gops) if gops else None,
        "gop_pictures": (keys[-1] - keys[0]) / (len(keys) - 1) if len(keys) > 1 else None,
        "lost": missing / (len(arrivals) + missing),
        "longest_gap_s": max(b.at - a.at for a, b in itertools.pairwise(arrivals)),
        "jitter_ms": jitter * 1000,
    }


def _measure_main(
    pipe: Connection, url: str, transport: str, credentials: Credentials, seconds: float,
    verify_tls: bool,
) -> None:  # fmt: skip
    import io

    import av

    av.logging.set_level(None)
    answer: str | Measurement
    begun = time.monotonic()
    try:
        container = av.open(
            worker.with_account(url, credentials),
            options=worker.options_for(url, transport, verify_tls=verify_tls),
            timeout=(orders.OPEN_TIMEOUT_S, worker.READ_TIMEOUT_S),
        )
        with contextlib.closing(container):
            if not container.streams.video:
                answer = "no-video"
            else:
                video = container.streams.video[0]
                arrivals: list[Arrival] = []
                first: float | None = None
                picture, until = b"", 0.0
                # Without the packets that waited in the connection while it was opened.
                for packet in container.demux(video):
                    now = time.monotonic()
                    if packet.size:
                        pts = packet.pts if packet.pts is not None else packet.dts
                        at = float(pts * packet.time_base) if pts is not None else None
                        arrivals.append(Arrival(at, now, packet.size, bool(packet.is_keyframe)))
                    if first is None:
                        for frame in packet.decode():
                            first, until = now - begun, now + seconds
                            file = io.BytesIO()
                            frame.to_image().save(file, "JPEG", quality=90)  # type: ignore[no-untyped-call]
                            picture = file.getvalue()
                            arrivals = arrivals[-1:]
                            break
                    elif now >= until or len(arrivals) >= MAX_PACKETS:
                        break
                if first is None:
                    answer = "undecodable"
                elif len(arrivals) < 2:
                    answer = "too-short"
                else:
                    context = video.codec_context
                    answer = Measurement(
                        codec=context.name, profile=str(context.profile or ""),
                        width=context.width, height=context.height, first_picture_s=first,
                        picture=picture, **figures(arrivals),  # type: ignore[arg-type]
                    )  # fmt: skip
    except Exception as error:
        answer = worker.failure_code(error, False)
        if answer == "unknown-host" and verify_tls and tls.is_untrusted(url):
            answer = "tls-untrusted"
    with contextlib.suppress(OSError):
        pipe.send(answer)
