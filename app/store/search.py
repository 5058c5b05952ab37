"""Finding cameras: which words lead to one, how a query becomes SQL, and the order of lists.

One lower-case text a camera holds name, English name, pinyin initials, full pinyin, codes, address
and call number; every word of a query must occur in it. At 100,000 cameras, a page of 200 and the
count take (median of 7, ms, on two cores at 2.5 GHz):

    query                   LIKE on a covering index    FTS5 trigram
    1 or 2 characters                        15 - 38    finds nothing
    3 characters, many hits                  25 - 42         19
    a number                                 25 - 39       4 - 12
    not there                                     30         10

Both stay below the 50 ms that a keystroke may cost. LIKE is taken: names are looked up by two
Chinese characters or two initials, which no trigram holds, it needs no second table to keep in
step, and PostgreSQL has it too.
"""

from __future__ import annotations

import bisect
import functools
import os
import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import msgspec

_SQUEEZE = str.maketrans("", "", " -/·（）()")
MAX_CALL_NUMBER = 999_999


_HAN = re.compile(r"([\u3400-\u9fff]+)")


_Syllables = tuple[tuple[str, ...], tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class _Dictionary:
    """pypinyin's, with what it says of each phrase left as it is written until it is asked for: its
    own lists of lists take 60 MB and a third of a second, this a third and a fifth of that. Read
    with the first Chinese text that is written."""

    phrases: dict[str, msgspec.Raw]
    ordered: list[str]
    of_character: Callable[[str], _Syllables]
    """What has no pinyin stays as it is."""
    plain: Callable[[str], str]
    """A syllable without its tone."""

    def begins(self, text: str) -> bool:
        """Whether a phrase begins so."""
        at = bisect.bisect_left(self.ordered, text)
        return at < len(self.ordered) and self.ordered[at].startswith(text)


@functools.cache
def _dictionary() -> _Dictionary:
    # What is not asked for is not read: an installation's own dictionary of phrases, a second copy.
    os.environ.setdefault("PYPINYIN_NO_PHRASES", "1")
    os.environ.setdefault("PYPINYIN_NO_DICT_COPY", "1")
    from pypinyin import Style, lazy_pinyin
    from pypinyin.contrib.tone_convert import to_normal

    def of_character(text: str) -> _Syllables:
        return tuple(lazy_pinyin(text)), tuple(lazy_pinyin(text, style=Style.FIRST_LETTER))

    phrases = msgspec.json.decode(_written_phrases(), type=dict[str, msgspec.Raw])
    return _Dictionary(phrases, sorted(phrases), of_character, to_normal)


def _written_phrases() -> bytes:
    """Phrase to [[syllable, others …] of each character], as JSON."""
    import pypinyin

    file = Path(pypinyin.__file__).parent / "phrases_dict.json"
    if file.exists():
        return file.read_bytes()
    from pypinyin.phrases_dict import phrases_dict  # versions that have it as Python

    return msgspec.json.encode(phrases_dict)


@functools.lru_cache(maxsize=32768)
def _syllables_of(word: str) -> _Syllables:
    """Full syllables and initials of a phrase, of a character, or of what is no Chinese."""
    known = _dictionary()
    told = known.phrases.get(word)
    if told is None:
        return known.of_character(word)
    full = tuple(known.plain(each[0]) for each in msgspec.json.decode(told))
    return full, tuple(syllable[:1] for syllable in full)


def _cut(text: str) -> Iterator[str]:
    """Phrases of the dictionary, the longest first, and single characters."""
    known, start = _dictionary(), 0
    while start < len(text):
        end, longest = start + 1, 0
        while end <= len(text) and known.begins(text[start:end]):
            if text[start:end] in known.phrases:
                longest = end
            end += 1
        if not longest and end > len(text):
            # All that is left is the beginning of a phrase, and none itself.
            yield from text[start:]
            return
        longest = longest or start + 1
        yield text[start:longest]
        start = longest


@functools.lru_cache(maxsize=32768)
def _syllables_of_part(part: str) -> _Syllables:
    """The same of a run of Chinese characters. Runs come again and again, with other numbers."""
    words = [_syllables_of(word) for word in _cut(part)]
    return tuple(s for full, _ in words for s in full), tuple(
        s for _, first in words for s in first
    )


@functools.lru_cache(maxsize=4096)
def _syllables(text: str) -> _Syllables:
    """The same of a whole text."""
    full: list[str] = []
    first: list[str] = []
    for i, part in enumerate(_HAN.split(text)):
        if i % 2:
            syllables, initials = _syllables_of_part(part)
            full += syllables
            first += initials
        elif part.isascii():
            # What has no pinyin stays as it is.
            full += [part] if part else []
            first += [part] if part else []
        else:
            syllables, initials = _syllables_of(part)
            full += syllables
            first += initials
    return tuple(full), tuple(first)


@functools.lru_cache(maxsize=32768)
def _squeezed(part: str) -> tuple[str, str]:
    """Initials and full syllables of a run of Chinese characters, each as one word."""
    full, first = _syllables_of_part(part)
    return "".join(first).translate(_SQUEEZE).lower(), "".join(full).translate(_SQUEEZE).lower()


def _pinyin(text: str) -> tuple[str, str]:
    """Initials and full syllables, without spaces and punctuation."""
    initials, whole = [], []
    for i, part in enumerate(_HAN.split(text)):
        if i % 2:
            first, full = _squeezed(part)
        elif part.isascii():
            first = full = part.translate(_SQUEEZE).lower()
        else:
            syllables, letters = _syllables_of(part)
            first = "".join(letters).translate(_SQUEEZE).lower()
            full = "".join(syllables).translate(_SQUEEZE).lower()
        initials.append(first)
        whole.append(full)
    return "".join(initials), "".join(whole)


def _plain(text: str) -> str:
    """Lower case, full-width letters and digits as ordinary ones (Chinese input gives both)."""
    return text.lower() if text.isascii() else unicodedata.normalize("NFKC", text).lower()


def search_text(
    name: str, name_en: str, codes: tuple[str, ...], address: str, number: int | None
) -> str:
    """The text in which queries look. `codes`: the present code and former ones."""
    plain = _plain(name)
    parts = [plain, _plain(name_en), *_pinyin(plain), *codes, _plain(address)]
    if number is not None:
        parts.append(str(number))
    return "\n".join(dict.fromkeys(p for p in parts if p))


def place_text(name: str, name_en: str = "", *details: str) -> str:
    """The text in which a place is looked for. `details`: address, pole number."""
    return search_text(name, name_en, tuple(_plain(d) for d in details), "", None)


def sort_key(name: str) -> str:
    """Where a name stands in a list: by pinyin, as a Chinese index does, and 2 before 10."""
    pinyin = " ".join(_syllables(_plain(name))[0])
    return re.sub(r"\d+", lambda digits: digits[0].zfill(6), pinyin)[:200]


def words(query: str) -> list[str]:
    """The words of a query as search texts hold them."""
    return _plain(query).split()[:8]


def patterns(query: str) -> list[str]:
    """LIKE patterns (escape character \\) that must all match, for a query as typed."""
    result = []
    for word in _plain(query).split()[:8]:
        escaped = word[:60].replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        result.append(f"%{escaped}%")
    return result


def line_patterns(query: str) -> tuple[str, str]:
    """LIKE patterns for a text with a line feed before and after: a line is, or begins with, this.

    Lines of a search text are names, codes and numbers; what is or begins with the query is meant
    before what only holds it.
    """
    escaped = re.sub(r"([\\%_])", r"\\\1", _plain(query).strip()[:200])
    return f"%\n{escaped}\n%", f"%\n{escaped}%"


def call_numbers(query: str) -> list[tuple[int, int]]:
    """Ranges of the call numbers that begin with the query; none when it is not a number.

    "12" gives 12, 120 to 129, 1200 to 1299 …, so that they can be listed first.
    """
    word = _plain(query).strip()
    if not re.fullmatch(r"[1-9]\d{0,5}", word, re.ASCII):
        return []
    first, last = int(word), int(word)
    ranges = []
    while first <= MAX_CALL_NUMBER:
        ranges.append((first, min(last, MAX_CALL_NUMBER)))
        first, last = first * 10, last * 10 + 9
    return ranges
