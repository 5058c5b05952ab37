"""The real client in a process of its own, told by its input what to do; for test_walls.py.

`python -m tests.e2e.driven_client DATA`; a line of Python with `window` on standard input is run,
and its value printed as JSON. Nothing of the client is replaced.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any


def main() -> None:
    # Here, as in `app/__main__.py`: decoder processes import this module, and no window.
    from PySide6.QtCore import QSocketNotifier, QTimer
    from PySide6.QtWidgets import QApplication

    from app.domain.layout import BUILT_IN, View
    from app.ui.application import ClientOptions, run_client
    from app.ui.main_window import MainWindow

    app = QApplication(sys.argv[:1])
    notifier = QSocketNotifier(sys.stdin.fileno(), QSocketNotifier.Type.Read)

    def window() -> MainWindow | None:
        return next((w for w in app.topLevelWidgets() if isinstance(w, MainWindow)), None)

    def told() -> None:
        line = sys.stdin.readline()
        if not line:
            app.quit()
            return
        names: dict[str, Any] = {"window": window(), "View": View, "BUILT_IN": BUILT_IN}
        print(json.dumps(eval(line, names), default=str), flush=True)  # noqa: S307 -- our own test

    notifier.activated.connect(told)

    def look() -> None:
        """Says once when the walls are back."""
        w = window()
        if w is None or w._restoring or not w.isVisible():
            QTimer.singleShot(5, look)
        else:
            print(json.dumps("restored"), flush=True)

    look()
    run_client(ClientOptions(Path(sys.argv[1]), "en"))


if __name__ == "__main__":
    main()
