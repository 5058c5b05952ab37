"""GB/T 28181 device codes, coding rule A: 20 digits (domain reference 2.1 to 2.4).

Labels come from the 2016 tables and public implementations. Where editions disagree (industries
above 42, the network flag) there is none. Nothing here claims conformity with the standard.
"""

from __future__ import annotations

from dataclasses import dataclass

CAMERA_TYPES = frozenset({131, 132})

TYPES = {
    111: "DVR",
    112: "video server",
    113: "encoder",
    114: "decoder",
    115: "video matrix",
    116: "audio matrix",
    117: "alarm controller",
    118: "NVR",
    120: "online image collection system",
    121: "video checkpoint",
    122: "multi-lens device",
    123: "parking gate control",
    124: "personnel access control",
    125: "security inspection",
    130: "hybrid recorder",
    131: "camera",
    132: "network camera",
    133: "display",
    134: "alarm input",
    135: "alarm output",
    136: "voice input",
    137: "voice output",
    138: "mobile transmission",
    139: "other peripheral",
    140: "alarm output relay",
    141: "barrier gate",
    142: "smart door",
    143: "credential reader",
    200: "central signalling server",
    201: "web application server",
    202: "media distribution server",
    203: "proxy server",
    204: "security server",
    205: "alarm server",
    206: "database server",
    207: "GIS server",
    208: "management server",
    209: "access gateway",
    210: "media storage server",
    211: "signalling security gateway",
    215: "business group",
    216: "virtual organisation",
    300: "centre user",
    400: "end user",
    500: "integrated application",
    501: "O&M management platform",
    502: "image analysis system",
    503: "image database",
    505: "image analysis device",
}

INDUSTRIES = {
    "00": "public order, road",
    "01": "public order, community",
    "02": "public order, internal",
    "03": "public order, other",
    "04": "traffic, road",
    "05": "traffic, checkpoint",
    "06": "traffic, internal",
    "07": "traffic, other",
    "08": "city management",
    "09": "health and environment",
    "10": "inspection and customs",
    "11": "education",
    "40": "agriculture, forestry, fishery",
    "41": "mining",
    "42": "manufacturing",
}

PROVINCES = frozenset(
    f"{n}"
    for block in ((11, 15), (21, 23), (31, 37), (41, 46), (50, 54), (61, 65), (71, 71), (81, 82))
    for n in range(block[0], block[1] + 1)
)
"""First two digits of GB/T 2260."""

_CLASSES = (
    (111, 130, "main device"),
    (131, 199, "peripheral"),
    (200, 299, "platform"),
    (300, 399, "centre user"),
    (400, 499, "end user"),
    (500, 599, "external server"),
    (600, 999, "extension"),
)


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
        """What the type means; for one without a name of its own, the class it belongs to."""
        named = TYPES.get(self.type)
        return named or next(label for a, b, label in _CLASSES if a <= self.type <= b)

    @property
    def industry_label(self) -> str:
        """What the industry means, or "" where editions disagree or none is known."""
        return INDUSTRIES.get(self.industry, "")


def parse(text: str) -> Code:
    """The parts of a 20-digit code. Raises ValueError that says what is wrong.

    Digit 14, the network flag, is information only: texts of 2011 have no such field.
    """
    if len(text) != 20 or not (text.isascii() and text.isdigit()):
        raise ValueError("a device code has 20 digits")
    if text[:2] not in PROVINCES:
        raise ValueError(f"{text[:2]} is no province (GB/T 2260)")
    if int(text[10:13]) < 111:
        raise ValueError(f"{text[10:13]} is no device type (111 to 999)")
    return Code(text[:8], text[8:10], int(text[10:13]), int(text[13]), text[14:])


def is_legacy(text: str) -> bool:
    """Whether it looks like a 16-digit code of rule B: accepted, never made."""
    return len(text) == 16 and text.isascii() and text.isdigit() and text[:2] in PROVINCES


def is_valid(text: str) -> bool:
    """Whether a camera may carry this code: 20 digits, or 16 of an older installation."""
    try:
        parse(text)
    except ValueError:
        return is_legacy(text)
    return True


def make(
    centre: str, serial: int, *, industry: str = "00", kind: int = 132, network: int = 0
) -> str:
    """A code from its parts. Raises ValueError when they do not make a valid one."""
    if not 0 <= serial <= 999_999:
        raise ValueError("the serial number has six digits")
    return str(parse(f"{centre}{industry}{kind:03d}{network}{serial:06d}"))
