"""The cut of the feed is the rule of the domain, for any set of grants, on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pytest
import sqlalchemy as sa

from app.domain.permission import (
    Effect,
    ObjectKind,
    Permission,
    Principal,
    Role,
    SubjectKind,
    allowed,
)
from app.server.access import Access
from app.server.database import Database, stamp
from app.store.database import connect, migrate
from app.store.models import ChannelRow, DeviceRow, OrganisationRow, PositionRow, SiteRow
from app.store.server_models import CameraGroupMemberRow, CameraGroupRow, GrantRow
from tests.postgres import Postgres

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
ORGANISATIONS = {"county": None, "north": "county", "south": "county", "city": None}


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'server.sqlite'}"
    else:
        postgres: Postgres = request.getfixturevalue("postgres")
        url = postgres.database()
        engine = connect(url)
        migrate(engine, None)
        engine.dispose()
    opened = Database(url)
    yield opened
    opened.close()


def _fill(database: Database) -> None:
    at = stamp(NOW)
    with database.writing() as session:
        for name, parent in ORGANISATIONS.items():
            session.add(OrganisationRow(id=name, name=name, parent_id=parent, updated_at=at))
            session.flush()
            session.add(SiteRow(id=f"s-{name}", organisation_id=name, name="s", updated_at=at))
            session.flush()
            session.add(PositionRow(id=f"p-{name}", site_id=f"s-{name}", updated_at=at))
            session.flush()
            session.add(DeviceRow(id=f"d-{name}", position_id=f"p-{name}", updated_at=at))
            session.flush()
            for n in range(3):
                session.add(
                    ChannelRow(
                        id=f"{name}{n}", device_id=f"d-{name}", site_id=f"s-{name}", name="c",
                        updated_at=at,
                    )
                )  # fmt: skip
        session.flush()
        for group, members in {"ga": ["north0", "city1"], "gb": ["south2"]}.items():
            session.add(CameraGroupRow(id=group, organisation_id="county", name=group))
            session.flush()
            session.add_all(CameraGroupMemberRow(group_id=group, channel_id=m) for m in members)


def _random_grant(random: Random, number: int) -> GrantRow:
    subject = random.choice(list(SubjectKind))
    about = random.choice(list(ObjectKind))
    begin = NOW + timedelta(hours=random.choice([-3, -2, 0, 1]))
    withdrawn = random.random() < 0.2
    return GrantRow(
        id=f"g{number:02}",
        organisation_id="county",
        subject_kind=subject,
        subject_id={
            SubjectKind.USER: random.choice(["ann", "bob"]),
            SubjectKind.ROLE: random.choice(["viewer", "operator", "maintainer"]),
            SubjectKind.ORGANISATION: random.choice(list(ORGANISATIONS)),
        }[subject],
        object_kind=about,
        object_id={
            ObjectKind.CAMERA: random.choice(list(ORGANISATIONS)) + random.choice("012"),
            ObjectKind.GROUP: random.choice(["ga", "gb"]),
            ObjectKind.ORGANISATION: random.choice(list(ORGANISATIONS)),
        }[about],
        permissions=" ".join(random.sample(["view", "control", "export"], 2)),
        effect=random.choice([Effect.ALLOW, Effect.ALLOW, Effect.DENY]),
        not_before=stamp(begin),
        not_after=random.choice([None, stamp(begin + timedelta(hours=2))]),
        basis="case",
        created_by="x",
        created_at=stamp(NOW),
        withdrawn_at=stamp(NOW - timedelta(minutes=random.choice([-5, 5]))) if withdrawn else None,
    )


def test_the_feed_shows_what_the_rule_allows_and_nothing_else(database: Database) -> None:
    _fill(database)
    access, random = Access(database, lambda: NOW), Random(4)
    seen = 0
    for _ in range(150):
        with database.writing() as session:
            session.execute(sa.delete(GrantRow))
            session.add_all(_random_grant(random, n) for n in range(random.randint(0, 8)))
        roles = frozenset(random.sample(list(Role), random.randint(0, 2)))
        who = Principal("ann", "Ann", random.choice(list(ORGANISATIONS)), "", roles)
        with database.reading() as session:
            grants = access.grants(session, who)
            for permission in (Permission.VIEW, Permission.EXPORT):
                if permission is Permission.VIEW:
                    query = access.visible_cameras(session, who, NOW)
                else:
                    query = access.cameras_with(session, who, permission, NOW)
                expected = set()
                for camera in (f"{o}{n}" for o in ORGANISATIONS for n in range(3)):
                    facts = access.camera(session, camera)
                    assert facts is not None
                    if allowed(who, permission, facts, grants, NOW):
                        expected.add(camera)
                assert set(session.scalars(query)) == expected, (who, grants)
                seen += len(expected)
    assert seen > 200, "the random histories granted next to nothing: this test shows nothing"


def test_the_token_changes_when_what_may_be_seen_can_have_changed(database: Database) -> None:
    _fill(database)
    access = Access(database, lambda: NOW)
    ann = Principal("ann", "Ann", "city", "", frozenset({"viewer"}))

    def token(at: datetime = NOW) -> str:
        with database.reading() as session:
            return access.changed_grants_since(session, ann, "", at).token

    tokens = [token()]
    with database.writing() as session:
        session.add(
            GrantRow(
                id="g", organisation_id="county", subject_kind="organisation", subject_id="city",
                object_kind="camera_group", object_id="ga", permissions="view", effect="allow",
                not_before=stamp(NOW), not_after=stamp(NOW + timedelta(hours=1)), basis="b",
                created_by="x", created_at=stamp(NOW),
            )
        )  # fmt: skip
    tokens.append(token())
    assert token(NOW + timedelta(minutes=59)) == tokens[-1]
    assert token(NOW + timedelta(minutes=60)) == tokens[0], "it ended by itself"
    with database.writing() as session:
        session.execute(sa.update(CameraGroupRow).where(CameraGroupRow.id == "ga").values(rev=2))
    tokens.append(token())
    with database.reading() as session:
        assert not access.changed_grants_since(session, ann, tokens[-1], NOW).changed
        assert access.changed_grants_since(session, ann, tokens[0], NOW).changed
    assert len(set(tokens)) == 3
