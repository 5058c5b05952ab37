"""Signing in and what ends it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import requests
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from app.evidence.keys import public_pem
from app.server.accounts import administrator_code
from app.server.database import Database
from tests.server.conftest import BOTH, PASSWORD, Client, Clock, Server, World, code_of, good

FIRST = {"login": "Chief", "name": "The Chief", "password": PASSWORD, "organisation": "County"}


@BOTH
def test_the_first_administrator_is_made_once_with_the_printed_code(
    server: Server, database: Database, clock: Clock, first_code: str
) -> None:
    anybody = server.client()
    assert code_of(anybody.call("POST", "/api/setup", {**FIRST, "code": "0000"})) == "code_invalid"
    tokens = anybody.post("/api/setup", {**FIRST, "code": f" {first_code.upper()} "})
    me = server.client(tokens).get("/api/me")
    assert (me["name"], me["roles"]) == ("The Chief", ["administrator", "system"])
    assert server.sign_in("chief").get("/api/organisations")["items"][0]["name"] == "County"
    again = {**FIRST, "login": "second", "code": first_code}
    assert code_of(anybody.call("POST", "/api/setup", again)) == "code_invalid"
    assert database.write(lambda session: administrator_code(session, clock())) is None


@BOTH
def test_two_processes_print_two_codes_and_one_makes_the_administrator(
    server: Server, database: Database, clock: Clock
) -> None:
    codes = [database.write(lambda s: administrator_code(s, clock())) for _ in range(2)]
    bodies = [{**FIRST, "login": f"chief{n}", "code": code} for n, code in enumerate(codes)]
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda b: server.client().call("POST", "/api/setup", b), bodies))
    assert sorted(a.status_code for a in answers) == [201, 403]


def test_the_code_of_the_first_start_expires(server: Server, clock: Clock, first_code: str) -> None:
    clock.ahead = timedelta(days=7, seconds=1)
    refused = server.client().call("POST", "/api/setup", {**FIRST, "code": first_code})
    assert code_of(refused) == "code_invalid"


def test_an_access_token_ends_after_a_quarter_of_an_hour(
    server: Server, world: World, clock: Clock
) -> None:
    ann = server.sign_in(world.person(world.organisation("a"), "viewer"))
    clock.ahead = timedelta(minutes=14)
    ann.get("/api/me")
    clock.ahead = timedelta(minutes=15, seconds=1)
    assert code_of(ann.call("GET", "/api/me")) == "token_expired"
    ann.tokens = ann.post("/api/session/refresh", {"refresh": ann.tokens["refresh"]})
    ann.get("/api/me")


@BOTH
def test_a_stolen_refresh_token_ends_the_whole_sign_in(
    server: Server, world: World, clock: Clock
) -> None:
    ann = server.sign_in(world.person(world.organisation("a"), "viewer"))
    stolen = {"refresh": ann.tokens["refresh"]}
    ann.tokens = ann.post("/api/session/refresh", stolen)
    clock.ahead = timedelta(seconds=11)
    thief = server.client().call("POST", "/api/session/refresh", stolen)
    assert code_of(thief) == "refresh_reused"
    assert code_of(ann.call("GET", "/api/me")) == "token_invalid"
    mine = ann.call("POST", "/api/session/refresh", {"refresh": ann.tokens["refresh"]})
    assert code_of(mine) == "refresh_invalid"


def test_a_refresh_whose_answer_was_lost_may_be_asked_again_and_no_pair_too_many_stays(
    server: Server, world: World
) -> None:
    ann = server.sign_in(world.person(world.organisation("a"), "viewer"))
    first = {"refresh": ann.tokens["refresh"]}
    lost = ann.post("/api/session/refresh", first)
    kept = ann.post("/api/session/refresh", first)
    assert code_of(Client(server.url, lost).call("GET", "/api/me")) == "token_invalid"
    Client(server.url, kept).get("/api/me")
    ann.post("/api/session/refresh", {"refresh": kept["refresh"]})
    late = ann.call("POST", "/api/session/refresh", first)
    assert code_of(late) == "refresh_reused", "the pair was in use: this is no lost answer"


@BOTH
def test_one_refresh_token_used_by_many_at_once_leaves_one_live_pair(
    server: Server, world: World
) -> None:
    ann = server.sign_in(world.person(world.organisation("a"), "viewer"))

    def refresh(_: int) -> requests.Response:
        body = {"refresh": ann.tokens["refresh"]}
        return server.client().call("POST", "/api/session/refresh", body)

    with ThreadPoolExecutor(8) as pool:
        pairs = [good(r) for r in pool.map(refresh, range(8)) if r.ok]
    alive = [p for p in pairs if server.client(p).call("GET", "/api/me").ok]
    assert len(alive) <= 1
    assert len(pairs) >= 1


def test_what_ends_a_sign_in_at_once(server: Server, world: World) -> None:
    home = world.organisation("a")
    chief = server.sign_in(world.person(home, "administrator"))
    login = world.person(home, "operator")
    path = f"/api/accounts/{world.account_id(login)}"

    def ended(client: Client) -> bool:
        refresh = client.call("POST", "/api/session/refresh", {"refresh": client.tokens["refresh"]})
        return client.call("GET", "/api/me").status_code == refresh.status_code == 401

    bob = server.sign_in(login)
    good(bob.call("DELETE", "/api/session"))
    assert ended(bob)

    bob, other = server.sign_in(login), server.sign_in(login)
    change = {"old": PASSWORD, "new": "eleven red umbrellas"}
    good(bob.call("PUT", "/api/me/password", change))
    assert ended(other)
    bob.get("/api/me")

    good(chief.call("PATCH", path, {"roles": ["viewer"]}))
    assert bob.get("/api/me")["permissions"] == ["view"], "a role counts at once"
    good(chief.call("PATCH", path, {"disabled": True}))
    assert ended(bob)
    refused = server.client().call(
        "POST", "/api/session", {"login": login, "password": change["new"]}
    )
    assert code_of(refused) == "wrong_password"


@pytest.mark.parametrize(
    "password", ["short", "a" * 30, "password1234", "xx-bob-smith-yy", "Qwertzuiop12"]
)
def test_a_weak_password_is_refused_with_the_reason(
    server: Server, world: World, password: str
) -> None:
    home = world.organisation("a")
    chief = server.sign_in(world.person(home, "administrator"))
    body = {
        "login": "bob-smith", "name": "Bob", "password": password, "organisation_id": home,
        "roles": ["viewer"],
    }  # fmt: skip
    assert code_of(chief.call("POST", "/api/accounts", body)) == "weak_password"
    made = chief.post("/api/accounts", {**body, "password": "correct horse battery"})
    assert "password" not in made
    assert (
        code_of(chief.call("POST", "/api/accounts", {**body, "password": PASSWORD}))
        == "login_taken"
    )


@BOTH
def test_guessing_is_locked_with_a_growing_delay(
    server: Server, world: World, clock: Clock
) -> None:
    login = world.person(world.organisation("a"), "viewer")
    anybody = server.client()

    def wrong(name: str = login) -> requests.Response:
        return anybody.call("POST", "/api/session", {"login": name, "password": "no"})

    for name in (login, "nobody"):
        with ThreadPoolExecutor(8) as pool:
            answers = list(pool.map(lambda _, name=name: wrong(name), range(12)))
        codes = [code_of(a) for a in answers]
        assert codes.count("wrong_password") == 5, "twelve at once get no more than five tries"
        assert codes.count("locked") == 7
    delays = []
    for _ in range(3):
        refused = anybody.call("POST", "/api/session", {"login": login, "password": PASSWORD})
        assert code_of(refused) == "locked", "not even the right one"
        assert refused.headers["retry-after"] == str(refused.json()["retry_after"])
        delays.append(refused.json()["retry_after"])
        clock.ahead += timedelta(seconds=delays[-1])
        assert code_of(wrong()) == "wrong_password"
    assert delays[0] < delays[1] < delays[2]
    clock.ahead += timedelta(hours=1)
    server.sign_in(login)
    assert code_of(wrong()) == "wrong_password"


def test_a_wrong_name_takes_as_long_as_a_wrong_password(server: Server, world: World) -> None:
    import time

    login = world.person(world.organisation("a"), "viewer")

    def seconds(name: str) -> float:
        began = time.perf_counter()
        server.client().call("POST", "/api/session", {"login": name, "password": "no"})
        return time.perf_counter() - began

    pairs = [(seconds(login), seconds(f"nobody{n}")) for n in range(4)]
    known, unknown = (min(times) for times in zip(*pairs, strict=True))
    assert unknown > known / 2, "an unknown name is answered without work"


def _enrolled(server: Server, chief: Client, home: str) -> tuple[str, Ed25519PrivateKey]:
    key = Ed25519PrivateKey.generate()
    code = chief.post("/api/consoles/codes", {"organisation_id": home})["code"]
    body = {"code": code, "name": "WS-17", "public_key": public_pem(key.public_key())}
    made = server.client().post("/api/consoles", body)
    assert code_of(server.client().call("POST", "/api/consoles", body)) == "code_invalid"
    return made["id"], key


def _console_sign_in(
    server: Server, login: str, console: str, key: Ed25519PrivateKey
) -> requests.Response:
    challenge = server.client().post("/api/session/challenge", {})["challenge"]
    body = {
        "login": login, "password": PASSWORD, "console_id": console, "challenge": challenge,
        "proof": key.sign(challenge.encode()).hex(),
    }  # fmt: skip
    return server.client().call("POST", "/api/session", body)


def test_a_workstation_enrols_by_code_and_proves_itself_by_its_key(
    server: Server, world: World, clock: Clock
) -> None:
    home = world.organisation("a")
    chief = server.sign_in(world.person(home, "administrator"))
    login = world.person(home, "operator")
    console, key = _enrolled(server, chief, home)
    bob = server.client(good(_console_sign_in(server, login, console, key)))
    assert bob.get("/api/me")["console_id"] == console

    stranger = _console_sign_in(server, login, console, Ed25519PrivateKey.generate())
    assert code_of(stranger) == "console_unknown"
    old = server.client().post("/api/session/challenge", {})["challenge"]
    body = {"login": login, "password": PASSWORD, "console_id": console}
    proof = {"challenge": old, "proof": key.sign(old.encode()).hex()}
    own = f"{int(clock().timestamp())}.{'0' * 32}.{'0' * 64}"
    forged = {"challenge": own, "proof": key.sign(own.encode()).hex()}
    assert code_of(server.client().call("POST", "/api/session", body | forged)) == "console_unknown"
    clock.ahead = timedelta(minutes=2, seconds=2)
    assert code_of(server.client().call("POST", "/api/session", body | proof)) == "console_unknown"
    clock.ahead = timedelta()
    assert server.client().call("POST", "/api/session", body | proof).ok

    listed = chief.get("/api/consoles")["items"]
    assert [(c["name"], c["revoked"]) for c in listed] == [("WS-17", False)]
    good(chief.call("DELETE", f"/api/consoles/{console}"))
    assert code_of(bob.call("GET", "/api/me")) == "token_invalid"
    assert code_of(_console_sign_in(server, login, console, key)) == "console_unknown"

    code = chief.post("/api/consoles/codes", {"organisation_id": home})["code"]
    clock.ahead = timedelta(hours=1, seconds=1)
    late = {"code": code, "name": "WS-18", "public_key": public_pem(key.public_key())}
    assert code_of(server.client().call("POST", "/api/consoles", late)) == "code_invalid"


def test_a_workstations_sealing_key_is_replaced_only_with_a_proof(
    server: Server, world: World
) -> None:
    home = world.organisation("a")
    chief = server.sign_in(world.person(home, "administrator"))
    login = world.person(home, "operator")
    console, key = _enrolled(server, chief, home)
    bob = server.client(good(_console_sign_in(server, login, console, key)))
    path, first, second = "/api/me/console/sealing-key", "0a" * 32, "0b" * 32
    for _ in range(2):
        assert bob.call("PUT", path, {"sealing_key": first}).ok
    assert code_of(bob.call("PUT", path, {"sealing_key": second})) == "proof_needed"
    forged = Ed25519PrivateKey.generate().sign(f"watchroom sealing key {second}".encode()).hex()
    body = {"sealing_key": second, "proof": forged}
    assert code_of(bob.call("PUT", path, body)) == "proof_needed"
    body["proof"] = key.sign(f"watchroom sealing key {second}".encode()).hex()
    assert bob.call("PUT", path, body).ok
    for wrong in ("x" * 64, "0a" * 31, "", "00" * 32):  # the last: a point of small order
        assert code_of(bob.call("PUT", path, {"sealing_key": wrong})) == "invalid"
    at_home = server.sign_in(login)
    assert code_of(at_home.call("PUT", path, {"sealing_key": first})) == "not_enrolled"


def test_only_system_makes_system(server: Server, world: World) -> None:
    home = world.organisation("a")
    chief = server.sign_in(world.person(home, "administrator"))
    root = world.person(home, "system")
    body = {"login": "x-ray", "name": "X", "password": PASSWORD, "organisation_id": home}
    assert code_of(chief.call("POST", "/api/accounts", {**body, "roles": ["system"]})) == "no_role"
    touch = chief.call("PATCH", f"/api/accounts/{world.account_id(root)}", {"password": PASSWORD})
    assert code_of(touch) == "no_role"
    server.sign_in(root).post("/api/accounts", {**body, "roles": ["system"]})
