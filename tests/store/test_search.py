"""Words by which cameras are found."""

from __future__ import annotations

import json
import os
import subprocess
import sys

from app.store import search

_TOLD = """
import json, sys
from pypinyin import Style, lazy_pinyin
from pypinyin.constants import PHRASES_DICT, PINYIN_DICT
import random
dice = random.Random(7)
phrases, characters = sorted(PHRASES_DICT), [chr(c) for c in PINYIN_DICT if 0x3400 <= c < 0xa000]
texts = dice.sample(phrases, 3000) + dice.sample(characters, 500)
for _ in range(3000):
    # Beginnings of phrases one after the other: where a phrase ends is what can go wrong.
    parts = [dice.choice(phrases) for _ in range(3)]
    texts.append("".join(p[: dice.randint(1, len(p))] for p in parts))
texts += ["人民路与建国路交叉口东北角", "重庆银行大厦", "〇", "二〇", "ê", "𠀾𠀾人", "人𠀾", "女", "绿地"]
full = [lazy_pinyin(t, style=Style.NORMAL) for t in texts]
first = [lazy_pinyin(t, style=Style.FIRST_LETTER) for t in texts]
json.dump([texts, full, first], sys.stdout)
"""


def test_pinyin_is_what_pypinyin_says() -> None:
    """Its dictionary of phrases is read another way here, with nothing changed by that."""
    whole = {k: v for k, v in os.environ.items() if not k.startswith("PYPINYIN")}
    told = subprocess.run([sys.executable, "-c", _TOLD], capture_output=True, env=whole, check=True)
    texts, full, first = json.loads(told.stdout)
    for text, syllables, initials in zip(texts, full, first, strict=True):
        found = search._syllables(text)
        assert ["".join(part) for part in found] == ["".join(syllables), "".join(initials)], text
        if len(text) < 8:
            assert list(found[0]) == syllables, text
