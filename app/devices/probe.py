"""One look at a device, or at many: who it is, its clock, its channels, how it can be reached."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from app.devices.errors import DeviceError, ErrorCode, LockedError
from app.devices.onvif import (
    DEFAULT_TIMEOUT_S,
    Channel,
    DeviceInformation,
    OnvifDevice,
    device_url,
)
from app.devices.soap import CertificateError, Pins
from app.domain.camera import Credentials
from app.domain.finding import factory_accounts, is_default

BUDGET_S = 30.0
"""A whole look lasts no longer, however slow each answer is."""

AT_ONCE = 32
"""Devices looked at side by side."""

CLOCK_TOLERANCE_S = 20.0
"""A clock that is more wrong than this is worth a word (20 s break some clients' signatures)."""

NOBODY = DeviceInformation("", "", "", "")


@dataclass(frozen=True, slots=True)
class Probe:
    """What a look brought. `error` is None for a whole one; what came before it is kept."""

    address: str
    url: str = ""
    device: DeviceInformation = NOBODY
    channels: tuple[Channel, ...] = ()
    clock_offset_s: float | None = None
    signed_by: str = ""
    """"token" or "digest"; "" where nothing had to be signed."""
    services: tuple[str, ...] = ()
    fingerprint: str = ""
    """SHA-256 of its certificate, of HTTPS devices."""
    open: bool = False
    """Tells anybody its accounts: no password is set."""
    default_account: bool = False
    """Takes an account that devices come with."""
    seconds: float = 0.0
    error: DeviceError | None = field(default=None, compare=False)

    def as_json(self) -> dict[str, Any]:
        """For programs. Holds no account."""
        offset = None if self.clock_offset_s is None else round(self.clock_offset_s, 1)
        return {
            "address": self.address,
            "url": self.url,
            "reached": self.error is None,
            "error": None if self.error is None else {
                "code": self.error.code.value, "message": self.error.message,
            },
            "manufacturer": self.device.manufacturer,
            "model": self.device.model,
            "firmware": self.device.firmware,
            "serial": self.device.serial,
            "clock_offset_s": offset,
            "signed_by": self.signed_by,
            "certificate_sha256": self.fingerprint,
            "services": list(self.services),
            "open": self.open,
            "default_account": self.default_account,
            "channels": [
                {
                    "source": c.source, "name": c.name, "ptz": c.has_ptz,
                    "streams": [
                        {"role": s.role.value, "url": s.url, "codec": s.codec, "width": s.width,
                         "height": s.height, "fps": s.fps, "profile": s.profile_token}
                        for s in c.streams
                    ],
                }
                for c in self.channels
            ],
            "seconds": round(self.seconds, 3),
        }  # fmt: skip


def probe(
    address: str,
    account: Credentials,
    *,
    timeout_s: float = DEFAULT_TIMEOUT_S,
    budget_s: float = BUDGET_S,
    pins: Pins | None = None,
) -> Probe:
    """Look at a device. Never raises DeviceError: it is in the answer."""
    began = time.monotonic()
    url, found, channels = "", NOBODY, tuple[Channel, ...]()
    services: tuple[str, ...] = ()
    offset: float | None = None
    is_open = False
    device: OnvifDevice | None = None
    trouble: DeviceError | None = None
    try:
        url = device_url(address)
        device = OnvifDevice(url, account, timeout_s, pins)
        device.soap.until = began + budget_s
        device.measure_clock()
        offset = device.clock_offset_s
        services = tuple(device.services())
        found = device.information()
        channels = tuple(device.channels())
        is_open = device.is_open()
    except DeviceError as error:
        trouble = error
    finally:
        if device is not None:
            device.close()
    fingerprint = device.soap.fingerprint if device is not None else ""
    if isinstance(trouble, CertificateError):
        fingerprint = trouble.fingerprint
    return Probe(
        address, url, found, channels, offset,
        device.soap.signed_by if device is not None else "", services, fingerprint, is_open,
        trouble is None and bool(account) and not is_open
        and is_default(account.username, account.password),
        time.monotonic() - began, trouble,
    )  # fmt: skip


class Tried(StrEnum):
    """What came of trying factory accounts on a device."""

    TAKEN = "taken"  # one of them opens it
    REFUSED = "refused"
    LOCKED = "locked"  # it says that it locks: nothing more is tried
    OPEN = "open"  # it asks for no account
    FAILED = "failed"  # no answer, or none that can be understood: nothing more is tried


@dataclass(frozen=True, slots=True)
class Trial:
    """The outcome, the account that was taken, and how many were tried."""

    outcome: Tried
    account: Credentials = field(default_factory=Credentials, repr=False)
    tries: int = 0


def try_factory(
    addresses: Iterable[str], said: str, *, timeout_s: float = DEFAULT_TIMEOUT_S,
    pins: Pins | None = None,
) -> Trial:  # fmt: skip
    """Try the factory accounts of a maker on a device, each with a single signed question; ends at the
    first that is taken and at anything that is no plain refusal. Never raises DeviceError.

    `said`: what the device says of itself. The caller has the installer's consent and has made sure that
    the device is none of the register (`finding.may_be_tried`).
    """
    address = next(iter(addresses), "")
    tries, device = 0, None
    try:
        device = OnvifDevice(device_url(address), Credentials(), timeout_s, pins)
        device.soap.until = time.monotonic() + BUDGET_S
        device.measure_clock()
        for username, password in factory_accounts(said):
            account = Credentials(username, password)
            try:
                tries += 1
                device.try_account(account)
            except LockedError:
                return Trial(Tried.LOCKED, tries=tries)
            except DeviceError as error:
                if error.code is not ErrorCode.UNAUTHORIZED:
                    return Trial(Tried.FAILED, tries=tries)
                device.soap.account = Credentials()
                continue
            if not device.soap.account:
                return Trial(Tried.OPEN)
            return Trial(Tried.TAKEN, account, tries)
        return Trial(Tried.REFUSED, tries=tries)
    except DeviceError:
        return Trial(Tried.FAILED, tries=tries)
    finally:
        if device is not None:
            device.close()


def probe_first(addresses: Iterable[str], account: Credentials, **options: Any) -> Probe:
    """Look at the first of a device's addresses where anybody answers (see `discovery.Found.urls`)."""
    result: Probe | None = None
    for address in addresses:
        tried = probe(address, account, **options)
        if tried.error is None or tried.error.code not in NOT_THERE:
            return tried
        result = result or tried
    return result or Probe("", error=DeviceError(ErrorCode.BAD_ADDRESS, "no address"))


def each(
    work: Callable[[Any], Any],
    items: Iterable[Any],
    cancelled: threading.Event | None = None,
    at_once: int = AT_ONCE,
) -> Iterator[Any]:
    """Results of `work` on every item in the order in which they are ready.

    No more than `at_once` are begun at a time; after `cancelled` no further one is begun, and those
    under way are not waited for.
    """
    cancelled = cancelled or threading.Event()
    pool = ThreadPoolExecutor(at_once, thread_name_prefix="device")
    running: set[Future[Any]] = set()
    waiting, more = iter(items), True
    try:
        while (more or running) and not cancelled.is_set():
            while more and len(running) < at_once:
                item = next(waiting, _END)
                if item is _END:
                    more = False
                    break
                running.add(pool.submit(work, item))
            done, running = wait(running, 0.1, FIRST_COMPLETED)
            for future in done:
                yield future.result()
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


_END = object()

NOT_THERE = (ErrorCode.UNREACHABLE, ErrorCode.TIMEOUT, ErrorCode.NOT_ONVIF, ErrorCode.BAD_ADDRESS)
"""No device there, as far as can be told."""
