"""Who steers: taken by moving, kept, asked for, passed on, taken over, run out."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from app.domain import control
from app.domain.control import (
    IDLE_S,
    RETURN_S,
    Claim,
    Event,
    Lock,
    Refusal,
    Refused,
    Want,
    from_values,
    priority_of,
    settle,
    step,
    to_values,
)

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
LI = Claim("li", "李雷", "a", "市局", "c1", "席位一", 70)
HAN = Claim("han", "韩梅", "b", "分局", "c2", "席位二", 40)
CHIEF = replace(HAN, person_id="chief", person="值班长", console_id="c3", priority=90)


def at(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def taken(who: Claim = LI) -> Lock:
    return step(Lock(), who, Want.MOVE, NOON)[0]


def refused(lock: Lock, who: Claim, want: Want, after: float = 1.0, **more: object) -> Refusal:
    with pytest.raises(Refused) as caught:
        step(lock, who, want, at(after), **more)  # type: ignore[arg-type]
    return caught.value.why


def test_the_first_move_takes_it_and_each_move_prolongs_it_without_news() -> None:
    lock, entries = step(Lock(), LI, Want.MOVE, NOON)
    assert lock.holder == LI
    assert lock.left_s(NOON) == IDLE_S
    assert [e.event for e in entries] == [Event.TAKEN]
    later, entries = step(lock, LI, Want.MOVE, at(10))
    assert (later.left_s(at(10)), later.rev, entries) == (IDLE_S, lock.rev, [])
    assert refused(later, HAN, Want.MOVE, 11) is Refusal.HELD


def test_it_runs_out_after_the_last_move_and_goes_to_who_asked() -> None:
    free, entries = settle(taken(), at(IDLE_S))
    assert free.holder is None
    assert [(e.event, e.at) for e in entries] == [(Event.EXPIRED, at(IDLE_S))]
    asked, entries = step(taken(), HAN, Want.ASK, at(2), why="a fight")
    assert (asked.asker, asked.asked_why, asked.holder) == (HAN, "a fight", LI)
    assert [(e.event, e.why) for e in entries] == [(Event.ASKED, "a fight")]
    passed, entries = settle(asked, at(IDLE_S + 1))
    assert passed.holder == HAN
    assert passed.left_s(at(IDLE_S + 1)) == IDLE_S
    assert [e.event for e in entries] == [Event.EXPIRED, Event.PASSED]
    assert passed.asker is None


def test_the_holder_keeps_it_for_a_stated_time_or_gives_it() -> None:
    asked, _ = step(taken(), HAN, Want.ASK, at(1), why="")
    kept, entries = step(asked, LI, Want.KEEP, at(2), seconds=60)
    assert (kept.left_s(at(2)), kept.kept_until, kept.asker) == (60, at(62), HAN)
    assert entries[0].seconds == 60
    given, entries = step(kept, LI, Want.GIVE_BACK, at(5))
    assert given.holder == HAN
    assert given.before == LI
    assert [e.event for e in entries] == [Event.GIVEN_BACK, Event.PASSED]
    alone, entries = step(taken(), LI, Want.GIVE_BACK, at(5))
    assert alone.holder is None
    assert [e.event for e in entries] == [Event.GIVEN_BACK]


def test_only_a_higher_priority_takes_over_and_says_why() -> None:
    lock = taken(HAN)
    assert refused(lock, replace(HAN, person_id="x"), Want.TAKE_OVER, why="want") is Refusal.LOWER
    assert refused(lock, LI, Want.TAKE_OVER, why="  ") is Refusal.NO_REASON
    new, entries = step(lock, LI, Want.TAKE_OVER, at(1), why="a fight at gate 3")
    assert (new.holder, new.before, new.ended) == (LI, HAN, Event.TAKEN_OVER.value)
    assert new.ended_why == "a fight at gate 3"
    assert (entries[0].event, entries[0].other) == (Event.TAKEN_OVER, HAN)
    assert refused(new, HAN, Want.TAKE_OVER, why="back") is Refusal.LOWER


def test_a_stated_time_does_not_keep_a_higher_priority_away() -> None:
    held, entries = step(taken(HAN), HAN, Want.HOLD, at(1), seconds=600)
    assert held.left_s(at(1)) == 600
    assert [e.event for e in entries] == [Event.HELD]
    assert step(held, LI, Want.TAKE_OVER, at(2), why="a fight")[0].holder == LI
    for seconds in (0, 4, 601, float("nan"), float("inf")):
        assert refused(taken(HAN), HAN, Want.HOLD, seconds=seconds) is Refusal.BAD_TIME


def test_one_asks_at_a_time_and_a_higher_one_goes_before() -> None:
    asked, _ = step(taken(CHIEF), HAN, Want.ASK, at(1))
    other = replace(HAN, person_id="y")
    assert refused(asked, other, Want.ASK) is Refusal.LOWER
    before, _ = step(asked, LI, Want.ASK, at(2))
    assert before.asker == LI
    withdrawn, entries = step(before, LI, Want.GIVE_BACK, at(3))
    assert (withdrawn.asker, withdrawn.holder, entries) == (None, CHIEF, [])
    assert refused(withdrawn, LI, Want.GIVE_BACK) is Refusal.NOT_HOLDER
    assert refused(Lock(), LI, Want.ASK) is Refusal.FREE
    assert refused(Lock(), LI, Want.KEEP, seconds=30) is Refusal.FREE


def test_one_person_at_two_workstations_is_two() -> None:
    elsewhere = replace(LI, console_id="c9")
    assert refused(taken(LI), elsewhere, Want.MOVE) is Refusal.HELD


def test_who_signs_in_at_the_same_workstation_takes_its_place_and_who_asked_asks_on() -> None:
    held, _ = step(taken(HAN), HAN, Want.HOLD, at(1), seconds=600)
    asked, _ = step(held, LI, Want.ASK, at(2))
    next_one = replace(HAN, person_id="next", priority=1)
    new, entries = step(asked, next_one, Want.MOVE, at(3))
    assert (new.holder, new.asker, new.stated) == (next_one, LI, False)
    assert [(e.event, e.other) for e in entries] == [(Event.TAKEN, HAN)]
    nowhere = [replace(p, console_id="") for p in (HAN, next_one)]
    assert refused(taken(nowhere[0]), nowhere[1], Want.MOVE) is Refusal.HELD


def test_priorities() -> None:
    assert priority_of(["operator"], own=True) > priority_of(["supervisor"], own=False)
    assert priority_of(["supervisor", "viewer"], own=True) > priority_of(["operator"], own=True)
    assert priority_of(["maintainer"], own=False) < priority_of(["operator"], own=False)
    assert priority_of(["operator"], own=False, stated=95) == 95
    assert priority_of([], own=False, stated=1000) == control.HIGHEST


def test_whatever_happens_one_holds_it_at_most_and_it_is_stored_whole() -> None:
    chance = random.Random(7)
    people = [LI, HAN, CHIEF, replace(LI, person_id="z", priority=1)]
    lock, now, owners = Lock(), 0.0, 0
    for _ in range(4000):
        now += chance.random() * 6
        who, want = chance.choice(people), chance.choice(list(Want))
        rev = lock.rev
        try:
            new, entries = step(lock, who, want, at(now), seconds=chance.choice([5, 30]), why="x",
                                back=chance.choice(["", "home", None]))  # fmt: skip
        except Refused as error:
            new, entries = error.lock, []
        assert new.rev >= rev
        if want in (Want.MOVE, Want.TAKE_OVER) and new.holder is not None and who.same(new.holder):
            owners += 1
            assert new.left_s(at(now)) > 0
        changed = new.holder != lock.holder
        assert not changed or new.rev > rev  # who watches hears of it
        assert not (new.holder is None and new.asker is not None)
        assert new.owed_at is None or new.holder is None or new.returning
        assert not new.returning or new.back
        assert from_values(to_values(new)) == new
        assert all(e.at <= at(now) for e in entries)
        lock = new
    assert owners > 100


def test_the_way_back_is_owed_once_it_is_let_go_of_and_gives_way_to_anybody() -> None:
    steered, _ = step(Lock(), LI, Want.MOVE, NOON, back="home")
    assert refused(steered, HAN, Want.RETURN) is Refusal.HELD
    assert refused(steered, LI, Want.RETURN) is Refusal.HELD
    free, _ = settle(steered, at(IDLE_S + 9))
    assert (free.back, free.owed_at) == ("home", at(IDLE_S))
    # Another console takes it for that, at the lowest priority, and it is logged.
    back, entries = step(free, HAN, Want.RETURN, at(30), back="preset:9")
    assert back.returning
    assert back.back == "home"
    assert back.holder is not None
    assert (back.holder.person, back.holder.priority) == ("韩梅", control.LOWEST)
    assert [(e.event, e.other) for e in entries] == [(Event.RETURNED, LI)]
    assert refused(back, LI, Want.RETURN, 31) is Refusal.HELD
    assert refused(back, CHIEF, Want.ASK, 31) is Refusal.FREE
    done, entries = step(back, HAN, Want.GIVE_BACK, at(32))
    assert (done.holder, done.back, done.owed_at, entries) == (None, "", None, [])
    assert refused(done, LI, Want.RETURN, 40) is Refusal.NOT_OWED
    # Whoever moves it meanwhile has it, whatever the priority; nothing is owed any more.
    low = replace(LI, person_id="low", priority=1)
    for want in (Want.MOVE, Want.HOLD, Want.TAKE_OVER):
        moved, entries = step(back, low, want, at(31), seconds=30, why="a fight")
        assert moved.holder == low
        assert not moved.returning
        assert settle(moved, at(100))[0].owed_at is None
        assert entries[0].event is Event.TAKEN
    # A console that did not come to it leaves it to the next.
    late, entries = settle(back, at(30 + RETURN_S))
    assert (late.holder, late.owed_at, entries) == (None, at(IDLE_S), [])
    assert step(late, CHIEF, Want.RETURN, at(60))[0].returning


def test_who_gets_it_by_asking_and_does_nothing_leaves_what_was_owed() -> None:
    steered, _ = step(Lock(), LI, Want.MOVE, NOON, back="home")
    asked, _ = step(steered, HAN, Want.ASK, at(1))
    passed, _ = step(asked, LI, Want.GIVE_BACK, at(2))
    assert settle(passed, at(60))[0].owed_at is not None
    moved, _ = step(passed, HAN, Want.MOVE, at(3), back="")
    assert settle(moved, at(60))[0].owed_at is None
