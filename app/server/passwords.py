"""Passwords: how they are kept, which are good enough, and how guessing is slowed down."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from threading import BoundedSemaphore

import sqlalchemy as sa
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy.orm import Session

from app.server.database import moment, stamp
from app.server.problem import Problem
from app.store.server_models import AttemptRow

MIN_LENGTH = 12
FORGOTTEN_AFTER = timedelta(days=1)
FIRST_DELAY_S, LONGEST_DELAY_S = 30, 3600

# OWASP's second choice: 19 MiB, two passes: about 30 ms. No more than two at once: a rush of
# sign-ins must not take the memory and the cores that sync needs.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_AT_ONCE = BoundedSemaphore(2)
# Of no password: an unknown name takes as long as a wrong password.
_NOBODY = _HASHER.hash("no account has this password \u0000")

_COMMON = ("password", "passwort", "qwert", "asdf", "12345", "abcde", "letmein", "welcome", "admin")


def hash_password(password: str) -> str:
    """The argon2id hash with its parameters and salt."""
    with _AT_ONCE:
        return _HASHER.hash(password)


def password_fits(stored: str | None, password: str) -> bool:
    """Whether it is the password; takes as long for None (no such account)."""
    with _AT_ONCE:
        try:
            return _HASHER.verify(stored or _NOBODY, password) and stored is not None
        except (VerificationError, InvalidHashError):
            return False


def refuse_weak(password: str, *names: str) -> None:
    """Raises Problem 422 `weak_password` that says what is wrong."""
    low = password.lower()
    why = ""
    if len(password) < MIN_LENGTH:
        why = f"It needs at least {MIN_LENGTH} characters; a sentence is easy to keep in mind."
    elif len(set(low)) < 5:
        why = "It repeats too few characters."
    elif any(len(name) > 2 and name.lower() in low for name in names):
        why = "It contains your name."
    elif any(word in low and len(low) - len(word) < 8 for word in _COMMON):
        why = "It is little more than a word that everybody tries first."
    if why:
        raise Problem(422, "weak_password", why)


def _keys(login: str, address: str) -> dict[str, int]:
    """What failures are counted by, with how many are free. A name alone has many: nobody may
    lock a colleague out from elsewhere with a few tries."""
    return {f"{login}|{address}": 5, login: 20, f"|{address}": 50}


def _hashed(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()


def count_attempt(session: Session, login: str, address: str, now: datetime) -> None:
    """Count a try *before* the password is looked at, so that a hundred at once count too.

    Raises Problem 429 `locked` with the seconds to wait; the delay doubles with every failure.
    """
    waits = []
    for key, free in sorted(_keys(login, address).items()):
        session.execute(
            sa.text(
                "INSERT INTO sign_in_attempt (key, failures, last_at, locked_until)"
                " VALUES (:key, 0, :at, '') ON CONFLICT DO NOTHING"
            ),
            {"key": _hashed(key), "at": stamp(now)},
        )
        query = sa.select(AttemptRow).where(AttemptRow.key == _hashed(key)).with_for_update()
        row = session.scalars(query).one()
        if row.locked_until > stamp(now):
            waits.append(moment(row.locked_until) - now)
            continue
        if moment(row.last_at) < now - FORGOTTEN_AFTER:
            row.failures = 0
        row.failures, row.last_at = row.failures + 1, stamp(now)
        if row.failures >= free:
            delay = min(FIRST_DELAY_S * 2 ** min(row.failures - free, 20), LONGEST_DELAY_S)
            row.locked_until = stamp(now + timedelta(seconds=delay))
    session.flush()
    if waits:
        seconds = int(max(waits).total_seconds()) + 1
        raise Problem(
            429, "locked", "Too many wrong passwords. Wait, then try again.", retry_after=seconds
        )


def forgive(session: Session, login: str, address: str) -> None:
    """The password was right: this try was none of a guesser."""
    for key, free in sorted(_keys(login, address).items()):
        query = sa.select(AttemptRow).where(AttemptRow.key == _hashed(key)).with_for_update()
        row = session.scalar(query)
        if row is None:
            continue
        own = key == f"{login}|{address}"
        row.failures = 0 if own else max(0, row.failures - 1)
        if row.failures < free:
            row.locked_until = ""
