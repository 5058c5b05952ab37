"""Snapshots and clips into evidence packages: why, by whom, with masks, entered in the register."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication, QObject, QTimer, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLabel,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.domain.camera import Area, CameraRow
from app.domain.retrieval import Case, Retrieval, RetrievalKind
from app.evidence.errors import EvidenceError
from app.evidence.keys import TRUSTED_FOLDER, console_key
from app.evidence.package import Gap, Kind, Media, Order, Summary, write_package
from app.store.errors import StoreError
from app.store.store import Store
from app.ui import i18n
from app.ui.replay import utc_of
from app.ui.session import SecondPersonDialog, Session
from app.ui.tasks import Task, Tasks
from app.ui.tile_painter import clock_text
from app.video.engine import VideoEngine
from app.video.orders import Clip, StillTaken

if TYPE_CHECKING:
    from app.ui.player import Snapshot

CASE_MINUTES = 60
"""A case nobody used for so long is asked for again."""

EXPORT_TIMEOUT_S = 900.0


class CaseDialog(QDialog):
    """Purpose and basis, asked once a case. `case` is what was entered."""

    def __init__(self, case: Case | None, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Why are pictures taken?"))
        self.case: Case | None = None
        self.number = QLineEdit(case.number if case else "")
        self.number.setPlaceholderText(self.tr("incident or case number"))
        self.purpose, self.basis = QComboBox(), QComboBox()
        for box, texts, chosen in (
            (
                self.purpose,
                [self.tr("Incident in progress"), self.tr("Report of an offence"),
                 self.tr("Traffic accident"), self.tr("Missing person"),
                 self.tr("Fault of a camera"), self.tr("Request of another organisation")],
                case.purpose if case else "",
            ),
            (
                self.basis,
                [self.tr("Order of the duty officer"), self.tr("Written request"),
                 self.tr("Emergency call"), self.tr("Maintenance duty")],
                case.basis if case else "",
            ),
        ):  # fmt: skip
            box.setEditable(True)
            box.addItems(texts)
            box.setCurrentText(chosen)
            line = box.lineEdit()
            assert line is not None
            line.setMaxLength(200)
            line.setPlaceholderText(self.tr("choose or type"))
        self.requester = QLineEdit(case.requester if case else "")
        self.requester.setPlaceholderText(self.tr("who asked for it"))
        self.approver = QLineEdit(case.approver if case else "")
        self.approver.setPlaceholderText(self.tr("who allowed it"))
        for line in (self.number, self.requester, self.approver):
            line.setMaxLength(100)
        self._told = QLabel()
        self._told.setObjectName("error")
        hint = QLabel(
            self.tr("It goes into the register of retrievals and into every package. It holds for "
                    "all you take until you end the case.")
        )  # fmt: skip
        hint.setObjectName("hint")
        hint.setWordWrap(True)
        buttons = QDialogButtonBox()
        go = buttons.addButton(self.tr("Continue"), QDialogButtonBox.ButtonRole.AcceptRole)
        go.setDefault(True)
        buttons.addButton(self.tr("Cancel"), QDialogButtonBox.ButtonRole.RejectRole)
        buttons.accepted.connect(self._done)
        buttons.rejected.connect(self.reject)
        form = QFormLayout()
        form.setVerticalSpacing(9)
        form.addRow(self.tr("Number"), self.number)
        form.addRow(self.tr("Purpose *"), self.purpose)
        form.addRow(self.tr("Basis *"), self.basis)
        form.addRow(self.tr("Requested by"), self.requester)
        form.addRow(self.tr("Approved by"), self.approver)
        layout = QVBoxLayout(self)
        layout.addLayout(form)
        layout.addWidget(hint)
        layout.addWidget(self._told)
        layout.addWidget(buttons)
        self.setMinimumWidth(480)

    def _done(self) -> None:
        purpose, basis = self.purpose.currentText().strip(), self.basis.currentText().strip()
        if not purpose or not basis:
            self._told.setText(self.tr("Purpose and basis are needed."))
            (self.basis if purpose else self.purpose).setFocus()
            return
        self.case = Case(
            self.number.text().strip(), purpose, basis, self.requester.text().strip(),
            self.approver.text().strip(),
        )  # fmt: skip
        self.accept()


def _nothing() -> None: ...


@dataclass(frozen=True, slots=True)
class _Wish:
    """What is to be taken of which camera. Moments are aware UTC."""

    row: CameraRow
    begin: datetime
    end: datetime
    areas: tuple[Area, ...]
    masked: bool
    second_person: str
    case: Case
    kind: RetrievalKind


class ExportDialog(QDialog):
    """Before a clip is written: which camera, from when to when, with masks or without."""

    def __init__(
        self, title: str, begin: datetime, end: datetime, case: Case, has_masks: bool,
        parent: QWidget,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self.setWindowTitle(self.tr("Export clip"))
        form = QFormLayout()
        form.setVerticalSpacing(9)
        form.addRow(self.tr("Camera"), QLabel(title))
        seconds = (end - begin).total_seconds()
        span = f"{clock_text(begin)} – {clock_text(end)}  ({seconds:.1f} s)"
        form.addRow(self.tr("Time"), QLabel(span))
        form.addRow(self.tr("Case"), QLabel(f"{case.number}  {case.purpose}".strip()))
        self.unmasked = QCheckBox(self.tr("Without masks: a supervisor must confirm"))
        if has_masks:
            form.addRow(self.tr("Masks"), self.unmasked)
        note = QLabel(
            self.tr("The picture is copied as the camera sent it, from the key frame before the "
                    "beginning on. With masks a covered copy is made instead.")
            if has_masks
            else self.tr("The picture is copied as the camera sent it, from the key frame before "
                         "the beginning on. Gaps are listed.")
        )  # fmt: skip
        note.setObjectName("hint")
        note.setWordWrap(True)
        buttons = QDialogButtonBox()
        go = buttons.addButton(self.tr("Export"), QDialogButtonBox.ButtonRole.AcceptRole)
        go.setDefault(True)
        buttons.addButton(self.tr("Cancel"), QDialogButtonBox.ButtonRole.RejectRole)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addLayout(form)
        layout.addWidget(note)
        layout.addWidget(buttons)
        self.setMinimumWidth(440)


class ExportProgress(QDialog):
    """While masks are burned and the package is written."""

    def __init__(self, task: Task, parent: QWidget) -> None:
        super().__init__(parent)
        self._task, self._share = task, 0.0
        self.setWindowTitle(self.tr("Writing the evidence package"))
        self.bar = QProgressBar()
        self.bar.setRange(0, 100)
        cancel = QPushButton(self.tr("Cancel"))
        cancel.clicked.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addWidget(self.bar)
        layout.addWidget(cancel)
        self.setMinimumWidth(360)
        self._timer = QTimer(self)
        self._timer.timeout.connect(lambda: self.bar.setValue(round(self._share * 100)))
        self._timer.start(100)

    def told(self, share: float) -> None:
        """How far it is; from any thread."""
        self._share = share

    def reject(self) -> None:
        """The work stops at its next block; nothing half made stays."""
        self._task.cancel()
        super().reject()


class EvidenceDesk(QObject):
    """Takes stills and clips of cameras into packages. Says how it went through `told`."""

    told = Signal(str, str, object)  # kind of notice, text, folder or None
    case_changed = Signal()

    def __init__(
        self, engine: VideoEngine, store: Store, tasks: Tasks, session: Session,
        language: Callable[[], str], folder: Path, parent: QWidget,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self._engine, self._store, self._tasks, self._session = engine, store, tasks, session
        self._language, self._folder, self._window = language, folder, parent
        self.case: Case | None = None
        self._case_timer = QTimer(self)
        self._case_timer.setSingleShot(True)
        self._case_timer.timeout.connect(self.end_case)
        session.unlocked.connect(lambda _: self.end_case())

    @property
    def packages(self) -> Path:
        """Where packages are written."""
        chosen = self._session.settings.evidence
        return Path(chosen) if chosen else self._folder / "evidence"

    # -- the case

    def end_case(self) -> None:
        """The next picture asks for a purpose again."""
        if self.case is not None:
            self.case = None
            self.case_changed.emit()

    def edit_case(
        self,
        then: Callable[[Case], None] = lambda _: None,
        otherwise: Callable[[], None] = _nothing,
    ) -> None:
        """Ask why."""
        dialog = CaseDialog(self.case, self._window)

        def accepted() -> None:
            assert dialog.case is not None
            self.case = dialog.case
            self._case_timer.start(CASE_MINUTES * 60_000)
            self.case_changed.emit()
            then(dialog.case)

        dialog.accepted.connect(accepted)
        dialog.rejected.connect(otherwise)
        dialog.open()

    def _with_case(self, folder: Path, then: Callable[[Case], None]) -> None:
        """Go on with the case that is open or asked for; without one, `folder` is thrown away."""
        if self.case is None:
            self.edit_case(then, lambda: shutil.rmtree(folder, ignore_errors=True))
        else:
            self._case_timer.start(CASE_MINUTES * 60_000)
            then(self.case)

    # -- a still

    def snapshot(self, row: CameraRow, tile_id: str, areas: tuple[Area, ...]) -> None:
        """The picture of a camera (or of its replay in that tile), now."""
        # Taken before anything is asked: the moment would be gone.
        folder = self._temporary()
        if folder is None:
            return

        def taken(still: StillTaken) -> None:
            if still.error:
                shutil.rmtree(folder, ignore_errors=True)
                self._say_failed(row, self.tr("No snapshot"), still.error)
                return
            self._with_case(folder, lambda case: self._pack_still(row, still, areas, case, folder))

        self._engine.take_still(row.id, folder / "still.png", taken, tile_id)

    def _pack_still(
        self, row: CameraRow, still: StillTaken, areas: tuple[Area, ...], case: Case, folder: Path
    ) -> None:
        moment = utc_of(still.arrived / 1e9)
        wish = _Wish(row, moment, moment, areas, bool(areas), "", case, RetrievalKind.SNAPSHOT)
        taken = _posix(still.device_us)
        offset = (taken - moment).total_seconds() if taken else None
        media = Media(
            Kind.STILL, Path(still.path), row.code, row.title(self._language()), moment, moment,
            taken, taken, offset, codec="png", width=still.width, height=still.height,
            masks_applied=bool(areas),
        )  # fmt: skip
        self._write(wish, [media], folder)

    def keep_picture(self, snapshot: Snapshot) -> None:
        """A picture out of the player: into a package of its own, like any other."""
        folder = self._temporary()
        if folder is None:
            return
        path = folder / "still.png"
        path.write_bytes(snapshot.png())
        moment = snapshot.moment or datetime.now(UTC)
        name = snapshot.camera or snapshot.source.name
        row = CameraRow("", name, name, None, "", "", "", "", False, False)
        size = snapshot.image.size()
        media = Media(
            Kind.STILL, path, "", name, moment, moment, codec="png", width=size.width(),
            height=size.height(),
        )  # fmt: skip

        def pack(case: Case) -> None:
            wish = _Wish(row, moment, moment, (), False, "", case, RetrievalKind.SNAPSHOT)
            self._write(wish, [media], folder)

        self._with_case(folder, pack)

    # -- a clip

    def export(self, row: CameraRow, begin: float, end: float, areas: tuple[Area, ...]) -> None:
        """What a camera sent between two monotonic moments; asks first."""
        folder = self._temporary()
        if folder is None:
            return
        times = utc_of(begin), utc_of(end)

        def exported(answer: Clip | str) -> None:
            if isinstance(answer, str):
                shutil.rmtree(folder, ignore_errors=True)
                self._say_failed(row, self.tr("No clip"), answer)
                return
            clip = answer
            self._with_case(
                folder, lambda case: self._ask_export(row, times, clip, areas, case, folder)
            )

        # Copied at once: what is kept moves on while somebody fills in a form.
        self._engine.export_clip(row.id, begin, end, folder, "clip", exported)

    def _ask_export(
        self, row: CameraRow, times: tuple[datetime, datetime], clip: Clip,
        areas: tuple[Area, ...], case: Case, folder: Path,
    ) -> None:  # fmt: skip
        title = row.title(self._language())
        dialog = ExportDialog(title, *times, case, bool(areas), self._window)
        wish = _Wish(row, *times, areas, bool(areas), "", case, RetrievalKind.EXPORT)

        def accepted() -> None:
            if not dialog.unmasked.isChecked():
                self._pack_clip(wish, clip, folder)
                return
            why = self.tr("“{name}” is to be exported without its masks.").format(name=title)
            settings = self._session.settings
            second = SecondPersonDialog(
                why, settings.people, settings.operator, self._tasks, self._window
            )
            second.accepted.connect(
                lambda: self._pack_clip(
                    replace(wish, masked=False, second_person=second.name), clip, folder
                )
            )
            second.rejected.connect(lambda: shutil.rmtree(folder, ignore_errors=True))
            second.open()

        dialog.accepted.connect(accepted)
        dialog.rejected.connect(lambda: shutil.rmtree(folder, ignore_errors=True))
        dialog.open()

    def _pack_clip(self, wish: _Wish, clip: Clip, folder: Path) -> None:
        media = []
        for file in clip.files:
            begin, end = utc_of(file.begin / 1e9), utc_of(file.end / 1e9)
            taken = _posix(file.device_begin_us)
            media.append(
                Media(
                    Kind.VIDEO, Path(file.path), wish.row.code, wish.row.title(self._language()),
                    begin, end, taken, _posix(file.device_end_us),
                    (taken - begin).total_seconds() if taken else None,
                    codec=file.codec, width=file.width, height=file.height,
                    gaps=tuple(
                        Gap(utc_of(g.begin / 1e9), utc_of(g.end / 1e9), g.reason)
                        for g in clip.gaps
                        if file.begin <= g.begin < file.end or g.begin == file.end
                    ),
                    transcoded=wish.masked, masks_applied=wish.masked,
                )
            )  # fmt: skip
        self._write(wish, media, folder)

    # -- the package

    def _temporary(self) -> Path | None:
        try:
            parent = self.packages
            parent.mkdir(parents=True, exist_ok=True)
            return Path(tempfile.mkdtemp(prefix=".taking-", dir=parent))
        except OSError as error:
            text = self.tr("The evidence folder cannot be written: {reason}")
            self.told.emit("warning", text.format(reason=error.strerror or str(error)), None)
            return None

    def _write(self, wish: _Wish, media: list[Media], folder: Path) -> None:
        session = self._session.settings
        begun = Retrieval(
            0, wish.begin, session.console, session.operator, wish.kind, wish.row.id,
            wish.row.title(self._language()), wish.begin, wish.end, wish.case,
            wish.masked or not wish.areas, wish.second_person,
        )  # fmt: skip
        store, packages, data = self._store, self.packages, self._folder
        shown: list[ExportProgress] = []

        def told(share: float) -> None:
            for dialog in shown:
                dialog.told(share)

        def work(task: Task) -> Summary:
            # Entered first: a retrieval that fails or is broken off was one all the same.
            entry = store.add_retrieval(begun)
            result, package, digest = "failed", "", ""
            try:
                ready = _masked(media, wish, folder, told, task.cancelled.is_set)
                order = Order(
                    _number(session.console, entry.number), wish.case.number, wish.case.purpose,
                    wish.case.basis, wish.case.requester, wish.case.approver, session.operator,
                    session.console,
                )  # fmt: skip
                key = console_key(store.secrets, data / TRUSTED_FOLDER)
                summary = write_package(
                    packages, order, ready, key, move=True, cancelled=task.cancelled.is_set
                )
                result = "complete"
                package, digest = summary.folder.name, summary.manifest_sha256
                return summary
            finally:
                if task.cancelled.is_set() and result != "complete":
                    result = "cancelled"
                store.add_retrieval(
                    replace(
                        begun, kind=RetrievalKind.RESULT, about=entry.number, result=result,
                        package=package, manifest_sha256=digest,
                    )
                )  # fmt: skip
                shutil.rmtree(folder, ignore_errors=True)

        def close() -> None:
            for dialog in shown:
                dialog.done(0)

        def written(summary: Summary) -> None:
            close()
            name = summary.folder.name
            text = self.tr("Evidence {name} is written.").format(name=name)
            count = sum(len(m.gaps) for m in media)
            if count:
                text += " " + self.tr("It has %n gap(s): see the manifest.", "", count)
            self.told.emit("info", text, summary.folder)

        def failed(error: Exception) -> None:
            close()
            self._say_failed(wish.row, self.tr("No evidence package"), _words(error))

        task = self._tasks.run(self, work, written, failed, timeout_s=EXPORT_TIMEOUT_S)
        if wish.masked and wish.kind is RetrievalKind.EXPORT:
            dialog = ExportProgress(task, self._window)
            shown.append(dialog)
            dialog.open()

    def _say_failed(self, row: CameraRow, what: str, why: str) -> None:
        text = self.tr("{what} of “{name}”: {why}")
        name = row.title(self._language())
        self.told.emit("warning", text.format(what=what, name=name, why=why), None)


def _masked(
    media: list[Media], wish: _Wish, folder: Path, told: Callable[[float], None],
    cancelled: Callable[[], bool],
) -> list[Media]:  # fmt: skip
    """The files with their private areas covered, if that is wished."""
    if not wish.masked:
        return media
    from app.video.masking import mask_still, masked_copy  # PyAV: not at the start

    result = []
    for number, item in enumerate(media):
        if item.kind is Kind.STILL:
            mask_still(item.source, wish.areas)
            result.append(item)
            continue
        target = folder / f"masked-{number + 1}.mp4"

        def share(done: float, number: int = number) -> None:
            told((number + done) / len(media))

        masked_copy(item.source, target, wish.areas, share, cancelled)
        item.source.unlink()
        result.append(replace(item, source=target, codec="h264"))
    return result


def _number(console: str, number: int) -> str:
    """Gap-free per console, and different on every console."""
    safe = "".join(c if c.isascii() and c.isalnum() else "-" for c in console).strip("-")
    return f"{safe[:24] or 'console'}-{number:06d}"


def _posix(microseconds: int | None) -> datetime | None:
    if microseconds is None:
        return None
    try:
        return datetime.fromtimestamp(microseconds / 1e6, UTC)
    except (OverflowError, ValueError, OSError):
        return None


def _words(error: Exception) -> str:
    if isinstance(error, StoreError):
        return i18n.error_text(error)
    if isinstance(error, OSError):
        return error.strerror or type(error).__name__
    if isinstance(error, EvidenceError) or str(error):
        return str(error)
    return QCoreApplication.translate("EvidenceDesk", "it was broken off")


def open_folder(folder: Any) -> None:
    """Show a package in the system's file manager."""
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))
