"""What each role may do: every endpoint, in one table. The code obeys it and the tests read it.

The three columns say whose the thing is that the request is about: of the person's own
organisation or one below it, of another organisation that granted it, or of one that did not.
Where a line names a permission, the thing is a camera, and grants decide as
`app/domain/permission.py` says; the columns then tell what comes out of that when *everything* is
granted to the organisation. What is not one organisation's (one's own account, say) is "own".
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from app.domain.permission import Permission, Role


class Audience(StrEnum):
    """Who may call an endpoint at all."""

    EVERYBODY = "everybody"  # no sign-in; a code, a password or a secret is in the request
    ROLES = "roles"  # who has a role of the line


NONE: frozenset[str] = frozenset()
ALL: frozenset[str] = frozenset(Role)
VIEWERS = ALL - {Role.AUDITOR, Role.SYSTEM}
ADMINISTRATORS = frozenset({Role.ADMINISTRATOR})
SYSTEM = frozenset({Role.SYSTEM})
SHARERS = frozenset({Role.ADMINISTRATOR, Role.SUPERVISOR})
AUDITORS = frozenset({Role.AUDITOR})


@dataclass(frozen=True, slots=True)
class Right:
    """One line of the table."""

    own: frozenset[str] = NONE
    granted: frozenset[str] = NONE
    foreign: frozenset[str] = NONE
    permission: Permission | None = None
    audience: Audience = Audience.ROLES

    @property
    def roles(self) -> frozenset[str]:
        """Those who may call it for something."""
        return self.own | self.granted | self.foreign


OPEN = Right(audience=Audience.EVERYBODY)

RIGHTS: dict[str, Right] = {
    "GET /health": OPEN,
    "GET /metrics": OPEN,  # with the token of the settings, or from this machine
    "GET /openapi.json": OPEN,
    # signing in
    "POST /api/setup": OPEN,
    "POST /api/session/challenge": OPEN,
    "POST /api/session": OPEN,
    "POST /api/session/refresh": OPEN,
    "DELETE /api/session": Right(own=ALL),
    "GET /api/me": Right(own=ALL),
    "PUT /api/me/password": Right(own=ALL),
    # accounts and workstations
    "GET /api/accounts": Right(own=ADMINISTRATORS | SYSTEM, granted=SYSTEM, foreign=SYSTEM),
    "POST /api/accounts": Right(own=ADMINISTRATORS | SYSTEM, granted=SYSTEM, foreign=SYSTEM),
    "PATCH /api/accounts/{account_id}": Right(
        own=ADMINISTRATORS | SYSTEM, granted=SYSTEM, foreign=SYSTEM
    ),
    "POST /api/consoles": OPEN,
    "POST /api/consoles/codes": Right(own=ADMINISTRATORS),
    "GET /api/consoles": Right(own=ADMINISTRATORS),
    "DELETE /api/consoles/{console_id}": Right(own=ADMINISTRATORS),
    # organisations: their names are no secret among those who share cameras
    "GET /api/organisations": Right(own=ALL, granted=ALL, foreign=ALL),
    "POST /api/organisations": Right(own=ADMINISTRATORS | SYSTEM, granted=SYSTEM, foreign=SYSTEM),
    # cameras
    "GET /api/cameras": Right(own=VIEWERS, granted=VIEWERS, permission=Permission.VIEW),
    "GET /api/cameras/{camera_id}": Right(own=VIEWERS, granted=VIEWERS, permission=Permission.VIEW),
    "POST /api/cameras/{camera_id}/address": Right(
        own=VIEWERS, granted=VIEWERS, permission=Permission.VIEW
    ),
    "PUT /api/cameras/{camera_id}/account": Right(
        own=frozenset({Role.COMMISSIONER}),
        granted=frozenset({Role.COMMISSIONER}),
        permission=Permission.COMMISSION,
    ),
    "POST /api/relay/authorise": OPEN,  # with the relay's secret and a stream token
    # groups and grants; a group's name is seen by those who may ask for it
    "GET /api/groups": Right(own=SHARERS, granted=SHARERS, foreign=SHARERS),
    "POST /api/groups": Right(own=ADMINISTRATORS),
    "PUT /api/groups/{group_id}/cameras": Right(own=ADMINISTRATORS),
    "DELETE /api/groups/{group_id}": Right(own=ADMINISTRATORS),
    "GET /api/grants": Right(own=ADMINISTRATORS),
    "POST /api/grants": Right(own=ADMINISTRATORS),
    "POST /api/grants/{grant_id}/withdrawal": Right(own=ADMINISTRATORS),
    # sharing: ask for what is another's, decide about what is one's own
    "GET /api/shares": Right(own=SHARERS),
    "POST /api/shares": Right(granted=SHARERS, foreign=SHARERS),
    "POST /api/shares/{share_id}/decision": Right(own=ADMINISTRATORS),
    "POST /api/shares/{share_id}/withdrawal": Right(own=ADMINISTRATORS),
    "POST /api/shares/{share_id}/cancellation": Right(own=SHARERS),
    "GET /api/shares/statistics": Right(own=SHARERS | AUDITORS),
    # audit
    "POST /api/audit/entries": Right(own=ALL),
    "GET /api/audit": Right(own=AUDITORS),
    "GET /api/audit/export": Right(own=SYSTEM),  # it holds all organisations' entries
}
"""Method and path to the line; what is missing here answers to nobody."""
