"""The installer's consent to trying makers' default passwords: asked with its purpose, entered in the
log of set-ups (numbered, chained by hashes, sent to the server's audit log) before anything is tried."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLabel,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from app.domain.logbook import CONSENTED, TRIED, Book, Entry, cleaned
from app.store.logbook import Logbook
from app.store.store import new_id

MOST_HOSTS = 500
LEAST_PURPOSE = 2


@dataclass(frozen=True, slots=True)
class Consent:
    """Who said yes at which console, when (aware UTC), and what for."""

    person: str
    console: str
    purpose: str
    at: datetime


class ConsentDialog(QDialog):
    """What is done, what it may cause, and the purpose, without which there is no consent."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Try makers' default passwords?"))
        text = QLabel(self.tr(
            "One or two factory accounts are tried once on each new device that refuses your account. "
            "A device may count that as an attack and lock itself for some minutes. Try only devices "
            "that you are allowed to set up.\n\nYour consent is entered in the log with your name, the "
            "time, the addresses and the purpose, and cannot be removed from it."
        ))  # fmt: skip
        text.setWordWrap(True)
        text.setMinimumWidth(460)
        self.purpose = QLineEdit()
        self.purpose.setMaxLength(300)
        self.purpose.setPlaceholderText(self.tr("such as: first set-up of the harbour, order 17"))
        form = QFormLayout()
        form.addRow(self.tr("&Purpose"), self.purpose)
        buttons = QDialogButtonBox()
        self.go = buttons.addButton(
            self.tr("I agree: &try them"), QDialogButtonBox.ButtonRole.AcceptRole
        )
        self.go.setEnabled(False)
        buttons.addButton(self.tr("Cancel"), QDialogButtonBox.ButtonRole.RejectRole)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        self.purpose.textChanged.connect(
            lambda said: self.go.setEnabled(len(said.strip()) >= LEAST_PURPOSE)
        )
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 14, 16, 12)
        layout.setSpacing(12)
        layout.addWidget(text)
        layout.addLayout(form)
        layout.addWidget(buttons)
        self.purpose.setFocus()

    def consent(self, person: str, console: str) -> Consent:
        """Of who sits here, now. Raises ValueError without a purpose."""
        return Consent(person, console, cleaned(self.purpose.text()), datetime.now(UTC))


def enter_consent(logbook: Logbook, consent: Consent, where: str, hosts: list[str]) -> Entry:
    """Before anything is tried: `where` was searched, these addresses are to be tried. Raises
    StoreError; then nothing may be tried."""
    data = {
        "name": where[:300], "purpose": consent.purpose, "hosts": hosts[:MOST_HOSTS],
        "count": len(hosts), "consented_at": consent.at.isoformat(timespec="seconds"),
    }  # fmt: skip
    entry = Entry(
        Book.SETUP, new_id(), CONSENTED, consent.person[:100] or "-", consent.console, data
    )
    return logbook.add(entry)[0]


def enter_outcome(logbook: Logbook, consent: Entry, outcomes: Mapping[str, str]) -> None:
    """What came of it: address to outcome (`devices.probe.Tried`). Raises StoreError."""
    data = {
        "name": consent.data["name"], "outcomes": dict(list(outcomes.items())[:MOST_HOSTS]),
        "count": len(outcomes), "taken": sum(o == "taken" for o in outcomes.values()),
    }  # fmt: skip
    logbook.add(Entry(Book.SETUP, consent.subject, TRIED, consent.author, consent.console, data,
                      about=(consent.id,)))  # fmt: skip
