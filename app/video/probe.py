"""One picture of a stream, for the test before a camera is saved."""

from __future__ import annotations

import contextlib
import multiprocessing
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any

from app.domain.camera import Credentials, StreamSpec
from app.video import orders, tls, worker
from app.video.publish import fit


class ProbeError(Exception):
    """No picture. `code` is a key of `state.FAILURES`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class ProbeResult:
    """A stream's data and one picture (BGRA, `stride` bytes a row), at most 640 x 360."""

    codec: str
    width: int
    height: int
    fps: float
    picture: bytes
    picture_width: int
    picture_height: int
    stride: int


def probe_stream(
    stream: StreamSpec,
    credentials: Credentials,
    transport: str = "tcp",
    timeout_s: float = 12.0,
    cancelled: threading.Event | None = None,
    *,
    verify_tls: bool = True,
) -> ProbeResult:
    """Open the stream in a process of its own and decode one picture. Blocking.

    Raises ProbeError. A hostile stream can hurt that process only.
    """
    answer = in_process(
        _probe_main, (stream.url, transport, credentials, verify_tls), timeout_s, cancelled
    )
    assert isinstance(answer, ProbeResult)
    return answer


def in_process(
    work: Callable[..., None],
    arguments: tuple[Any, ...],
    timeout_s: float,
    cancelled: threading.Event | None = None,
) -> Any:
    """What `work(pipe, *arguments)` sends, from a process of its own that ends with it. Blocking.

    Raises ProbeError: a text that is sent is its code.
    """
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=work, args=(theirs, *arguments), daemon=True)
    process.start()
    theirs.close()
    deadline = time.monotonic() + timeout_s
    try:
        while not ours.poll(0.1):
            if cancelled is not None and cancelled.is_set():
                raise ProbeError("cancelled")
            if time.monotonic() > deadline:
                raise ProbeError("timeout")
        try:
            answer = ours.recv()
        except EOFError:
            raise ProbeError("worker-lost") from None
    finally:
        ours.close()
        process.kill()
        process.join(2)
    if isinstance(answer, str):
        raise ProbeError(answer)
    return answer


def _probe_main(
    pipe: Connection, url: str, transport: str, credentials: Credentials, verify_tls: bool
) -> None:
    import av

    av.logging.set_level(None)
    answer: str | ProbeResult = "undecodable"
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
                for frame in container.decode(video):
                    width, height = fit(frame.width, frame.height, 640, 360)
                    picture = frame.reformat(width, height, "bgra")
                    plane = picture.planes[0]
                    rate = video.average_rate or video.guessed_rate or 0
                    answer = ProbeResult(
                        video.codec_context.name,
                        frame.width,
                        frame.height,
                        float(rate),
                        bytes(plane),
                        width,
                        height,
                        plane.line_size,
                    )
                    break
    except Exception as error:
        answer = worker.failure_code(error, False)
        if answer == "unknown-host" and verify_tls and tls.is_untrusted(url):
            answer = "tls-untrusted"
    with contextlib.suppress(OSError):
        pipe.send(answer)
