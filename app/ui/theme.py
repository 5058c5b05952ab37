"""Colours and style: dark, neutral, the video brightest (domain reference 7.4)."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QFontDatabase, QIcon, QPalette
from PySide6.QtWidgets import QApplication, QLabel, QProgressBar, QScrollArea, QWidget

from app.paths import RESOURCES

BACKGROUND = QColor("#14181d")
PANEL = QColor("#1b2027")
RAISED = QColor("#252b34")
LINE = QColor("#333b46")
TEXT = QColor("#d7dce3")
DIM_TEXT = QColor("#9aa4b1")
ACCENT = QColor("#4c9be8")
RED = QColor("#ef6a5b")
AMBER = QColor("#e6b04a")
GREY = QColor("#8b95a3")
GREEN = QColor("#69b97c")
BLUE = QColor("#6db1f2")
TILE = QColor("#0b0d10")

CHINESE_FONTS = ("Noto Sans CJK SC", "Source Han Sans SC", "Microsoft YaHei UI", "PingFang SC")
"""Named, because a fallback of the system's choice is often bold, or has Japanese shapes."""

STYLE = f"""
QMainWindow, QDialog {{ background: {BACKGROUND.name()}; }}
QMainWindow::separator {{ background: {LINE.name()}; width: 3px; height: 3px; }}
QMainWindow::separator:hover {{ background: {ACCENT.name()}; }}
QDockWidget {{ color: {DIM_TEXT.name()}; }}
QDockWidget::title {{ background: {PANEL.name()}; padding: 7px 8px; }}
QMenuBar, QMenu, QStatusBar, QToolBar {{ background: {PANEL.name()}; color: {TEXT.name()}; }}
QToolBar {{ border: none; spacing: 2px; padding: 3px; }}
QMenu {{ border: 1px solid {LINE.name()}; padding: 4px; }}
QMenu::item {{ padding: 5px 26px 5px 22px; border-radius: 3px; }}
QMenu::item:selected, QMenuBar::item:selected {{ background: {RAISED.name()}; }}
QMenu::item:disabled {{ color: #606a77; }}
QMenu::separator {{ height: 1px; background: {LINE.name()}; margin: 4px 8px; }}
QStatusBar QLabel {{ color: {DIM_TEXT.name()}; padding: 0 8px; }}
QToolTip {{ background: {RAISED.name()}; color: {TEXT.name()}; border: 1px solid {LINE.name()}; padding: 3px; }}
QLineEdit, QComboBox, QAbstractSpinBox, QPlainTextEdit {{
  background: {BACKGROUND.name()}; color: {TEXT.name()}; border: 1px solid {LINE.name()};
  border-radius: 4px; padding: 5px 7px; selection-background-color: #2f5f93; min-height: 18px; }}
QSpinBox, QDoubleSpinBox {{ padding-right: 20px; }}
QSpinBox::up-button, QSpinBox::down-button, QDoubleSpinBox::up-button, QDoubleSpinBox::down-button {{ width: 18px; border: none; background: {RAISED.name()}; }}
QDateTimeEdit::drop-down {{ width: 22px; border: none; background: {RAISED.name()}; }}
QDateTimeEdit::down-arrow {{ image: url({(RESOURCES / "icons" / "down.svg").as_posix()}); width: 8px; height: 8px; }}
QSpinBox::up-arrow, QDoubleSpinBox::up-arrow {{ image: url({(RESOURCES / "icons" / "up.svg").as_posix()}); width: 8px; height: 8px; }}
QSpinBox::down-arrow, QDoubleSpinBox::down-arrow {{ image: url({(RESOURCES / "icons" / "down.svg").as_posix()}); width: 8px; height: 8px; }}
QLineEdit:focus, QComboBox:focus, QAbstractSpinBox:focus {{ border-color: {ACCENT.name()}; }}
QLineEdit[wrong="true"], QComboBox[wrong="true"] {{ border-color: {RED.name()}; }}
QComboBox QAbstractItemView {{ background: {RAISED.name()}; color: {TEXT.name()};
  selection-background-color: #2c4a6b; border: 1px solid {LINE.name()}; }}
QCalendarWidget QAbstractItemView {{ background: {BACKGROUND.name()}; alternate-background-color: {PANEL.name()};
  selection-background-color: #2f5f93; selection-color: white; }}
QCalendarWidget QWidget#qt_calendar_navigationbar {{ background: {RAISED.name()}; }}
QCalendarWidget QToolButton {{ border-color: transparent; background: transparent; }}
QCalendarWidget QToolButton#qt_calendar_prevmonth {{ qproperty-icon: url({(RESOURCES / "icons" / "left.svg").as_posix()}); }}
QCalendarWidget QToolButton#qt_calendar_nextmonth {{ qproperty-icon: url({(RESOURCES / "icons" / "right.svg").as_posix()}); }}
QPushButton, QToolButton {{
  background: {RAISED.name()}; color: {TEXT.name()}; border: 1px solid {LINE.name()};
  border-radius: 4px; padding: 5px 12px; min-height: 18px; }}
QToolButton {{ padding: 4px 6px; }}
QToolBar QToolButton {{ background: transparent; border-color: transparent; }}
QToolBar::separator {{ background: {LINE.name()}; width: 1px; margin: 6px 5px; }}
QCheckBox::indicator {{ width: 15px; height: 15px; border: 1px solid #6b7684; border-radius: 3px;
  background: {BACKGROUND.name()}; }}
QCheckBox::indicator:hover, QCheckBox::indicator:focus {{ border-color: {ACCENT.name()}; }}
QCheckBox::indicator:checked {{ background: {ACCENT.name()}; border-color: {ACCENT.name()};
  image: url({(RESOURCES / "icons" / "check.svg").as_posix()}); }}
QDialogButtonBox {{ dialogbuttonbox-buttons-have-icons: 0; }}
QPushButton:hover, QToolButton:hover {{ background: #2e3641; border-color: #485361; }}
QPushButton:pressed, QToolButton:pressed, QToolButton:checked, QPushButton:checked {{
  background: #2c4a6b; border-color: {ACCENT.name()}; }}
QPushButton:focus, QToolButton:focus {{ border-color: {ACCENT.name()}; }}
QPushButton:disabled, QToolButton:disabled {{ color: #5d6773; background: #1e232a; }}
QPushButton:default {{ border-color: {ACCENT.name()}; }}
QTreeView, QListView, QTableView {{ background: {PANEL.name()}; color: {TEXT.name()};
  border: none; outline: 0; alternate-background-color: #1f252c; }}
QTreeView::item, QListView::item {{ padding: 3px 2px; }}
QTreeView::item:hover, QListView::item:hover {{ background: #232a33; }}
QTreeView::item:selected, QListView::item:selected {{ background: #2c4a6b; color: white; }}
QHeaderView::section {{ background: {RAISED.name()}; color: {DIM_TEXT.name()}; border: none; padding: 5px; }}
QTabBar::tab {{ background: transparent; color: {DIM_TEXT.name()}; padding: 7px 12px;
  border-bottom: 2px solid transparent; }}
QTabBar::tab:selected {{ color: {TEXT.name()}; border-bottom-color: {ACCENT.name()}; }}
QTabBar::tab:hover {{ color: {TEXT.name()}; }}
QTabWidget::pane {{ border: none; }}
QScrollBar:vertical {{ background: {PANEL.name()}; width: 11px; margin: 0; }}
QScrollBar:horizontal {{ background: {PANEL.name()}; height: 11px; margin: 0; }}
QScrollBar::handle {{ background: #3d4652; border-radius: 5px; min-height: 28px; min-width: 28px; }}
QScrollBar::handle:hover {{ background: #4d5866; }}
QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
QSlider::groove:horizontal {{ height: 4px; background: {LINE.name()}; border-radius: 2px; }}
QSlider::handle:horizontal {{ width: 14px; margin: -6px 0; border-radius: 7px; background: {ACCENT.name()}; }}
QGroupBox {{ border: 1px solid {LINE.name()}; border-radius: 5px; margin-top: 10px; padding-top: 8px; }}
QGroupBox::title {{ subcontrol-origin: margin; left: 9px; padding: 0 4px; color: {DIM_TEXT.name()}; }}
QLabel#hint {{ color: {DIM_TEXT.name()}; }}
QLabel#error {{ color: {RED.name()}; }}
QLabel#warning {{ color: {AMBER.name()}; }}
QLabel#good {{ color: {TEXT.name()}; }}
QLabel#preview {{ background: {TILE.name()}; color: {GREY.name()}; border-radius: 4px; }}
QFrame[frameShape="4"] {{ color: {LINE.name()}; }}
QLabel#heading {{ font-size: 15px; font-weight: 600; color: white; }}
QLabel#key {{ color: white; background: {RAISED.name()}; border: 1px solid {LINE.name()};
  border-radius: 3px; padding: 1px 6px; }}
QLabel#number {{ font-size: 22px; color: white; background: #16202c; border: 2px solid {ACCENT.name()};
  border-radius: 6px; padding: 10px 22px; }}
QFrame#tour {{ background: {PANEL.name()}; border-top: 1px solid {LINE.name()}; }}
QFrame#tour QProgressBar {{ background: {LINE.name()}; border: none; border-radius: 3px; }}
QFrame#tour QProgressBar::chunk {{ background: {ACCENT.name()}; border-radius: 3px; }}
QFrame#replay {{ background: #14202d; border: 1px solid #3f8fe8; border-radius: 5px; }}
QFrame#replay QToolButton {{ padding: 2px 4px; }}
QDialog#lock {{ background: #1d2733; border: 2px solid {ACCENT.name()}; border-radius: 6px; }}
QLabel#case {{ color: {AMBER.name()}; }}
QFrame#notice {{ background: #1d2733; border: 1px solid #3f5f82; border-radius: 6px; }}
QFrame#notice QLabel {{ color: #eef1f5; }}
QFrame#notice[kind="good"] {{ background: #17281d; border-color: {GREEN.name()}; }}
QFrame#notice[kind="warning"] {{ background: #332a16; border-color: {AMBER.name()}; }}
QFrame#notice[kind="alarm"] {{ background: #4a1d1a; border: 2px solid {RED.name()}; }}
QFrame#notice QScrollArea, QFrame#notice QScrollArea > QWidget > QWidget {{ background: transparent; }}
QFrame#notice QToolButton {{ background: transparent; border: none; }}
"""


def apply(app: QApplication) -> None:
    """Put the dark theme on the whole application."""
    app.setStyle("Fusion")
    palette = QPalette()
    roles = QPalette.ColorRole
    for role, colour in {
        roles.Window: BACKGROUND,
        roles.WindowText: TEXT,
        roles.Base: PANEL,
        roles.AlternateBase: RAISED,
        roles.Text: TEXT,
        roles.PlaceholderText: GREY,
        roles.Button: RAISED,
        roles.ButtonText: TEXT,
        roles.BrightText: RED,
        roles.ToolTipBase: RAISED,
        roles.ToolTipText: TEXT,
        roles.Highlight: QColor("#2c4a6b"),
        roles.HighlightedText: QColor("white"),
        roles.Link: ACCENT,
    }.items():
        palette.setColor(role, colour)
    for role in (roles.WindowText, roles.Text, roles.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, role, QColor("#5d6773"))
    app.setPalette(palette)
    font = app.font()
    families = [font.family(), *CHINESE_FONTS]
    font.setFamilies([f for f in families if QFontDatabase.hasFamily(f)] or families)
    app.setFont(font)
    app.setStyleSheet(STYLE)


def fit(window: QWidget, width: int, height: int) -> None:
    """As large as wanted, but not larger than its screen with a frame and a task bar."""
    room = window.screen().availableSize()
    window.resize(min(width, room.width() - 12), min(height, room.height() - 40))


class _Scrolled(QScrollArea):
    def minimumSizeHint(self) -> QSize:
        """Wide enough for what is inside, as low as one likes."""
        inner, bar = self.widget(), self.verticalScrollBar().sizeHint().width()
        wide = inner.minimumSizeHint().width() + bar if inner else 0
        return QSize(wide, super().minimumSizeHint().height())


def scrolled(inner: QWidget) -> QScrollArea:
    """What a low screen, or a large scale, shows a part of. It never scrolls sideways."""
    area = _Scrolled()
    area.setWidget(inner)
    area.setWidgetResizable(True)
    area.setFrameShape(QScrollArea.Shape.NoFrame)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    return area


def thin_bar() -> QProgressBar:
    """Progress as a line, hidden at first; its place stays kept, so that nothing jumps."""
    bar = QProgressBar()
    bar.setFixedHeight(4)
    bar.setTextVisible(False)
    kept = bar.sizePolicy()
    kept.setRetainSizeWhenHidden(True)
    bar.setSizePolicy(kept)
    bar.hide()
    return bar


def tell(label: QLabel, text: str, look: str = "hint") -> None:
    """A text as "hint", "error", "warning", "good" or "" look in the style above."""
    label.setText(text)
    if label.objectName() != look:
        label.setObjectName(look)
        label.style().unpolish(label)
        label.style().polish(label)


def icon(name: str) -> QIcon:
    """One of resources/icons."""
    return QIcon(str(RESOURCES / "icons" / f"{name}.svg"))
