"""What a tile may say of its stream: one state machine, time injected, no I/O.

Life comes from decoded pictures, advancing timestamps and changing content. Times are seconds of
one monotonic clock.
"""

from __future__ import annotations

import random
from dataclasses import dataclass

from app.video import libvlc
from app.video.types import Cause, StreamState

STALL_S = 1.5
STALL_INTERVALS = 3
"""No new picture for the larger of STALL_S and this many frame intervals: stalled."""

LONGEST_GAP_S = 10.0
"""A longer gap between pictures says nothing about the stream's own rate."""

FROZEN_S = 10.0
"""The same content for so long, though pictures go on arriving: the encoder repeats itself."""

DARK_S = 3.0
"""Black (mean luma < 16, deviation < 5; domain reference 4.3) for so long: no signal."""

BACKOFF_FIRST_S, BACKOFF_MOST_S = 0.5, 30.0
SETTLED_S = 5.0
"""Pictures for so long: the next failure starts the backoff anew."""

RETRY_S, RETRY_LATER_S, LATER_SHARE = 1.3, 10.0, 1 / 60
"""The longest wait: a source that returns is back within 3 s, and after a long outage within a
sixtieth of it or ten seconds."""

QUICK = 2
"""So many attempts are made at the stream's own pace; then all of one host take turns."""

BUSY = 0.3
"""Share of its time that a stream decodes from which on late pictures are this computer's fault."""

RATE_S = 2.0
"""Over which the frame rate and the shares of errors and drops are taken."""

DEGRADED_ERRORS, DEGRADED_DROPS, DEGRADED_RATE = 0.05, 0.10, 0.5
"""Shares of pictures damaged, of pictures skipped, and of the best frame rate seen."""

NOT_RETRIED = {"unauthorized", "forbidden"}
"""Trying again would lock the account."""

FAILURES: dict[str, tuple[StreamState, Cause, str]] = {
    "unauthorized": (StreamState.UNAUTHORIZED, Cause.CAMERA, "user name or password refused"),
    "forbidden": (StreamState.UNAUTHORIZED, Cause.CAMERA, "this account may not watch"),
    "not-found": (StreamState.UNREACHABLE, Cause.CAMERA, "the camera does not know this stream"),
    "refused-4xx": (
        StreamState.UNREACHABLE,
        Cause.CAMERA,
        "the camera refused; it may have too many connections",
    ),
    "server-error": (
        StreamState.UNREACHABLE,
        Cause.CAMERA,
        "the camera reports an error of its own",
    ),
    "connection-refused": (
        StreamState.UNREACHABLE,
        Cause.CAMERA,
        "nothing listens at this address",
    ),
    "no-route": (StreamState.UNREACHABLE, Cause.NETWORK, "the network has no way to this address"),
    "unknown-host": (StreamState.UNREACHABLE, Cause.NETWORK, "the host name is not known"),
    "tls-untrusted": (
        StreamState.UNREACHABLE,
        Cause.CAMERA,
        "the camera's certificate is not trusted",
    ),
    "timeout": (StreamState.UNREACHABLE, Cause.NETWORK, "no answer in time"),
    "connection-lost": (StreamState.UNREACHABLE, Cause.NETWORK, "the connection was cut"),
    "bad-answer": (StreamState.UNREACHABLE, Cause.CAMERA, "the camera gave no sensible answer"),
    "ended": (StreamState.UNREACHABLE, Cause.CAMERA, "the camera ended the stream"),
    "undecodable": (StreamState.UNSUPPORTED, Cause.CAMERA, "the stream cannot be decoded"),
    "no-video": (StreamState.UNSUPPORTED, Cause.CAMERA, "the address has no video"),
    "bad-address": (StreamState.UNSUPPORTED, Cause.NONE, "the address cannot be opened"),
    "waiting": (
        StreamState.STALLED,
        Cause.CAMERA,
        "connected, but the camera has not sent a whole picture yet",
    ),
    "worker-lost": (StreamState.UNREACHABLE, Cause.THIS_COMPUTER, "a decoder process ended"),
    libvlc.NO_LIBVLC: (
        StreamState.UNSUPPORTED,
        Cause.THIS_COMPUTER,
        "libVLC is not installed on this computer",
    ),
} | {
    libvlc.no_module(name): (
        StreamState.UNSUPPORTED,
        Cause.THIS_COMPUTER,
        f"the libVLC of this computer has no {name} module",
    )
    for name in libvlc.NEEDED
}
"""Failure codes of the decoder: state, cause, English text."""

RELIEF = {
    "load-sub": "this computer is short of power: the small stream is shown",
    "load-skip": "this computer is short of power: some pictures are left out",
    "load-key": "this computer is short of power: only key frames are shown",
}
"""What a stream gave up so that others can live: English text by code."""


def backoff_s(attempt: int, spread: float, most: float = BACKOFF_MOST_S) -> float:
    """Wait before attempt number `attempt` (from 0); `spread` in 0..1 is the jitter's dice.

    Doubles from 0.5 s to `most`, 30 s at most, times 0.7 to 1.3, so that many tiles do not come
    back in step.
    """
    longest = min(most, BACKOFF_MOST_S)
    return float(min(BACKOFF_FIRST_S * 2 ** min(attempt, 9), longest) * (0.7 + 0.6 * spread))


@dataclass(frozen=True, slots=True)
class Counters:
    """Totals of a session, as the decoder counts them."""

    decoded: int = 0
    dropped: int = 0
    errors: int = 0
    busy_s: float = 0.0
    """Spent decoding."""


class StreamMachine:
    """The truth about one camera's stream."""

    def __init__(self, now: float, dice: random.Random | None = None) -> None:
        self.state = StreamState.IDLE
        self.since = now
        self.cause = Cause.NONE
        self.code = ""
        self.detail = ""
        self.last_picture: float | None = None
        self.retry_at: float | None = None
        self.fps = 0.0
        self._down_since: float | None = now
        self._dice = dice or random.Random()
        self._attempt = 0
        self._opening = False
        self._living_since: float | None = None
        self._content_at = now
        self._dark_since: float | None = None
        self._interval = 0.04
        self._best_fps = 0.0
        self._slow = 0
        self._rate_at = now
        self._rate_from = Counters()
        self._counters = Counters()
        self._bad: tuple[str, Cause, str] | None = None
        self.relief = ""
        self.heard: float | None = None
        """When a packet came last; told while only key frames are shown."""
        self._expected = 0.0
        self._packets = 0.0

    # -- what happens

    def opening(self, now: float) -> None:
        """An attempt to connect begins. A failure shown before stays until something better."""
        self.retry_at = None
        self._opening = True
        self._living_since = None
        self._dark_since = None
        self._bad = None
        self._content_at = now
        self._best_fps = 0.0
        self._slow = 0
        self._counters = self._rate_from = Counters()
        self._rate_at = now
        if self.state is StreamState.IDLE:
            self._enter(StreamState.CONNECTING, now)

    def released(self, now: float) -> None:
        """Nobody looks any more."""
        self._opening = False
        self.retry_at = None
        self._attempt = 0
        self.fps = 0.0
        self._enter(StreamState.IDLE, now)

    def failed(self, now: float, code: str, turn: float = 0.0) -> None:
        """An attempt, or a session that was open, ended.

        `turn`: when the last attempt is due of those that other streams of the host wait for.
        """
        state, cause, text = FAILURES.get(
            code, (StreamState.UNREACHABLE, Cause.CAMERA, "the stream could not be opened")
        )
        if self._living_since is not None and now - self._living_since >= SETTLED_S:
            self._attempt = 0
        self._opening = False
        self._living_since = None
        self.fps = 0.0
        if self._down_since is None:
            self._down_since = now if self.last_picture is None else self.last_picture
        if code in NOT_RETRIED:
            self.retry_at = None
        else:
            pause = min(max(RETRY_S, self.outage(now) * LATER_SHARE), RETRY_LATER_S)
            self.retry_at = now + backoff_s(self._attempt, self._dice.random(), pause)
            if self._attempt >= QUICK:
                turn = min(turn + pause, now + BACKOFF_MOST_S)
                self.retry_at = max(self.retry_at, turn)
            self._attempt += 1
        self._enter(state, now, cause, code, text)

    def outage(self, now: float) -> float:
        """Seconds without a picture since the last life, 0 while it lives."""
        return 0.0 if self._down_since is None else now - self._down_since

    @property
    def attempt(self) -> int:
        """How many attempts have failed since the stream last was settled."""
        return self._attempt

    @property
    def failing(self) -> bool:
        """Whether the last attempt failed and no picture has come since."""
        return self.state in (StreamState.UNREACHABLE, StreamState.UNSUPPORTED)

    def good_news(self, now: float, spread_s: float) -> None:
        """Another camera of the same network is back: no need to wait long any more."""
        if self.retry_at is not None:
            self.retry_at = min(self.retry_at, now + self._dice.random() * spread_s)

    def waiting(self, now: float) -> None:
        """Packets arrive, but none that a picture could begin with."""
        if self._opening and self._living_since is None:
            state, cause, text = FAILURES["waiting"]
            self._enter(state, now, cause, "waiting", text)

    def retry(self, now: float) -> None:
        """A person wants it now."""
        if not self._opening:
            self._attempt = 0
            self.retry_at = now

    def picture(self, now: float, counters: Counters, content_at: float, dark: bool) -> None:
        """A new picture. `content_at`: when the content last differed from the one before."""
        if self._living_since is not None and self.last_picture is not None:
            gap = min(now - self.last_picture, LONGEST_GAP_S)
            self._interval += (gap - self._interval) * 0.2
        self.last_picture = now
        self._counters = counters
        self._content_at = content_at
        if self._living_since is None:
            self._living_since = now
        self._down_since = None
        if not dark:
            self._dark_since = None
        elif self._dark_since is None:
            self._dark_since = now
        self._judge(now)

    def relieve(self, now: float, code: str, expected_s: float = 0.0) -> None:
        """The stream gives something up (a key of RELIEF), or nothing any more ("").

        `expected_s`: between pictures from now on, when only key frames are shown.
        """
        if expected_s and not self._expected:
            self._packets, self.heard = self._interval, now
        self._expected = expected_s
        if code == self.relief:
            return
        self.relief = code
        # Fewer pictures are meant now, and more pictures are no measure of the past.
        self._best_fps, self._slow, self._bad = 0.0, 0, None
        self._judge(now)

    def tick(self, now: float) -> None:
        """Time passes."""
        elapsed = now - self._rate_at
        if elapsed >= RATE_S:
            decoded = self._counters.decoded - self._rate_from.decoded
            self.fps = max(0, decoded) / elapsed
            # One slow window may be the beginning of a stall: two are a slow stream.
            self._slow = self._slow + 1 if self.fps < DEGRADED_RATE * self._best_fps else 0
            total = max(1, decoded)
            errors = (self._counters.errors - self._rate_from.errors) / total
            drops = (self._counters.dropped - self._rate_from.dropped) / total
            busy = (self._counters.busy_s - self._rate_from.busy_s) / elapsed
            self._bad = None
            if drops > DEGRADED_DROPS and busy < BUSY:
                # They came late: a network that had stopped and goes on, not this computer.
                self._bad = ("slow", Cause.NETWORK, "fewer pictures arrive than before")
            elif drops > DEGRADED_DROPS:
                text = "this computer is too slow for all pictures"
                self._bad = ("dropping", Cause.THIS_COMPUTER, text)
            elif errors > DEGRADED_ERRORS:
                self._bad = ("damaged", Cause.NETWORK, "pictures arrive damaged")
            elif self._slow >= 2:
                text = "fewer pictures arrive than before"
                self._bad = ("slow", Cause.NETWORK, text)
            self._best_fps = max(self._best_fps, self.fps)
            self._rate_at, self._rate_from = now, self._counters
        self._judge(now)

    @property
    def due(self) -> float | None:
        """When to try again, or None."""
        return self.retry_at

    # -- what follows

    def _judge(self, now: float) -> None:
        if not self._opening or self.last_picture is None or self._living_since is None:
            return
        interval = max(self._interval, self._expected)
        silent = now - self.last_picture > max(STALL_S, STALL_INTERVALS * interval)
        if self._expected and self.heard is not None:
            # Key frames are rare, packets are not: silence is seen as soon as ever.
            silent |= now - self.heard > max(STALL_S, STALL_INTERVALS * self._packets)
        if silent:
            text = "connected, but no new picture arrives"
            self._enter(StreamState.STALLED, now, Cause.NETWORK, "stalled", text)
        elif self._dark_since is not None and now - self._dark_since >= DARK_S:
            text = "the camera sends a black picture"
            self._enter(StreamState.NO_SIGNAL, now, Cause.CAMERA, "black", text)
        elif now - self._content_at >= FROZEN_S:
            text = "the camera repeats the same picture"
            self._enter(StreamState.NO_SIGNAL, now, Cause.CAMERA, "frozen", text)
        elif self._bad is not None and (not self.relief or self._bad[0] == "damaged"):
            self._enter(StreamState.DEGRADED, now, self._bad[1], self._bad[0], self._bad[2])
        elif self.relief:
            cause, text = Cause.THIS_COMPUTER, RELIEF[self.relief]
            self._enter(StreamState.DEGRADED, now, cause, self.relief, text)
        else:
            if now - self._living_since >= SETTLED_S:
                self._attempt = 0
            self._enter(StreamState.LIVE, now)

    def _enter(
        self,
        state: StreamState,
        now: float,
        cause: Cause = Cause.NONE,
        code: str = "",
        detail: str = "",
    ) -> None:
        if state is not self.state:
            self.since = now
            if state is StreamState.STALLED and self.last_picture is not None:
                self.since = self.last_picture
        self.state, self.cause, self.code, self.detail = state, cause, code, detail
