"""Who may do what with a camera: roles, grants with an end, and one function that decides.

What a role may do by itself it may do with the cameras of its own organisation and of those below
it. A grant gives more (or, as a deny, less) for a time. Deny wins. The server decides; the client
asks the same function so as not to offer what would be refused.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Permission(StrEnum):
    """What may be allowed for a camera."""

    VIEW = "view"
    CONTROL = "control"
    PLAYBACK = "playback"
    EXPORT = "export"
    COMMISSION = "commission"
    REPAIR = "repair"
    VERIFY = "verify"
    ADMINISTER = "administer"


class Role(StrEnum):
    """What a person is there for."""

    VIEWER = "viewer"
    OPERATOR = "operator"
    SUPERVISOR = "supervisor"
    COMMISSIONER = "commissioner"
    MAINTAINER = "maintainer"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"  # of an organisation and those below it
    SYSTEM = "system"  # makes organisations and their administrators; sees no camera


P = Permission
ROLE_PERMISSIONS: dict[str, frozenset[Permission]] = {
    Role.VIEWER: frozenset({P.VIEW}),
    Role.OPERATOR: frozenset({P.VIEW, P.CONTROL, P.PLAYBACK}),
    Role.SUPERVISOR: frozenset({P.VIEW, P.CONTROL, P.PLAYBACK, P.EXPORT, P.VERIFY}),
    Role.COMMISSIONER: frozenset({P.VIEW, P.CONTROL, P.COMMISSION}),
    Role.MAINTAINER: frozenset({P.VIEW, P.CONTROL, P.REPAIR}),
    Role.AUDITOR: frozenset(),
    Role.ADMINISTRATOR: frozenset({P.VIEW, P.ADMINISTER}),
    Role.SYSTEM: frozenset(),
}
"""What a role may do with its own organisation's cameras."""


class Duty(StrEnum):
    """What people who manage do. The server's table of rights and the client's screens read it."""

    ACCOUNTS = "accounts"
    ORGANISATIONS = "organisations"
    CONSOLES = "consoles"
    GROUPS = "groups"
    GRANTS = "grants"
    ASK = "ask"  # another organisation for its cameras
    DECIDE = "decide"  # about what others ask for
    STATISTICS = "statistics"
    AUDIT = "audit"
    AUDIT_EXPORT = "audit_export"  # it holds all organisations' entries


DUTIES: dict[Duty, frozenset[str]] = {
    Duty.ACCOUNTS: frozenset({Role.ADMINISTRATOR, Role.SYSTEM}),
    Duty.ORGANISATIONS: frozenset({Role.ADMINISTRATOR, Role.SYSTEM}),
    Duty.CONSOLES: frozenset({Role.ADMINISTRATOR}),
    Duty.GROUPS: frozenset({Role.ADMINISTRATOR}),
    Duty.GRANTS: frozenset({Role.ADMINISTRATOR}),
    Duty.ASK: frozenset({Role.ADMINISTRATOR, Role.SUPERVISOR}),
    Duty.DECIDE: frozenset({Role.ADMINISTRATOR}),
    Duty.STATISTICS: frozenset({Role.ADMINISTRATOR, Role.SUPERVISOR, Role.AUDITOR}),
    Duty.AUDIT: frozenset({Role.AUDITOR}),
    Duty.AUDIT_EXPORT: frozenset({Role.SYSTEM}),
}
"""Who has it for the own organisation and those below it."""

PICTURE = frozenset({P.CONTROL, P.PLAYBACK, P.EXPORT})
"""Permissions that are worth nothing to one who may not view."""


@dataclass(frozen=True, slots=True)
class Principal:
    """Who asks. `console_id` is "" where the sign-in came from no enrolled workstation."""

    user_id: str
    name: str
    organisation_id: str
    console_id: str
    roles: frozenset[str]

    def by_role(self, permission: Permission) -> bool:
        """Whether one of the roles has it."""
        return any(permission in ROLE_PERMISSIONS.get(role, ()) for role in self.roles)


class Effect(StrEnum):
    """What a grant does."""

    ALLOW = "allow"
    DENY = "deny"


class SubjectKind(StrEnum):
    """Whom a grant is for.

    An organisation's people get no more by it than their roles allow at home. A role is that of
    the camera's own people; a deny meets everybody who has the role.
    """

    ROLE = "role"
    USER = "user"
    ORGANISATION = "organisation"


class ObjectKind(StrEnum):
    """What a grant is about; an organisation means its cameras and those of all below it."""

    GROUP = "camera_group"
    CAMERA = "camera"
    ORGANISATION = "organisation"


@dataclass(frozen=True, slots=True)
class CameraFacts:
    """What decides about a camera. `organisation_ids`: its own first, then those above it."""

    camera_id: str
    organisation_ids: tuple[str, ...]
    group_ids: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Grant:
    """One grant. Times are aware UTC; it holds from `not_before` until just before `not_after`."""

    id: str
    subject_kind: SubjectKind
    subject_id: str
    object_kind: ObjectKind
    object_id: str
    permissions: frozenset[Permission]
    effect: Effect
    not_before: datetime
    not_after: datetime | None
    basis: str
    withdrawn_at: datetime | None = None

    def active(self, now: datetime) -> bool:
        """Whether it holds at that moment."""
        return (
            self.not_before <= now
            and (self.not_after is None or now < self.not_after)
            and (self.withdrawn_at is None or now < self.withdrawn_at)
        )

    def concerns(self, principal: Principal) -> bool:
        """Whether its subject is this person, one of the roles, or the organisation."""
        match self.subject_kind:
            case SubjectKind.USER:
                return self.subject_id == principal.user_id
            case SubjectKind.ROLE:
                return self.subject_id in principal.roles
            case SubjectKind.ORGANISATION:
                return self.subject_id == principal.organisation_id

    def covers(self, camera: CameraFacts) -> bool:
        """Whether the camera is, or is in, its object."""
        match self.object_kind:
            case ObjectKind.CAMERA:
                return self.object_id == camera.camera_id
            case ObjectKind.GROUP:
                return self.object_id in camera.group_ids
            case ObjectKind.ORGANISATION:
                return self.object_id in camera.organisation_ids


class Reason(StrEnum):
    """Why, for a person to read in their language."""

    ROLE = "role"
    GRANT = "grant"
    DENIED = "denied"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"
    NOT_YET = "not_yet"
    NO_RIGHT = "no_right"


@dataclass(frozen=True, slots=True)
class Decision:
    """The answer, why, and the grant that decided ("" for a role)."""

    allowed: bool
    reason: Reason
    grant_id: str = ""

    def __bool__(self) -> bool:
        return self.allowed


def allowed(
    principal: Principal,
    permission: Permission,
    camera: CameraFacts,
    grants: Iterable[Grant],
    now: datetime,
) -> Decision:
    """Whether this person may do this with this camera now. `now` is the server's, aware UTC."""
    concerning = [g for g in grants if g.concerns(principal) and g.covers(camera)]
    if permission in PICTURE:
        view = _decide(principal, Permission.VIEW, camera, concerning, now)
        if not view:
            return view
    return _decide(principal, permission, camera, concerning, now)


def _decide(
    principal: Principal,
    permission: Permission,
    camera: CameraFacts,
    concerning: list[Grant],
    now: datetime,
) -> Decision:
    own = principal.organisation_id in camera.organisation_ids
    by_role = principal.by_role(permission)
    grants = [g for g in concerning if permission in g.permissions]
    for grant in grants:
        if grant.effect is Effect.DENY and grant.active(now):
            return Decision(False, Reason.DENIED, grant.id)
    if own and by_role:
        return Decision(True, Reason.ROLE)
    past = Decision(False, Reason.NO_RIGHT)
    for grant in grants:
        if grant.effect is Effect.DENY or not _gives(grant.subject_kind, own, by_role):
            continue
        if grant.active(now):
            return Decision(True, Reason.GRANT, grant.id)
        if grant.withdrawn_at is not None and grant.withdrawn_at <= now:
            past = Decision(False, Reason.WITHDRAWN, grant.id)
        else:
            early = now < grant.not_before
            past = Decision(False, Reason.NOT_YET if early else Reason.EXPIRED, grant.id)
    return past


def _gives(kind: SubjectKind, own: bool, by_role: bool) -> bool:
    """Whether an allow that concerns a person gives that person anything (see `SubjectKind`)."""
    return {
        SubjectKind.USER: True,
        SubjectKind.ROLE: own,
        SubjectKind.ORGANISATION: by_role,
    }[kind]
