"""How one tile looks: title strip, picture, and what is said over a picture that is not live."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import UTC, datetime

from PySide6.QtCore import QCoreApplication, QPoint, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetrics,
    QImage,
    QPainter,
    QPainterPath,
    QPen,
    QPixmap,
    QPolygonF,
)

from app.domain.camera import Area
from app.ui import i18n, theme
from app.ui.zoom import Aspect, Zoom, placement
from app.video.types import Picture, SoundStatus, StreamState, StreamStatus

WHOLE = Zoom()
MASK = QColor("#30363f")
STRIP = 20
"""Height of the title strip in logical pixels: text at least 4 mm at 0.8 m on a desktop monitor."""

GAP = 2
"""Around each tile; the selection's frame is drawn there."""

WRONG_CLOCK_S = 5
"""A camera's clock further off than this is said to be wrong (domain reference 4.2)."""

TROUBLE = {
    StreamState.STALLED,
    StreamState.UNAUTHORIZED,
    StreamState.UNREACHABLE,
    StreamState.UNSUPPORTED,
    StreamState.NO_SIGNAL,
}


def state_colour(state: StreamState) -> QColor:
    """Red: act now; amber: attention; grey: unknown; white: nothing to say."""
    if state in (StreamState.STALLED, StreamState.UNREACHABLE, StreamState.NO_SIGNAL):
        return theme.RED
    if state in (StreamState.DEGRADED, StreamState.UNAUTHORIZED, StreamState.UNSUPPORTED):
        return theme.AMBER
    if state is StreamState.LIVE:
        return theme.GREEN
    return theme.GREY


def draw_symbol(painter: QPainter, state: StreamState, box: QRectF) -> None:
    """The state's symbol: a shape of its own for each, so that colour is never alone."""
    colour = state_colour(state)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    side = min(box.width(), box.height())
    centre = box.center()
    r = side * 0.38
    pen = QPen(colour, max(1.4, side * 0.12))
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    x, y = centre.x(), centre.y()

    def line(x0: float, y0: float, x1: float, y1: float) -> None:
        painter.drawLine(QPointF(x + x0 * r, y + y0 * r), QPointF(x + x1 * r, y + y1 * r))

    match state:
        case StreamState.LIVE:
            painter.setBrush(colour)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.drawEllipse(centre, r * 0.75, r * 0.75)
        case StreamState.IDLE:
            painter.drawEllipse(centre, r * 0.8, r * 0.8)
        case StreamState.CONNECTING:
            for i in (-1, 0, 1):
                painter.drawPoint(QPointF(x + i * r * 0.9, y))
        case StreamState.STALLED:  # two bars: it stands still
            line(-0.45, -0.9, -0.45, 0.9)
            line(0.45, -0.9, 0.45, 0.9)
        case StreamState.DEGRADED:
            points = [QPointF(x, y - r), QPointF(x + r, y + r * 0.8), QPointF(x - r, y + r * 0.8)]
            painter.drawPolygon(QPolygonF(points))
            line(0, -0.25, 0, 0.3)
        case StreamState.UNAUTHORIZED:  # a lock
            painter.drawRect(QRectF(x - r * 0.75, y - r * 0.1, r * 1.5, r))
            painter.drawArc(QRectF(x - r * 0.5, y - r, r, r * 1.6), 0, 180 * 16)
        case StreamState.UNREACHABLE:
            line(-0.8, -0.8, 0.8, 0.8)
            line(-0.8, 0.8, 0.8, -0.8)
        case StreamState.UNSUPPORTED:
            painter.drawEllipse(centre, r, r)
            line(-0.65, 0.65, 0.65, -0.65)
        case StreamState.NO_SIGNAL:  # an empty screen
            painter.drawRect(QRectF(x - r, y - r * 0.75, r * 2, r * 1.3))
            line(-0.5, 0.95, 0.5, 0.95)
    painter.restore()


METER, METER_FROM = 40, 140
"""Width of the level meter, in strips at least so wide; narrower ones have only the symbol."""

METER_DB = 60.0
"""The meter reaches from so many dB below full scale up to it."""


def meter_box(strip: QRect) -> QRectF:
    """Where a strip has its level meter."""
    return QRectF(strip.right() - 5 - METER, strip.y() + 6, METER, STRIP - 12)


def draw_meter(painter: QPainter, box: QRectF, sound: SoundStatus) -> None:
    """A bar for the mean level, a tick for the peak."""

    def x(level: float) -> float:
        return max(0.0, min(1.0, 1 + level / METER_DB)) * box.width()

    painter.fillRect(box, QColor("#0b0d10"))
    painter.fillRect(QRectF(box.x(), box.y(), x(sound.rms_db), box.height()), theme.BLUE)
    if sound.peak_db > -METER_DB:
        tick = box.x() + min(x(sound.peak_db), box.width() - 2)
        near = sound.peak_db > -1  # clipped: what is said there is distorted
        painter.fillRect(
            QRectF(tick, box.y(), 2, box.height()), theme.AMBER if near else theme.TEXT
        )


def draw_speaker(painter: QPainter, box: QRectF, *, crossed: bool) -> None:
    """A loudspeaker: with waves, or crossed out when nothing comes from it."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    u = box.width() / 14
    painter.translate(box.x(), box.y())
    colour = theme.AMBER if crossed else QColor("white")
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    points = [(0, 4.5), (3, 4.5), (7, 1), (7, 13), (3, 9.5), (0, 9.5)]
    painter.drawPolygon(QPolygonF([QPointF(a * u, b * u) for a, b in points]))
    pen = QPen(colour, 1.4 * u)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    if crossed:
        painter.drawLine(QPointF(9 * u, 5 * u), QPointF(13 * u, 9 * u))
        painter.drawLine(QPointF(13 * u, 5 * u), QPointF(9 * u, 9 * u))
    else:
        for r in (3, 6):
            arc = QRectF((7 - r) * u, (7 - r) * u, 2 * r * u, 2 * r * u)
            painter.drawArc(arc, -45 * 16, 90 * 16)
    painter.restore()


@dataclass(frozen=True, slots=True)
class TileLook:
    """All that a tile's strip and overlay depend on; equal looks are painted once."""

    title: str
    number: int | None
    status: StreamStatus
    selected: bool
    ptz: str = ""  # "", "can", "on"
    language: str = "en"
    marks: tuple[str, ...] = ()  # short words such as "2.0×"
    sound: str = ""  # "", "heard", "silent": heard, but nothing comes from the loudspeaker
    badge: tuple[str, str] = ("", "")  # open fault, maintenance: short, and where there is room


def picture_box(tile: QRect) -> QRect:
    """Where the picture goes within a tile (logical pixels)."""
    inner = tile.adjusted(GAP, GAP, -GAP, -GAP)
    return inner.adjusted(0, STRIP, 0, 0)


def picture_target(
    box: QRect, picture: Picture, ratio: float, zoom: Zoom = WHOLE, aspect: Aspect = Aspect.FIT
) -> tuple[QRect, QRectF | None]:
    """Where a picture goes in `box` (logical pixels), and which part of it (None: all, unscaled)."""
    wide, high = int(box.width() * ratio), int(box.height() * ratio)
    exact = (picture.width == wide and picture.height <= high) or (
        picture.height == high and picture.width <= wide
    )
    if exact and aspect is Aspect.FIT and not zoom.on:
        w, h = round(picture.width / ratio), round(picture.height / ratio)
        x, y = box.x() + (box.width() - w) // 2, box.y() + (box.height() - h) // 2
        return QRect(x, y, w, h), None
    frame = (box.x(), box.y(), box.width(), box.height())
    place, part = placement(frame, (picture.width, picture.height), zoom, aspect)
    return QRectF(*place).toRect(), QRectF(*part)


def _watermark(text: str, ratio: float) -> QPixmap:
    font = QFont()
    font.setPixelSize(12)
    metrics = QFontMetrics(font)
    width, height = metrics.horizontalAdvance(text) + 4, metrics.height() + 2
    pixmap = QPixmap(QSize(round(width * ratio), round(height * ratio)))
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setFont(font)
    painter.setPen(QColor(0, 0, 0, 70))
    painter.drawText(QPointF(2, metrics.ascent() + 2), text)
    painter.setPen(QColor(255, 255, 255, 80))
    painter.drawText(QPointF(1, metrics.ascent() + 1), text)
    painter.end()
    return pixmap


def clock_text(moment: datetime) -> str:
    """Local time with seconds; with the date when it is not today's."""
    local = moment.astimezone()
    today = datetime.now().astimezone().date()
    return local.strftime("%H:%M:%S" if local.date() == today else "%Y-%m-%d %H:%M:%S")


def _local(seconds: float) -> str:
    """POSIX seconds as local date and time."""
    return clock_text(datetime.fromtimestamp(seconds, UTC))


def age_text(seconds: float) -> str:
    """A duration as operators say it: 12 s, 3 min 05 s, 2 h 14 min."""
    whole = int(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60:02d} s"
    return f"{whole // 3600} h {whole % 3600 // 60:02d} min"


class TilePainter:
    """Paints tiles with a widget's painter. Strips are kept as pixmaps."""

    def __init__(self) -> None:
        self._strips: dict[tuple[TileLook, int, float], QPixmap] = {}
        self._watermarks: dict[tuple[str, float], QPixmap] = {}

    def strip(self, look: TileLook, width: int, ratio: float) -> QPixmap:
        """The title strip of a tile `width` logical pixels wide."""
        key = (look, width, ratio)
        pixmap = self._strips.get(key)
        if pixmap is None:
            if len(self._strips) > 512:
                self._strips.clear()
            pixmap = self._strips[key] = self._render_strip(look, width, ratio)
        return pixmap

    def _render_strip(self, look: TileLook, width: int, ratio: float) -> QPixmap:
        pixmap = QPixmap(QSize(max(1, int(width * ratio)), int(STRIP * ratio)))
        pixmap.setDevicePixelRatio(ratio)
        pixmap.fill(QColor("#26384d") if look.selected else theme.PANEL)
        painter = QPainter(pixmap)
        font = QFont(painter.font())
        font.setPixelSize(12)
        painter.setFont(font)
        metrics = QFontMetrics(font)
        draw_symbol(painter, look.status.state, QRectF(4, 3, 14, 14))
        right = width - 6
        if look.sound:
            if width >= METER_FROM:
                right = round(meter_box(QRect(0, 0, width, STRIP)).x()) - 5
            draw_speaker(painter, QRectF(right - 14, 3, 14, 14), crossed=look.sound == "silent")
            right -= 14 + 8
        words = (
            [] if look.status.state is StreamState.LIVE else [i18n.state_text(look.status.state)]
        )
        if look.ptz:
            words.append("PTZ ●" if look.ptz == "on" else "PTZ")
        words += look.marks
        text = "  ".join(words)
        room = width * 0.5
        if relief := i18n.relief_text(look.status.code):
            full = "  ".join([relief, *words[1:]])
            # The reason where there is room for it; the state at least.
            if metrics.horizontalAdvance(full) < width * 0.62:
                text, room = full, width * 0.62
        if text and metrics.horizontalAdvance(text) < min(room, right - 22):
            w = metrics.horizontalAdvance(text)
            trouble = look.status.state not in (StreamState.LIVE, StreamState.IDLE)
            painter.setPen(state_colour(look.status.state) if trouble else theme.DIM_TEXT)
            painter.drawText(QRect(right - w, 0, w, STRIP), Qt.AlignmentFlag.AlignVCenter, text)
            right -= w + 8
        left = 22
        if look.number is not None:
            number = str(look.number)
            painter.setPen(theme.DIM_TEXT)
            w = metrics.horizontalAdvance(number)
            if w < width * 0.25:
                painter.drawText(QRect(left, 0, w, STRIP), Qt.AlignmentFlag.AlignVCenter, number)
                left += w + 7
        if look.badge[0]:
            left = self._badge(painter, look, left, right, metrics)
        painter.setPen(QColor("white") if look.selected else theme.TEXT)
        title = metrics.elidedText(look.title, Qt.TextElideMode.ElideRight, max(0, right - left))
        painter.drawText(QRect(left, 0, max(0, right - left), STRIP), Qt.AlignmentFlag.AlignVCenter,
                         title)  # fmt: skip
        painter.end()
        return pixmap

    def _badge(
        self, painter: QPainter, look: TileLook, left: int, right: int, metrics: QFontMetrics
    ) -> int:
        """The open fault in a frame, in full where the title keeps half the room; the new left."""
        short, full = look.badge
        text = full if metrics.horizontalAdvance(full) + 14 < (right - left) * 0.6 else short
        w = metrics.horizontalAdvance(text) + 8
        if w > right - left:
            return left
        box = QRectF(left + 0.5, 2.5, w, STRIP - 5)
        painter.setPen(QPen(theme.AMBER, 1))
        painter.setBrush(QColor("#3a3013"))
        painter.drawRoundedRect(box, 3, 3)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)
        return left + w + 6

    def picture(
        self, painter: QPainter, box: QRect, picture: Picture, ratio: float,
        zoom: Zoom = WHOLE, aspect: Aspect = Aspect.FIT,
    ) -> QRect:  # fmt: skip
        """Blit a picture into `box`; returns the rectangle covered (logical pixels)."""
        image = QImage(
            picture.data, picture.width, picture.height, picture.stride, QImage.Format.Format_RGB32
        )
        target, part = picture_target(box, picture, ratio, zoom, aspect)
        if part is None:
            # The decoder scaled it for this tile: a plain copy, the fast case.
            image.setDevicePixelRatio(ratio)
            painter.drawImage(target.topLeft(), image)
        else:
            painter.drawImage(QRectF(target), image, part)
        if zoom.on:
            self._map(painter, target, image, zoom)
        return target

    def _map(self, painter: QPainter, target: QRect, image: QImage, zoom: Zoom) -> None:
        """The whole picture, small, with the part that is shown."""
        wide = max(48, min(160, target.width() // 5))
        if target.width() < 3 * wide:
            return
        high = wide * image.height() // max(1, image.width())
        image.setDevicePixelRatio(1)
        place = QRect(target.right() - wide - 6, target.top() + 6, wide, high)
        painter.drawImage(place, image)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(0, 0, 0, 190), 1))
        painter.drawRect(place.adjusted(-1, -1, 0, 0))
        x, y, w, h = zoom.rectangle()
        part = QRectF(place.x() + x * wide, place.y() + y * high, w * wide, h * high)
        painter.setPen(QPen(QColor("white"), 1))
        painter.drawRect(part)

    def masks(
        self, painter: QPainter, box: QRect, target: QRect, picture: Picture, zoom: Zoom,
        aspect: Aspect, areas: tuple[Area, ...],
    ) -> None:  # fmt: skip
        """Cover private areas, given in shares of the picture."""
        frame = (box.x(), box.y(), box.width(), box.height())
        place, part = placement(frame, (picture.width, picture.height), zoom, aspect)
        sx, sy = place[2] / part[2], place[3] / part[3]
        painter.save()
        painter.setClipRect(target)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(MASK)
        for area in areas:
            painter.drawPolygon(
                QPolygonF(
                    [
                        QPointF(
                            place[0] + (x * picture.width - part[0]) * sx,
                            place[1] + (y * picture.height - part[1]) * sy,
                        )
                        for x, y in area
                    ]
                )
            )
        painter.restore()

    def watermark(self, painter: QPainter, target: QRect, text: str, ratio: float) -> None:
        """Who watches here, faintly over the picture: a photograph of the screen tells it."""
        pixmap = self._watermarks.get((text, ratio))
        if pixmap is None:
            self._watermarks.clear()
            pixmap = self._watermarks[text, ratio] = _watermark(text, ratio)
        w, h = round(pixmap.width() / ratio), round(pixmap.height() / ratio)
        painter.save()
        painter.setClipRect(target)
        if target.width() > 3 * w:
            # Twice, apart from each other: cutting one edge off does not lose it.
            painter.drawPixmap(target.x() + 8, target.y() + target.height() // 3, pixmap)
        x = max(target.x() + 8, target.right() - w - 8)
        painter.drawPixmap(x, target.y() + 2 * target.height() // 3 - h // 2, pixmap)
        painter.restore()

    def replay(self, painter: QPainter, box: QRect, moment: datetime, age_s: float) -> None:
        """A band that no one takes for live."""
        translate = QCoreApplication.translate
        text = translate("Tile", "REPLAY  {time}  ({age} ago)").format(
            time=clock_text(moment), age=age_text(age_s)
        )
        font = QFont(painter.font())
        font.setPixelSize(12)
        font.setBold(True)
        painter.setFont(font)
        width = min(box.width(), QFontMetrics(font).horizontalAdvance(text) + 18)
        band = QRect(box.x(), box.y(), width, 22)
        painter.fillRect(band, QColor("#1f5fa8"))
        painter.setPen(QColor("white"))
        painter.drawText(band.adjusted(9, 0, -4, 0), Qt.AlignmentFlag.AlignVCenter, text)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor("#3f8fe8"), 3))
        painter.drawRect(box.adjusted(1, 1, -2, -2))

    def trouble(self, painter: QPainter, box: QRect, look: TileLook, now: datetime) -> None:
        """Dim what is there and say what is wrong, since when, and what happens next."""
        translate = QCoreApplication.translate
        status = look.status
        painter.fillRect(box, QColor(8, 10, 13, 178))
        small = box.width() < 210 or box.height() < 120
        lines: list[tuple[str, QColor, int, bool]] = []
        size = 13 if small else 16
        lines.append((i18n.state_text(status.state), QColor("white"), size, True))
        alive = status.state is StreamState.NO_SIGNAL  # pictures come, but show nothing
        if status.last_picture_at is not None and not alive:
            text = translate("Tile", "last picture {time}").format(
                time=clock_text(status.last_picture_at)
            )
            age = age_text((now - status.last_picture_at).total_seconds())
            lines.append((f"{text}  ({age})", QColor("#f0d9a8"), size - 3, False))
        elif status.state is not StreamState.CONNECTING:
            text = translate("Tile", "since {time}").format(time=clock_text(status.since))
            lines.append((text, QColor("#f0d9a8"), size - 3, False))
        if not small:
            reason = i18n.failure_text(status.code, status.detail)
            if reason:
                lines.append((reason, theme.TEXT, 12, False))
            if status.retry_at is not None:
                wait = max(0, round((status.retry_at - now).total_seconds()))
                text = translate("Tile", "trying again in {seconds} s  ·  F5 now")
                lines.append((text.format(seconds=wait), theme.DIM_TEXT, 12, False))
            elif status.state is StreamState.UNAUTHORIZED:
                text = translate("Tile", "not tried again by itself  ·  F5 tries once")
                lines.append((text, theme.DIM_TEXT, 12, False))
        font = QFont(painter.font())
        rows = []
        for text, colour, pixels, bold in lines:
            font.setPixelSize(pixels)
            font.setBold(bold)
            metrics = QFontMetrics(font)
            flags = Qt.AlignmentFlag.AlignHCenter | Qt.TextFlag.TextWordWrap
            height = metrics.boundingRect(QRect(0, 0, box.width() - 16, 200), flags, text).height()
            rows.append((text, colour, QFont(font), height + 3))
        total = sum(r[3] for r in rows)
        symbol = 0 if small else 34
        y = box.y() + max(4, (box.height() - total - symbol) // 2)
        if symbol:
            draw_symbol(painter, status.state, QRectF(box.center().x() - 15, y, 30, 30))
            y += symbol
        flags = Qt.AlignmentFlag.AlignHCenter | Qt.TextFlag.TextWordWrap
        for text, colour, row_font, height in rows:
            painter.setFont(row_font)
            painter.setPen(colour)
            painter.drawText(QRect(box.x() + 8, y, box.width() - 16, height), flags, text)
            y += height

    def hover(self, painter: QPainter, box: QRect, look: TileLook, picture: Picture) -> None:
        """Camera's time, size, codec and rate while the pointer rests on the tile."""
        translate = QCoreApplication.translate
        s = look.status
        role = (
            translate("Tile", "main stream") if s.role == "main" else translate("Tile", "substream")
        )
        first = f"{s.width}×{s.height}  {s.codec.upper()}  {s.fps:.1f} fps  {role}"
        received = time.time() - (time.monotonic() - picture.arrived_at)
        if picture.device_time is None:
            second = translate("Tile", "the camera tells no time  ·  received {time}")
            second = second.format(time=_local(received))
        else:
            second = translate("Tile", "camera time {time}")
            second = second.format(time=_local(picture.device_time))
            offset = picture.device_time - received
            if abs(offset) > WRONG_CLOCK_S:
                wrong = translate("Tile", "wrong by {seconds} s").format(seconds=f"{offset:+.0f}")
                second += f"  ·  {wrong}"
        font = QFont(painter.font())
        font.setPixelSize(12)
        painter.setFont(font)
        metrics = QFontMetrics(font)
        width = max(metrics.horizontalAdvance(first), metrics.horizontalAdvance(second)) + 14
        panel = QRect(box.x(), box.bottom() - 37, min(width, box.width()), 38)
        painter.fillRect(panel, QColor(10, 12, 15, 205))
        painter.setPen(theme.TEXT)
        painter.drawText(panel.adjusted(7, 3, 0, 0), first)
        painter.drawText(panel.adjusted(7, 20, 0, 0), second)

    def rubber_band(self, painter: QPainter, target: QRect, box: QRect, hint: str) -> None:
        """A box being drawn over a picture: what is outside darker, and what it will do."""
        painter.save()
        painter.setClipRect(target, Qt.ClipOperation.IntersectClip)
        outside = QPainterPath()
        outside.addRect(QRectF(target))
        outside.addRect(QRectF(box.intersected(target)))  # inside both is outside: odd and even
        painter.fillPath(outside, QColor(8, 10, 13, 120))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(0, 0, 0, 200), 4))
        painter.drawRect(box)
        painter.setPen(QPen(theme.AMBER, 2))
        painter.drawRect(box)
        if hint:
            font = QFont(painter.font())
            font.setPixelSize(13)
            font.setBold(True)
            painter.setFont(font)
            wide = QFontMetrics(font).horizontalAdvance(hint) + 14
            x = max(target.left(), min(box.left(), target.right() - wide))
            y = box.bottom() + 6
            if y + 22 > target.bottom():
                y = box.top() - 28 if box.top() - 28 >= target.top() else box.bottom() - 26
                x = min(max(x, box.left() + 4), max(target.left(), target.right() - wide))
            label = QRect(x, y, wide, 22)
            painter.fillRect(label, QColor(10, 12, 15, 220))
            painter.setPen(QColor("white"))
            painter.drawText(label, Qt.AlignmentFlag.AlignCenter, hint)
        painter.restore()

    def aim_mark(self, painter: QPainter, target: QRect, point: QPoint) -> None:
        """Where the camera is about to look."""
        painter.save()
        painter.setClipRect(target, Qt.ClipOperation.IntersectClip)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for colour, width in ((QColor(0, 0, 0, 200), 4), (theme.AMBER, 2)):
            painter.setPen(QPen(colour, width))
            painter.drawEllipse(QPointF(point), 11, 11)
            painter.drawPoint(point)
        painter.restore()

    def empty(self, painter: QPainter, box: QRect, selected: bool, hint: str = "") -> None:
        """A tile without a camera says what to do."""
        painter.fillRect(box, theme.TILE)
        text = hint or QCoreApplication.translate("Tile", "Drag a camera here, or type its number")
        font = QFont(painter.font())
        font.setPixelSize(12 if box.width() > 150 else 10)
        painter.setFont(font)
        painter.setPen(theme.GREY if selected else QColor("#55606d"))
        flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
        painter.drawText(box.adjusted(6, 0, -6, 0), flags, text)
