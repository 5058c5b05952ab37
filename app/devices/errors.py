"""What can go wrong between us and a camera, in words for a person."""

from __future__ import annotations

from enum import StrEnum


class ErrorCode(StrEnum):
    """Stable keys for translation."""

    UNREACHABLE = "unreachable"
    TIMEOUT = "timeout"
    UNAUTHORIZED = "unauthorized"
    NOT_ONVIF = "not-onvif"
    MALFORMED = "malformed"
    TOO_LARGE = "too-large"
    NOT_SUPPORTED = "not-supported"
    REFUSED = "refused"
    TLS = "tls"
    BAD_ADDRESS = "bad-address"
    HELD = "held"  # somebody else steers it; the message is who


class DeviceError(Exception):
    """A call failed: `code` says how, `message` what was said, without secrets."""

    def __init__(self, code: ErrorCode, message: str) -> None:
        super().__init__(message)
        self.code, self.message = code, message


class LockedError(DeviceError):
    """Refused, and the device says that it takes no account for a while: nothing more may be tried."""

    def __init__(self) -> None:
        super().__init__(ErrorCode.UNAUTHORIZED, "the device has locked the account")
