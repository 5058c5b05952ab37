"""Which of a camera's streams a tile deserves, by physical pixels against actual stream sizes."""

from __future__ import annotations

from app.domain.camera import StreamRole, StreamSpec

RISE, FALL = 1.25, 1.05
"""The main stream is taken when the tile is RISE times as high as the substream, and given back
when it is no more than FALL times as high: a gap, so that a dragged edge does not flip streams."""

MAIN_ALWAYS = 1_000_000
"""A tile height that takes the main stream whatever the substream's size."""

ASSUMED_SUB_HEIGHT = 360
"""For a substream whose size is not known yet."""


def choose(
    streams: tuple[StreamSpec, ...], tile_height: int, current: StreamRole | None
) -> StreamRole | None:
    """The stream to show in a tile `tile_height` physical pixels high; None if there is none.

    `current` is what is shown now: the rule has hysteresis.
    """
    roles = {s.role: s for s in streams}
    if not roles:
        return None
    if len(roles) == 1:
        return next(iter(roles))
    sub = roles[StreamRole.SUB].height or ASSUMED_SUB_HEIGHT
    limit = FALL if current is StreamRole.MAIN else RISE
    return StreamRole.MAIN if tile_height > sub * limit else StreamRole.SUB
