"""Photos that people choose: read safely, made smaller, without what a telephone writes into them."""

from __future__ import annotations

import io

from PIL import Image, ImageOps, UnidentifiedImageError

MAX_PICTURE = 16 * 2**20
"""Bytes of a file."""
MAX_PIXELS = 100_000_000


def opened(data: bytes, side: int, mode: str = "RGB") -> Image.Image:
    """A JPEG or PNG of at most `side` pixels, upright. Raises ValueError for what is no picture."""
    try:
        with Image.open(io.BytesIO(data), formats=("JPEG", "PNG")) as file:
            if file.width * file.height > MAX_PIXELS:
                raise ValueError("too large")
            file.draft(mode, (side, side))
            picture = ImageOps.exif_transpose(file).convert(mode)
    except (UnidentifiedImageError, OSError, Image.DecompressionBombError) as error:
        raise ValueError("no picture") from error
    picture.thumbnail((side, side))
    return picture


def as_jpeg(data: bytes, side: int = 1920) -> bytes:
    """The same as JPEG, without place and device. Blocking."""
    out = io.BytesIO()
    opened(data, side).save(out, "JPEG", quality=88)
    return out.getvalue()
