"""A chain of hashes: whatever is done to it shows."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.chain import Break, Fault, canonical, find_break, link

Entry = tuple[int, str, str]


def _chain(count: int) -> list[Entry]:
    entries: list[Entry] = []
    before = ""
    for number in range(1, count + 1):
        text = canonical({"number": number, "who": "王"})
        before = link(before, text)
        entries.append((number, text, before))
    return entries


def test_a_whole_chain_is_whole_and_may_be_checked_from_the_middle() -> None:
    chain = _chain(6)
    assert find_break(chain, head=(6, chain[-1][2])) is None
    assert find_break(chain[3:], after=(3, chain[2][2])) is None
    assert find_break([], head=(0, "")) is None


def test_a_cut_off_end_shows_against_the_head() -> None:
    chain = _chain(6)
    head = (6, chain[-1][2])
    assert find_break(chain[:4], head) == Break(5, Fault.CUT_OFF)
    assert find_break([], head) == Break(1, Fault.CUT_OFF)
    assert find_break(chain[:4]) is None, "which is why the head is kept elsewhere"


@given(st.integers(0, 5), st.integers(0, 5), st.sampled_from(["change", "remove", "swap", "twice"]))
def test_change_gap_and_reorder_are_told_apart(a: int, b: int, what: str) -> None:
    chain = _chain(6)
    head = (6, chain[-1][2])
    if what == "change":
        chain[a] = (a + 1, chain[a][1].replace("王", "李"), chain[a][2])
        expected = Break(a + 1, Fault.CHANGED)
    elif what == "remove":
        del chain[a]
        expected = Break(a + 1, Fault.GAP if a < 5 else Fault.CUT_OFF)
    elif what == "twice":
        chain.insert(max(a, b) + 1, chain[min(a, b)])
        expected = Break(min(a, b) + 1, Fault.REORDERED)
    else:
        if a == b:
            return
        chain[a], chain[b] = chain[b], chain[a]
        expected = Break(min(a, b) + 1, Fault.REORDERED)
    assert find_break(chain, head) == expected


@pytest.mark.parametrize("number", range(1, 5))
def test_who_rewrites_all_hashes_after_a_change_is_found_by_the_head(number: int) -> None:
    chain, before = _chain(4), ""
    head = (4, chain[-1][2])
    forged = []
    for n, text, _ in chain:
        changed = text.replace("王", "李") if n == number else text
        before = link(before, changed)
        forged.append((n, changed, before))
    assert find_break(forged) is None
    assert find_break(forged, head) is not None
