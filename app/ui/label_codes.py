"""Serial numbers out of a photo of a device's label (QR and bar codes). Blocking: runs off the Qt thread."""

from __future__ import annotations

import re

from app.ui.pictures import opened

SIDE = 2400
"""Photos are read at this size at most: a telephone's 50 megapixels hold nothing more."""
_NAMED = re.compile(
    r"(?:\bS/?N|serial(?:\s*no\.?|number)?|序列号)\s*[:：=]\s*([A-Za-z0-9/_-]{4,40})", re.I
)
_PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9/_-]{5,39}")


def read_serials(photo: bytes) -> list[str]:
    """What may be the serial number, the likeliest first. Raises ValueError for what is no picture."""
    import zxingcpp

    picture = opened(photo, SIDE, "L")
    texts = [code.text for code in zxingcpp.read_barcodes(picture) if code.text]
    return serials_of(texts)


def serials_of(texts: list[str]) -> list[str]:
    """The serial numbers in the texts of codes: named ones, then whole codes, then parts of a code.
    Addresses and MAC addresses are none."""
    named: list[str] = []
    whole: list[str] = []
    parts: list[str] = []
    for text in texts:
        text = text.strip()[:2000]
        named += _NAMED.findall(text)
        if _PLAIN.fullmatch(text):
            whole.append(text)
            continue
        for part in re.split(r"[\s,;{}|]+", text):
            if "://" not in part and ":" not in part and _PLAIN.fullmatch(part):
                parts.append(part)
    found = list(dict.fromkeys([*named, *whole, *parts]))
    return [s for s in found if not re.fullmatch(r"(?:[0-9A-Fa-f]{2}-){5}[0-9A-Fa-f]{2}|[0-9a-fA-F]{12}", s)
            or s in named]  # fmt: skip
