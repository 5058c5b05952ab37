"""On-site inspection: which sites are due, the form for one with photos, its signature and paper."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QBuffer, QEvent, QIODevice, Qt, Signal
from PySide6.QtGui import QAction, QBrush, QImage, QKeySequence
from PySide6.QtWidgets import (
    QComboBox,
    QFileDialog,
    QGridLayout,
    QHBoxLayout,
    QInputDialog,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QMainWindow,
    QProgressBar,
    QPushButton,
    QScrollArea,
    QSplitter,
    QStackedWidget,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.domain import inspection as domain
from app.domain.camera import Site
from app.domain.inspection import Inspection, Kind, Verdict
from app.domain.logbook import Book, Entry, cleaned
from app.store import files
from app.store.logbook import Logbook
from app.store.store import Store, new_id
from app.ui import i18n, log_texts, reports, theme
from app.ui.log_texts import full_text
from app.ui.session import Session
from app.ui.tasks import Newest, Tasks, grown

_ID = Qt.ItemDataRole.UserRole
PHOTO_PX = 1920
"""Longer side of a kept photo: enough to read a label, small enough to send."""
SOON = 7


def shrunk(path: Path) -> bytes:
    """A photo as it is kept: JPEG, upright, without what else the phone wrote into it (where it
    was taken, with which phone). Blocking; raises OSError for what is no picture."""
    from PySide6.QtGui import QImageReader

    reader = QImageReader(str(path))
    reader.setAutoTransform(True)
    image = reader.read()
    if image.isNull():
        raise OSError(f"{path.name}: {reader.errorString()}")
    if max(image.width(), image.height()) > PHOTO_PX:
        image = image.scaled(PHOTO_PX, PHOTO_PX, Qt.AspectRatioMode.KeepAspectRatio,
                             Qt.TransformationMode.SmoothTransformation)  # fmt: skip
    clean = QImage(image.convertToFormat(QImage.Format.Format_RGB32))
    for key in clean.textKeys():
        clean.setText(key, "")
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    if not clean.save(buffer, "JPEG", 85):  # type: ignore[call-overload]
        raise OSError(f"{path.name}: no JPEG could be made")
    return bytes(buffer.data().data())


class InspectionWindow(QMainWindow):
    """First the sites, then the form of one. Everything is kept as it is entered."""

    fault_found = Signal(str, str, str)  # camera, words, category

    def __init__(
        self, store: Store, logbook: Logbook, tasks: Tasks, session: Session,
        language: Callable[[], str], parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self._store, self._log, self._tasks, self._session = store, logbook, tasks, session
        self._newest = Newest()
        self._language = language
        self.made: Inspection | None = None
        self.camera = ""
        self._sites: list[Site] = []
        self._last: dict[str, datetime] = {}
        self._open: dict[str, str] = {}
        self._categories: dict[str, str] = {}
        self.buttons: dict[tuple[str, Verdict], QPushButton] = {}
        self._build()
        self._retranslate()
        theme.fit(self, 1080, 640)

    def _build(self) -> None:
        self.search, self.show_only = QLineEdit(), QComboBox()
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(lambda _: self._fill_sites())
        self.show_only.currentIndexChanged.connect(lambda _: self._fill_sites())
        self.list = QTreeWidget()
        self.list.setRootIsDecorated(False)
        self.list.setUniformRowHeights(True)
        self.list.setAlternatingRowColors(True)
        self.list.itemActivated.connect(lambda *_: self.start())
        self.list.currentItemChanged.connect(lambda *_: self._enable())
        self.empty = QLabel()
        self.empty.setObjectName("hint")
        self.empty.setWordWrap(True)
        self.start_button = QPushButton()
        self.start_button.clicked.connect(self.start)
        sites = QWidget()
        column = QVBoxLayout(sites)
        line = QHBoxLayout()
        line.addWidget(self.search, 1)
        line.addWidget(self.show_only)
        column.addLayout(line)
        column.addWidget(self.list, 1)
        line = QHBoxLayout()
        line.addWidget(self.empty, 1)
        line.addWidget(self.start_button)
        column.addLayout(line)

        self.title, self.told = QLabel(), QLabel()
        self.title.setObjectName("heading")
        self.title.setTextFormat(Qt.TextFormat.PlainText)
        self.told.setObjectName("hint")
        self.bar = QProgressBar()
        self.bar.setFormat("%v / %m")
        self.cameras = QListWidget()
        self.cameras.currentRowChanged.connect(self._camera_chosen)
        self.form = QScrollArea()
        self.form.setWidgetResizable(True)
        self.photos = QListWidget()
        self.photos.setMaximumHeight(90)
        self.photo, self.all_good = QPushButton(), QPushButton()
        self.photo.clicked.connect(self._ask_photo)
        self.all_good.clicked.connect(self._rest_good)
        self.leave, self.paper, self.sign = QPushButton(), QPushButton(), QPushButton()
        self.leave.clicked.connect(self._leave)
        self.paper.clicked.connect(self._ask_paper)
        self.sign.clicked.connect(self._sign)
        right = QWidget()
        column = QVBoxLayout(right)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.form, 1)
        line = QHBoxLayout()
        line.addWidget(self.photo)
        line.addStretch(1)
        line.addWidget(self.all_good)
        column.addLayout(line)
        column.addWidget(self.photos)
        split = QSplitter()
        split.addWidget(self.cameras)
        split.addWidget(right)
        split.setStretchFactor(1, 1)
        split.setSizes([260, 780])
        split.setChildrenCollapsible(False)
        page = QWidget()
        column = QVBoxLayout(page)
        line = QHBoxLayout()
        line.addWidget(self.title, 1)
        line.addWidget(self.bar)
        column.addLayout(line)
        column.addWidget(split, 1)
        line = QHBoxLayout()
        line.addWidget(self.leave)
        line.addWidget(self.told, 1)
        line.addWidget(self.paper)
        line.addWidget(self.sign)
        column.addLayout(line)
        self.error = QLabel()
        self.error.setObjectName("error")
        self.error.setWordWrap(True)
        self.error.hide()
        self.pages = QStackedWidget()
        self.pages.addWidget(sites)
        self.pages.addWidget(page)
        for button, keys in ((self.start_button, "Ctrl+Return"), (self.photo, "Ctrl+B"),
                             (self.all_good, "Ctrl+G"), (self.paper, "Ctrl+P"),
                             (self.sign, "Ctrl+Shift+Return")):  # fmt: skip
            button.setAutoDefault(False)
            action = QAction(self)
            action.setShortcut(QKeySequence(keys))
            action.triggered.connect(button.click)
            self.addAction(action)
        self.leave.setAutoDefault(False)
        centre = QWidget()
        column = QVBoxLayout(centre)
        column.addWidget(self.pages, 1)
        column.addWidget(self.error)
        self.setCentralWidget(centre)

    def _retranslate(self) -> None:
        self.setWindowTitle(self.tr("On-site inspection"))
        self.search.setPlaceholderText(self.tr("Find a site"))
        chosen = max(0, self.show_only.currentIndex())
        self.show_only.blockSignals(True)
        self.show_only.clear()
        self.show_only.addItems([self.tr("all sites"), self.tr("due now"), self.tr("begun")])
        self.show_only.setCurrentIndex(chosen)
        self.show_only.blockSignals(False)
        self.list.setHeaderLabels([self.tr("Site"), self.tr("Address"), self.tr("Last inspection"),
                                   self.tr("Due"), self.tr("State")])  # fmt: skip
        for column, width in enumerate((240, 260, 160, 110)):
            self.list.setColumnWidth(column, width)
        for button, text, keys in (
            (self.start_button, self.tr("Start"), "Ctrl+Return"),
            (self.photo, self.tr("Add photo…"), "Ctrl+B"),
            (self.all_good, self.tr("The rest is in order"), "Ctrl+G"),
            (self.paper, self.tr("Save as PDF…"), "Ctrl+P"),
            (self.sign, self.tr("Sign the result"), "Ctrl+Shift+Return"),
        ):  # fmt: skip
            button.setText(text)
            button.setToolTip(f"{text}  ({keys})")
        self.leave.setText(self.tr("Go on later"))
        self.leave.setToolTip(
            self.tr("Everything entered is kept; the site's line goes on with it.")
        )
        self._fill_sites()
        self._show()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange and hasattr(self, "pages"):
            self._retranslate()

    # -- sites

    def reload(self) -> None:
        """Read sites, what is due, and the inspection that is being made, again."""
        identity = self.made.id if self.made else ""

        def read(_: Any) -> Any:
            last, begun = self._log.inspected()
            made = self._log.inspection(identity) if identity else None
            return self._store.sites(), last, begun, made

        def show(answer: Any) -> None:
            self._sites, self._last, self._open, made = answer
            self.made = grown(self.made, identity, made)
            self._fill_sites()
            self._show()

        self._tasks.run(self, read, self._newest(show), self._failed)

    def due(self, site: str) -> date:
        """The day by which a site is to be looked at."""
        _, days, _ = log_texts.inspection(self._language())
        return domain.due_on(self._last.get(site), days, date.today())

    def _fill_sites(self) -> None:
        words = self.search.text().casefold().split()
        today, only = date.today(), self.show_only.currentIndex()
        kept = self._site_id()
        chinese = self._language().startswith("zh")
        rows = []
        for site in self._sites:
            name = (site.name or site.name_en) if chinese else (site.name_en or site.name)
            text = f"{site.name} {site.name_en} {site.address}".casefold()
            due, begun = self.due(site.id), site.id in self._open
            if not all(w in text for w in words):
                continue
            if (only == 1 and due > today) or (only == 2 and not begun):
                continue
            rows.append((due, name, site, begun))
        rows.sort(key=lambda row: (not row[3], row[0], row[1]))
        self.list.clear()
        items = []
        for due, name, site, begun in rows:
            last = self._last.get(site.id)
            if begun:
                state = self.tr("◑ begun")
            elif last is None:
                state = self.tr("never looked at")
            elif due < today:
                state = self.tr("▲ overdue")
            else:
                state = self.tr("◢ soon") if due <= today + timedelta(days=SOON) else ""
            row = QTreeWidgetItem([name, site.address, full_text(last), due.isoformat(), state])
            row.setData(0, _ID, site.id)
            if last is not None and due < today:
                for column in range(5):
                    row.setForeground(column, QBrush(theme.AMBER))
            items.append(row)
        self.list.addTopLevelItems(items)
        for row in items:
            if row.data(0, _ID) == kept:
                self.list.setCurrentItem(row)
        if not self._sites:
            self.empty.setText(self.tr("There is no site yet. Sites come with cameras: on the main "
                                       "window, “Camera”, “Add camera”."))  # fmt: skip
        elif not items:
            self.empty.setText(self.tr("No site of that kind."))
        else:
            self.empty.setText(self.tr("Choose a site, then “Start”. It works without a network."))
        self._enable()

    def _site_id(self) -> str:
        item = self.list.currentItem()
        return str(item.data(0, _ID)) if item is not None else ""

    def _enable(self) -> None:
        site = self._site_id()
        self.start_button.setEnabled(bool(site))
        text = self.tr("Go on") if site in self._open else self.tr("Start")
        self.start_button.setText(text)

    def start(self) -> None:
        """A new inspection of the chosen site, or the one that was begun."""
        site = next((s for s in self._sites if s.id == self._site_id()), None)
        if site is None:
            return
        begun, language = self._open.get(site.id, ""), self._language()
        version, _, items = log_texts.inspection(language)
        self._categories = {key: category for key, _, category in items}
        chinese = language.startswith("zh")
        name = (site.name or site.name_en) if chinese else (site.name_en or site.name)

        def work(_: Any) -> Inspection | None:
            identity = begun
            if not identity:
                cameras = self._store.cameras(site_id=site.id, limit=200)
                if not cameras:
                    return None
                identity = new_id()
                self._log.add(self._entry(
                    identity, Kind.BEGUN, site=site.id, name=name[:200], version=version,
                    cameras=[[c.id, c.title(language)] for c in cameras],
                    items=[[key, text] for key, text, _ in items],
                ))  # fmt: skip
            return self._log.inspection(identity)

        def show(made: Inspection | None) -> None:
            if made is None:
                self._say(self.tr("“{name}” has no cameras to look at.").format(name=name))
                return
            self.made, self.camera = made, made.cameras[0][0] if made.cameras else ""
            self._say("")
            self._show()

        self._tasks.run(self, work, show, self._failed)

    # -- the form

    def _entry(self, subject: str, kind: Kind, camera: str = "", **data: Any) -> Entry:
        settings = self._session.settings
        return Entry(Book.INSPECTION, subject, kind, settings.operator[:100], settings.console,
                     data, camera)  # fmt: skip

    def _show(self) -> None:
        made = self.made
        self.pages.setCurrentIndex(1 if made else 0)
        if made is None:
            return
        total, missing = len(made.cameras) * len(made.items), len(made.missing)
        self.title.setText(f"{made.number}  {made.begun.data.get('name', '')}")
        self.bar.setRange(0, total)
        self.bar.setValue(total - missing)
        self._fill_cameras(made)
        self._fill_form(made)
        self.photos.clear()
        texts = dict(made.items)
        for entry in made.photos:
            if entry.camera_id == self.camera:
                item = texts.get(str(entry.data.get("item", "")), "")
                self.photos.addItem("  ·  ".join(
                    t for t in ("▣ " + str(entry.data.get("name", "")), item) if t))  # fmt: skip
        self.photos.setVisible(self.photos.count() > 0)
        running = made.signed is None
        for button in (self.photo, self.all_good):
            button.setEnabled(running)
        self.sign.setEnabled(running and not missing)
        if missing:
            self.told.setText(self.tr("{count} items are left.").format(count=missing))
        else:
            self.told.setText(self.tr("Everything was looked at: sign it."))
        self.sign.setToolTip(self.told.text() if missing else self.sign.text())

    def _fill_cameras(self, made: Inspection) -> None:
        self.cameras.blockSignals(True)
        shown = [self.cameras.item(i).data(_ID) for i in range(self.cameras.count())]
        if shown != [camera for camera, _ in made.cameras]:
            self.cameras.clear()
            for camera, _ in made.cameras:
                item = QListWidgetItem()
                item.setData(_ID, camera)
                self.cameras.addItem(item)
        # In place: this may be called by the list itself.
        for row, (camera, name) in enumerate(made.cameras):
            item = self.cameras.item(row)
            left, bad = made.left(camera), bool(made.faults(camera))
            mark = "✗" if bad else "✓" if not left else "◑" if left < len(made.items) else "○"
            item.setText(f"{mark} {name}" + (f"  ({left})" if left else ""))
            item.setToolTip(item.text())
            if camera == self.camera:
                self.cameras.setCurrentItem(item)
        self.cameras.blockSignals(False)

    def _fill_form(self, made: Inspection) -> None:
        place = self.form.verticalScrollBar().value()
        inside = QWidget()
        grid = QGridLayout(inside)
        grid.setColumnStretch(0, 1)
        self.buttons = {}
        captions = ((Verdict.OK, self.tr("In order")), (Verdict.FAULT, self.tr("Fault…")),
                    (Verdict.NONE, self.tr("Not there")))  # fmt: skip
        for row, (item, text) in enumerate(made.items):
            entry = made.verdicts.get((self.camera, item))
            words = str(entry.data.get("words", "")) if entry else ""
            label = QLabel(f"{text}\n⚠ {words}" if words else text)
            label.setWordWrap(True)
            label.setTextFormat(Qt.TextFormat.PlainText)
            if words:
                label.setObjectName("warning")
            grid.addWidget(label, row, 0)
            for column, (verdict, caption) in enumerate(captions, 1):
                button = QPushButton(caption)
                button.setAutoDefault(False)
                button.setCheckable(True)
                button.setChecked(entry is not None and entry.data.get("verdict") == verdict)
                button.setEnabled(made.signed is None)
                button.setAccessibleName(f"{text}: {caption}")
                button.clicked.connect(partial(self._verdict, item, text, verdict))
                grid.addWidget(button, row, column)
                self.buttons[item, verdict] = button
        grid.setRowStretch(len(made.items), 1)
        self.form.setWidget(inside)
        self.form.verticalScrollBar().setValue(place)

    def _camera_chosen(self, row: int) -> None:
        item = self.cameras.item(row)
        if item is not None and self.made is not None:
            self.camera = str(item.data(_ID))
            self._show()

    def _verdict(self, item: str, text: str, verdict: Verdict, _: bool = False) -> None:
        made = self.made
        if made is None:
            return
        words = ""
        if verdict is Verdict.FAULT:
            words, sure = QInputDialog.getText(
                self, self.tr("Fault"), f"{text}\n" + self.tr("What is wrong?")
            )
            if not sure or not words.strip():
                self._show()
                return
            words = cleaned(words)
        entry = self._entry(made.id, Kind.VERDICT, self.camera, item=item, verdict=str(verdict),
                            words=words)  # fmt: skip
        camera, category = self.camera, self._categories.get(item, "")

        def done() -> None:
            if verdict is Verdict.FAULT:
                self.fault_found.emit(camera, f"{text}: {words}", category)

        self._write([entry], done)

    def _rest_good(self) -> None:
        """What has no verdict at this camera is in order: one key for a camera that is well."""
        made = self.made
        if made is None:
            return
        self._write([
            self._entry(made.id, Kind.VERDICT, self.camera, item=item, verdict=str(Verdict.OK),
                        words="")
            for item, _ in made.items if (self.camera, item) not in made.verdicts
        ])  # fmt: skip

    def _write(self, entries: list[Entry], done: Callable[[], None] = lambda: None) -> None:
        made = self.made
        if made is None or not entries:
            return
        identity = made.id

        def work(_: Any) -> Inspection | None:
            self._log.add(*entries)
            return self._log.inspection(identity)

        def show(now: Inspection | None) -> None:
            self.made = grown(self.made, identity, now)
            self._say("")
            self._show()
            done()

        self._tasks.run(self, work, show, self._failed)

    # -- photos

    def _ask_photo(self) -> None:
        names, _ = QFileDialog.getOpenFileNames(
            self, self.tr("Photos of this camera"), "",
            self.tr("Pictures") + " (*.jpg *.jpeg *.png *.webp *.bmp)",
        )  # fmt: skip
        for name in names:
            self.add_photo(Path(name))

    def add_photo(self, path: Path) -> None:
        """Keep a photo of the chosen camera; it is sent when there is a network."""
        made, camera = self.made, self.camera
        if made is None:
            return
        bad = made.faults(camera)
        item = str(bad[-1].data.get("item", "")) if bad else ""

        def work(_: Any) -> Inspection | None:
            data = shrunk(path)
            name = f"{path.stem[:80]}.jpg"
            # With the camera: whoever sees it sees the photo, on every console.
            sha = files.attach(self._store, "channel", camera, name, "image/jpeg", data)
            self._log.add(
                self._entry(made.id, Kind.PHOTO, camera, name=name, sha256=sha, item=item)
            )
            return self._log.inspection(made.id)

        def show(now: Inspection | None) -> None:
            self.made = grown(self.made, made.id, now)
            self._show()

        self._tasks.run(self, work, show, self._failed)

    # -- the end

    def _sign(self) -> None:
        made = self.made
        if made is None or domain.refusal(made, Kind.SIGNED, {}):
            return
        counts: Any = {str(v): made.count(v) for v in Verdict}
        entry = self._entry(made.id, Kind.SIGNED, name=self._session.settings.operator, **counts)
        self._write([entry], lambda: self._say(
            self.tr("Signed. It is in the logs and registers, too."), good=True))  # fmt: skip

    def _leave(self) -> None:
        self.made, self.camera = None, ""
        self._say("")
        self.reload()
        self._show()

    def _ask_paper(self) -> None:
        if self.made is None:
            return
        name, _ = QFileDialog.getSaveFileName(
            self, self.tr("On-site inspection"), f"{self.made.number}.pdf", "PDF (*.pdf)"
        )
        if name:
            self.save_paper(Path(name))

    def save_paper(self, path: Path) -> None:
        """The form as PDF, with its photos."""
        made = self.made
        if made is None:
            return
        self._tasks.run(
            self, lambda _: write_paper(path, made, self._store),
            lambda _: self._say(self.tr("Saved: {name}").format(name=path.name), good=True),
            self._failed, timeout_s=120,
        )  # fmt: skip

    def _say(self, text: str, *, good: bool = False) -> None:
        theme.tell(self.error, text, "good" if good else "error")
        self.error.setVisible(bool(text))

    def _failed(self, error: Exception) -> None:
        self._say(i18n.error_text(error))
        self._show()


def write_paper(path: Path, made: Inspection, store: Store) -> None:
    """The form as PDF; photos that are not on this console are named only. Blocking."""
    pictures: list[reports.Picture] = []
    index: dict[str, int] = {}
    for entry in made.photos:
        sha = str(entry.data.get("sha256", ""))
        if sha not in index and files.read(store, sha) is not None:
            index[sha] = len(pictures)
            pictures.append(reports.Picture(files.folder_of(store) / sha, "", sha))
    reports.write_pdf(path, reports.inspection_html(made, index), pictures)
