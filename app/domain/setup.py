"""Setting up many cameras alike: a template, what a camera has, and the changes between the two.

A template says only what is wished; all else stays. What a camera cannot do is met by the nearest value it
allows, and said. Passwords are in no template: a job has them, or each camera gets one of its own.
On-screen text: the domain reference, 2.11 (time at the top, the name of the register at the bottom).
"""

from __future__ import annotations

import json
import re
import secrets
import string
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from app.domain.camera import StreamRole
from app.domain.finding import is_default

Value = str | int | float | None


class Setting(StrEnum):
    """What can be set, with the values it takes."""

    NTP = "ntp"  # "DHCP", or addresses and names: "10.0.0.1, time.example"
    TIME_ZONE = "time_zone"  # POSIX: "CST-8" is eight hours ahead of UTC
    CLOCK_MODE = "clock_mode"  # "NTP" or "Manual"
    CLOCK = "clock"  # seconds ahead of this computer; 0 to set it right
    HOSTNAME = "hostname"
    NAME = "name"  # in the device's scopes: what discovery shows
    TEXT = "text"  # on the picture; None: there is none
    TEXT_PLACE = "text_place"  # one of PLACES
    TIME_PLACE = "time_place"  # of date and time on the picture; None: not shown
    SUB_CODEC = "sub.codec"  # "h264", "h265", "mjpeg"
    SUB_SIZE = "sub.size"  # "640x360"
    SUB_FPS = "sub.fps"
    SUB_KBPS = "sub.kbps"
    SUB_GOP = "sub.gop"  # pictures from key frame to key frame
    MAIN_CODEC = "main.codec"
    MAIN_SIZE = "main.size"
    MAIN_FPS = "main.fps"
    MAIN_KBPS = "main.kbps"
    MAIN_GOP = "main.gop"
    ACCOUNT = "account"  # the user name; its password is never a value


STREAM_FIELDS = ("codec", "size", "fps", "kbps", "gop")


def stream_setting(role: StreamRole, name: str) -> Setting:
    """The setting of one of a stream's fields."""
    return Setting(f"{role.value}.{name}")


S = Setting
GROUPS: Mapping[str, tuple[Setting, ...]] = MappingProxyType({
    "ntp": (S.NTP,),
    "clock": (S.TIME_ZONE, S.CLOCK_MODE, S.CLOCK),
    "hostname": (S.HOSTNAME,),
    "name": (S.NAME,),
    "text": (S.TEXT, S.TEXT_PLACE),
    "time_text": (S.TIME_PLACE,),
    "sub": (S.SUB_CODEC, S.SUB_SIZE, S.SUB_FPS, S.SUB_KBPS, S.SUB_GOP),
    "main": (S.MAIN_CODEC, S.MAIN_SIZE, S.MAIN_FPS, S.MAIN_KBPS, S.MAIN_GOP),
    "account": (S.ACCOUNT,),
})  # fmt: skip
"""What a device is told at once, in the order in which it is told. The account is the last: whatever
else goes wrong is then mended with the account that is known."""

DEVICE_WIDE = frozenset({S.NTP, S.TIME_ZONE, S.CLOCK_MODE, S.CLOCK, S.HOSTNAME, S.NAME, S.ACCOUNT})
"""Of the device, not of one of its channels: set once where a recorder has several cameras."""

PLACES = ("UpperLeft", "UpperRight", "LowerLeft", "LowerRight")
CODECS = ("h265", "h264", "mjpeg")
CLOCK_S = 2
"""A clock that is no more wrong than this is right: whole seconds are told."""


# -- template


@dataclass(frozen=True, slots=True)
class StreamWish:
    """Of one stream; None stays as it is."""

    codec: str | None = None
    size: str | None = None
    fps: float | None = None
    kbps: int | None = None
    gop: int | None = None


@dataclass(frozen=True, slots=True)
class Template:
    """What is wished; "" and None stay as they are. Patterns may have the fields of `Names`."""

    clock: str = ""
    """"ntp": by the servers of `ntp`; "computer": set to this computer's time, once."""
    ntp: str = ""
    """Servers separated by commas, or "DHCP"."""
    time_zone: str = ""
    hostname: str = ""
    name: str = ""
    text: str = ""
    text_place: str = ""
    time_place: str = ""
    main: StreamWish = StreamWish()
    sub: StreamWish = StreamWish()
    account: str = ""
    """"password": another password for the account in use; "user": another user `username`."""
    username: str = ""
    remove_old: bool = False
    """The account of before is deleted, once the new one has proved itself."""
    generate: bool = False
    """Each camera gets a password of its own."""

    @property
    def empty(self) -> bool:
        """Whether nothing is wished."""
        return not wishes(self)

    def as_json(self) -> dict[str, Any]:
        """To be kept. Holds no password."""
        result: dict[str, Any] = {}
        for f in fields(self):
            value = getattr(self, f.name)
            if isinstance(value, StreamWish):
                value = {k.name: getattr(value, k.name) for k in fields(value)}
                value = {k: v for k, v in value.items() if v is not None}
            if value:
                result[f.name] = value
        return result

    @staticmethod
    def from_json(data: Any) -> Template:
        """What was kept; what is missing or of the wrong kind is left out."""
        if not isinstance(data, dict):
            return Template()
        given: dict[str, Any] = {}
        for f in fields(Template):
            value, kind = data.get(f.name), type(getattr(Template(), f.name))
            if kind is StreamWish and isinstance(value, dict):
                given[f.name] = StreamWish(
                    codec=value.get("codec") if value.get("codec") in CODECS else None,
                    size=value.get("size") if _size(value.get("size")) else None,
                    fps=_positive(value.get("fps")),
                    kbps=_whole(value.get("kbps")),
                    gop=_whole(value.get("gop")),
                )
            elif kind in (str, bool) and type(value) is kind:
                given[f.name] = value[:200] if isinstance(value, str) else value
        return Template(**given)


def is_kept(text: str) -> bool:
    """Whether a text is a template as it is kept, and holds nothing else."""
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        return False
    return isinstance(data, dict) and Template.from_json(data).as_json() == data


def _positive(value: Any) -> float | None:
    return value if type(value) in (int, float) and 0 < value < 1e6 else None


def _whole(value: Any) -> int | None:
    return value if type(value) is int and 0 < value < 1_000_000 else None


def _size(value: Any) -> tuple[int, int] | None:
    found = re.fullmatch(r"(\d{2,5})x(\d{2,5})", value) if isinstance(value, str) else None
    return (int(found[1]), int(found[2])) if found else None


def wishes(template: Template) -> frozenset[Setting]:
    """The settings a template speaks of."""
    t, found = template, set[Setting]()
    given = (
        (S.CLOCK_MODE, t.clock), (S.NTP, t.clock == "ntp" and t.ntp), (S.CLOCK, t.clock == "computer"),
        (S.TIME_ZONE, t.time_zone), (S.HOSTNAME, t.hostname), (S.NAME, t.name), (S.TEXT, t.text),
        (S.TEXT_PLACE, t.text_place), (S.TIME_PLACE, t.time_place), (S.ACCOUNT, t.account),
    )  # fmt: skip
    found |= {setting for setting, wished in given if wished}
    for role, wish in ((StreamRole.MAIN, t.main), (StreamRole.SUB, t.sub)):
        found |= {stream_setting(role, n) for n in STREAM_FIELDS if getattr(wish, n) is not None}
    return frozenset(found)


@dataclass(frozen=True, slots=True)
class Names:
    """What patterns are filled with: {name}, {name_en}, {code}, {number}, {site}."""

    name: str = ""
    name_en: str = ""
    code: str = ""
    number: str = ""
    site: str = ""


_FIELD = re.compile(r"\{([^{}]*)\}")


def fill(pattern: str, names: Names) -> str | None:
    """A pattern with a camera's names; None where this camera has none of what it asks for."""
    wanted = _FIELD.findall(pattern)
    if any(not getattr(names, name, "") for name in wanted):
        return None
    return " ".join(_FIELD.sub(lambda m: str(getattr(names, m[1])), pattern).split())


_HOST = re.compile(r"(?!-)[A-Za-z0-9-]{1,63}(?<!-)")


def host_label(text: str) -> str | None:
    """A name as one label of a host name (RFC 1123); None where nothing is left of it."""
    label = re.sub(r"[^A-Za-z0-9]+", "-", text).strip("-")[:63].strip("-")
    return label if _HOST.fullmatch(label) else None


class Mistake(StrEnum):
    """What is wrong with a template."""

    PATTERN = "pattern"  # a field that does not exist
    NTP = "ntp"  # no server, or no address
    TIME_ZONE = "time_zone"
    PLACE = "place"  # text and time in the same corner
    USERNAME = "username"
    SIZE = "size"


def mistakes(template: Template) -> list[Mistake]:
    """What has to be mended before it can be used."""
    t, found = template, list[Mistake]()
    known = {f.name for f in fields(Names)}
    patterns = (t.hostname, t.name, t.text)
    if any(set(_FIELD.findall(p)) - known or "{" in _FIELD.sub("", p) for p in patterns):
        found.append(Mistake.PATTERN)
    if t.clock == "ntp" and servers(t.ntp) is None:
        found.append(Mistake.NTP)
    if t.time_zone and not _ZONE.fullmatch(t.time_zone):
        found.append(Mistake.TIME_ZONE)
    if t.text_place and t.text_place == t.time_place:
        found.append(Mistake.PLACE)
    if t.account == "user" and not re.fullmatch(r"[A-Za-z][A-Za-z0-9_.-]{0,31}", t.username):
        found.append(Mistake.USERNAME)
    if any(w.size is not None and _size(w.size) is None for w in (t.main, t.sub)):
        found.append(Mistake.SIZE)
    return found


_NAME = r"(?:[A-Za-z]{3,}|<[A-Za-z0-9+-]{3,}>)"
_OFFSET = r"[+-]?\d{1,2}(?::\d{2}){0,2}"
_ZONE = re.compile(rf"{_NAME}{_OFFSET}(?:{_NAME}(?:{_OFFSET})?(?:,[^,\s]+,[^,\s]+)?)?")
"""POSIX 1003.1, 8.3: what ONVIF's TimeZone/TZ has."""


def servers(text: str) -> tuple[str, ...] | None:
    """The time servers of a text, ("DHCP",) among them; None where one is no address."""
    if text.strip().upper() == "DHCP":
        return ("DHCP",)
    found = tuple(part for part in re.split(r"[,;\s]+", text.strip()) if part)
    name = re.compile(
        r"[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]+|[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?"
    )
    return found if found and all(name.fullmatch(f) for f in found) else None


# -- what a camera has


@dataclass(frozen=True, slots=True)
class StreamOptions:
    """What a device allows for a stream in one codec. Empty and None: it did not say."""

    codec: str
    sizes: tuple[str, ...] = ()
    rates: tuple[float, ...] = ()
    rate_range: tuple[float, float] | None = None
    kbps: tuple[int, int] | None = None
    gop: tuple[int, int] | None = None


class Why(StrEnum):
    """Why a wish is not met, or not as it was wished."""

    NOT_SUPPORTED = "not-supported"
    FIXED = "fixed"  # the device does not let it be changed
    NEAREST = "nearest"  # outside what it allows; the nearest is taken
    NO_NAME = "no-name"  # the register has nothing to fill the pattern with
    NOT_READ = "not-read"  # the device did not answer properly when asked
    PASSWORD = "password"  # noqa: S105 -- too long for this device
    USERNAME = "username"
    NO_UNDO = "no-undo"
    OTHER_CAMERA = "other-camera"  # of the same device: set there


@dataclass(frozen=True, slots=True)
class Reading:
    """What a camera has now. A setting is in `values` or in `missing`."""

    values: Mapping[Setting, Value]
    missing: Mapping[Setting, Why] = field(default_factory=dict)
    options: Mapping[StreamRole, tuple[StreamOptions, ...]] = field(default_factory=dict)
    places: tuple[str, ...] = PLACES
    users: Mapping[str, str] = field(default_factory=dict)
    """Level by user name."""
    max_password: int = 0
    max_username: int = 0
    """0: it did not say."""
    maker: str = ""


# -- changes


@dataclass(frozen=True, slots=True)
class Change:
    """One wish against what is. `new` is what will be set; `wanted` what was wished."""

    setting: Setting
    old: Value
    new: Value
    wanted: Value = None
    why: Why | None = None

    @property
    def can(self) -> bool:
        """Whether it can be set at all."""
        return self.why in (None, Why.NEAREST)

    @property
    def sets(self) -> bool:
        """Whether there is something to tell the device. An account's password is another one."""
        return self.can and (self.new != self.old or self.setting is S.ACCOUNT)


def plan(template: Template, names: Names, reading: Reading, password: str = "") -> list[Change]:
    """What has to change, in the order of GROUPS; what holds already is not in it.

    `password`: the new one, where one was given; only its length matters here.
    """
    wished = wishes(template)
    found = [
        change
        for setting in (S.NTP, S.TIME_ZONE, S.CLOCK_MODE, S.CLOCK, S.HOSTNAME, S.NAME, S.TEXT,
                        S.TEXT_PLACE, S.TIME_PLACE, S.ACCOUNT)
        if setting in wished
        and (change := _change(setting, template, names, reading, password)) is not None
    ]  # fmt: skip
    for role, wish in ((StreamRole.SUB, template.sub), (StreamRole.MAIN, template.main)):
        found += _stream_changes(role, wish, reading)
    order = list(Setting)
    return sorted(found, key=lambda c: order.index(c.setting))


def _change(
    setting: Setting, t: Template, names: Names, reading: Reading, password: str
) -> Change | None:
    old, why = reading.values.get(setting), None
    wanted: Value
    match setting:
        case S.NTP:
            wanted = ", ".join(servers(t.ntp) or ())
        case S.TIME_ZONE:
            wanted = t.time_zone
        case S.CLOCK_MODE:
            wanted = "NTP" if t.clock == "ntp" else "Manual"
        case S.CLOCK:
            wanted = 0
        case S.TEXT_PLACE | S.TIME_PLACE:
            wanted = t.text_place if setting is S.TEXT_PLACE else t.time_place
        case S.ACCOUNT:
            return _account_change(t, reading, password)
        case _:
            pattern = {S.HOSTNAME: t.hostname, S.NAME: t.name, S.TEXT: t.text}[setting]
            wanted = fill(pattern, names)
            if wanted is not None and setting is S.HOSTNAME:
                wanted = host_label(wanted)
            if wanted is None:
                return Change(setting, old, None, pattern, Why.NO_NAME)
    if setting not in reading.values:
        return Change(setting, None, None, wanted, reading.missing.get(setting, Why.NOT_READ))
    if setting is S.TEXT_PLACE and old is None and not t.text:
        return None  # there is no text to be put anywhere
    new = wanted
    if setting in (S.TEXT_PLACE, S.TIME_PLACE) and reading.places and new not in reading.places:
        upper = str(new)[:5]
        new = next((p for p in reading.places if p[:5] == upper), reading.places[0])
        why = Why.NEAREST
    if setting is S.CLOCK and isinstance(old, int | float) and abs(old) <= CLOCK_S:
        return None
    if setting in reading.missing:
        return None if new == old else Change(setting, old, None, wanted, reading.missing[setting])
    return None if new == old and why is None else Change(setting, old, new, wanted, why)


def _account_change(t: Template, reading: Reading, password: str) -> Change:
    old = reading.values.get(S.ACCOUNT)
    new = t.username if t.account == "user" else old
    why = reading.missing.get(S.ACCOUNT)
    if why is None and 0 < reading.max_password < len(password):
        why = Why.PASSWORD
    if why is None and 0 < reading.max_username < len(str(new or "")):
        why = Why.USERNAME
    if why is None and not new:
        why = Why.NOT_SUPPORTED  # a camera without an account: there is no user to set
    return Change(S.ACCOUNT, old, new if why is None else None, new, why)


def nearest_size(wanted: str, sizes: Sequence[str]) -> str:
    """Of those of the same shape the one nearest in area, else of all."""
    width, height = _size(wanted) or (1, 1)
    known = [(s, parsed) for s in sizes if (parsed := _size(s))]
    alike = [k for k in known if abs(k[1][0] / k[1][1] - width / height) < 0.02]
    return min(alike or known, key=lambda k: abs(k[1][0] * k[1][1] - width * height))[0]


def nearest_codec(wanted: str, codecs: Sequence[str]) -> str:
    """The next best that the device has: H.265, H.264, MJPEG."""
    after = CODECS[CODECS.index(wanted) :] if wanted in CODECS else ()
    return next((c for c in (*after, *reversed(CODECS)) if c in codecs), codecs[0])


def _fit(name: str, wanted: Value, options: StreamOptions | None) -> Value:
    """The nearest value a device allows for a stream's field."""
    if options is None or wanted is None:
        return wanted
    if name == "size":
        known = options.sizes
        return wanted if not known or wanted in known else nearest_size(str(wanted), known)
    number = float(wanted)
    if name == "fps":
        if options.rates:
            return min(options.rates, key=lambda r: (abs(r - number), r))
        limits = options.rate_range
    else:
        limits = options.kbps if name == "kbps" else options.gop
    return number_in(number, limits)


def number_in(number: float, limits: tuple[float, float] | None) -> Value:
    """A number within limits, whole where it is."""
    if limits is not None:
        number = max(limits[0], min(limits[1], number))
    return int(number) if number == int(number) else number


def _stream_changes(role: StreamRole, wish: StreamWish, reading: Reading) -> list[Change]:
    wished = [n for n in STREAM_FIELDS if getattr(wish, n) is not None]
    if not wished:
        return []
    first = stream_setting(role, "codec")
    if first not in reading.values:
        why = reading.missing.get(first, Why.NOT_READ)
        return [Change(stream_setting(role, n), None, None, getattr(wish, n), why) for n in wished]
    allowed, found = reading.options.get(role, ()), list[Change]()
    old_codec = str(reading.values[first])
    codec = wish.codec or old_codec
    if allowed and codec not in [o.codec for o in allowed]:
        codec = nearest_codec(codec, [o.codec for o in allowed]) if wish.codec else old_codec
    options = next((o for o in allowed if o.codec == codec), None)
    if codec != old_codec or (wish.codec and codec != wish.codec):
        met = codec == wish.codec
        found.append(Change(first, old_codec, codec, wish.codec, None if met else Why.NEAREST))
    for name in STREAM_FIELDS[1:]:
        setting, wanted = stream_setting(role, name), getattr(wish, name)
        old = reading.values.get(setting)
        if name == "gop" and codec == "mjpeg":
            if wanted is not None:
                found.append(Change(setting, old, None, wanted, Why.NOT_SUPPORTED))
            continue
        if wanted is None:
            if codec == old_codec or old is None:
                continue
            wanted = old  # another codec may not allow what was
        elif setting not in reading.values:
            found.append(Change(setting, None, None, wanted, Why.NOT_SUPPORTED))
            continue
        new = _fit(name, wanted, options)
        if new != old or (new != wanted and getattr(wish, name) is not None):
            found.append(Change(setting, old, new, wanted, None if new == wanted else Why.NEAREST))
    return [c for c in found if c.new != c.old or c.why is not None]


def grouped(changes: Iterable[Change]) -> list[tuple[str, tuple[Change, ...]]]:
    """Changes as they are told to the device, in order; without those that cannot be set."""
    some = [c for c in changes if c.sets]
    pairs = ((name, tuple(c for c in some if c.setting in group)) for name, group in GROUPS.items())
    return [(name, group) for name, group in pairs if group]


# -- what came of it


class Outcome(StrEnum):
    """Of one change."""

    DONE = "done"  # read back as it was set
    OTHER = "other"  # the device made something else of it: `now`
    UNCHANGED = "unchanged"  # it said yes and did nothing
    REFUSED = "refused"
    NO_ANSWER = "no-answer"  # not known what it did
    NOT_BEGUN = "not-begun"  # stopped before, or after a failure
    UNSURE = "unsure"  # of an account: both passwords are kept until one proves itself
    OLD_STAYS = "old-stays"  # the new account works; the old one could not be ended


GOOD = frozenset({Outcome.DONE, Outcome.OTHER, Outcome.OLD_STAYS})
"""The device is changed."""


@dataclass(frozen=True, slots=True)
class Step:
    """A change and what came of it. `detail`: the device's words without secrets, or "@" and a code."""

    change: Change
    outcome: Outcome
    now: Value = None
    detail: str = ""


def judge(change: Change, now: Value) -> Outcome:
    """What a value that was read back means."""
    if change.setting is S.CLOCK:
        right = isinstance(now, int | float) and abs(now) <= CLOCK_S
        return Outcome.DONE if right else Outcome.UNCHANGED
    if now == change.new:
        return Outcome.DONE
    return Outcome.UNCHANGED if now == change.old else Outcome.OTHER


def undo_of(steps: Iterable[Step]) -> list[Change]:
    """The changes that bring back what was, as far as that can be: a wrong clock is not."""
    found = []
    for step in steps:
        if step.outcome not in GOOD:
            continue
        change = step.change
        if change.setting is S.CLOCK:
            found.append(Change(S.CLOCK, step.now, None, change.old, Why.NO_UNDO))
        else:
            found.append(Change(change.setting, step.now, change.old, change.old))
    return found


# -- passwords


class PasswordFault(StrEnum):
    """Why a password is not taken."""

    SHORT = "short"
    LONG = "long"
    CHARACTERS = "characters"
    CLASSES = "classes"
    USERNAME = "username"
    DEFAULT = "default"
    ROW = "row"


MIN_PASSWORD, MAX_PASSWORD = 8, 16
"""What the common makers' cameras of the last ten years all take."""
SIGNS = "!*-_.,=()"
"""Signs that neither the makers' firmware nor an address of a stream trips over."""
_ALLOWED = frozenset(string.ascii_letters + string.digits + SIGNS)


def password_fault(password: str, username: str = "", limit: int = 0) -> PasswordFault | None:
    """The first rule that a password breaks. `limit`: of the device, 0 where it did not say.

    Of makers' manuals: 8 to 16 characters, three of four kinds, not the user name nor that backwards,
    no four that are equal or count up or down.
    """
    if len(password) < MIN_PASSWORD:
        return PasswordFault.SHORT
    if len(password) > min(MAX_PASSWORD, limit or MAX_PASSWORD):
        return PasswordFault.LONG
    if set(password) - _ALLOWED:
        return PasswordFault.CHARACTERS
    kinds = (str.islower, str.isupper, str.isdigit, lambda c: c in SIGNS)
    if sum(any(kind(c) for c in password) for kind in kinds) < 3:
        return PasswordFault.CLASSES
    low, user = password.casefold(), username.casefold()
    if len(user) > 2 and (user in low or user[::-1] in low):
        return PasswordFault.USERNAME
    if is_default(username, password):
        return PasswordFault.DEFAULT
    for i in range(len(low) - 3):
        steps = {ord(low[k + 1]) - ord(low[k]) for k in range(i, i + 3)}
        if len(steps) == 1 and steps <= {-1, 0, 1} and (low[i : i + 4].isalnum() or steps == {0}):
            return PasswordFault.ROW
    return None


def generated_password(username: str = "", length: int = 14, limit: int = 0) -> str:
    """A random one that keeps all the rules; without signs that look alike (0 O, 1 l I).

    Raises ValueError where the device takes none that is long enough.
    """
    length = min(length, MAX_PASSWORD, limit or MAX_PASSWORD)
    if length < MIN_PASSWORD:
        raise ValueError("too short")
    alphabet = "".join(c for c in string.ascii_letters + string.digits if c not in "0O1lI") + "-_.!"
    while True:
        password = "".join(secrets.choice(alphabet) for _ in range(length))
        # Some refuse a sign at the beginning.
        if password[0].isalpha() and password_fault(password, username, limit) is None:
            return password
