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

from app.domain.permission import DUTIES, ROLE_PERMISSIONS, Duty, Permission, Role


class Audience(StrEnum):
    """Who may call an endpoint at all."""

    EVERYBODY = "everybody"  # no sign-in; a code, a password or a secret is in the request
    ROLES = "roles"  # who has a role of the line


NONE: frozenset[str] = frozenset()
ALL: frozenset[str] = frozenset(Role)
VIEWERS = ALL - {Role.AUDITOR, Role.SYSTEM}
SYSTEM = frozenset({Role.SYSTEM})
ASKERS = DUTIES[Duty.ASK]
CONTROLLERS = frozenset(r for r, p in ROLE_PERMISSIONS.items() if Permission.CONTROL in p)


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
    "PUT /api/me/console/sealing-key": Right(own=ALL),
    "POST /api/me/console/people": Right(own=ALL),
    # accounts and workstations
    "GET /api/accounts": Right(own=DUTIES[Duty.ACCOUNTS], granted=SYSTEM, foreign=SYSTEM),
    "POST /api/accounts": Right(own=DUTIES[Duty.ACCOUNTS], granted=SYSTEM, foreign=SYSTEM),
    "PATCH /api/accounts/{account_id}": Right(
        own=DUTIES[Duty.ACCOUNTS], granted=SYSTEM, foreign=SYSTEM
    ),
    "POST /api/consoles": OPEN,
    "POST /api/consoles/codes": Right(own=DUTIES[Duty.CONSOLES]),
    "GET /api/consoles": Right(own=DUTIES[Duty.CONSOLES]),
    "DELETE /api/consoles/{console_id}": Right(own=DUTIES[Duty.CONSOLES]),
    # organisations: their names are no secret among those who share cameras
    "GET /api/organisations": Right(own=ALL, granted=ALL, foreign=ALL),
    "POST /api/organisations": Right(
        own=DUTIES[Duty.ORGANISATIONS], granted=SYSTEM, foreign=SYSTEM
    ),
    # cameras
    "GET /api/cameras": Right(own=VIEWERS, granted=VIEWERS, permission=Permission.VIEW),
    "GET /api/cameras/{camera_id}": Right(own=VIEWERS, granted=VIEWERS, permission=Permission.VIEW),
    "GET /api/shared-cameras": Right(granted=VIEWERS, permission=Permission.VIEW),
    "POST /api/cameras/{camera_id}/address": Right(
        own=VIEWERS, granted=VIEWERS, permission=Permission.VIEW
    ),
    "POST /api/addresses": Right(own=VIEWERS, granted=VIEWERS, permission=Permission.VIEW),
    "PUT /api/cameras/{camera_id}/account": Right(
        own=frozenset({Role.COMMISSIONER}),
        granted=frozenset({Role.COMMISSIONER}),
        permission=Permission.COMMISSION,
    ),
    # who steers a camera that turns
    "GET /api/control": Right(own=CONTROLLERS, granted=CONTROLLERS, permission=Permission.CONTROL),
    "GET /api/control/owed": Right(
        own=CONTROLLERS, granted=CONTROLLERS, permission=Permission.CONTROL
    ),
    "POST /api/cameras/{camera_id}/control": Right(
        own=CONTROLLERS, granted=CONTROLLERS, permission=Permission.CONTROL
    ),
    "GET /api/cameras/{camera_id}/control/log": Right(
        own=CONTROLLERS, granted=CONTROLLERS, permission=Permission.CONTROL
    ),
    "GET /api/accounts/{account_id}/control-priority": Right(
        own=DUTIES[Duty.ACCOUNTS], granted=SYSTEM, foreign=SYSTEM
    ),
    "PUT /api/accounts/{account_id}/control-priority": Right(
        own=DUTIES[Duty.ACCOUNTS], granted=SYSTEM, foreign=SYSTEM
    ),
    "POST /api/relay/authorise": OPEN,  # with the relay's secret and a stream token
    # groups and grants; a group's name and size are seen by those who may ask for it, organisation
    # by organisation; which cameras are in it, by its owner's administrators alone
    "GET /api/groups": Right(own=ASKERS, granted=ASKERS, foreign=ASKERS),
    "POST /api/groups": Right(own=DUTIES[Duty.GROUPS]),
    "GET /api/groups/{group_id}/cameras": Right(own=DUTIES[Duty.GROUPS]),
    "PUT /api/groups/{group_id}/cameras": Right(own=DUTIES[Duty.GROUPS]),
    "DELETE /api/groups/{group_id}": Right(own=DUTIES[Duty.GROUPS]),
    "GET /api/grants": Right(own=DUTIES[Duty.GRANTS]),
    "POST /api/grants": Right(own=DUTIES[Duty.GRANTS]),
    "POST /api/grants/{grant_id}/withdrawal": Right(own=DUTIES[Duty.GRANTS]),
    # sharing: ask for what is another's, decide about what is one's own
    "GET /api/shares": Right(own=ASKERS),
    "POST /api/shares": Right(granted=ASKERS, foreign=ASKERS),
    "POST /api/shares/{share_id}/decision": Right(own=DUTIES[Duty.DECIDE]),
    "POST /api/shares/{share_id}/withdrawal": Right(own=DUTIES[Duty.DECIDE]),
    "GET /api/shares/{share_id}/uses": Right(own=DUTIES[Duty.DECIDE]),
    "POST /api/shares/{share_id}/cancellation": Right(own=ASKERS),
    "GET /api/shares/statistics": Right(own=DUTIES[Duty.STATISTICS]),
    # audit
    "POST /api/audit/entries": Right(own=ALL),
    "GET /api/audit": Right(own=DUTIES[Duty.AUDIT]),
    "GET /api/audit/verification": Right(own=DUTIES[Duty.AUDIT]),
    "GET /api/audit/export": Right(own=DUTIES[Duty.AUDIT_EXPORT]),
}
"""Method and path to the line; what is missing here answers to nobody."""

WITH_ONE_TIME_PASSWORD = frozenset({"GET /api/me", "PUT /api/me/password", "DELETE /api/session"})
"""All that is left to one whose password was set by somebody else, until there is a new one."""
