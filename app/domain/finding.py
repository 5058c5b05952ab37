"""What a device found on the network is to us: new, known, moved, somebody else's place, a double."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Standing(StrEnum):
    """In the order in which a person wants to see them."""

    NEW = "new"
    MOVED = "moved"  # a known serial number at another address
    REPLACED = "replaced"  # a known address with another serial number
    ELSEWHERE = "elsewhere"  # the same serial number answers at another address too
    KNOWN = "known"
    UNKNOWN = "unknown"  # it did not say who it is


@dataclass(frozen=True, slots=True)
class Known:
    """A device of ours. `host` without port; `serial` may be ""."""

    camera_id: str
    name: str
    host: str
    serial: str
    mac: str = ""


@dataclass(frozen=True, slots=True)
class Seen:
    """A device that answered."""

    key: str
    host: str
    serial: str


@dataclass(frozen=True, slots=True)
class Verdict:
    standing: Standing
    known: Known | None = None
    """The one of ours it is, or is in the place of."""
    other_host: str = ""
    """Where the same serial number answers or was, too."""


DEFAULTS = frozenset(
    {
        ("admin", ""), ("admin", "admin"), ("admin", "12345"), ("admin", "123456"),
        ("admin", "1234"), ("admin", "4321"), ("admin", "9999"), ("admin", "888888"),
        ("admin", "111111"), ("admin", "password"), ("admin", "pass"), ("admin", "meinsm"),
        ("admin", "fliradmin"), ("888888", "888888"), ("666666", "666666"), ("root", "root"),
        ("root", "pass"), ("root", "admin"), ("root", "camera"), ("root", ""),
        ("service", "service"), ("supervisor", "supervisor"), ("user", "user"),
        ("ubnt", "ubnt"), ("administrator", ""),
    }
)  # fmt: skip
"""Accounts that devices come with, as their makers' manuals print them."""


MOST_TRIES = 2
"""Accounts tried on one camera: many lock after three to five wrong ones."""

_FACTORY: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = (
    ("hikvision|hik", (("admin", "12345"),)),
    ("dahua|amcrest", (("admin", "admin"), ("888888", "888888"))),
    ("uniview|unv", (("admin", "123456"),)),
    ("axis", (("root", "pass"),)),
    ("bosch", (("service", "service"),)),
    ("hanwha|samsung|wisenet", (("admin", "4321"), ("admin", "1234"))),
    ("vivotek", (("root", ""),)),
    ("panasonic|i-pro", (("admin", "12345"),)),
    ("honeywell", (("admin", "1234"),)),
    ("mobotix", (("admin", "meinsm"),)),
    ("flir", (("admin", "fliradmin"),)),
    ("ubiquiti|ubnt", (("ubnt", "ubnt"),)),
    ("acti", (("admin", "123456"),)),
    ("sony|pelco|avigilon|grandstream", (("admin", "admin"),)),
)  # fmt: skip
"""Makers (words in what a device says of itself) to the accounts that their manuals print."""


def factory_accounts(said: str) -> tuple[tuple[str, str], ...]:
    """The accounts that are worth a try, the likeliest first, by what a device says of its maker; no
    more than MOST_TRIES. Two that several makers share where it says nothing."""
    words = set(re.findall(r"[a-z0-9-]+", said.casefold()))
    for names, accounts in _FACTORY:
        if any(w.startswith(n) for n in names.split("|") for w in words):
            return accounts[:MOST_TRIES]
    return (("admin", "admin"), ("admin", "12345"))[:MOST_TRIES]


def may_be_tried(standing: Standing, endpoint: str, host: str, known: Iterable[Known]) -> bool:
    """Whether factory accounts may be tried on a device at all: never on one of the register, by
    serial number and address (`standing`) or by the MAC in its own identifier."""
    if standing not in (Standing.NEW, Standing.UNKNOWN):
        return False
    tail = re.sub(r"[^0-9a-f]", "", endpoint.casefold())
    for k in known:
        mac = re.sub(r"[^0-9a-f]", "", k.mac.casefold())
        if k.host.casefold() == host.casefold() or (len(mac) == 12 and mac in tail):
            return False
    return True


def is_default(username: str, password: str) -> bool:
    """Whether an account is one that devices come with."""
    return (username.strip().lower(), password.lower()) in DEFAULTS


def judge(seen: Iterable[Seen], known: Iterable[Known]) -> dict[str, Verdict]:
    """Verdicts by `Seen.key`. A serial number counts for more than an address; letter case does not
    matter in either."""
    ours, all_seen = list(known), list(seen)
    by_serial = {k.serial.casefold(): k for k in ours if k.serial}
    by_host = {k.host.casefold(): k for k in ours if k.host}
    hosts: dict[str, list[str]] = {}
    for s in all_seen:
        if s.serial:
            hosts.setdefault(s.serial.casefold(), []).append(s.host)
    result = {}
    for s in all_seen:
        mine = by_serial.get(s.serial.casefold()) if s.serial else None
        here = by_host.get(s.host.casefold())
        others = [
            h for h in hosts.get(s.serial.casefold(), []) if h.casefold() != s.host.casefold()
        ]
        if mine is not None and mine.host.casefold() == s.host.casefold():
            verdict = Verdict(Standing.KNOWN, mine)
        elif others:
            verdict = Verdict(Standing.ELSEWHERE, mine, others[0])
        elif mine is not None:
            verdict = Verdict(Standing.MOVED, mine, mine.host)
        elif here is not None:
            replaced = bool(s.serial and here.serial)
            verdict = Verdict(Standing.REPLACED if replaced else Standing.KNOWN, here)
        else:
            verdict = Verdict(Standing.NEW if s.serial else Standing.UNKNOWN)
        result[s.key] = verdict
    return result
