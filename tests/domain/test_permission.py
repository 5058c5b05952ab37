"""Who may do what: the rule itself."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from app.domain.permission import (
    ROLE_PERMISSIONS,
    CameraFacts,
    Effect,
    Grant,
    ObjectKind,
    Permission,
    Principal,
    Reason,
    Role,
    SubjectKind,
    allowed,
)

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
CAMERA = CameraFacts("cam", ("station", "county"), frozenset({"gates"}))


def person(organisation: str, *roles: str) -> Principal:
    return Principal("ann", "Ann", organisation, "", frozenset(roles))


def grant(
    subject: tuple[str, str] = ("organisation", "elsewhere"),
    about: tuple[str, str] = ("camera", "cam"),
    *permissions: Permission,
    effect: Effect = Effect.ALLOW,
    begin: datetime = NOW - HOUR,
    end: datetime | None = NOW + HOUR,
    withdrawn: datetime | None = None,
) -> Grant:
    return Grant(
        "g", SubjectKind(subject[0]), subject[1], ObjectKind(about[0]), about[1],
        frozenset(permissions or Permission), effect, begin, end, "case 7", withdrawn,
    )  # fmt: skip


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("permission", Permission)
def test_a_role_counts_at_home_and_below_only(role: Role, permission: Permission) -> None:
    may = permission in ROLE_PERMISSIONS[role]
    for home in ("station", "county"):
        assert bool(allowed(person(home, role), permission, CAMERA, [], NOW)) is may
    answer = allowed(person("elsewhere", role), permission, CAMERA, [], NOW)
    assert (answer.allowed, answer.reason) == (False, Reason.NO_RIGHT)


def test_a_shared_camera_gives_no_more_than_the_role_allows_at_home() -> None:
    grants = [grant()]
    operator, viewer = person("elsewhere", "operator"), person("elsewhere", "viewer")
    assert allowed(operator, Permission.CONTROL, CAMERA, grants, NOW).reason is Reason.GRANT
    assert not allowed(viewer, Permission.CONTROL, CAMERA, grants, NOW)
    assert not allowed(operator, Permission.EXPORT, CAMERA, grants, NOW)
    personal = [grant(("user", "ann"))]
    assert allowed(viewer, Permission.EXPORT, CAMERA, personal, NOW)


@pytest.mark.parametrize("about", [("camera_group", "gates"), ("organisation", "county")])
def test_a_grant_covers_what_is_in_its_object(about: tuple[str, str]) -> None:
    ann = person("elsewhere", "viewer")
    assert allowed(ann, Permission.VIEW, CAMERA, [grant(about=about)], NOW)
    other = CameraFacts("cam2", ("elsewhere2",))
    assert not allowed(ann, Permission.VIEW, other, [grant(about=about)], NOW)


def test_the_end_is_the_first_moment_without_it() -> None:
    ann, grants = person("elsewhere", "viewer"), [grant()]
    last = NOW + HOUR - timedelta(microseconds=1)
    assert allowed(ann, Permission.VIEW, CAMERA, grants, last)
    assert allowed(ann, Permission.VIEW, CAMERA, grants, NOW + HOUR).reason is Reason.EXPIRED
    early = allowed(ann, Permission.VIEW, CAMERA, grants, NOW - 2 * HOUR)
    assert early.reason is Reason.NOT_YET
    gone = [grant(withdrawn=NOW)]
    assert allowed(ann, Permission.VIEW, CAMERA, gone, NOW).reason is Reason.WITHDRAWN


def test_deny_wins_whatever_else_is_granted() -> None:
    ann = person("station", "supervisor")
    deny = grant(("user", "ann"), ("camera_group", "gates"), Permission.EXPORT, effect=Effect.DENY)
    everything = [grant(("user", "ann")), deny, grant(("role", "supervisor"))]
    answer = allowed(ann, Permission.EXPORT, CAMERA, everything, NOW)
    assert (answer.allowed, answer.reason, answer.grant_id) == (False, Reason.DENIED, "g")
    assert allowed(ann, Permission.PLAYBACK, CAMERA, everything, NOW)
    assert allowed(ann, Permission.EXPORT, CAMERA, everything, NOW + 2 * HOUR), "the deny ended"


def test_who_may_not_view_may_not_steer_or_take_pictures() -> None:
    deny = [grant(("role", "supervisor"), ("camera", "cam"), Permission.VIEW, effect=Effect.DENY)]
    ann = person("station", "supervisor")
    for permission in (Permission.CONTROL, Permission.PLAYBACK, Permission.EXPORT):
        assert allowed(ann, permission, CAMERA, deny, NOW).reason is Reason.DENIED


def test_a_role_elsewhere_is_not_the_role_here() -> None:
    gift = [grant(("role", "viewer"), ("camera", "cam"), Permission.EXPORT, Permission.VIEW)]
    assert allowed(person("station", "viewer"), Permission.EXPORT, CAMERA, gift, NOW)
    assert not allowed(person("elsewhere", "viewer"), Permission.EXPORT, CAMERA, gift, NOW)
