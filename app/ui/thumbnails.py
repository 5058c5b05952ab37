"""The last picture of each camera on disk: small, dated, bounded. Never shown as live.

A camera's private areas are covered before its picture is written, and again when it is read, for
areas that were drawn since.

Files are `<camera id>.jpg` in a folder only this account can read; a file's time of change is when
the picture reached this computer. All reading and writing is done off the Qt thread.
"""

from __future__ import annotations

import contextlib
import logging
import os
import re
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from PySide6.QtCore import QBuffer, QIODevice, QObject, QPointF, QSize, Qt, QTimer
from PySide6.QtGui import QImage, QImageReader, QPainter, QPen, QPolygonF

from app.domain.camera import Area
from app.ui.tasks import Task, Tasks
from app.ui.tile_painter import MASK
from app.ui.wall import WallWidget
from app.video.types import Picture, StreamState

log = logging.getLogger(__name__)

WIDTH = 320
QUALITY = 80
"""Of the JPEG, 0 to 100: about 12 kB a picture."""

MAX_BYTES = 200_000_000
"""Of all files together; the oldest are removed first."""

ROOM_SHARE = 0.9
"""What is left after making room, so that room need not be made at every write."""

KEEP_EVERY_S = 60.0
CLOSING_EVERY_S = 5.0
"""When a stream closes, its last picture is kept unless one so fresh is there."""

LOOK_MS = 2_000
KEPT_AT_ONCE = 8
Masks = Callable[[list[str]], Mapping[str, tuple[Area, ...]]]
"""Private areas by camera id; blocking (`Store.masks`)."""

_NAME = re.compile(r"[0-9A-Za-z_-]{1,64}")


@dataclass(frozen=True, slots=True)
class Thumbnail:
    """A picture and when it reached this computer (aware UTC)."""

    image: QImage
    taken_at: datetime


def image_of(picture: Picture, size: QSize = QSize(2 * WIDTH, 4 * WIDTH)) -> QImage:  # noqa: B008
    """A copy that stays when the decoder writes on, no larger than `size`. Takes about 1 ms."""
    shared = QImage(
        picture.data, picture.width, picture.height, picture.stride, QImage.Format.Format_RGB32
    )
    if picture.width <= size.width() and picture.height <= size.height():
        return shared.copy()
    # Smooth scaling of a whole 4K picture would hold up the window.
    keep = Qt.AspectRatioMode.KeepAspectRatio
    if picture.width > 2 * size.width():
        shared = shared.scaled(size * 2, keep)
    return shared.scaled(size, keep, Qt.TransformationMode.SmoothTransformation)


def covered(image: QImage, areas: tuple[Area, ...]) -> QImage:
    """The picture with private areas (shares of width and height) covered; a new one if any."""
    if not areas or image.isNull():
        return image
    result = image.convertToFormat(QImage.Format.Format_RGB32)
    painter = QPainter(result)
    # A frame around them, as scaling has mixed the pixels at their edges.
    painter.setPen(QPen(MASK, 3))
    painter.setBrush(MASK)
    wide, high = image.width(), image.height()
    for area in areas:
        painter.drawPolygon(QPolygonF([QPointF(x * wide, y * high) for x, y in area]))
    painter.end()
    return result


def received_at(picture: Picture) -> datetime:
    """When a picture reached this computer."""
    age = time.monotonic() - picture.arrived_at
    return datetime.fromtimestamp(time.time() - age, UTC)


class Folder:
    """The files. Blocking; may be used by several threads."""

    def __init__(self, path: Path, max_bytes: int = MAX_BYTES) -> None:
        self._path, self._max_bytes = path, max_bytes
        self._lock = threading.Lock()
        self._total: int | None = None

    def _file(self, camera_id: str) -> Path | None:
        """Where a camera's picture is; None for an id that is no plain name."""
        return self._path / f"{camera_id}.jpg" if _NAME.fullmatch(camera_id) else None

    def write(self, camera_id: str, thumbnail: Thumbnail) -> None:
        """Keep a picture in place of the camera's last one. Raises OSError."""
        file = self._file(camera_id)
        if file is None or thumbnail.image.isNull():
            return
        data = _jpeg(thumbnail.image)
        with self._lock:
            self._path.mkdir(parents=True, exist_ok=True, mode=0o700)
            handle, name = tempfile.mkstemp(dir=self._path, suffix=".part")  # mode 0600
            try:
                with os.fdopen(handle, "wb") as part:
                    part.write(data)
                stamp = thumbnail.taken_at.timestamp()
                os.utime(name, (stamp, stamp))
                before = file.stat().st_size if file.exists() else 0
                Path(name).replace(file)
            except BaseException:
                Path(name).unlink(missing_ok=True)
                raise
            if self._total is None:
                self._total = sum(size for _, size, _ in self._files())
            else:
                self._total += len(data) - before
            if self._total > self._max_bytes:
                self._make_room()

    def read(self, camera_id: str) -> Thumbnail | None:
        """A camera's last picture, or None."""
        file = self._file(camera_id)
        if file is None:
            return None
        try:
            taken = datetime.fromtimestamp(file.stat().st_mtime, UTC)
        except OSError:
            return None
        reader = QImageReader(str(file))
        image = reader.read()
        return None if image.isNull() else Thumbnail(image, taken)

    def remove(self, camera_id: str) -> None:
        """Forget a camera's picture."""
        file = self._file(camera_id)
        if file is not None:
            with self._lock, contextlib.suppress(OSError):
                file.unlink()
                self._total = None

    def _files(self) -> list[tuple[float, int, Path]]:
        """(time, bytes, path) of all files, also what an end without warning left half written."""
        found = []
        for file in self._path.iterdir():
            with contextlib.suppress(OSError):
                about = file.stat()
                found.append((about.st_mtime, about.st_size, file))
        return found

    def _make_room(self) -> None:
        files = sorted(self._files(), key=lambda f: f[0])
        total = sum(size for _, size, _ in files)
        for _, size, file in files:
            if total <= self._max_bytes * ROOM_SHARE:
                break
            with contextlib.suppress(OSError):
                file.unlink()
                total -= size
        self._total = total


def _small(image: QImage) -> QImage:
    if image.width() <= WIDTH:
        return image
    return image.scaled(
        QSize(WIDTH, WIDTH * 4),
        Qt.AspectRatioMode.KeepAspectRatio,
        Qt.TransformationMode.SmoothTransformation,
    )


def _jpeg(image: QImage) -> bytes:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    # PySide's stub wants bytes here, Qt a text.
    _small(image).save(buffer, "JPEG", QUALITY)  # type: ignore[call-overload]
    return bytes(buffer.data().data())


class Thumbnails(QObject):
    """Keeps and gives pictures without waiting for the disk."""

    def __init__(
        self, folder: Folder, tasks: Tasks, masks: Masks, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._folder, self._tasks, self._masks = folder, tasks, masks
        self._told = False

    def keep(self, pictures: dict[str, Thumbnail]) -> None:
        """Write pictures by camera id, in the background. A full disk costs the pictures only."""
        if not pictures:
            return

        def write(_: Task) -> None:
            # Without them nothing is written: what cannot be covered is not kept.
            masks = self._masks(list(pictures))
            for camera_id, thumbnail in pictures.items():
                image = covered(_small(thumbnail.image), masks.get(camera_id, ()))
                self._folder.write(camera_id, Thumbnail(image, thumbnail.taken_at))

        self._tasks.run(self, write, None, self._failed)

    def load(
        self, cameras: Iterable[str], parent: QObject, done: Callable[[dict[str, Thumbnail]], None]
    ) -> Task:
        """Read the pictures there are of these cameras, then call `done` on the Qt thread."""
        wanted = list(cameras)

        def read(task: Task) -> dict[str, Thumbnail]:
            found = {}
            masks = self._masks(wanted)
            for camera_id in wanted:
                if task.cancelled.is_set():
                    break
                thumbnail = self._folder.read(camera_id)
                if thumbnail is not None:
                    image = covered(thumbnail.image, masks.get(camera_id, ()))
                    found[camera_id] = Thumbnail(image, thumbnail.taken_at)
            return found

        return self._tasks.run(parent, read, done, self._failed)

    def forget(self, camera_id: str) -> None:
        """A camera was removed: so is its picture."""
        self._tasks.run(self, lambda _: self._folder.remove(camera_id), None, self._failed)

    def _failed(self, error: Exception) -> None:
        if not self._told:
            self._told = True  # once: a full disk would fill the log, too
            log.warning("last pictures of cameras cannot be kept: %s", error)


class WallThumbnails(QObject):
    """Keeps a picture of each live camera on the wall once a minute, and when it leaves."""

    def __init__(
        self,
        wall: WallWidget,
        picture: Callable[[str], Picture | None],
        thumbnails: Thumbnails,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._wall, self._picture, self._thumbnails = wall, picture, thumbnails
        self._kept: dict[str, float] = {}  # camera to the arrival of what was kept, monotonic
        self._on_wall: set[str] = set()
        self._dark: set[str] = set()
        wall.view_changed.connect(self._changed)
        wall.maximised_changed.connect(self.keep_all)
        timer = QTimer(self)
        timer.timeout.connect(self._look)
        timer.start(LOOK_MS)
        self._changed()

    def _changed(self) -> None:
        now_there = self._wall.cameras()
        # The engine lets go of a stream a little later: its last picture is still there.
        left = self._on_wall - now_there
        self._keep(left, CLOSING_EVERY_S, len(left))
        self._on_wall = now_there

    def _look(self) -> None:
        # A black or repeated picture is no view of the place.
        self._dark = {
            c for c in self._on_wall if self._wall.status_of(c).state is StreamState.NO_SIGNAL
        }
        self._keep(self._on_wall, KEEP_EVERY_S, KEPT_AT_ONCE)

    def keep_all(self) -> None:
        """Streams are about to close."""
        self._keep(self._on_wall, CLOSING_EVERY_S, len(self._on_wall))

    def _keep(self, cameras: set[str], every_s: float, most: int) -> None:
        kept: dict[str, Thumbnail] = {}
        for camera in cameras - self._dark:
            if len(kept) >= most:
                break
            picture = self._picture(camera)
            if picture is None or picture.arrived_at - self._kept.get(camera, -1e9) < every_s:
                continue
            self._kept[camera] = picture.arrived_at
            kept[camera] = Thumbnail(image_of(picture), received_at(picture))
        self._thumbnails.keep(kept)
