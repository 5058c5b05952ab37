"""Whether a camera still shows what was accepted: its picture against the reference picture.

Both are compared by their edges (gradients), so that light and colour matter little, without the
bands in which cameras write texts. Shift by phase correlation of windowed gradients (Kuglin and
Hines, 1975), turn and scale by search; every candidate is checked on the overlap, and what no
candidate explains is not judged. Plain numpy and Pillow; a comparison takes about a second.
"""

from __future__ import annotations

import io
import math
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt
from PIL import Image, UnidentifiedImageError

Plane = npt.NDArray[np.float32]
"""Luminance (0 to 255), rows x columns."""

WIDTH, HEIGHT = 240, 136
"""Pictures are compared at this size: noise and codecs are smoothed away, 0.4 % of the width is seen."""
FINE = 640
"""Sharpness is measured at this width."""
BAND = 0.11
"""Shares of the height, above and below, where texts are: not compared."""
MAX_PIXELS = 50_000_000
SAME_LIGHT = 10.0
"""Quartiles of luminance that differ by less do not tell day from night."""


@dataclass(frozen=True, slots=True)
class Limits:
    """From where on something is wrong. Each with why it is where it is."""

    shift: float = 0.02
    """Of the picture's width. A lens of 60 degrees turned by 1.2; wind on a pole stays below it, and
    private areas and marked distances are still right."""
    rotation_deg: float = 2.0
    """A horizon that leans by more is seen by everybody."""
    scale: float = 0.05
    """A zoom that slipped by more changes the class of detail at the margins."""
    blur: float = 0.45
    """Edges are as strong as that share of the reference's, or weaker. Rain, dusk and another bit rate
    stay above about 0.6; a lens that is out of focus falls below 0.3."""
    dark: float = 18.0
    """Mean luminance of a picture that shows nothing."""
    flat: float = 3.0
    """Standard deviation over cells of 16 pixels of a picture without content: covered, fog, a wall
    before the lens. A paved square at dusk has 5."""
    alike: float = 0.4
    """Correlation of the edges over the overlap: from here on the position is known. Different
    views reach 0.34 by chance, the same one out of focus 0.57."""
    alike_at_night: float = 0.5
    """The same where the light differs."""
    other_light: float = 60.0
    """Means that differ by more are day and night: only a good match counts then."""


LIMITS = Limits()


class Seen(StrEnum):
    """What the comparison says."""

    SAME = "same"
    MOVED = "moved"
    TURNED = "turned"
    """About its axis: it hangs crooked."""
    ZOOMED = "zoomed"
    BLURRED = "blurred"
    DARK = "dark"
    COVERED = "covered"
    CANNOT_TELL = "cannot tell"


WRONG = (Seen.MOVED, Seen.TURNED, Seen.ZOOMED, Seen.BLURRED, Seen.DARK, Seen.COVERED)


@dataclass(frozen=True, slots=True)
class Comparison:
    """The figures. Shifts in shares of the picture's width and height, right and down positive: where
    the scene went. `scale`: above 1, things look larger now. Figures of the position are None where
    it could not be told; `why` says then why not."""

    findings: tuple[Seen, ...]
    confidence: float
    """Correlation of the edges under the best position found, 0 to 1."""
    shift_x: float | None = None
    shift_y: float | None = None
    rotation_deg: float | None = None
    scale: float | None = None
    sharpness: float | None = None
    """Strength of the edges against the reference's, 1: equal."""
    brightness: tuple[float, float] = (0.0, 0.0)
    """Mean luminance of the reference and now."""
    why: str = ""

    @property
    def wrong(self) -> bool:
        """Whether somebody should look at the camera."""
        return any(f in WRONG for f in self.findings)

    @property
    def values(self) -> dict[str, str | float | None]:
        """As they are kept."""
        rounded = {
            "shift_x_percent": None if self.shift_x is None else round(100 * self.shift_x, 1),
            "shift_y_percent": None if self.shift_y is None else round(100 * self.shift_y, 1),
            "rotation_deg": None if self.rotation_deg is None else round(self.rotation_deg, 1),
            "scale": None if self.scale is None else round(self.scale, 3),
            "sharpness": None if self.sharpness is None else round(self.sharpness, 2),
        }
        return {"confidence": round(self.confidence, 2), **rounded}


def plane(data: bytes) -> Plane:
    """A JPEG or PNG as luminance, at most `FINE` wide. Raises ValueError for what is no picture."""
    try:
        with Image.open(io.BytesIO(data), formats=("JPEG", "PNG")) as picture:
            if picture.width * picture.height > MAX_PIXELS:
                raise ValueError("too large")
            picture.draft("L", (FINE, FINE))
            grey = picture.convert("L")
    except (UnidentifiedImageError, OSError, Image.DecompressionBombError) as error:
        raise ValueError("no picture") from error
    height = max(2, round(FINE * grey.height / grey.width))
    return np.asarray(grey.resize((FINE, height), Image.Resampling.BOX), dtype=np.float32)


def nearest(
    references: Mapping[str, Plane], now: Plane, hours: Mapping[str, float], hour: float
) -> str:
    """Which reference (by name) was taken in light like that of now, or at a like hour of the day (0
    to 24, local) where that does not decide. Raises ValueError for none."""
    best = min(_difference(picture, now) for picture in references.values())
    alike = [
        n for n, picture in references.items() if _difference(picture, now) < best + SAME_LIGHT
    ]

    def apart(name: str) -> float:
        away = abs(hours.get(name, hour) - hour) % 24
        return min(away, 24 - away)

    return min(alike, key=apart)


def _difference(a: Plane, b: Plane) -> float:
    # Quartiles: a street lamp or a headlight says nothing about the time of day.
    quarters = (25, 50, 75)
    return float(
        np.abs(np.percentile(_body(a), quarters) - np.percentile(_body(b), quarters)).mean()
    )


def compare(reference: Plane, now: Plane, limits: Limits = LIMITS) -> Comparison:
    """What became of a view. Blocking: about a second."""
    before, after = _body(reference), _body(now)
    brightness = (float(before.mean()), float(after.mean()))
    empty = _empty(after, limits)
    if empty is not None:
        if _empty(before, limits) is not None:
            return Comparison(
                (Seen.CANNOT_TELL,), 0.0, brightness=brightness, why="reference empty"
            )
        return Comparison((empty,), 1.0, brightness=brightness,
                          sharpness=_strength(now) / max(_strength(reference), 1e-6))  # fmt: skip
    if _empty(before, limits) is not None:
        return Comparison((Seen.CANNOT_TELL,), 0.0, brightness=brightness, why="reference empty")
    if abs(reference.shape[0] - now.shape[0]) > 0.03 * FINE:
        return Comparison((Seen.CANNOT_TELL,), 0.0, brightness=brightness, why="other shape")
    found = _position(_small(reference), _small(now))
    # A lens out of focus has lost its fine edges: both are compared as soft as the softer one.
    sharpness = _sharpness(reference, now, found)
    light = abs(brightness[0] - brightness[1]) > limits.other_light
    least = limits.alike_at_night if light else limits.alike
    findings: list[Seen] = []
    known = found.score >= least
    if known:
        if math.hypot(found.x, found.y * HEIGHT / WIDTH) > limits.shift:
            findings.append(Seen.MOVED)
        if abs(found.rotation) > limits.rotation_deg:
            findings.append(Seen.TURNED)
        if abs(found.scale - 1) > limits.scale:
            findings.append(Seen.ZOOMED)
    if sharpness < limits.blur and not light:
        findings.append(Seen.BLURRED)
    if not known:
        why = "other light" if light else "nothing in common"
        return Comparison((*findings, Seen.CANNOT_TELL), max(found.score, 0.0), sharpness=sharpness,
                          brightness=brightness, why=why)  # fmt: skip
    return Comparison(tuple(findings) or (Seen.SAME,), found.score, found.x, found.y,
                      found.rotation, found.scale, sharpness, brightness)  # fmt: skip


def _empty(body: Plane, limits: Limits) -> Seen | None:
    """Dark or covered; a dark picture with lamps in it shows something. Over coarse cells, so that
    noise is no content."""
    rows, columns = body.shape
    cells = body[: rows // 16 * 16, : columns // 16 * 16]
    cells = cells.reshape(rows // 16, 16, columns // 16, 16).mean(axis=(1, 3))
    if float(cells.std()) >= limits.flat:
        return None
    return Seen.DARK if float(cells.mean()) < limits.dark else Seen.COVERED


def _body(picture: Plane) -> Plane:
    """Without the bands of texts."""
    rows = picture.shape[0]
    return picture[round(BAND * rows) : rows - round(BAND * rows)]


def _small(picture: Plane) -> Plane:
    grey = Image.fromarray(picture).resize((WIDTH, HEIGHT), Image.Resampling.BOX)
    return np.asarray(grey, dtype=np.float32)


def _edges(picture: Plane) -> Plane:
    """Strength of the gradient, bounded: a lamp is one edge among others."""
    gy, gx = np.gradient(picture)
    strength = np.hypot(gx, gy)
    bound = 3 * float(strength.mean()) + 1e-6
    edges: Plane = np.minimum(strength, bound).astype(np.float32)
    return edges


def _strength(picture: Plane) -> float:
    """Energy of the gradient against contrast, so that dusk is no blur."""
    body = _body(picture)
    gy, gx = np.gradient(body)
    return float(np.sqrt((gx**2 + gy**2).mean()) / (body.std() + 1.0))


def _sharpness(reference: Plane, now: Plane, found: _Found) -> float:
    """Strength of the edges, now against before, over what is seen in both."""
    rows, columns = now.shape
    dx, dy = round(found.x * columns), round(found.y * rows)
    if found.score < LIMITS.alike or abs(dx) > columns // 2 or abs(dy) > rows // 2:
        dx = dy = 0
    common_rows = min(rows, reference.shape[0])
    a = reference[max(0, -dy) : common_rows - max(0, dy), max(0, -dx) : columns - max(0, dx)]
    b = now[max(0, dy) : common_rows - max(0, -dy), max(0, dx) : columns - max(0, -dx)]
    return _strength(b) / max(_strength(a), 1e-6)


@dataclass(frozen=True, slots=True)
class _Found:
    """A position: where the scene went, in shares, and how well that explains the picture."""

    x: float
    y: float
    rotation: float
    scale: float
    score: float


_ROWS, _COLUMNS = np.mgrid[0:HEIGHT, 0:WIDTH]
_WINDOW = (
    np.hanning(HEIGHT + 2)[1:-1, None] ** 0.5 * np.hanning(WIDTH + 2)[None, 1:-1] ** 0.5
).astype(np.float32)
_TEXTS = ((_ROWS >= BAND * HEIGHT) & (_ROWS < (1 - BAND) * HEIGHT)).astype(np.float32)
_BAND_PASS = np.exp(
    -(np.fft.fftfreq(HEIGHT)[:, None] ** 2 + np.fft.rfftfreq(WIDTH)[None, :] ** 2) / (2 * 0.12**2)
).astype(np.float32)
"""High frequencies are noise in one of the pictures and blur in the other."""


def _spectrum(edges: Plane) -> npt.NDArray[np.complex64]:
    inside = edges * _TEXTS
    mean = inside.sum() / _TEXTS.sum()
    spectrum = np.fft.rfft2((inside - mean * _TEXTS) * _WINDOW)
    return spectrum.astype(np.complex64)


def _position(reference: Plane, now: Plane) -> _Found:
    """The shift, turn and scale that explain `now` best."""
    target = _edges(now)
    spectrum = _spectrum(target)
    best = _shifted(reference, target, spectrum, 0.0, 1.0)
    if best.score < 0.8:
        for rotation in np.arange(-15.0, 15.1, 3.0):
            for scale in (0.8, 0.9, 1.0, 1.11, 1.25):
                found = _shifted(reference, target, spectrum, float(rotation), scale, peaks=2)
                best = max(best, found, key=lambda f: f.score)
    for turn, grow in ((1.5, 0.05), (0.75, 0.025), (0.4, 0.012)):
        for rotation in (best.rotation - turn, best.rotation, best.rotation + turn):
            for scale in (best.scale - grow, best.scale, best.scale + grow):
                found = _shifted(reference, target, spectrum, rotation, scale, peaks=2)
                # A turn or zoom that explains no more than none is none.
                if found.score > best.score + 0.004:
                    best = found
    return best


def _shifted(
    reference: Plane, target: Plane, spectrum: npt.NDArray[np.complex64], rotation: float,
    scale: float, peaks: int = 5,
) -> _Found:  # fmt: skip
    """The best shift under a turn and a scale."""
    turned, seen = _turned(reference, rotation, scale)
    edges = _edges(turned) * seen
    product = spectrum * np.conj(_spectrum(edges))
    product /= np.abs(product) ** 0.75 + 1e-6
    surface = np.fft.irfft2(product * _BAND_PASS, s=(HEIGHT, WIDTH))
    best = _Found(0.0, 0.0, rotation, scale, -1.0)
    left = surface.copy()
    for _ in range(peaks):
        row, column = np.unravel_index(int(left.argmax()), left.shape)
        y = int(row) if row <= HEIGHT // 2 else int(row) - HEIGHT
        x = int(column) if column <= WIDTH // 2 else int(column) - WIDTH
        score = _overlap(edges, target, seen, x, y)
        if score > best.score:
            best = _Found(x / WIDTH, y / HEIGHT, rotation, scale, score)
        for dy in range(-3, 4):  # the next peak is elsewhere
            rows = (int(row) + dy) % HEIGHT
            columns = np.arange(int(column) - 3, int(column) + 4) % WIDTH
            left[rows, columns] = -np.inf
    return best


def _overlap(edges: Plane, target: Plane, seen: Plane, x: int, y: int) -> float:
    """Correlation of the edges where both pictures show the scene, less where that is little."""
    a = edges[max(0, -y) : HEIGHT - max(0, y), max(0, -x) : WIDTH - max(0, x)]
    b = target[max(0, y) : HEIGHT - max(0, -y), max(0, x) : WIDTH - max(0, -x)]
    weight = (
        (seen * _TEXTS)[max(0, -y) : HEIGHT - max(0, y), max(0, -x) : WIDTH - max(0, x)]
        * _TEXTS[max(0, y) : HEIGHT - max(0, -y), max(0, x) : WIDTH - max(0, -x)]
    )  # fmt: skip
    total = float(weight.sum())
    share = total / float(_TEXTS.sum())
    if share < 0.3:
        return -1.0
    a = _soft(a)
    b = _soft(b)
    a = a - float((a * weight).sum()) / total
    b = b - float((b * weight).sum()) / total
    product = float((a * b * weight).sum())
    norm = math.sqrt(float((a * a * weight).sum()) * float((b * b * weight).sum()))
    return product / norm if norm > 1e-6 else -1.0


def _soft(edges: Plane) -> Plane:
    """Edges a little wider: half a pixel off, and a lens out of focus, still match."""
    wide = edges.copy()
    wide[1:-1, 1:-1] = (
        4 * edges[1:-1, 1:-1] + 2 * (edges[:-2, 1:-1] + edges[2:, 1:-1] + edges[1:-1, :-2]
        + edges[1:-1, 2:]) + edges[:-2, :-2] + edges[:-2, 2:] + edges[2:, :-2] + edges[2:, 2:]
    ) / 16  # fmt: skip
    return wide


def _turned(picture: Plane, rotation: float, scale: float) -> tuple[Plane, Plane]:
    """The picture turned (degrees, counter-clockwise) and scaled about its middle, and where it is."""
    if not rotation and scale == 1:
        return picture, np.ones_like(picture)
    c, s = math.cos(math.radians(rotation)) / scale, math.sin(math.radians(rotation)) / scale
    cx, cy = (WIDTH - 1) / 2, (HEIGHT - 1) / 2
    # Pillow asks for the way back: where a pixel of the result comes from.
    matrix = (c, -s, cx - c * cx + s * cy, s, c, cy - s * cx - c * cy)
    size, way = (WIDTH, HEIGHT), Image.Transform.AFFINE
    turned = Image.fromarray(picture).transform(size, way, matrix, Image.Resampling.BILINEAR)
    inside = Image.fromarray(np.full_like(picture, 1.0)).transform(size, way, matrix)
    seen = np.asarray(inside, dtype=np.float32)
    # The border of what is seen is no edge of the scene.
    seen = (
        seen
        * np.roll(seen, 2, 0)
        * np.roll(seen, -2, 0)
        * np.roll(seen, 2, 1)
        * np.roll(seen, -2, 1)
    )
    return np.asarray(turned, dtype=np.float32), seen.astype(np.float32)
