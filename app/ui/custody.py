"""What became of an export: to whom it was handed, on what, on which authority; what came back."""

from __future__ import annotations

from datetime import timedelta

from PySide6.QtCore import QCoreApplication, QDate, Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDateEdit,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from app.domain.retrieval import MEDIA, Custody, Retrieval, RetrievalKind
from app.ui.log_texts import full_text

USUAL_BACK = timedelta(days=30)


def medium_text(medium: str) -> str:
    """On what pictures left."""
    translate = QCoreApplication.translate
    return {
        "usb": translate("Log", "USB stick"),
        "disc": translate("Log", "CD or DVD"),
        "disk": translate("Log", "hard disk"),
        "network": translate("Log", "over the network"),
        "print": translate("Log", "printed"),
        "viewed": translate("Log", "viewed here, no copy"),
    }.get(medium, medium)


def kind_text(kind: RetrievalKind) -> str:
    """What became of it."""
    translate = QCoreApplication.translate
    return {
        RetrievalKind.HANDED_OVER: translate("Log", "handed over"),
        RetrievalKind.RETURNED: translate("Log", "returned"),
        RetrievalKind.DESTROYED: translate("Log", "destroyed"),
    }.get(kind, str(kind))


class CustodyDialog(QDialog):
    """`kind` and `custody` are what is to be entered; nothing can be changed afterwards."""

    def __init__(self, export: Retrieval, ended: bool, parent: QWidget) -> None:
        super().__init__(parent)
        self._ended = ended
        title = self.tr("Returned or destroyed") if ended else self.tr("Hand over an export")
        self.setWindowTitle(title)
        number = f"{export.console}-{export.number:06d}"
        facts = QLabel("  ·  ".join((number, export.camera, full_text(export.begin))))
        facts.setObjectName("heading")
        facts.setTextFormat(Qt.TextFormat.PlainText)
        facts.setWordWrap(True)
        case = export.case
        self.what, self.medium = QComboBox(), QComboBox()
        for kind in (RetrievalKind.RETURNED, RetrievalKind.DESTROYED):
            self.what.addItem(kind_text(kind), kind)
        for medium in MEDIA:
            self.medium.addItem(medium_text(medium), medium)
        self.receiver = QLineEdit("" if ended else case.requester)
        self.unit, self.authority = QLineEdit(), QLineEdit(case.basis)
        self.purpose, self.words = QLineEdit(case.purpose), QLineEdit()
        for field in (self.receiver, self.unit, self.authority, self.purpose, self.words):
            field.setMaxLength(200)
        self.has_end, self.back_by = QCheckBox(self.tr("by")), QDateEdit()
        self.back_by.setCalendarPopup(True)
        self.back_by.setDisplayFormat("yyyy-MM-dd")
        self.back_by.setDate(QDate.currentDate().addDays(USUAL_BACK.days))
        self.back_by.setEnabled(False)
        self.has_end.toggled.connect(self.back_by.setEnabled)
        end = QHBoxLayout()
        end.addWidget(self.has_end)
        end.addWidget(self.back_by, 1)
        form = QFormLayout()
        if ended:
            form.addRow(self.tr("What"), self.what)
            form.addRow(self.tr("By whom"), self.receiver)
        else:
            form.addRow(self.tr("Receiver"), self.receiver)
            form.addRow(self.tr("Receiver's unit"), self.unit)
            form.addRow(self.tr("Legal basis"), self.authority)
            form.addRow(self.tr("Purpose"), self.purpose)
            form.addRow(self.tr("Medium"), self.medium)
            form.addRow(self.tr("To be returned or destroyed"), end)
        form.addRow(self.tr("Remark"), self.words)
        self.receiver.setPlaceholderText(self.tr("name, as in the pass that was shown"))
        self.authority.setPlaceholderText(self.tr("such as: warrant No. 12/2026"))
        hint = QLabel(self.tr("The entry is added to the register with your name and the time, and "
                              "stays there."))  # fmt: skip
        hint.setObjectName("hint")
        hint.setWordWrap(True)
        self.error = QLabel()
        self.error.setObjectName("error")
        buttons = QDialogButtonBox()
        go = buttons.addButton(self.tr("Enter"), QDialogButtonBox.ButtonRole.AcceptRole)
        go.setDefault(True)
        buttons.addButton(self.tr("Cancel"), QDialogButtonBox.ButtonRole.RejectRole)
        buttons.accepted.connect(self._enter)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addWidget(facts)
        layout.addLayout(form)
        layout.addWidget(hint)
        layout.addWidget(self.error)
        layout.addWidget(buttons)
        self.setMinimumWidth(520)
        self.receiver.setFocus()

    @property
    def kind(self) -> RetrievalKind:
        """What is entered."""
        return self.what.currentData() if self._ended else RetrievalKind.HANDED_OVER

    @property
    def custody(self) -> Custody:
        """With what."""
        receiver, words = self.receiver.text().strip(), self.words.text().strip()
        if self._ended:
            return Custody(receiver, words=words)
        back = self.back_by.date().toString("yyyy-MM-dd") if self.has_end.isChecked() else ""
        return Custody(receiver, self.unit.text().strip(), self.authority.text().strip(),
                       self.purpose.text().strip(), self.medium.currentData(), back, words)  # fmt: skip

    def _enter(self) -> None:
        problem = self.custody.problem(self.kind)
        if not problem:
            self.accept()
            return
        self.error.setText(
            {"receiver": self.tr("Who receives it, or gave it back?"),
             "authority": self.tr("On which legal basis? A hand-over without one is none.")}
            .get(problem, problem)
        )  # fmt: skip
        (self.authority if problem == "authority" else self.receiver).setFocus()
