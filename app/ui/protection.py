"""How the data on this computer are protected, in words; and what to do when their key is lost."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor, wait
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QEventLoop
from PySide6.QtWidgets import QMessageBox, QProgressDialog

from app.store.cache import FILE, NO_CIPHER, NOT_YET, Protection, open_store, set_aside
from app.store.encryption import LockedError, is_plain
from app.store.store import Store


def reason_text(reason: str) -> str:
    """Why the system's keyring, or encryption, is not used."""
    translate = QCoreApplication.translate
    known = {
        "asked": translate("Protection", "switched off by WATCHROOM_KEYRING"),
        "none": translate("Protection", "this system has none"),
        "slow": translate("Protection", "it did not answer in time"),
        "failed": translate("Protection", "it could not be used"),
        NO_CIPHER: translate("Protection", "the package sqlcipher3 is missing"),
        NOT_YET: translate(
            "Protection",
            "the file was in use or the disk full; it is tried again at the next start",
        ),
    }
    untrusted = translate("Protection", "{name} is not one of those that are trusted")
    return known.get(reason) or untrusted.format(name=reason)


def describe(protection: Protection) -> str:
    """For Settings."""
    translate = QCoreApplication.translate
    if not protection.encrypted:
        text = translate("Protection", "The cache on this computer is not encrypted: {reason}.")
    elif not protection.keyring:
        text = translate(
            "Protection",
            "The cache on this computer is not protected by the system's keyring: {reason}. It is "
            "encrypted with a key in a file that only your account can read.",
        )
    else:
        text = translate(
            "Protection",
            "The cache on this computer is encrypted, with a key in the system's keyring.",
        )
    text = text.format(reason=reason_text(protection.reason) if protection.reason else "")
    if protection.copies:
        copies = translate("Protection", "Older copies beside it are not encrypted: {names}.")
        text += " " + copies.format(names=", ".join(protection.copies))
    return text


def open_or_ask(folder: Path) -> Store | None:
    """The console's data; where their key is lost, a person decides. None to quit.

    Before the window is there: it may wait for the disk. Raises StoreError.
    """
    note = ""
    while True:
        try:
            store = _open(folder)
        except LockedError:
            answer = _ask()
            if answer is None:
                return None
            if answer:
                name = set_aside(folder)
                note = QCoreApplication.translate(
                    "Protection",
                    "The cache that could not be read is kept as {name}. Everything is loaded anew "
                    "from the server.",
                ).format(name=name)
            continue
        store.note = " ".join(t for t in (note, store.note) if t)
        return store


def _open(folder: Path) -> Store:
    """`open_store`, with a word where a plain file is encrypted first: that may take a while."""
    if not is_plain(folder / FILE):
        return open_store(folder)
    text = QCoreApplication.translate(
        "Protection", "The data on this computer are being encrypted. This is done once."
    )
    told = QProgressDialog(text, "", 0, 0)
    told.setCancelButton(None)
    told.setWindowTitle("Watchroom")
    told.setMinimumDuration(500)
    with ThreadPoolExecutor(1) as pool:
        opening = pool.submit(open_store, folder)
        while not opening.done():
            told.setValue(0)
            QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 50)
            wait([opening], 0.05)
    told.close()
    return opening.result()


def question() -> QMessageBox:
    """The question of what to do without the key; its buttons are "again", "aside" and "quit"."""
    translate = QCoreApplication.translate
    box = QMessageBox()
    box.setIcon(QMessageBox.Icon.Warning)
    box.setWindowTitle("Watchroom")
    box.setText(
        translate(
            "Protection", "The data on this computer are encrypted, and their key is not here."
        )
    )
    box.setInformativeText(
        translate(
            "Protection",
            "The key is in the keyring of the account that used Watchroom here before. Unlock that "
            "keyring, then try again.\n\n"
            "Or set these data aside and begin with an empty cache: cameras are loaded anew from "
            "the server. Nothing is deleted. Entries that were not yet sent stay in the file that "
            "is set aside.",
        )
    )
    for name, text, role in (
        ("again", translate("Protection", "Try again"), QMessageBox.ButtonRole.AcceptRole),
        (
            "aside",
            translate("Protection", "Set aside, load anew"),
            QMessageBox.ButtonRole.ActionRole,
        ),
        ("quit", translate("Protection", "Quit"), QMessageBox.ButtonRole.RejectRole),
    ):
        button = box.addButton(text, role)
        button.setObjectName(name)
        if name == "again":
            box.setDefaultButton(button)
        if name == "quit":
            box.setEscapeButton(button)
    return box


def _ask() -> bool | None:
    """True: set aside; False: try again; None: quit."""
    box = question()
    box.exec()
    clicked = box.clickedButton()
    name = clicked.objectName() if clicked is not None else "quit"
    return {"again": False, "aside": True}.get(name)
