"""Photos that people choose: read safely, made smaller, without what a telephone writes into them."""

from __future__ import annotations

import io

from PIL import Image, ImageOps, UnidentifiedImageError

MAX_PICTURE = 16 * 2**20
"""Bytes of a file."""
MAX_PIXELS = 100_000_000


def as_jpeg(data: bytes, side: int = 1920) -> bytes:
    """A JPEG or PNG as JPEG of at most `side` pixels, upright, without place and device. Raises ValueError
    for what is no picture. Blocking."""
    try:
        with Image.open(io.BytesIO(data), formats=("JPEG", "PNG")) as opened:
            if opened.width * opened.height > MAX_PIXELS:
                raise ValueError("too large")
            opened.draft("RGB", (side, side))
            picture = ImageOps.exif_transpose(opened).convert("RGB")
    except (UnidentifiedImageError, OSError, Image.DecompressionBombError) as error:
        raise ValueError("no picture") from error
    picture.thumbnail((side, side))
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=88)
    return out.getvalue()
