"""A machine-readable number in a picture: 24 bits and 4 bits of check as black and white blocks.

A strip along the lower edge: a white block, a black block, then 28 data blocks, most significant
bit first. Blocks are 1/30 of the picture's width and of its height, so they survive scaling to
320 x 180 and heavy compression. Looped streams carry the frame's index in the loop; the control
API tells when index 0 was last sent, which makes it a wall clock (`first_frame_at` of a stream).
Streams encoded live carry milliseconds since the server's start modulo 2**24.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

BITS = 24
CHECK_BITS = 4
BLOCKS = BITS + CHECK_BITS + 2
HEIGHT_SHARE = 30


def _check(value: int) -> int:
    """A 4-bit sum of nibbles, offset so that an all-black strip is not a valid code."""
    total = 5
    for shift in range(0, BITS, 4):
        total += (value >> shift) & 15
    return total & 15


def draw(luma: npt.NDArray[np.uint8], value: int) -> None:
    """Write `value` (0 to 2**24 - 1) into a luma or grey plane (height x width), in place."""
    value &= (1 << BITS) - 1
    code = (value << CHECK_BITS) | _check(value)
    height, width = luma.shape[:2]
    top = height - height // HEIGHT_SHARE
    bits = [1, 0] + [(code >> i) & 1 for i in range(BITS + CHECK_BITS - 1, -1, -1)]
    for i, bit in enumerate(bits):
        luma[top:, i * width // BLOCKS : (i + 1) * width // BLOCKS] = 235 if bit else 16


def read(picture: npt.NDArray[np.uint8]) -> int | None:
    """The value in a picture (height x width, or height x width x channels with green second).

    None when there is no valid code.
    """
    plane = picture if picture.ndim == 2 else picture[:, :, 1]
    height, width = plane.shape
    row = height - height // HEIGHT_SHARE // 2 - 1
    if width < BLOCKS * 2 or height < HEIGHT_SHARE * 2:
        return None
    middles = [(2 * i + 1) * width // (2 * BLOCKS) for i in range(BLOCKS)]
    bits = [int(plane[row, x]) > 125 for x in middles]
    if not bits[0] or bits[1]:
        return None
    code = 0
    for bit in bits[2:]:
        code = (code << 1) | bit
    value, check = code >> CHECK_BITS, code & ((1 << CHECK_BITS) - 1)
    return value if check == _check(value) else None
