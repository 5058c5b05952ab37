"""Settings that belong to a person and travel with them, and where they are kept.

All others (screens, decoding, volume, the console's name and folders) belong to the machine.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.store.models import SettingRow
from app.store.sync_models import PreferenceRow

PERSONAL = frozenset({"language", "keys"})
"""Keys of `Store.setting`."""


def read(session: Session, key: str) -> str | None:
    """The JSON text of a setting, None where there is none."""
    if key in PERSONAL:
        row = _row(session, key)
        if row is not None:
            return row.value if row.deleted_at is None else None
    # Kept by a version that knew no personal settings, or one of the machine.
    kept = session.get(SettingRow, key)
    return kept.value if kept is not None else None


def keep(session: Session, key: str, value: str, **made: Any) -> None:
    """Keep the JSON text. `made`: `id` and `updated_at` of a row."""
    if key not in PERSONAL:
        session.merge(SettingRow(key=key, value=value))
        return
    row = _row(session, key)
    if row is None:
        session.add(PreferenceRow(person="local", key=key, value=value, **made))
    elif row.value != value or row.deleted_at is not None:
        row.value, row.deleted_at, row.updated_at = value, None, made["updated_at"]


def _row(session: Session, key: str) -> PreferenceRow | None:
    return session.scalars(
        sa.select(PreferenceRow).where(PreferenceRow.person == "local", PreferenceRow.key == key)
    ).first()
