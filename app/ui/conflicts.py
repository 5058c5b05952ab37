"""What the server could not take as it was entered: both values, who, when; a person decides."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.domain.ticket import Action, moment
from app.store.kinds import KINDS
from app.store.store import Conflict, Store
from app.ui import theme
from app.ui.i18n import error_text
from app.ui.tasks import Newest, Tasks
from app.ui.ticket_texts import action_text, when_text


def kind_text(kind: str) -> str:
    """What a thing is called."""
    translate = QCoreApplication.translate
    return {
        "organisation": translate("Sync", "Organisation"),
        "site": translate("Sync", "Site"),
        "position": translate("Sync", "Position"),
        "landmark": translate("Sync", "Landmark"),
        "device": translate("Sync", "Device"),
        "channel": translate("Sync", "Camera"),
        "view": translate("Sync", "View"),
        "tour": translate("Sync", "Tour"),
        "layout": translate("Sync", "Layout"),
        "log": translate("Sync", "Entry of a log"),
        "patrol": translate("Sync", "Patrol"),
        "person_record": translate("Sync", "Qualification or training"),
        "guide": translate("Sync", "Task card or list"),
        "setup_template": translate("Sync", "Template for setting up cameras"),
        "ticket": translate("Sync", "Fault"),
        "ticket_event": translate("Sync", "Fault: what you did"),
        "ticket_rules": translate("Sync", "Time limits"),
        "maintenance": translate("Sync", "Maintenance"),
        "asset_field": translate("Sync", "Further field of the asset register"),
    }.get(kind, kind)


def field_text(field: str) -> str:
    """What a field is called."""
    translate = QCoreApplication.translate
    return {
        "name": translate("Sync", "Name"),
        "name_en": translate("Sync", "English name"),
        "note": translate("Sync", "Note"),
        "code": translate("Sync", "GB/T 28181 code"),
        "call_number": translate("Sync", "Call number"),
        "address": translate("Sync", "Address"),
        "content": translate("Sync", "Content"),
        "masks": translate("Sync", "Private areas"),
        "streams": translate("Sync", "Streams"),
        "transport": translate("Sync", "Transport"),
        "has_ptz": translate("Sync", "PTZ"),
        "latitude": translate("Sync", "Latitude"),
        "longitude": translate("Sync", "Longitude"),
        "bearing_deg": translate("Sync", "Bearing"),
        "pole_number": translate("Sync", "Pole number"),
        "username": translate("Sync", "User name"),
        "onvif_url": translate("Sync", "ONVIF address"),
        "manufacturer": translate("Sync", "Manufacturer"),
        "model": translate("Sync", "Model"),
        "serial": translate("Sync", "Serial number"),
        "firmware": translate("Sync", "Firmware"),
        "action": translate("Sync", "What was done"),
        "author": translate("Sync", "Who"),
        "at": translate("Sync", "When"),
        "reason": translate("Sync", "Reason"),
        "until": translate("Sync", "Until"),
        "work": translate("Sync", "Work"),
        "text": translate("Sync", "Words"),
        "value": translate("Sync", "Value"),
    }.get(field, field)


def reason_text(reason: str) -> str:
    """Why a person must decide."""
    translate = QCoreApplication.translate
    return {
        "changed": translate("Sync", "Somebody else changed this too. Theirs is in use."),
        "deleted": translate("Sync", "Somebody else removed it meanwhile."),
        "edited": translate("Sync", "Somebody else changed it meanwhile: it was not removed."),
        "forbidden": translate("Sync", "You may not change this. It was not taken."),
        "unknown": translate("Sync", "It is not on the server, or not yours to see."),
        "unknown_kind": translate("Sync", "The server does not know this yet."),
        "invalid": translate("Sync", "The server could not take these values."),
        "reference": translate("Sync", "What it belongs to is not on the server."),
        "appended": translate("Sync", "Entries of this kind are never changed."),
        "invalid_state": translate(
            "Sync", "Others moved this fault on meanwhile: that cannot be done any more."
        ),
    }.get(reason, reason)


def value_text(value: Any) -> str:
    """A value for a person to read; long ones cut."""
    translate = QCoreApplication.translate
    if value is None or value == "":
        return translate("Sync", "(empty)")
    if isinstance(value, bool):
        return translate("Sync", "yes") if value else translate("Sync", "no")
    if isinstance(value, dict) and "action" in value:
        return _event_text(value)
    if isinstance(value, dict):
        text = "\n".join(
            f"{field_text(k)}: {value_text(v)}" for k, v in value.items() if k != "deleted_at"
        )
        return text or translate("Sync", "removed")
    if isinstance(value, list):
        text = "\n".join(str(item[1]) if isinstance(item, list) else str(item) for item in value)
    else:
        text = str(value)
    return text if len(text) <= 300 else text[:300] + "…"


def _event_text(value: dict[str, Any]) -> str:
    """What somebody did with a fault, in words."""
    action, at = str(value["action"]), moment(value.get("at"))
    try:
        content = json.loads(str(value.get("content") or "{}"))
    except ValueError:
        content = {}
    what = action_text(Action(action)) if action in set(Action) else action
    lines = [f"{what}  {when_text(at)}  {value.get('author') or ''}"]
    for name in ("reason", "work", "text", "until"):
        if content.get(name):
            lines.append(f"{field_text(name)}: {value_text(str(content[name]))}")
    return "\n".join(lines)


class ConflictDialog(QDialog):
    """One conflict at a time, the oldest first."""

    def __init__(self, store: Store, tasks: Tasks, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._store, self._tasks = store, tasks
        self._newest = Newest()
        self._conflicts: list[Conflict] = []
        self._index = 0
        self._what, self._why, self._count, self._told = (QLabel() for _ in range(4))
        self._what.setStyleSheet("font-size: 17px; font-weight: 600;")
        for label in (self._why, self._told):
            label.setWordWrap(True)
        self._titles = [QLabel(), QLabel()]
        self._values = [QLabel(), QLabel()]
        self._signed = [QLabel(), QLabel()]
        sides = QGridLayout()
        sides.setHorizontalSpacing(14)
        for column in (0, 1):
            frame = QFrame()
            frame.setObjectName("side")
            frame.setStyleSheet(
                f"#side {{ border: 1px solid {theme.LINE.name()}; border-radius: 4px; }}"
            )
            inside = QVBoxLayout(frame)
            self._titles[column].setStyleSheet("font-weight: 600;")
            value = self._values[column]
            value.setWordWrap(True)
            value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            value.setAlignment(Qt.AlignmentFlag.AlignTop)
            value.setTextFormat(Qt.TextFormat.PlainText)
            self._signed[column].setWordWrap(True)
            inside.addWidget(self._titles[column])
            inside.addWidget(theme.scrolled(value), 1)
            inside.addWidget(self._signed[column])
            sides.addWidget(frame, 0, column)
            sides.setColumnStretch(column, 1)
        self.mine, self.theirs, self.later = QPushButton(), QPushButton(), QPushButton()
        self.edit, self.own = QPushButton(), QLineEdit()
        self.mine.clicked.connect(lambda: self._decide("mine"))
        self.theirs.clicked.connect(lambda: self._decide("theirs"))
        self.edit.clicked.connect(lambda: self._decide("edited"))
        self.own.returnPressed.connect(lambda: self._decide("edited"))
        self.later.clicked.connect(self._next)
        own = QHBoxLayout()
        own.addWidget(self.own, 1)
        own.addWidget(self.edit)
        buttons = QHBoxLayout()
        buttons.addWidget(self._count)
        buttons.addStretch(1)
        for button in (self.later, self.theirs, self.mine):
            button.setAutoDefault(False)
            buttons.addWidget(button)
        self.edit.setAutoDefault(False)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(18, 16, 18, 16)
        layout.setSpacing(10)
        for widget in (self._what, self._why):
            layout.addWidget(widget)
        layout.addLayout(sides, 1)
        layout.addLayout(own)
        layout.addWidget(self._told)
        layout.addLayout(buttons)
        theme.fit(self, 640, 400)
        self._show()
        self._what.setText("")  # nothing is known yet
        self.reload()

    def reload(self) -> None:
        """Ask the store again."""
        show = self._newest(self.show_conflicts)
        self._tasks.run(self, lambda _: self._store.conflicts(), show)

    def show_conflicts(self, conflicts: list[Conflict]) -> None:
        """What there is to decide."""
        self._conflicts = conflicts
        self._index = min(self._index, max(0, len(conflicts) - 1))
        self._show()

    def _show(self) -> None:
        self.setWindowTitle(self.tr("Entries to decide"))
        self.theirs.setText(self.tr("Keep theirs"))
        self.mine.setText(self.tr("Keep mine"))
        self.edit.setText(self.tr("Use this"))
        self.later.setText(self.tr("Next"))
        self.own.setPlaceholderText(self.tr("or another value"))
        self._told.setText("")
        here = bool(self._conflicts)
        for widget in (self.mine, self.theirs, self.edit, self.own, *self._values, *self._titles,
                       *self._signed):  # fmt: skip
            widget.setVisible(here)
        self.later.setVisible(len(self._conflicts) > 1)
        if not here:
            self._what.setText(self.tr("Nothing to decide."))
            self._why.setText("")
            self._count.setText("")
            return
        conflict = self._conflicts[self._index]
        whole = conflict.field in ("*", "deleted_at")
        name = conflict.name or self.tr("(not on this console)")
        title = f"{kind_text(conflict.kind)} · {name}"
        self._what.setText(title if whole else f"{title} · {field_text(conflict.field)}")
        self._why.setText(reason_text(conflict.reason))
        self._count.setText(
            self.tr("{number} of {count}").format(
                number=self._index + 1, count=len(self._conflicts)
            )
        )
        gone = self.tr("removed")
        mine = gone if conflict.field == "deleted_at" else value_text(conflict.mine)
        theirs = gone if conflict.reason == "deleted" else value_text(conflict.theirs)
        refused = conflict.reason not in ("changed", "deleted", "edited")
        if refused:
            theirs = self.tr("as it was")
            self.theirs.setText(self.tr("Leave it"))
            self.mine.setText(self.tr("Send again"))
        sides = (
            (self.tr("Mine"), mine, "", conflict.mine_at),
            (self.tr("On the server"), theirs, conflict.theirs_by, conflict.theirs_at),
        )
        for column, (heading, value, who, when) in enumerate(sides):
            self._titles[column].setText(heading)
            self._values[column].setText(value)
            self._signed[column].setText("  ".join(x for x in (who, _time(when)) if x))
        editable = (
            conflict.field in KINDS[conflict.kind].fields if conflict.kind in KINDS else False
        )
        editable = editable and isinstance(conflict.mine, str | int | float)
        editable = editable and conflict.field not in ("content", "masks")
        self.own.setVisible(editable and not isinstance(conflict.mine, bool))
        self.edit.setVisible(self.own.isVisibleTo(self))
        self.own.setText("")

    def _next(self) -> None:
        self._index = (self._index + 1) % len(self._conflicts)
        self._show()

    def _decide(self, how: str) -> None:
        if not self._conflicts:
            return
        conflict, value = self._conflicts[self._index], None
        if how == "edited":
            value = _typed(self.own.text().strip(), conflict.mine)
            if value is None:
                self._told.setText(self.tr("This is no value for it."))
                return
        self._run(lambda: self._store.decide(conflict.id, how, value))

    def _run(self, work: Callable[[], None]) -> None:
        self.setEnabled(False)

        def done(_: Any) -> None:
            self.setEnabled(True)
            self.reload()

        def failed(error: Exception) -> None:
            self.setEnabled(True)
            self._told.setText(error_text(error))

        self._tasks.run(self, lambda _: work(), done, failed)


def _typed(text: str, like: Any) -> Any:
    """What was typed, of the kind of `like`; None when it is not of that kind."""
    if isinstance(like, str):
        return text
    try:
        value = json.loads(text)
    except ValueError:
        return None
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None


def _time(text: str) -> str:
    try:
        return f"{datetime.fromisoformat(text).astimezone():%Y-%m-%d %H:%M:%S}"
    except ValueError:
        return ""
