"""People of this console and their PINs. Accounts of the central server take their place later."""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
from dataclasses import dataclass

N, R, P = 2**14, 8, 1
"""scrypt: 16 MB and some 50 ms a try."""

LEAST_DIGITS = 4
FREE_TRIES, FIRST_WAIT_S, LONGEST_WAIT_S = 3, 5, 300


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who works here. `pin` is a hash, "" where none is set."""

    name: str
    pin: str = ""
    supervisor: bool = False
    """May confirm what needs a second person."""


def hash_pin(pin: str, salt: bytes | None = None) -> str:
    """What is stored. Raises ValueError for a PIN that is too short."""
    if len(pin) < LEAST_DIGITS:
        raise ValueError(f"a PIN has at least {LEAST_DIGITS} characters")
    salt = salt or os.urandom(16)
    digest = hashlib.scrypt(pin.encode(), salt=salt, n=N, r=R, p=P, dklen=32)
    return f"scrypt${base64.b64encode(salt).decode()}${base64.b64encode(digest).decode()}"


def pin_fits(stored: str, pin: str) -> bool:
    """Whether it is the person's PIN; False for anything that is no stored PIN."""
    try:
        kind, salt, digest = stored.split("$")
        if kind != "scrypt":
            return False
        made = hashlib.scrypt(pin.encode(), salt=base64.b64decode(salt), n=N, r=R, p=P, dklen=32)
        return hmac.compare_digest(made, base64.b64decode(digest))
    except ValueError:
        return False


def wait_after(failures: int) -> float:
    """Seconds before the next try after so many wrong ones: three are free, then 5 s doubling."""
    over = failures - FREE_TRIES
    return 0.0 if over < 0 else float(min(FIRST_WAIT_S * 2**over, LONGEST_WAIT_S))
