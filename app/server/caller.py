"""What every endpoint starts with: who calls, and whether the table of rights lets it happen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends, Query, Request
from sqlalchemy.orm import Session

from app.domain.permission import Decision, Principal
from app.server import audit
from app.server.access import Access, above
from app.server.database import Database
from app.server.problem import Problem
from app.server.rights import RIGHTS, Audience, Right

MAX_PAGE = 500


@dataclass(frozen=True, slots=True)
class Caller:
    """A request with the person behind it (`audit.NOBODY` where no sign-in is needed)."""

    principal: Principal
    right: Right
    access: Access
    address: str
    family: str = ""

    @property
    def database(self) -> Database:
        """The server's."""
        return self.access.database

    def need_organisation(self, session: Session, organisation_id: str) -> None:
        """Go on only if the line allows it for a thing of that organisation.

        Raises Problem 404 `not_found`, as for what does not exist: ids must not be probed.
        """
        own = self.principal.organisation_id in above(session, organisation_id)
        column = self.right.own if own else self.right.foreign
        if not self.principal.roles & column:
            raise not_found()

    def need_camera(self, session: Session, camera_id: str) -> Decision:
        """Go on only if the line's permission is given for that camera now.

        Raises Problem 404 `not_found` where the person may not even know of it (see above), and
        403 `not_permitted` with the reason where a grant once gave, will give or denies it.
        """
        assert self.right.permission is not None
        decision = self.access.decide(session, self.principal, self.right.permission, camera_id)
        if decision is None or (not decision and not decision.grant_id):
            raise not_found()
        if not decision:
            raise Problem(
                403, "not_permitted", f"You may not do this: {decision.reason}.",
                reason=decision.reason.value, permission=self.right.permission.value,
            )  # fmt: skip
        return decision

    def note(self, session: Session, action: str, about: str = "", **more: Any) -> None:
        """Add to the audit log; last in the transaction."""
        audit.note(
            session, self.access.now(), self.principal, action, about, address=self.address, **more
        )


def not_found() -> Problem:
    """The answer for what does not exist, and for what this person may not know of."""
    return Problem(404, "not_found", "There is no such thing, or it is not yours to see.")


def address_of(request: Request) -> str:
    """The caller's address; behind a proxy that uvicorn trusts, the one it forwards."""
    return request.client.host if request.client else ""


def caller(request: Request) -> Caller:
    """The dependency of every endpoint: 401 without a sign-in, 403 without a role of the line."""
    access: Access = request.app.state.access
    right = RIGHTS[f"{request.method} {request.scope['route'].path}"]
    if right.audience is Audience.EVERYBODY:
        return Caller(audit.NOBODY, right, access, address_of(request))
    principal = access.principal(request)
    request.app.state.limits.count_account(principal.user_id)
    if right.permission is None and not principal.roles & right.roles:
        raise Problem(403, "no_role", "None of your roles may do this.")
    return Caller(principal, right, access, address_of(request), request.state.family)


Who = Annotated[Caller, Depends(caller)]
Limit = Annotated[int, Query(ge=1, le=MAX_PAGE, description=f"rows a page, at most {MAX_PAGE}")]
After = Annotated[str, Query(max_length=100, description="`next` of the page before")]
