"""The chain of retrievals, and PINs."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.person import hash_pin, pin_fits, wait_after
from app.domain.retrieval import Case, Retrieval, RetrievalKind, broken_at, chain_of

AT = datetime(2026, 3, 1, 6, tzinfo=UTC)


def _entries(count: int) -> list[Retrieval]:
    entries: list[Retrieval] = []
    before = ""
    for number in range(1, count + 1):
        entry = Retrieval(
            number, AT, "K1", "王", RetrievalKind.SNAPSHOT, "c", "大门", AT, AT, Case("7", "p", "b")
        )
        entry = replace(entry, chain=chain_of(before, entry))
        before = entry.chain
        entries.append(entry)
    return entries


def test_an_untouched_register_is_sound() -> None:
    assert broken_at(_entries(5)) is None
    assert broken_at([]) is None


@pytest.mark.parametrize("change", [
    {"operator": "李"}, {"case": Case("7", "other", "b")}, {"end": None}, {"masked": False},
    {"chain": "0" * 64}, {"at": AT.replace(hour=7)},
])  # fmt: skip
def test_any_change_is_found(change: dict[str, object]) -> None:
    entries = _entries(5)
    entries[2] = replace(entries[2], **change)  # type: ignore[arg-type]
    assert broken_at(entries) in (3, 4)


@given(st.integers(0, 4), st.integers(0, 4))
def test_gap_and_reorder_are_found(a: int, b: int) -> None:
    entries = _entries(5)
    if a == b:
        del entries[a]
        assert broken_at(entries) == (a + 1 if a < 4 else None), "only a lost end is not seen"
    else:
        entries[a], entries[b] = entries[b], entries[a]
        assert broken_at(entries) == min(a, b) + 1


def test_a_pin_is_known_again_and_never_stored() -> None:
    stored = hash_pin("2468")
    assert pin_fits(stored, "2468")
    assert not pin_fits(stored, "2469")
    assert "2468" not in stored
    assert stored != hash_pin("2468")
    with pytest.raises(ValueError, match="at least"):
        hash_pin("12")
    assert not pin_fits("", "")
    assert not pin_fits("scrypt$x", "1234")


def test_guessing_takes_longer_and_longer() -> None:
    assert [wait_after(n) for n in (0, 2, 3, 4, 5)] == [0, 0, 5, 10, 20]
    assert wait_after(100) == 300
