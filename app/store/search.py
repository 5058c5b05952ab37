"""Finding cameras: which words lead to one, and how a query becomes SQL.

One lower-case text a camera holds name, English name, pinyin initials, full pinyin, code and
address; every word of a query must occur in it. Measured at 100,000 cameras (`bench sidebar`): a
LIKE over this column answers within the 50 ms a keystroke may cost, also for one or two
characters, where FTS5's trigram index cannot help and is not portable.
"""

from __future__ import annotations

import functools

from pypinyin import Style, lazy_pinyin


@functools.lru_cache(maxsize=4096)
def _pinyin(text: str) -> tuple[str, str]:
    syllables = lazy_pinyin(text, style=Style.NORMAL)
    initials = lazy_pinyin(text, style=Style.FIRST_LETTER)
    squeeze = str.maketrans("", "", " 　-/·（）()")
    return (
        "".join(initials).translate(squeeze).lower(),
        "".join(syllables).translate(squeeze).lower(),
    )


def search_text(name: str, name_en: str, code: str, address: str) -> str:
    """The text in which queries look."""
    initials, syllables = _pinyin(name)
    parts = [name.lower(), name_en.lower(), initials, syllables, code, address.lower()]
    return "\n".join(dict.fromkeys(p for p in parts if p))


def patterns(query: str) -> list[str]:
    """LIKE patterns (escape character \\) that must all match, for a query as typed."""
    result = []
    for word in query.lower().split()[:8]:
        escaped = word[:60].replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        result.append(f"%{escaped}%")
    return result


def call_number(query: str) -> int | None:
    """The call number a query may mean, or None."""
    word = query.strip()
    return int(word) if word.isascii() and word.isdigit() and len(word) <= 6 else None
