"""Where Watchroom keeps things on this computer."""

from __future__ import annotations

import os
from pathlib import Path

import platformdirs

RESOURCES = Path(__file__).resolve().parent.parent / "resources"


def data_dir() -> Path:
    """The user's data; WATCHROOM_DATA overrides. Created on demand, mode 0700."""
    override = os.environ.get("WATCHROOM_DATA")
    path = Path(override) if override else Path(platformdirs.user_data_dir("watchroom", False))
    path.mkdir(parents=True, exist_ok=True, mode=0o700)
    return path


def cache_dir() -> Path:
    """What can be made again (encoded simulator scenes); WATCHROOM_CACHE overrides."""
    override = os.environ.get("WATCHROOM_CACHE")
    path = Path(override) if override else Path(platformdirs.user_cache_dir("watchroom", False))
    path.mkdir(parents=True, exist_ok=True, mode=0o700)
    return path
