"""Pictures of places that do not exist, and two that do: what a simulated camera sees.

Drawn scenes are a ground plane seen from a mast, with things that move along closed paths, so that
a loop of `LOOP_S` seconds has no seam. The clips are real (resources/footage, CC BY 4.0).
"""

from __future__ import annotations

import functools
import math
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import av
import numpy as np
import numpy.typing as npt
from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageFont

from app.paths import RESOURCES
from app.simulator import timecode

LOOP_S = 10
Rgb = npt.NDArray[np.uint8]
Colour = tuple[int, int, int]

CLIPS = {"traffic": "car-detection.mp4", "corridor": "one-by-one-person-detection.mp4"}
DRAWN = ("junction", "street", "carpark", "square")
SCENES = ("junction", "street", "carpark", "corridor", "square", "traffic")

_FONT_PLACES = (
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/noto-cjk/NotoSansCJK-Regular.ttc",
    "/System/Library/Fonts/PingFang.ttc",
    "C:/Windows/Fonts/msyh.ttc",
)


@functools.cache
def font_path() -> str | None:
    """A font with Chinese characters, or None (then English names are drawn)."""
    return next((p for p in _FONT_PLACES if Path(p).exists()), None)


@functools.lru_cache(maxsize=16)
def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    path = font_path()
    return ImageFont.truetype(path, size) if path else ImageFont.load_default(size)


class View:
    """A pinhole camera on a mast, looking along +z; metres to pixels."""

    def __init__(self, width: int, height: int, mast_m: float, horizon: float, zoom: float) -> None:
        self.width, self.height, self.mast = width, height, mast_m
        self.horizon = horizon * height
        self.focal = zoom * width

    def point(self, x: float, z: float, up: float = 0.0) -> tuple[float, float]:
        """Pixel of a point `x` m to the right, `z` m away, `up` m above ground."""
        z = max(z, 0.5)
        return (
            self.width / 2 + self.focal * x / z,
            self.horizon + self.focal * (self.mast - up) / z,
        )

    def quad(self, x0: float, x1: float, z0: float, z1: float) -> list[tuple[float, float]]:
        """A rectangle on the ground."""
        return [self.point(x0, z0), self.point(x1, z0), self.point(x1, z1), self.point(x0, z1)]


def _shade(colour: Colour, factor: float) -> Colour:
    r, g, b = (max(0, min(255, int(c * factor))) for c in colour)
    return r, g, b


def _box(
    draw: ImageDraw.ImageDraw,
    view: View,
    centre: tuple[float, float],
    size: tuple[float, float, float],
    colour: Colour,
) -> None:
    """A box on the ground: width (x), length (z), height; far faces are not drawn."""
    x, z = centre
    w, length, h = size[0] / 2, size[1] / 2, size[2]
    near, far = z - length, z + length
    side = x - w if x > 0 else x + w

    def p(px: float, pz: float, up: float) -> tuple[float, float]:
        return view.point(px, pz, up)

    draw.polygon(
        [p(side, near, 0), p(side, far, 0), p(side, far, h), p(side, near, h)],
        fill=_shade(colour, 0.6),
    )
    draw.polygon(
        [p(x - w, near, h), p(x + w, near, h), p(x + w, far, h), p(x - w, far, h)],
        fill=_shade(colour, 1.15),
    )
    draw.polygon(
        [p(x - w, near, 0), p(x + w, near, 0), p(x + w, near, h), p(x - w, near, h)],
        fill=_shade(colour, 0.85),
    )


def _car(
    draw: ImageDraw.ImageDraw,
    view: View,
    x: float,
    z: float,
    colour: Colour,
    *,
    along_x: bool = False,
    night: bool = False,
    away: bool = False,
) -> None:
    size = (4.4, 1.8) if along_x else (1.8, 4.4)
    shadow = view.quad(
        x - size[0] / 2 - 0.2, x + size[0] / 2 + 0.2, z - size[1] / 2 - 0.1, z + size[1] / 2 + 0.1
    )
    draw.polygon(shadow, fill=(18, 20, 24))
    _box(draw, view, (x, z), (size[0], size[1], 0.85), colour)
    cabin = (size[0] * (0.5 if along_x else 0.86), size[1] * (0.86 if along_x else 0.5))
    cx, cz = x, z
    w, length = cabin[0] / 2, cabin[1] / 2
    glass = (46, 58, 70) if not night else (22, 28, 36)
    top = [
        view.point(cx - w * 0.85, cz - length * 0.7, 1.45),
        view.point(cx + w * 0.85, cz - length * 0.7, 1.45),
    ]
    draw.polygon(
        [
            view.point(cx - w, cz - length, 0.85),
            view.point(cx + w, cz - length, 0.85),
            top[1],
            top[0],
        ],
        fill=glass,
    )
    draw.polygon(
        [
            top[0],
            top[1],
            view.point(cx + w * 0.85, cz + length * 0.7, 1.45),
            view.point(cx - w * 0.85, cz + length * 0.7, 1.45),
        ],
        fill=_shade(colour, 1.05),
    )
    if not along_x:
        lamp: Colour = (200, 40, 34) if away else (255, 246, 214)
        for lx in (x - 0.65, x + 0.65):
            px, py = view.point(lx, z - size[1] / 2, 0.6)
            r = max(1.0, view.focal * 0.13 / max(z, 1))
            draw.ellipse([px - r, py - r, px + r, py + r], fill=lamp)


def _person(
    draw: ImageDraw.ImageDraw, view: View, x: float, z: float, coat: Colour, phase: float
) -> None:
    s = view.focal / max(z, 1)
    fx, fy = view.point(x, z)
    stride = math.sin(phase) * 0.22 * s
    leg = max(1, int(0.16 * s))
    draw.ellipse([fx - 0.4 * s, fy - 0.07 * s, fx + 0.4 * s, fy + 0.1 * s], fill=(30, 32, 34))
    draw.line([fx, fy - 0.85 * s, fx - stride, fy], fill=(32, 34, 44), width=leg)
    draw.line([fx, fy - 0.85 * s, fx + stride, fy], fill=(42, 44, 56), width=leg)
    draw.rounded_rectangle(
        [fx - 0.22 * s, fy - 1.45 * s, fx + 0.22 * s, fy - 0.75 * s],
        radius=max(1.0, 0.12 * s),
        fill=coat,
    )
    draw.ellipse([fx - 0.13 * s, fy - 1.72 * s, fx + 0.13 * s, fy - 1.44 * s], fill=(206, 164, 136))


def _sky(picture: Image.Image, horizon: int, top: Colour, bottom: Colour) -> None:
    gradient = np.linspace(0, 1, max(horizon, 1))[:, None, None]
    rows = np.array(top) * (1 - gradient) + np.array(bottom) * gradient
    band = np.broadcast_to(rows, (max(horizon, 1), picture.width, 3)).astype(np.uint8)
    picture.paste(Image.fromarray(np.ascontiguousarray(band)), (0, 0))


def _houses(draw: ImageDraw.ImageDraw, view: View, seed: int, night: bool, z: float = 62) -> None:
    rng = random.Random(seed)
    x = -95.0
    while x < 95:
        width, height = rng.uniform(9, 20), rng.uniform(11, 34)
        wall = _shade(
            rng.choice([(146, 134, 120), (128, 132, 138), (158, 146, 130), (118, 110, 108)]),
            0.28 if night else 1.0,
        )
        (x0, y0), (x1, y1) = view.point(x, z, height), view.point(x + width, z, 0)
        draw.rectangle([x0, y0, x1, y1], fill=wall)
        pane = view.focal * 1.5 / z
        wy = y0 + pane
        while wy < y1 - 2.4 * pane:
            wx = x0 + pane * 0.8
            while wx < x1 - pane * 1.2:
                lit = rng.random() < (0.33 if night else 0.08)
                glass = (
                    (232, 196, 120) if lit and night else _shade(wall, 0.72 if not night else 0.6)
                )
                draw.rectangle([wx, wy, wx + pane * 0.9, wy + pane * 1.1], fill=glass)
                wx += pane * 1.9
            wy += pane * 2.1
        x += width + rng.uniform(0, 1.5)


def _grain(picture: Image.Image, seed: int, amount: float) -> Image.Image:
    """A little texture, so that surfaces do not look like a drawing."""
    rng = np.random.default_rng(seed)
    noise = rng.normal(0, amount, (picture.height // 2, picture.width // 2, 1))
    full = noise.repeat(2, 0).repeat(2, 1)[: picture.height, : picture.width]
    data = np.asarray(picture, dtype=np.float32)[: full.shape[0], : full.shape[1]] + full
    return Image.fromarray(data.clip(0, 255).astype(np.uint8))


def _trees(
    draw: ImageDraw.ImageDraw, view: View, places: list[tuple[float, float]], leaf: Colour
) -> None:
    rng = random.Random(7)
    for x, z in sorted(places, key=lambda p: -p[1]):
        s = view.focal / z
        bx, by = view.point(x, z)
        draw.line([bx, by, bx, by - 3.2 * s], fill=(62, 50, 40), width=max(1, int(0.3 * s)))
        for _ in range(26):
            ox, oy, r = rng.gauss(0, 0.9), rng.gauss(4.4, 0.8), rng.uniform(0.4, 0.95)
            draw.ellipse(
                [bx + (ox - r) * s, by - (oy + r) * s, bx + (ox + r) * s, by - (oy - r) * s],
                fill=_shade(leaf, rng.uniform(0.7, 1.2)),
            )


Painter = Callable[[ImageDraw.ImageDraw, float], None]


def _junction(width: int, height: int) -> tuple[Image.Image, Painter]:
    view = View(width, height, 9.5, 0.2, 0.72)
    picture = Image.new("RGB", (width, height), (104, 108, 98))
    _sky(picture, int(view.horizon) + 2, (128, 158, 190), (206, 214, 216))
    draw = ImageDraw.Draw(picture)
    _houses(draw, view, 3, False)
    draw.polygon(view.quad(-110, 110, 17, 34), fill=(78, 80, 84))
    draw.polygon(view.quad(-7, 7, 4, 62), fill=(80, 82, 86))
    for z in (15.2, 35.2):
        for i in range(12):
            x = -6.4 + i * 1.12
            draw.polygon(view.quad(x, x + 0.56, z - 1.4, z + 0.8), fill=(208, 208, 200))
    for i in range(-14, 15):
        if abs(i) > 2:
            draw.polygon(view.quad(i * 3.2, i * 3.2 + 1.6, 25.4, 25.7), fill=(214, 204, 150))
    for z in list(range(4, 14, 3)) + list(range(38, 60, 3)):
        draw.polygon(view.quad(-0.12, 0.12, z, z + 1.6), fill=(214, 204, 150))
    _trees(
        draw,
        view,
        [(-11, 39), (11, 38), (-15, 41), (16, 42), (-22, 40), (24, 40), (30, 43)],
        (74, 104, 62),
    )
    picture = _grain(picture, 1, 5)
    cars = [
        (28.5, 1, (168, 44, 40), 0.0),
        (28.5, 1, (224, 224, 226), 0.37),
        (28.5, 1, (52, 74, 116), 0.62),
        (21.5, -1, (38, 40, 44), 0.18),
        (21.5, -1, (196, 176, 60), 0.55),
        (21.5, -1, (236, 236, 238), 0.86),
    ]
    people = [
        (15.0, 1, (176, 62, 54), 0.1),
        (14.4, -1, (58, 84, 120), 0.5),
        (35.4, 1, (70, 96, 70), 0.3),
    ]

    def paint(draw: ImageDraw.ImageDraw, t: float) -> None:
        for z, way, coat, offset in people:
            if z > 30:
                u = (t / LOOP_S + offset) % 1
                _person(draw, view, way * (u - 0.5) * 18, z, coat, t * 7)
        for z, way, colour, offset in cars:
            u = (t / LOOP_S + offset) % 1
            _car(draw, view, way * (u - 0.5) * 96, z, colour, along_x=True)
        for z, way, coat, offset in people:
            if z < 30:
                u = (t / LOOP_S + offset) % 1
                _person(draw, view, way * (u - 0.5) * 18, z, coat, t * 7 + offset)

    return picture, paint


def _street(width: int, height: int) -> tuple[Image.Image, Painter]:
    view = View(width, height, 6.5, 0.3, 0.66)
    picture = Image.new("RGB", (width, height), (30, 33, 40))
    _sky(picture, int(view.horizon) + 2, (10, 14, 26), (36, 40, 54))
    draw = ImageDraw.Draw(picture)
    _houses(draw, view, 11, True, 75)
    draw.polygon(view.quad(-6, 6, 3, 75), fill=(44, 47, 54))
    for x in (-6.3, 6.0):
        draw.polygon(view.quad(x, x + 0.3, 3, 75), fill=(84, 86, 90))
    for z in range(4, 72, 5):
        draw.polygon(view.quad(-0.1, 0.1, z, z + 2.2), fill=(176, 172, 150))
    for side, shade in ((-1, (58, 48, 44)), (1, (48, 46, 52))):
        for i, z in enumerate(range(10, 74, 9)):
            top = 7 + (i * 5) % 6
            p = [
                view.point(side * 9.5, z, 0),
                view.point(side * 9.5, z + 9, 0),
                view.point(side * 9.5, z + 9, top),
                view.point(side * 9.5, z, top),
            ]
            draw.polygon(p, fill=_shade(shade, 1.0 - i * 0.05))
            lit = [
                view.point(side * 9.45, z + 1, 0.4),
                view.point(side * 9.45, z + 6, 0.4),
                view.point(side * 9.45, z + 6, 2.8),
                view.point(side * 9.45, z + 1, 2.8),
            ]
            draw.polygon(lit, fill=[(232, 190, 110), (120, 170, 190), (214, 120, 96)][i % 3])
    glow = Image.new("RGB", (width, height), (0, 0, 0))
    gdraw = ImageDraw.Draw(glow)
    for z in range(8, 72, 12):
        for side in (-1, 1):
            px, py = view.point(side * 7.2, z)
            tx, ty = view.point(side * 5.6, z, 7)
            draw.line(
                [px, py, *view.point(side * 7.2, z, 7), tx, ty],
                fill=(70, 72, 78),
                width=max(1, int(view.focal * 0.12 / z)),
            )
            r = view.focal * 0.35 / z
            gdraw.ellipse([tx - r * 2, ty - r * 2, tx + r * 2, ty + r * 2], fill=(255, 214, 140))
            gx, gy = view.point(side * 4.6, z)
            gdraw.ellipse([gx - r * 8, gy - r * 2.6, gx + r * 8, gy + r * 2.6], fill=(86, 70, 42))
    blurred = glow.filter(ImageFilter.GaussianBlur(width / 110))
    data = np.asarray(picture, dtype=np.uint16) + np.asarray(blurred, dtype=np.uint16)
    picture = _grain(Image.fromarray(data.clip(0, 255).astype(np.uint8)), 2, 4)

    def paint(draw: ImageDraw.ImageDraw, t: float) -> None:
        things: list[tuple[float, Callable[[], None]]] = []
        for offset, colour in ((0.0, (120, 30, 32)), (0.45, (200, 202, 206))):
            z = 72 - ((t / LOOP_S + offset) % 1) * 68
            things.append((z, functools.partial(_car, draw, view, -2.9, z, colour, night=True)))
        for offset, colour in ((0.2, (60, 70, 96)), (0.7, (36, 38, 42))):
            z = 4 + ((t / LOOP_S + offset) % 1) * 68
            things.append(
                (z, functools.partial(_car, draw, view, 2.9, z, colour, night=True, away=True))
            )
        for offset, way, coat in ((0.1, 1, (90, 40, 44)), (0.6, -1, (60, 70, 84))):
            u = (t / LOOP_S * way + offset) % 1
            z = 9 + u * 14
            things.append((z, functools.partial(_person, draw, view, 7.6 * way, z, coat, t * 7)))
        for _, thing in sorted(things, key=lambda p: -p[0]):
            thing()

    return picture, paint


def _carpark(width: int, height: int) -> tuple[Image.Image, Painter]:
    view = View(width, height, 12, 0.06, 0.8)
    picture = Image.new("RGB", (width, height), (92, 95, 98))
    _sky(picture, int(view.horizon) + 2, (170, 180, 190), (206, 210, 212))
    draw = ImageDraw.Draw(picture)
    _houses(draw, view, 21, False, 80)
    rng = random.Random(5)
    parked: list[tuple[float, float, Colour]] = []
    colours: list[Colour] = [
        (210, 212, 214),
        (40, 42, 46),
        (132, 36, 38),
        (64, 84, 120),
        (150, 152, 150),
        (90, 74, 60),
        (54, 92, 82),
    ]
    for z in (48, 33, 18):
        for i in range(-7, 8):
            x = i * 2.9
            draw.polygon(view.quad(x - 0.06, x + 0.06, z - 2.6, z + 2.6), fill=(206, 206, 200))
            if i < 7 and rng.random() < 0.68:
                parked.append((x + 1.45, z, rng.choice(colours)))
        draw.polygon(view.quad(-21, 21, z + 2.6, z + 2.75), fill=(206, 206, 200))
    _trees(draw, view, [(-26, 46), (27, 45), (-27, 60), (26, 62), (-8, 66), (9, 68)], (88, 112, 70))
    picture = _grain(picture, 3, 5)
    draw = ImageDraw.Draw(picture)
    for side, away, colour in sorted(parked, key=lambda p: -p[1]):
        _car(draw, view, side, away, colour)

    def paint(draw: ImageDraw.ImageDraw, t: float) -> None:
        u = (t / LOOP_S) % 1
        _car(draw, view, (u - 0.5) * 70, 40.5, (186, 150, 40), along_x=True)
        _car(draw, view, (0.5 - u) * 60, 25.5, (228, 230, 232), along_x=True)
        _person(draw, view, (u - 0.5) * 22, 26.5, (60, 90, 130), t * 7)
        _person(draw, view, (0.5 - u) * 16 - 3, 11.5, (150, 70, 60), t * 6)

    return picture, paint


def _square(width: int, height: int) -> tuple[Image.Image, Painter]:
    view = View(width, height, 10, 0.14, 0.7)
    picture = Image.new("RGB", (width, height), (150, 144, 132))
    _sky(picture, int(view.horizon) + 2, (150, 176, 204), (222, 224, 220))
    draw = ImageDraw.Draw(picture)
    _houses(draw, view, 33, False, 70)
    for row, z in enumerate(range(4, 70, 3)):
        for column in range(-24, 24):
            if (row + column) % 2:
                draw.polygon(view.quad(column * 3, column * 3 + 3, z, z + 3), fill=(138, 132, 120))
    cx, cy = view.point(0, 36)
    r = view.focal * 6 / 36
    draw.ellipse([cx - r, cy - r * 0.32, cx + r, cy + r * 0.32], fill=(122, 118, 110))
    draw.ellipse([cx - r * 0.88, cy - r * 0.28, cx + r * 0.88, cy + r * 0.24], fill=(92, 136, 152))
    _trees(
        draw, view, [(-24, 44), (-17, 50), (22, 46), (16, 54), (30, 40), (-32, 42)], (80, 116, 66)
    )
    picture = _grain(picture, 4, 5)
    rng = random.Random(9)
    coats: list[Colour] = [
        (166, 60, 54),
        (60, 84, 124),
        (70, 104, 76),
        (188, 160, 70),
        (96, 70, 110),
        (52, 54, 60),
        (210, 206, 200),
    ]
    walkers = [
        (rng.uniform(9, 52), rng.choice((-1, 1)), rng.random(), rng.choice(coats))
        for _ in range(16)
    ]

    def paint(draw: ImageDraw.ImageDraw, t: float) -> None:
        for z, way, offset, coat in sorted(walkers, key=lambda w: -w[0]):
            u = (t / LOOP_S + offset) % 1
            _person(draw, view, way * (u - 0.5) * (14 + z * 0.9), z, coat, t * 7 + offset * 9)
        jet = view.focal * (2.4 + 0.3 * math.sin(t * 2 * math.pi)) / 36
        draw.line(
            [cx, cy - r * 0.02, cx, cy - jet], fill=(206, 224, 230), width=max(1, int(r / 22))
        )

    return picture, paint


_DRAWN: dict[str, Callable[[int, int], tuple[Image.Image, Painter]]] = {
    "junction": _junction,
    "street": _street,
    "carpark": _carpark,
    "square": _square,
}


def label(picture: Image.Image, name: str, clock: str) -> None:
    """On-screen text as cameras burn it in: name lower left, clock top right."""
    size = max(14, picture.height // 17)
    draw = ImageDraw.Draw(picture)
    stroke = max(1, size // 20)
    bottom = picture.height - picture.height // timecode.HEIGHT_SHARE - size * 1.5
    edge = (0, 0, 0)
    draw.text(
        (size * 0.6, bottom),
        name,
        font=_font(size),
        fill=(255, 255, 255),
        stroke_width=stroke,
        stroke_fill=edge,
    )
    width = draw.textlength(clock, font=_font(size))
    draw.text(
        (picture.width - width - size * 0.6, size * 0.4),
        clock,
        font=_font(size),
        fill=(255, 255, 255),
        stroke_width=stroke,
        stroke_fill=edge,
    )


def _clip_pictures(name: str, width: int, height: int, fps: int) -> Iterator[Image.Image]:
    count = LOOP_S * fps
    with av.open(str(RESOURCES / "footage" / CLIPS[name])) as container:
        stream = container.streams.video[0]
        rate = float(stream.average_rate or 10)
        skip = 4.0  # the first seconds are the dullest
        done = 0
        for i, frame in enumerate(container.decode(stream)):
            if i / rate < skip:
                continue
            wanted = min(count, math.ceil((i / rate - skip + 1 / rate) * fps))
            if wanted <= done:
                continue
            rgb = frame.reformat(width, height, "rgb24", interpolation="BILINEAR").to_ndarray()
            image = Image.fromarray(rgb)
            while done < wanted:
                done += 1
                yield image.copy()
            if done >= count:
                return


def pictures(scene: str, width: int, height: int, fps: int) -> Iterator[Image.Image]:
    """The LOOP_S x fps pictures of a loop, without text. `scene` is one of SCENES or "black"."""
    count = LOOP_S * fps
    if scene == "black":
        for _ in range(count):
            yield Image.new("RGB", (width, height), (4, 4, 4))
    elif scene in CLIPS and (RESOURCES / "footage" / CLIPS[scene]).exists():
        yield from _clip_pictures(scene, width, height, fps)
    else:
        background, paint = _DRAWN.get(scene, _junction)(width, height)
        for i in range(count):
            picture = background.copy()
            paint(ImageDraw.Draw(picture), i / fps)
            yield picture


@dataclass(frozen=True, slots=True)
class Disturbance:
    """What is wrong with a view. Angles in degrees, `blur`: its radius as a share of the width."""

    pan: float = 0.0
    roll: float = 0.0
    blur: float = 0.0
    covered: bool = False

    def __bool__(self) -> bool:
        return self != WHOLE

    def of(self, scene: str) -> str:
        """The name of a scene that is seen so: `labelled` reads it."""
        if not self:
            return scene
        return f"{scene}@{self.pan:g},{self.roll:g},{self.blur:g},{self.covered:d}"

    @staticmethod
    def parted(scene: str) -> tuple[str, Disturbance]:
        """The scene, and how it is seen."""
        base, _, text = scene.partition("@")
        if not text:
            return base, WHOLE
        pan, roll, blur, covered = text.split(",")
        return base, Disturbance(float(pan), float(roll), float(blur), covered == "1")

    def seen(self, picture: Image.Image) -> Image.Image:
        """The picture as it is seen then. Knocked aside: moved by a pinhole of `VIEW_DEG`."""
        if self.covered:
            return Image.new("RGB", picture.size, (52, 50, 47))
        if self.pan:
            picture = ImageChops.offset(picture, -round(picture.width * self.pan / VIEW_DEG), 0)
        return self.shaken(picture)

    def shaken(self, picture: Image.Image) -> Image.Image:
        """The same without the pan."""
        if self.covered:
            return Image.new("RGB", picture.size, (52, 50, 47))
        if self.roll:
            # Cut so that no black corner shows what happened.
            width, height = picture.size
            turned = picture.rotate(self.roll, Image.Resampling.BILINEAR)
            cut = (width // 10, height // 10, width - width // 10, height - height // 10)
            picture = turned.crop(cut).resize((width, height), Image.Resampling.BILINEAR)
        if self.blur:
            picture = picture.filter(ImageFilter.GaussianBlur(self.blur * picture.width))
        return picture


WHOLE = Disturbance()
VIEW_DEG = 60.0
"""Horizontal field of view of a simulated camera, at its widest."""


def labelled(
    scene: str, name: str, name_en: str, width: int, height: int, fps: int
) -> Iterator[Rgb]:
    """The pictures of a loop with name, clock and time code (the frame's index in the loop).

    The clock is the time within the loop, and says so: a picture encoded yesterday must not claim
    to know what time it is.
    """
    text = name if font_path() else name_en
    scene, wrong = Disturbance.parted(scene)
    for i, whole in enumerate(pictures(scene, width, height, fps)):
        picture = wrong.seen(whole)
        if scene != "black":
            seconds = i / fps
            label(picture, text, f"LOOP {int(seconds):02d}.{int(seconds % 1 * 100):02d} s")
        data = np.array(picture)
        if scene != "black":
            strip = data[:, :, 0].copy()
            timecode.draw(strip, i)
            top = height - height // timecode.HEIGHT_SHARE
            data[top:] = strip[top:, :, None]
        yield data


PANORAMA = (3840, 1440)
"""Width and height of the panorama."""


@functools.cache
def panorama() -> Rgb:
    """A wide picture (height x width x 3) for PTZ cameras: the square, seen all around."""
    wide, tall = PANORAMA
    background, paint = _square(wide, tall)
    paint(ImageDraw.Draw(background), 2.0)
    draw = ImageDraw.Draw(background)
    for i in range(8):
        x = 120 + 480 * i
        # Numbered masts: a person and a test see which way the camera looks.
        y = int(tall * 0.36)
        draw.line([x, y, x, int(tall * 0.62)], fill=(70, 74, 80), width=10)
        board = [(176, 44, 40), (38, 92, 150), (46, 120, 70), (190, 150, 40)][i % 4]
        draw.rounded_rectangle(
            [x - 70, y - 50, x + 70, y + 60],
            radius=14,
            fill=board,
            outline=(240, 240, 236),
            width=6,
        )
        draw.text((x, y + 4), str(i + 1), font=_font(84), fill=(250, 250, 250), anchor="mm")
    return np.array(background)
