"""GB/T 28181 device codes, coding rule A: 20 digits (domain reference 2.1 to 2.4).

Labels come from the 2016 tables and public implementations; where editions disagree the code is
shown without one. Nothing here claims conformity with the standard.
"""

from __future__ import annotations

from dataclasses import dataclass

CAMERA_TYPES = {131, 132}

TYPES = {
    111: "DVR",
    112: "video server",
    113: "encoder",
    114: "decoder",
    117: "alarm controller",
    118: "NVR",
    121: "video checkpoint",
    122: "multi-lens device",
    130: "hybrid recorder",
    131: "camera",
    132: "network camera",
    133: "display",
    134: "alarm input",
    135: "alarm output",
    136: "voice input",
    137: "voice output",
    138: "mobile transmission",
    200: "central signalling server",
    208: "management server",
    215: "business group",
    216: "virtual organisation",
    501: "O&M management platform",
}


@dataclass(frozen=True, slots=True)
class Code:
    """The parts of a code: centre 8, industry 2, type 3, network flag 1, serial 6 digits."""

    centre: str
    industry: str
    type: int
    network: int
    serial: str

    def __str__(self) -> str:
        return f"{self.centre}{self.industry}{self.type:03d}{self.network}{self.serial}"

    @property
    def division(self) -> str:
        """Province, city and county: the first six digits (GB/T 2260)."""
        return self.centre[:6]

    @property
    def is_camera(self) -> bool:
        """Whether the type is that of a camera."""
        return self.type in CAMERA_TYPES

    @property
    def type_label(self) -> str:
        """What the type means, or "" for a code without a known meaning."""
        return TYPES.get(self.type, "")


def parse(text: str) -> Code:
    """The parts of a 20-digit code. Raises ValueError that says what is wrong.

    Digit 14, the network flag, is information only: texts of 2011 have no such field.
    """
    if len(text) != 20 or not (text.isascii() and text.isdigit()):
        raise ValueError("a device code has 20 digits")
    if not 11 <= int(text[:2]) <= 82:
        raise ValueError(f"{text[:2]} is no province (GB/T 2260: 11 to 82)")
    if int(text[10:13]) < 111:
        raise ValueError(f"{text[10:13]} is no device type (111 to 999)")
    return Code(text[:8], text[8:10], int(text[10:13]), int(text[13]), text[14:])


def is_legacy(text: str) -> bool:
    """Whether it looks like a 16-digit code of rule B: accepted on import, never made."""
    return len(text) == 16 and text.isascii() and text.isdigit()


def make(
    centre: str, serial: int, *, industry: str = "00", kind: int = 132, network: int = 0
) -> str:
    """A code from its parts. Raises ValueError when they do not make a valid one."""
    if not 0 <= serial <= 999_999:
        raise ValueError("the serial number has six digits")
    return str(parse(f"{centre}{industry}{kind:03d}{network}{serial:06d}"))
