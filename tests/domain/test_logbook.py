"""Entries of logs: their order, chain and corrections; incidents, shifts and patrols out of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain import incident as incidents
from app.domain import patrol as patrols
from app.domain import shift as shifts
from app.domain.incident import Kind, State
from app.domain.logbook import Book, Entry, broken, chain_of, entry_of, in_order, text_of
from app.domain.patrol import Plan, Verdict

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
_ids = count()


def entry(kind: str, *, console: str = "WS1", number: int = 0, minutes: float = 0.0,
          about: tuple[str, ...] = (), camera: str = "", book: Book = Book.INCIDENT,
          **data: Any) -> Entry:  # fmt: skip
    n = next(_ids)
    return Entry(book, "s", kind, "Li", console, data, camera, about,
                 NOON + timedelta(minutes=minutes), 0, number or n, f"e{n:06d}")  # fmt: skip


def opened(**more: Any) -> Entry:
    data = {"number": 7, "category": "fight", "place": "东门", "detected_at": NOON.isoformat()}
    return entry(Kind.OPENED, camera="c1", **{**data, "camera_name": "门口", **more})


def incident(*entries: Entry) -> incidents.Incident:
    found = incidents.incident_of(entries)
    assert found is not None
    return found


def test_an_entry_survives_being_stored_and_any_change_breaks_the_chain() -> None:
    entries, before = [], ""
    for i in range(1, 5):
        made = entry(Kind.TEXT, number=i, text=f"第 {i} 行")
        made = replace(made, chain=chain_of(before, made))
        entries.append(made)
        before = made.chain
    import json

    assert [entry_of(json.loads(text_of(e)), e.chain) for e in entries] == entries
    rows = [(e.number, text_of(e), e.chain) for e in entries]
    assert broken(rows) is None
    for i, row in enumerate(rows):
        forged = [*rows[:i], (row[0], row[1].replace("行", "列"), row[2]), *rows[i + 1 :]]
        found = broken(forged)
        assert found is not None
        assert found.number == i + 1
        if i < 3:  # the end can be lost unseen; that is what the server's copy is for
            assert broken([*rows[:i], *rows[i + 1 :]]) is not None


@given(st.permutations(range(6)))
def test_the_order_does_not_depend_on_the_order_of_arrival(order: list[int]) -> None:
    a = [entry(Kind.TEXT, console="A", number=i + 1, minutes=-60 * i) for i in range(3)]
    b = [entry(Kind.TEXT, console="B", number=i + 1, minutes=i) for i in range(3)]
    b[0] = replace(b[0], about=(a[2].id,))
    both = [*a, *b]
    found = in_order(both[i] for i in order)
    assert found == in_order(both)
    # A clock that was set back moves nothing; what points to an entry comes after it.
    assert [e for e in found if e.console == "A"] == a
    assert [e for e in found if e.console == "B"] == b
    assert found.index(a[2]) < found.index(b[0])


def test_entries_that_point_in_a_circle_end() -> None:
    a, b = entry(Kind.TEXT, console="A"), entry(Kind.TEXT, console="B")
    a, b = replace(a, about=(b.id,)), replace(b, about=(a.id,))
    assert len(in_order([a, b])) == 2
    assert incident(opened(), a, b).lines


def test_a_corrected_line_shows_what_stands_and_what_was_there() -> None:
    line = entry(Kind.TEXT, text="two men")
    better = entry(Kind.TEXT, about=(line.id,), text="three men")
    best = entry(Kind.TEXT, about=(better.id,), text="four men")
    found = incident(opened(), line, better, best, entry(Kind.TEXT, text="ambulance"))
    first, second = found.lines
    assert [e.data["text"] for e in first.versions] == ["four men"]
    assert [e.data["text"] for e in first.before] == ["two men", "three men"]
    assert second.versions[0].data["text"] == "ambulance"
    assert not found.disputed


def test_two_that_say_the_same_apart_need_no_decision() -> None:
    first = opened()
    sets = [entry(Kind.SET, console=c, about=(first.id,), field="category", value="theft")
            for c in ("A", "B")]  # fmt: skip
    assert not incident(first, *sets).disputed
    other = replace(sets[1], data={"field": "category", "value": "fire"})
    assert incident(first, sets[0], other).disputed == ("category",)
    assert incident(first, sets[0], other).value("place") == "东门"


def test_closing_needs_a_result_and_nothing_undecided_and_is_reviewed_by_a_supervisor() -> None:
    first = opened()

    def why(found: incidents.Incident, kind: Kind, *, chief: bool = False, **data: Any) -> str:
        return incidents.refusal(found, kind, data, supervisor=chief)

    running = incident(first)
    assert why(running, Kind.CLOSED, result=" ") == "no result"
    assert why(running, Kind.CLOSED, result="calm") == ""
    assert why(running, Kind.REVIEWED, chief=True) == "not closed"
    assert why(running, Kind.TEXT, text="x") == ""
    sets = [entry(Kind.SET, console=c, about=(first.id,), field="category", value=v)
            for c, v in (("A", "theft"), ("B", "fire"))]  # fmt: skip
    assert why(incident(first, *sets), Kind.CLOSED, result="calm") == "disputed"
    end = entry(Kind.CLOSED, minutes=5, result="calm")
    closed = incident(first, end)
    assert closed.state is State.CLOSED
    assert closed.value("result") == "calm"
    assert closed.ended_at == NOON + timedelta(minutes=5)
    assert why(closed, Kind.TEXT, text="x") == "closed"
    assert why(closed, Kind.REVIEWED) == "supervisor"
    assert why(closed, Kind.REVIEWED, chief=True) == ""
    review = entry(Kind.REVIEWED, minutes=9, about=(end.id,))
    assert incident(first, end, review).state is State.REVIEWED
    # What another console wrote meanwhile and sent later is kept, told, and reviewed again.
    late = entry(Kind.TEXT, console="B", minutes=12, text="from the other desk")
    again = incident(first, end, review, late)
    assert again.state is State.CLOSED
    assert again.late == (late,)
    assert (
        incident(first, end, entry(Kind.REOPENED, minutes=20, about=(end.id,))).state is State.OPEN
    )


def test_a_handover_cannot_be_signed_before_every_item_is_read() -> None:
    begun = entry(shifts.Kind.BEGUN, number=1, book=Book.SHIFT, **{"name": "night"})
    on = entry(shifts.Kind.SIGNED_ON, book=Book.SHIFT, person="Li", role="operator")
    shift = shifts.shift_of([begun, on])
    assert shift is not None
    items = [shifts.Item(shifts.Fact.NOTE, "n", "key is with the porter"),
             shifts.Item(shifts.Fact.INCIDENT, "i", "WS1-000001")]  # fmt: skip
    assert [i.key for i in shifts.ordered(items)] == ["i", "n"]
    read = {"n": NOON}
    assert shifts.problem_of_signing(items, read, "Li", "Wang") == "unread"
    read["i"] = NOON
    assert shifts.problem_of_signing(items, read, "Li", " li ") == "same person"
    assert shifts.problem_of_signing(items, read, "Li", "") == "nameless"
    who = [shifts.Signature(n, NOON, True) for n in ("Li", "Wang")]
    document = shifts.document_of(shift, items, read, *who)
    digest = shifts.hash_of(document)
    assert len(digest) == 64
    assert shifts.hash_of({**document, "shift": "x"}) != digest
    with pytest.raises(ValueError, match="unread"):
        shifts.document_of(shift, items, {}, *who)
    handed = entry(shifts.Kind.HANDED_OVER, book=Book.SHIFT, document=document, sha256=digest)
    done = shifts.shift_of([begun, on, handed])
    assert done is not None
    assert done.state is shifts.State.HANDED_OVER
    assert shifts.problem_of_countersigning(shift, "Zhao") == "not signed"
    assert shifts.problem_of_countersigning(done, "wang") == "same person"
    assert shifts.problem_of_countersigning(done, "Zhao") == ""


def test_reminders_of_breaks_come_after_half_an_hour_and_two_hours_once_each() -> None:
    watching = shifts.Watching(NOON)
    assert watching.due(NOON + timedelta(minutes=29)) is None
    assert watching.due(NOON + timedelta(minutes=31)) == shifts.SHORT
    watching = replace(watching, reminded=shifts.SHORT)
    assert watching.due(NOON + timedelta(minutes=90)) is None
    assert watching.due(NOON + timedelta(minutes=121)) == shifts.LONG
    assert replace(watching, reminded=shifts.LONG).due(NOON + timedelta(hours=9)) is None


def test_a_short_loss_is_no_outage_and_a_flapping_camera_is_one() -> None:
    watch = shifts.Watch()

    def at(seconds: float, good: bool) -> list[shifts.Outage]:
        moment = NOON + timedelta(seconds=seconds)
        watch.see("c", good, "live" if good else "unreachable", moment, "network")
        return watch.due(moment)

    assert not at(0, True)
    assert not at(20, False)
    assert not at(25, True)  # back within the delay: nothing happened
    assert not at(60, False)
    (lost,) = at(71, False)
    assert (lost.since, lost.until, lost.state) == (
        NOON + timedelta(seconds=60),
        None,
        "unreachable",
    )
    assert not at(80, True)
    assert not at(85, False)  # it did not stay
    assert not at(90, True)
    (back,) = at(101, True)
    assert (back.since, back.until) == (lost.since, NOON + timedelta(seconds=90))
    assert not at(200, True)


def test_an_outage_that_was_open_when_the_program_ended_ends_after_its_start() -> None:
    watch = shifts.Watch()
    watch.restore([shifts.Outage("c", "stalled", NOON)])
    later = NOON + timedelta(hours=1)
    watch.see("c", True, "live", later)
    (back,) = watch.due(later + timedelta(seconds=11))
    assert (back.since, back.until) == (NOON, later)


def test_a_round_wants_a_verdict_for_each_camera_and_words_where_something_is_wrong() -> None:
    cameras = [["c1", "门口"], ["c2", "停车场"]]
    begun = entry(patrols.Kind.BEGUN, number=1, book=Book.PATROL, cameras=cameras)
    made = patrols.round_of([begun])
    assert made is not None
    assert made.missing == ("c1", "c2")
    for verdict, words, why in (
        ("ok", "", ""), ("fault", "", "words"), ("fault", "blurred", ""), ("skipped", " ", "words"),
        ("note", "", "words"),
    ):  # fmt: skip
        data = {"verdict": verdict, "words": words}
        assert patrols.refusal(made, patrols.Kind.VERDICT, data) == why
    assert patrols.refusal(made, patrols.Kind.SIGNED, {}) == "missing"
    given_ = [entry(patrols.Kind.VERDICT, camera=c, book=Book.PATROL, verdict="ok")
              for c in ("c1", "c2", "c9")]  # fmt: skip
    again = entry(
        patrols.Kind.VERDICT, camera="c1", book=Book.PATROL, verdict="fault", words="dark"
    )
    made = patrols.round_of([begun, *given_, again])
    assert made is not None
    assert (made.count(Verdict.OK), made.count(Verdict.FAULT)) == (1, 1)
    assert patrols.refusal(made, patrols.Kind.SIGNED, {}) == ""
    signed = entry(patrols.Kind.SIGNED, book=Book.PATROL)
    ended = patrols.round_of([begun, *given_, signed])
    assert ended is not None
    assert patrols.refusal(ended, patrols.Kind.VERDICT, {"verdict": "ok"}) == "signed"


def test_a_round_is_owed_from_its_time_on_until_somebody_begins_one() -> None:
    plan = Plan(("c1",), 20, ("08:30", "22:00"))
    morning = datetime(2026, 3, 1, 9, 0).astimezone()
    assert plan.last_due(morning) == morning.replace(hour=8, minute=30)
    assert plan.next_due(morning) == morning.replace(hour=22)
    assert patrols.is_owed(plan, None, morning)
    assert patrols.is_owed(plan, morning - timedelta(days=1), morning)
    assert not patrols.is_owed(plan, morning - timedelta(minutes=10), morning)
    assert not patrols.is_owed(Plan(("c1",)), None, morning)
    for wrong in ({"due": ("25:00",)}, {"cameras": ()}, {"dwell_s": 1.0}):
        with pytest.raises(ValueError, match=r"due|cameras|dwell"):
            Plan(**{"cameras": ("c1",), **wrong})  # type: ignore[arg-type]
