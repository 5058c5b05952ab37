"""Starts the client: the decoder processes first, then everything else.

Decoder processes load their libraries for a third of a second: on another core, while this process
loads the windows, which takes longer. So what is imported here must be little.
"""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtWidgets import QApplication

from app.video.engine import VideoEngine


@dataclass(frozen=True, slots=True)
class ClientOptions:
    """How to start the client."""

    data: Path
    language: str = ""
    title_note: str = ""
    first_view: tuple[str, ...] = ()
    seconds: float = 0.0
    """End by itself after so long; 0 runs until the window is closed."""
    screenshot: Path | None = None
    """Saved just before the end."""
    sign_in: tuple[str, str] = ("", "")
    """Login and password to sign in with at once (the demo's)."""
    demo: bool = False
    """Whether the network to the server can be cut from the menu."""


def run_client(options: ClientOptions) -> int:
    """Run the client until its window is closed; returns the exit status."""
    app = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(app, QApplication)
    engine = VideoEngine()
    engine.start()
    try:
        from app.ui import client  # see above

        return client.run(options, app, engine)
    finally:
        engine.close()


def has_display() -> bool:
    """Whether a window can be shown here."""
    if sys.platform != "linux":
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
