"""From a draft to an accepted record."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from app.domain.commissioning import (
    CHECKLIST,
    CommissioningError,
    Kind,
    Proof,
    Record,
    Result,
    State,
    Verdict,
    baseline_of,
    moved_from,
    record_of,
)
from app.domain.logbook import Book, Entry

AT = datetime(2026, 11, 21, 8, tzinfo=UTC)


def good(proof: Proof) -> Result:
    return Result(Verdict.MET, "installer", AT, "a name" if proof is Proof.NAME else "",
                  {"value": 1.0} if proof is Proof.VALUES else {},
                  ("aa" * 32,) if proof in (Proof.PICTURE, Proof.PHOTO) else ())  # fmt: skip


def whole(turns: bool = True) -> Record:
    record = Record("cam", turns)
    for item in record.items:
        record = record.found(item.code, good(item.proof))
    return record


def test_the_whole_way() -> None:
    record = whole()
    assert record.progress == (len(CHECKLIST), len(CHECKLIST))
    record = record.submitted("installer")
    with pytest.raises(CommissioningError, match="submitted"):
        record.found("overlay.text", good(Proof.TICK))
    record = record.sent_back("reviewer", (("picture.night", "reflections of the lamp"),))
    assert (record.state, list(record.missing)) == (State.SENT_BACK, ["picture.night"])
    with pytest.raises(CommissioningError, match=r"open: picture\.night"):
        record.submitted("installer")
    record = record.found("picture.night", good(Proof.PICTURE)).submitted("installer")
    record = record.accepted("reviewer", AT, {})
    assert (record.state, record.accepted_at, record.remarks) == (State.ACCEPTED, AT, ())
    for same in ("installer", "reviewer", " "):
        with pytest.raises(CommissioningError, match="another person"):
            record.sampled(same)
    assert record.sampled("third").state is State.SAMPLED


def test_nobody_accepts_his_own_work() -> None:
    record = whole().submitted("installer")
    for step in (
        lambda: record.accepted("installer", AT, {}),
        lambda: record.sent_back("installer", (("site.sign", "missing"),)),
    ):
        with pytest.raises(CommissioningError, match="another person"):
            step()


def test_a_failed_item_needs_a_ticket_before_acceptance() -> None:
    record = whole().found("overlay.clock", Result(Verdict.FAILED, "i", AT, "4 minutes slow"))
    record = record.submitted("i")
    assert record.failed == ("overlay.clock",)
    with pytest.raises(CommissioningError, match=r"ticket missing: overlay\.clock"):
        record.accepted("r", AT, {})
    assert record.accepted("r", AT, {"overlay.clock": "F-12"}).state is State.ACCEPTED


@pytest.mark.parametrize(
    ("code", "result", "problem"),
    [
        ("legal.purpose", Result(Verdict.MET, "i", AT), "name missing"),
        ("picture.day", Result(Verdict.MET, "i", AT), "picture missing"),
        ("overlay.clock", Result(Verdict.MET, "i", AT), "value missing"),
        ("site.sign", Result(Verdict.NOT_APPLICABLE, "i", AT, " "), "reason missing"),
        ("site.sign", Result(Verdict.FAILED, "i", AT), "reason missing"),
        ("site.sign", Result(Verdict.OPEN, "i", AT), "open"),
    ],
)
def test_what_is_no_result(code: str, result: Result, problem: str) -> None:
    record = whole().found(code, result)
    assert record.missing == {code: problem}


def test_a_fixed_camera_has_no_ptz_to_check() -> None:
    fixed = Record("cam", turns=False)
    assert not any(i.ptz_only for i in fixed.items)
    with pytest.raises(CommissioningError, match="no such item"):
        fixed.found("function.ptz", good(Proof.VALUES))
    assert len(fixed.missing) == len(fixed.items)


def test_the_baseline_tells_what_changed() -> None:
    accepted = {"width": 1920.0, "fps": 25.0, "bitrate_kbps": 4000.0, "gop_s": 2.0}
    assert not moved_from(accepted, {"width": 1920, "fps": 22.5, "bitrate_kbps": 2000})
    assert moved_from(accepted, {"width": 1280, "fps": 22.4, "ptz_stop_s": 9}) == {
        "width": (1920, 1280), "fps": (25, 22.4),
    }  # fmt: skip


def test_a_difference_that_two_measurements_of_one_camera_have_is_none() -> None:
    accepted = {"first_picture_s": 0.3, "ptz_stop_s": 0.4, "offset_s": 0.2, "borne": 4.0}
    assert not moved_from(accepted, {"first_picture_s": 0.9, "ptz_stop_s": 0.8, "offset_s": -3.0})
    # Sooner, and more, is no fault.
    assert not moved_from(
        {"first_picture_s": 4.0, "borne": 2.0}, {"first_picture_s": 0.2, "borne": 4}
    )
    assert moved_from(accepted, {"first_picture_s": 1.6, "ptz_stop_s": 2.0, "offset_s": 8, "borne": 1}) == {
        "first_picture_s": (0.3, 1.6), "ptz_stop_s": (0.4, 2.0), "offset_s": (0.2, 8), "borne": (4, 1),
    }  # fmt: skip


def test_the_baseline_holds_what_was_accepted_as_good() -> None:
    def measured(verdict: Verdict, **values: float | str) -> Result:
        return Result(verdict, "installer", AT, "slow", dict(values))

    record = Record("cam", True)
    record = record.found(
        "function.main_stream", measured(Verdict.MET, fps=25, codec="h264", width=1920)
    )
    record = record.found("overlay.clock", measured(Verdict.FAILED, offset_s=90))
    assert baseline_of(record) == {"function.main_stream": {"fps": 25.0, "width": 1920.0}}


def test_faults_of_items_that_failed_are_kept_in_any_state() -> None:
    failed = replace(good(Proof.PHOTO), verdict=Verdict.FAILED, note="behind a tree")
    record = whole().found("site.sign", failed).submitted("installer")
    assert record.unreported == ("site.sign",)
    with pytest.raises(CommissioningError, match="ticket missing"):
        record.accepted("reviewer", AT, {})
    told = record.reported({"site.sign": "#7", "site.cabinet": "#8", "nothing": "#9"})
    assert told.tickets == {"site.sign": "#7"}
    assert not told.unreported
    accepted = told.accepted("reviewer", AT, {})
    assert (accepted.state, accepted.tickets) == (State.ACCEPTED, {"site.sign": "#7"})


def entry(n: int, kind: Kind, author: str = "installer", **data: object) -> Entry:
    return Entry(Book.COMMISSIONING, "s", kind, author, "K1", data, "cam", at=AT, number=n,
                 id=f"e{n}")  # fmt: skip


def test_a_record_is_read_from_its_entries() -> None:
    entries = [entry(1, Kind.BEGUN, number=7, name="Gate", turns=False)]
    for item in Record("cam", False).items:
        r = good(item.proof)
        entries.append(
            entry(len(entries) + 1, Kind.RESULT, item=item.code, verdict=r.verdict, note=r.note,
                  values=dict(r.values), files=list(r.files))
        )  # fmt: skip
    n = len(entries)
    entries += [
        entry(n + 1, Kind.ACCEPTED, "reviewer"),  # nobody had submitted it: changes nothing
        entry(n + 2, Kind.SUBMITTED),
        entry(n + 3, Kind.RESULT, item="overlay.text", verdict="fail", note="too late"),
        entry(n + 4, Kind.SENT_BACK, "reviewer", remarks=[["site.sign", "crooked"]]),
        entry(n + 5, Kind.RESULT, item="site.sign", verdict="pass", files=["bb"]),
        entry(n + 6, Kind.RESULT, item="unreadable"),
        entry(n + 7, Kind.SUBMITTED),
        entry(n + 8, Kind.ACCEPTED, "reviewer"),
    ]
    record = record_of(reversed(entries))
    assert record is not None
    assert (record.state, record.number, record.name) == (State.ACCEPTED, "K1-000007", "Gate")
    assert (record.installer, record.reviewer) == ("installer", "reviewer")
    assert record.results["overlay.text"].verdict is Verdict.MET
    assert record.results["site.sign"].files == ("bb",)
    assert record_of(entries[1:]) is None
