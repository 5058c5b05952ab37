"""The control lock on a server: two organisations, one camera, several processes."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from app.server.database import Database
from tests.server.conftest import BOTH, Client, Clock, Server, World, code_of


class Street:
    """A camera of A; B was granted everything. One operator each, and A's supervisor."""

    def __init__(self, server: Server, world: World) -> None:
        self.server, self.world = server, world
        self.home, self.guest = world.organisation("市局"), world.organisation("分局")
        self.camera = world.camera(self.home)
        world.grant(self.home, ("camera", self.camera), ("organisation", self.guest))
        self.owner = self.person(self.home, "operator")
        self.visitor = self.person(self.guest, "operator")
        self.chief = self.person(self.home, "supervisor")

    def person(self, organisation: str, *roles: str) -> Client:
        login = self.world.person(organisation, *roles)
        return self.server.client(self.world.tokens(login, self.world.console(organisation)))

    def do(self, who: Client, want: str, **more: Any) -> Any:
        return who.post(f"/api/cameras/{self.camera}/control", {"want": want, **more})

    def refused(self, who: Client, want: str, **more: Any) -> str:
        path = f"/api/cameras/{self.camera}/control"
        return code_of(who.call("POST", path, {"want": want, **more}))

    def look(self, who: Client, rev: int = -1, wait: float = 0.0) -> Any:
        items = who.get("/api/control", seen=f"{self.camera}:{rev}", wait=wait)["items"]
        return items[0] if items else None

    def log(self, who: Client) -> list[str]:
        items = who.get(f"/api/cameras/{self.camera}/control/log")["items"]
        return [f"{i['event']}: {i['who']['organisation']}" for i in reversed(items)]


@pytest.fixture
def street(server: Server, world: World) -> Street:
    return Street(server, world)


@BOTH
def test_holder_organisation_priority_and_seconds_left_are_told(street: Street) -> None:
    assert street.look(street.visitor)["holder"] is None
    said = street.do(street.visitor, "move")
    assert said["mine"]
    assert said["seconds_left"] == pytest.approx(15, abs=1)
    seen = street.look(street.owner)
    assert not seen["mine"]
    assert seen["holder"]["organisation"] == "分局"
    assert seen["holder"]["priority"] == 40
    assert seen["my_priority"] == 70
    assert street.do(street.owner, "move")["mine"] is False


@BOTH
def test_asked_for_kept_given_back_and_passed_on_all_logged(street: Street) -> None:
    street.do(street.owner, "move")
    assert street.refused(street.visitor, "take over", why="a fight") == "priority_too_low"
    street.do(street.visitor, "ask", why="a fight")
    seen = street.look(street.owner)
    assert seen["asker"]["organisation"] == "分局"
    assert seen["asked_why"] == "a fight"
    began = time.monotonic()
    street.do(street.owner, "keep", seconds=30)
    kept = street.look(street.visitor)["kept_s"]
    assert 29 - (time.monotonic() - began) <= kept <= 30
    street.do(street.owner, "give back")
    assert street.look(street.visitor)["mine"]
    assert street.log(street.owner) == [
        "control taken: 市局", "control asked for: 分局", "control kept: 市局",
        "control given back: 市局", "control passed on: 分局",
    ]  # fmt: skip
    auditor = street.person(street.home, "auditor")
    items = auditor.get("/api/audit", object=street.camera)["items"]
    noted = {json.loads(i["content"])["action"] for i in items}
    assert {"control taken", "control asked for", "control given back"} <= noted


@BOTH
def test_a_higher_priority_takes_over_and_the_displaced_is_told_why(street: Street) -> None:
    street.do(street.visitor, "move")
    assert street.refused(street.owner, "take over") == "reason_missing"
    rev = street.look(street.visitor)["rev"]
    heard: list[Any] = []

    def wait() -> None:
        heard.append(street.look(street.visitor, rev, 20))

    thread = threading.Thread(target=wait)
    thread.start()
    time.sleep(0.3)  # it waits by now, or hears it at once
    began = time.monotonic()
    street.do(street.owner, "take over", why="a fight at gate 3")
    thread.join(30)
    (told,) = heard
    assert time.monotonic() - began < 12, "told at once, not at the end of what it waits for"
    assert told["was_mine"]
    assert not told["mine"]
    assert told["ended"] == "control taken over"
    assert told["ended_why"] == "a fight at gate 3"
    assert told["holder"]["organisation"] == "市局"


@BOTH
def test_it_runs_out_by_the_servers_clock_and_that_is_logged(street: Street, clock: Clock) -> None:
    street.do(street.owner, "move")
    clock.ahead = timedelta(seconds=16)
    assert street.look(street.visitor)["holder"] is None
    assert street.log(street.owner)[-1] == "control expired: 市局"
    assert street.do(street.visitor, "move")["mine"]


@BOTH
def test_who_may_no_longer_steer_is_told_at_the_next_look(street: Street, world: World) -> None:
    assert street.do(street.visitor, "move")["mine"]
    world.grant(street.home, ("camera", street.camera), ("organisation", street.guest),
                effect="deny")  # fmt: skip
    assert street.look(street.visitor) is None
    path = f"/api/cameras/{street.camera}/control"
    assert street.visitor.call("POST", path, {"want": "move"}).status_code == 403


@BOTH
def test_of_many_at_once_at_two_processes_one_gets_it(
    street: Street, serve: Callable[..., Server], database: Database
) -> None:
    second = serve()
    people = [street.person(street.home, "operator") for _ in range(6)]
    for i, person in enumerate(people):
        person.url = second.url if i % 2 else person.url
    ready, said = threading.Barrier(len(people)), list[bool]()

    def move(person: Client) -> None:
        ready.wait(10)
        said.append(street.do(person, "move")["mine"])

    threads = [threading.Thread(target=move, args=(p,)) for p in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(said) == [False] * 5 + [True]
    assert street.log(street.owner) == ["control taken: 市局"]
    # A watcher at the one process hears what happens at the other.
    winner = next(p for p in people if street.look(p)["mine"])
    winner.url = second.url
    rev = street.look(street.owner)["rev"]
    threading.Timer(0.3, lambda: street.do(winner, "give back")).start()
    began = time.monotonic()
    assert street.look(street.owner, rev, 20)["holder"] is None
    assert time.monotonic() - began < 12, "heard at once, not at the end of what it waits for"


def test_a_stated_priority_counts_instead_of_the_roles(street: Street, world: World) -> None:
    login = world.person(street.guest, "operator")
    client = street.server.client(world.tokens(login, world.console(street.guest)))
    administrator = street.person(street.guest, "administrator")
    path = f"/api/accounts/{world.account_id(login)}/control-priority"
    administrator.call("PUT", path, {"priority": 95})
    assert administrator.get(path)["priority"] == 95
    street.do(street.chief, "move")
    assert street.do(client, "take over", why="a chase")["mine"]
    assert administrator.call("PUT", path, {"priority": 0}).status_code == 422
    administrator.call("PUT", path, {"priority": None})
    assert administrator.get(path)["priority"] is None


def test_the_answer_to_a_first_move_can_take_less_than_50_ms(street: Street) -> None:
    street.do(street.owner, "move")
    taken = [1.0]
    for turn in range(200):
        if turn >= 20 and min(taken) < 0.05:
            break
        street.do(street.owner, "give back")
        began = time.perf_counter()
        street.do(street.owner, "move")
        taken.append(time.perf_counter() - began)
    assert min(taken) < 0.05, taken  # the best: others work on this machine too


@BOTH
def test_the_way_back_of_a_console_that_is_gone_is_one_others_and_gives_way(
    street: Street, clock: Clock, world: World
) -> None:
    def owed(who: Client) -> list[tuple[str, str]]:
        return [(i["camera_id"], i["back"]) for i in who.get("/api/control/owed")["items"]]

    street.do(street.visitor, "move", back="home")
    assert owed(street.owner) == []
    clock.ahead = timedelta(seconds=16)
    assert owed(street.owner) == []  # the one that let go sees to it, if it is there
    clock.ahead = timedelta(seconds=21)
    stranger = street.person(world.organisation("外局"), "operator")
    assert owed(stranger) == []
    assert owed(street.owner) == owed(street.chief) == [(street.camera, "home")]
    assert street.do(street.owner, "return")["returning"]
    assert street.refused(street.chief, "return") == "control_held"
    assert owed(street.chief) == []
    assert street.look(street.chief)["holder"]["priority"] == 1
    # A guest of a lower priority moves it all the same, and nothing is owed any more.
    moved = street.do(street.visitor, "move", back="")
    assert moved["mine"]
    assert not moved["returning"]
    clock.ahead = timedelta(seconds=60)
    assert owed(street.owner) == []
    assert street.refused(street.owner, "return") == "nothing_owed"
    # Done is done.
    street.do(street.visitor, "move", back="preset:7")
    clock.ahead = timedelta(seconds=90)
    street.do(street.chief, "return")
    street.do(street.chief, "give back")
    assert owed(street.owner) == []
    assert street.log(street.owner)[-1] == "control returned: 市局"
