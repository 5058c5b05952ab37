"""What a person is told and asked about the encrypted data."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QMessageBox

from app.domain.camera import Organisation
from app.store.cache import FILE, KEY_NAME, open_store
from app.store.secrets import FileSecrets
from app.store.store import Store
from app.ui import protection


def _press(monkeypatch: pytest.MonkeyPatch, *names: str) -> list[str]:
    """Press these buttons, one each time the question is asked; returns what is left."""
    left = list(names)

    def asked(box: QMessageBox) -> int:
        name = left.pop(0)
        next(b for b in box.buttons() if b.objectName() == name).click()
        return 0

    monkeypatch.setattr(QMessageBox, "exec", asked)
    return left


@pytest.fixture
def locked(data: Path) -> str:
    """Encrypted data without their key, which is returned."""
    store = open_store(data)
    store.save_organisation(Organisation("", "市局"))
    store.close()
    key = FileSecrets(data).get(KEY_NAME)
    assert key is not None
    FileSecrets(data).delete(KEY_NAME)
    return key


def test_a_person_quits_and_nothing_has_changed(
    qapp: QApplication, data: Path, locked: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = (data / FILE).read_bytes()
    left = _press(monkeypatch, "again", "quit")
    assert protection.open_or_ask(data) is None
    assert left == []
    assert (data / FILE).read_bytes() == before


def test_the_keyring_is_unlocked_and_it_goes_on(
    qapp: QApplication, data: Path, locked: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    _press(monkeypatch, "again")
    ask = protection._ask
    monkeypatch.setattr(
        protection, "_ask", lambda: FileSecrets(data).set(KEY_NAME, locked) or ask()
    )
    store = protection.open_or_ask(data)
    assert store is not None
    assert [o.name for o in store.organisations()] == ["市局"]
    assert store.note == ""
    store.close()


def test_set_aside_is_told_by_name(
    qapp: QApplication, data: Path, locked: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    _press(monkeypatch, "aside")
    store = protection.open_or_ask(data)
    assert store is not None
    kept = next(data.glob(f"{FILE}.locked-*"))
    assert kept.name in store.note
    assert store.organisations() == []
    store.close()


def test_plain_data_are_encrypted_before_the_window_comes(qapp: QApplication, data: Path) -> None:
    plain = Store(data / FILE, FileSecrets(data))
    plain.save_organisation(Organisation("", "市局"))
    plain.close()
    store = protection.open_or_ask(data)
    assert store is not None
    assert [o.name for o in store.organisations()] == ["市局"]
    assert b"\xe5\xb8\x82\xe5\xb1\x80" not in (data / FILE).read_bytes()
    store.close()
