"""The relay (MediaMTX): told which cameras to fetch, and whom to let go of.

A ticket's address carries the ticket's hash as its query, `?t=…`: the relay's list of sessions has
it, and so tells whose session it is. The hash opens nothing.

`requests` is imported where it is used: 7 MB that a server without a relay does without.
"""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from app.domain.permission import Permission
from app.server.access import Access, principal_of
from app.server.problem import Problem
from app.store.server_models import AccountRow, ConsoleRow, TokenRow

log = logging.getLogger("watchroom.server")
TIMEOUT_S = 5
PULSE_S, SWEEP_S = 0.5, 30.0
KINDS = ("rtspsessions", "rtspssessions", "webrtcsessions", "rtmpconns", "rtmpsconns", "srtconns")
PAGE = 500
QUERY = "t="


@dataclass(frozen=True, slots=True)
class Relay:
    """A MediaMTX that fetches each camera once. `secret`: with it, it asks us whom to let in."""

    public_url: str
    """What consoles open, as rtsps://relay.example:8322"""
    api_url: str
    """Its control API, reached by this server alone."""
    secret: str = field(repr=False)


def feed(relay: Relay, path: str, source: str, transport: str) -> None:
    """Have the relay fetch the camera when the first one asks; a relay that restarted is told anew.

    Raises Problem 503 `relay_down`.
    """
    import requests

    wanted = {"source": source, "sourceOnDemand": True, "rtspTransport": transport}
    base = f"{relay.api_url.rstrip('/')}/v3/config/paths"
    try:
        present = requests.get(f"{base}/get/{path}", timeout=TIMEOUT_S)
        if present.status_code == 404:
            answer = requests.post(f"{base}/add/{path}", json=wanted, timeout=TIMEOUT_S)
        elif present.json().get("source") != source:
            answer = requests.patch(f"{base}/patch/{path}", json=wanted, timeout=TIMEOUT_S)
        else:
            return
        answer.raise_for_status()
    except (requests.RequestException, ValueError):
        # Not chained: the exception's text may hold the address with the account.
        raise Problem(503, "relay_down", "The relay does not answer. Try again.") from None


class Sweeper:
    """Ends sessions of those who may not view any more: at once when rights change, and every
    half a minute. Each server process has one; ending twice does no harm."""

    def __init__(self, access: Access, relay: Relay) -> None:
        self._access, self._base = access, f"{relay.api_url.rstrip('/')}/v3"
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True, name="relay-sweeper")

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End; waits for what is under way."""
        self._stop.set()
        self._thread.join(2 * TIMEOUT_S)

    def _run(self) -> None:
        known, left = "", 0.0
        while not self._stop.is_set():
            try:
                with self._access.database.reading() as session:
                    now = self._access.rights_version(session)
                if now != known or left <= 0:
                    self.sweep()
                    known, left = now, SWEEP_S
            except Exception as error:
                # The database or the relay is away: once more in a moment. No text: see `feed`.
                log.warning("relay not swept: %s", type(error).__name__)
            left -= PULSE_S
            self._stop.wait(PULSE_S)

    def sweep(self) -> int:
        """End what may not go on; how many. Raises what the database and the relay raise."""
        import requests

        ended = 0
        for kind in KINDS:
            for item in self._sessions(kind):
                query, path = str(item.get("query") or ""), str(item.get("path") or "")
                if item.get("state") == "publish" or not path or self._may(query, path):
                    continue
                url = f"{self._base}/{kind}/kick/{item['id']}"
                answer = requests.post(url, timeout=TIMEOUT_S)
                if answer.status_code not in (200, 404):  # 404: it has ended by itself
                    answer.raise_for_status()
                log.info("relay session ended", extra={"fields": {"path": path}})
                ended += 1
        return ended

    def _sessions(self, kind: str) -> list[dict[str, Any]]:
        import requests

        found: list[dict[str, Any]] = []
        page = 0
        while True:
            answer = requests.get(
                f"{self._base}/{kind}/list", timeout=TIMEOUT_S,
                params={"page": page, "itemsPerPage": PAGE},
            )  # fmt: skip
            if answer.status_code == 404:  # this relay does not know the protocol, or it is off
                return found
            answer.raise_for_status()
            content = answer.json()
            found += content.get("items") or []
            page += 1
            if page >= int(content.get("pageCount") or 0):
                return found

    def _may(self, query: str, path: str) -> bool:
        camera_id = path.partition("/")[0]
        with self._access.database.reading() as session:
            found = session.execute(
                sa.select(TokenRow, AccountRow, ConsoleRow)
                .join(AccountRow, AccountRow.id == TokenRow.account_id)
                .outerjoin(ConsoleRow, ConsoleRow.id == TokenRow.console_id)
                .where(TokenRow.hash == query.removeprefix(QUERY), TokenRow.kind == "stream")
                .where(TokenRow.channel_id == camera_id, TokenRow.revoked_at.is_(None))
                .where(AccountRow.disabled_at.is_(None))
            ).first()
            if found is None or (found[2] is not None and found[2].revoked_at is not None):
                return False
            person = principal_of(found[1], found[0].console_id)
            return bool(self._access.decide(session, person, Permission.VIEW, camera_id))
