"""Records of people and an organisation's own lists: who may read and write them on a server."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy.orm import Session

from app.domain.inspection import Kind as InspectionKind
from app.domain.logbook import Book, Entry
from app.domain.people import WARN_DAYS, Record, RecordKind
from app.domain.permission import Principal, Role
from app.store.logbook import Logbook
from app.store.people import Guides, People
from app.store.server_models import AccountRow
from tests.sync.conftest import AT, FOREIGN, HOME, World, principal

LICENCE = Record(
    "李雷", RecordKind.QUALIFICATION, "licence", "118", date(2025, 1, 1), date(2027, 1, 1)
)


def who(user: str, name: str, role: str, organisation: str = HOME) -> Principal:
    made = principal(user, organisation, role)
    return Principal(made.user_id, name, organisation, "", frozenset({role}))


def account(session: Session, user: str, name: str, organisation: str = HOME) -> None:
    session.add(
        AccountRow(id=user, login=user, name=name, organisation_id=organisation, roles="operator",
                   password_hash="", created_at=AT)
    )  # fmt: skip


@pytest.fixture
def people(world: World) -> World:
    with world.database.writing() as session:
        for user, name in (("u1", "李雷"), ("u2", "韩梅"), ("u3", "赵敏")):
            account(session, user, name)
        account(session, "f1", "李雷", FOREIGN)
    return world


def test_records_are_read_by_overseers_and_by_whose_they_are(people: World) -> None:
    chief = people.console("chief", who("u3", "赵敏", Role.SUPERVISOR))
    records = People(chief.store)
    records.save(LICENCE)
    mei = records.save(Record("韩梅", RecordKind.TRAINING, "fire drill", hours=2))
    chief.round()
    assert not chief.store.conflicts()
    own = people.console("li", who("u1", "李雷", Role.OPERATOR))
    assert [r.title for r in People(own.store).records()] == ["licence"]
    # Somebody of the same name elsewhere, and an auditor here, read none of it.
    for name, user in (("f", who("f1", "李雷", Role.OPERATOR, FOREIGN)),
                       ("fs", who("f2", "钱多", Role.SUPERVISOR, FOREIGN)),
                       ("a", who("u9", "孙莉", Role.AUDITOR))):  # fmt: skip
        assert not People(people.console(name, user).store).records()
    admin = people.console("admin", who("u8", "周涛", Role.ADMINISTRATOR))
    assert len(People(admin.store).records()) == 2
    # What a supervisor takes out is gone everywhere, and comes back with “Undo”.
    records.remove([mei])
    chief.round()
    admin.round()
    assert [r.person for r in People(admin.store).records()] == ["李雷"]
    records.remove([mei], undo=True)
    chief.round()
    admin.round()
    assert len(People(admin.store).records()) == 2


def test_a_namesake_at_home_reads_nothing(people: World) -> None:
    chief = people.console("chief", who("u3", "赵敏", Role.SUPERVISOR))
    People(chief.store).save(LICENCE)
    chief.round()
    with people.database.writing() as session:
        account(session, "u4", "李雷")
    for user in ("u1", "u4"):
        console = people.console(user, who(user, "李雷", Role.OPERATOR))
        assert not People(console.store).records()


def test_an_operator_enters_what_they_practised_and_nothing_else(people: World) -> None:
    own = people.console("li", who("u1", "李雷", Role.OPERATOR))
    records = People(own.store)
    practice = Record("李雷", RecordKind.PRACTICE, "Practice: theft", issued_on=date(2026, 6, 1))
    identity = records.save(practice)
    own.round()
    assert not own.store.conflicts()
    for forbidden in (LICENCE, Record("韩梅", RecordKind.PRACTICE, "Practice: theft")):
        records.save(forbidden)
        own.round()
        assert own.store.conflicts()
    chief = people.console("chief", who("u3", "赵敏", Role.SUPERVISOR))
    assert [r.title for r in People(chief.store).records()] == ["Practice: theft"]
    # Nor is it made better afterwards.
    before = len(own.store.conflicts())
    records.save(Record("李雷", RecordKind.PRACTICE, "Practice: theft", result="6/6", id=identity))
    own.round()
    assert len(own.store.conflicts()) > before
    chief.round()
    assert [r.result for r in People(chief.store).records()] == [""]


def test_lists_are_written_by_overseers_for_their_own_organisation(people: World) -> None:
    chief = people.console("chief", who("u3", "赵敏", Role.SUPERVISOR))
    content = {"title": {"en": "Theft"}, "items": [{"id": "1", "en": "Look"}]}
    assert Guides(chief.store).add("card:theft", content, "赵敏", 1) == 2
    chief.round()
    own = people.console("li", who("u1", "李雷", Role.OPERATOR))
    current = Guides(own.store).current()["card:theft"]
    assert (current.version, current.author, current.content) == (2, "赵敏", content)
    foreign = people.console("f", who("f1", "李雷", Role.SUPERVISOR, FOREIGN))
    assert not Guides(foreign.store).current()
    Guides(own.store).add("card:theft", {"items": []}, "李雷", 2)
    own.round()
    assert own.store.conflicts()
    chief.round()
    assert Guides(chief.store).current()["card:theft"].version == 2


def test_the_days_of_warning_are_the_organisations(people: World) -> None:
    chief = people.console("chief", who("u3", "赵敏", Role.SUPERVISOR))
    own = people.console("li", who("u1", "李雷", Role.OPERATOR))
    foreign = people.console("f", who("f1", "李雷", Role.SUPERVISOR, FOREIGN))
    People(chief.store).set_warning([14, 90], "赵敏")
    for console in (chief, own, foreign):
        console.round()
    made = People(own.store).warning()
    assert (made.days, made.version, made.author) == ((90, 14), 1, "赵敏")
    assert People(foreign.store).warning().days == WARN_DAYS
    People(own.store).set_warning([5, 3], "李雷")  # not an operator's to say
    own.round()
    chief.round()
    assert own.store.conflicts()
    assert People(chief.store).warning().days == (90, 14)


def test_a_maintainer_inspects_on_site_and_the_desk_reads_it(people: World) -> None:
    fitter = people.console("fitter", who("u5", "吴刚", Role.MAINTAINER))
    subject = "01900000-0000-7000-8000-0000000000aa"
    Logbook(fitter.store).add(
        Entry(Book.INSPECTION, subject, InspectionKind.BEGUN, "吴刚", "巡检车",
              {"site": "s", "name": "广场", "cameras": [["c", "门"]], "items": [["lens", "镜头"]]})
    )  # fmt: skip
    fitter.round()
    assert not fitter.store.conflicts()
    desk = people.console("desk", who("u1", "李雷", Role.OPERATOR))
    made = Logbook(desk.store).inspection(subject)
    assert made is not None
    assert made.missing == (("c", "lens"),)
    assert Logbook(desk.store).inspected()[1] == {"s": subject}
