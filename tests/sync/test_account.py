"""A console's account against a real server process with TLS."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app.store.secrets import FileSecrets
from app.sync import account as module
from app.sync.account import Account, CertificateError, ServerError, probe, server_url
from app.sync.client import NetworkError
from tests.server_process import PASSWORD, ServerProcess, self_signed


class Clock:
    def __init__(self) -> None:
        self.ahead = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.ahead


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    running = ServerProcess(tmp_path_factory.mktemp("server"))
    running.account("li", "李雷", "operator")
    running.account("han", "韩梅", "commissioner")
    yield running
    running.stop()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def console(server: ServerProcess, data: Path, clock: Clock) -> Account:
    """Enrolled, with the certificate compared."""
    seen = probe(server.url)
    assert seen is not None
    account = Account(FileSecrets(data), data, clock=clock)
    account.enrol(server.url, server.console_code(), "台1", fingerprint=seen.fingerprint)
    return account


def again(console: Account, data: Path, clock: Clock) -> Account:
    """As after a restart of the console."""
    return Account(FileSecrets(data), data, clock=clock)


def code_of(work: Callable[[], object]) -> str:
    with pytest.raises(ServerError) as caught:
        work()
    return caught.value.code


def test_an_unknown_certificate_is_shown_and_only_that_one_is_trusted(
    server: ServerProcess, data: Path
) -> None:
    seen = probe(server.url)
    assert seen is not None
    assert "self-signed" in seen.why.replace(" ", "-")
    assert seen.subject == "CN=127.0.0.1"
    assert len(seen.readable.split(":")) == 32
    account = Account(FileSecrets(data), data)
    code = server.console_code()
    with pytest.raises(CertificateError):
        account.enrol(server.url, code, "台1")
    other = "0" * 64
    with pytest.raises(CertificateError):
        account.enrol(server.url, code, "台1", fingerprint=other)
    assert account.server is None
    # The code was not spent on either: nothing was sent.
    account.enrol(server.url, code, "台1", fingerprint=seen.fingerprint)
    assert account.server is not None


def test_an_own_authority_makes_a_certificate_good(server: ServerProcess, data: Path) -> None:
    assert server.certificate is not None
    ca = server.certificate.read_text()
    seen = probe(server.url, ca)
    assert seen is not None
    assert seen.why == ""
    account = Account(FileSecrets(data), data)
    account.enrol(server.url, server.console_code(), "台1", ca=ca)
    assert account.sign_in("li", PASSWORD).name == "李雷"
    assert code_of(lambda: probe(server.url, "nonsense")) == "bad_ca"


@pytest.mark.parametrize(
    ("text", "url"),
    [("wall.city.cn", "https://wall.city.cn"), (" https://10.0.0.5:8443/ ", "https://10.0.0.5:8443"),
     ("http://127.0.0.1:8443", "http://127.0.0.1:8443"), ("https://city.cn/watch", "https://city.cn/watch")],
)  # fmt: skip
def test_addresses_as_people_type_them(text: str, url: str) -> None:
    assert server_url(text) == url


@pytest.mark.parametrize(
    ("text", "code"),
    [("http://10.0.0.5:8443", "insecure"), ("ftp://10.0.0.5", "bad_address"), ("", "bad_address"),
     ("https://me:secret@10.0.0.5", "bad_address"), ("https://10.0.0.5:x", "bad_address")],
)  # fmt: skip
def test_addresses_that_are_refused(text: str, code: str) -> None:
    assert code_of(lambda: server_url(text)) == code


def test_a_code_serves_once(server: ServerProcess, console: Account, data: Path) -> None:
    assert console.server is not None
    used = Account(FileSecrets(data), data)
    pin = console.server.fingerprint
    wrong = lambda: used.enrol(server.url, "0000-1111", "台2", fingerprint=pin)  # noqa: E731
    assert code_of(wrong) == "code_invalid"
    assert console.server.console_name == "台1"


def test_sign_in_says_who_and_is_bound_to_this_console(
    server: ServerProcess, console: Account
) -> None:
    identity = console.sign_in(" Li ", PASSWORD)
    assert (identity.login, identity.name, identity.roles) == ("li", "李雷", ("operator",))
    assert "control" in identity.permissions
    assert console.offline == ""
    assert console.server is not None
    assert console.call("GET", "/api/me")["console_id"] == console.server.console_id


def test_a_wrong_password_is_told_and_then_delayed(server: ServerProcess, console: Account) -> None:
    server.account("wang", "王伟", "viewer")
    codes = [code_of(lambda: console.sign_in("wang", "no such password")) for _ in range(6)]
    assert codes == ["wrong_password"] * 5 + ["locked"]
    with pytest.raises(ServerError) as caught:
        console.sign_in("wang", PASSWORD)
    assert caught.value.retry_after > 5
    assert console.identity is None


def test_nothing_secret_is_kept_in_clear_text(console: Account, data: Path) -> None:
    console.sign_in("li", PASSWORD)
    token = console.token()
    refresh = console._refresh
    kept = b"".join(p.read_bytes() for p in data.rglob("*") if p.is_file())
    for secret in (PASSWORD, token, refresh, "$argon2id$"):
        assert secret.encode() not in kept
    record = FileSecrets(data).get("server-account:li")
    assert record is not None
    values = json.loads(record)
    assert values["verifier"].startswith("$argon2id$")
    assert values["refresh"] == refresh
    assert refresh not in repr(console._load("li"))


def test_tokens_renew_themselves_once_for_many_who_ask(
    server: ServerProcess, console: Account
) -> None:
    console.sign_in("li", PASSWORD)
    first, refresh = console.token(), console._refresh
    console._good_until = 0.0
    got: list[str] = []
    threads = [threading.Thread(target=lambda: got.append(console.token())) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(got) == 8
    assert len(set(got)) == 1
    assert got[0] != first
    assert console._refresh != refresh
    assert console.call("GET", "/api/me")["name"] == "李雷"


def test_a_token_that_the_server_finds_expired_is_renewed(
    server: ServerProcess, console: Account
) -> None:
    """A computer that slept: its own measure of the token's life is wrong."""
    console.sign_in("li", PASSWORD)
    before = console.token()
    server.expire_access_tokens()
    place = b'{"replica": "01900000-0000-7000-8000-0000000000aa"}'
    assert b'"person"' in console.transport().call("POST", "hello", place, 10)
    assert console.token() != before
    server.expire_access_tokens()
    assert console.call("GET", "/api/me")["name"] == "李雷"


def test_a_blocked_account_needs_a_new_sign_in_and_none_works_offline(data: Path) -> None:
    server = ServerProcess(data / "server")
    try:
        identity = server.account("li", "李雷", "operator")
        seen = probe(server.url)
        assert seen is not None
        console = Account(FileSecrets(data), data)
        console.enrol(server.url, server.console_code(), "台1", fingerprint=seen.fingerprint)
        console.sign_in("li", PASSWORD)
        server.admin("PATCH", f"/api/accounts/{identity}", {"disabled": True})
        with pytest.raises(ServerError) as caught:
            console.call("GET", "/api/me")
        assert (caught.value.code, caught.value.status) == ("sign_in", 401)
        assert console.ended
        server.kill()
        # Asked again and again, the console does not ask the server: it is gone anyway.
        assert code_of(console.token) == "sign_in"
        assert code_of(lambda: console.sign_in("li", PASSWORD)) == "offline_unknown"
    finally:
        server.stop()


def test_offline_sign_in_for_so_many_days_and_back(
    server: ServerProcess, console: Account, data: Path, clock: Clock
) -> None:
    console.sign_in("li", PASSWORD)
    console = again(console, data, clock)
    assert console.server is not None
    assert console.server.logins == ("li",)
    console.cut = True
    assert code_of(lambda: console.sign_in("han", PASSWORD)) == "offline_unknown"
    assert code_of(lambda: console.sign_in("li", "wrong")) == "wrong_password"
    assert console.sign_in("li", PASSWORD).name == "李雷"
    assert console.offline == "network"
    with pytest.raises(NetworkError):
        console.token()
    console.cut = False
    assert console.call("GET", "/api/me")["name"] == "李雷"
    assert console.offline == ""
    console = again(console, data, clock)
    console.cut = True
    clock.ahead = timedelta(days=module.OFFLINE_DAYS, minutes=-5)
    assert console.sign_in("li", PASSWORD)
    console = again(console, data, clock)
    console.cut = True
    clock.ahead = timedelta(days=module.OFFLINE_DAYS, minutes=5)
    assert code_of(lambda: console.sign_in("li", PASSWORD)) == "offline_expired"
    clock.ahead = timedelta(days=-1)  # a clock that was set back gains nothing
    assert code_of(lambda: console.sign_in("li", PASSWORD)) == "offline_expired"


def test_offline_after_a_sign_out_signs_in_at_the_server_by_itself_later(
    console: Account, data: Path, clock: Clock
) -> None:
    console.sign_in("li", PASSWORD)
    console.sign_out()
    assert code_of(console.token) == "sign_in"
    console.cut = True
    console.sign_in("li", PASSWORD)
    console.cut = False
    assert console.call("GET", "/api/me")["name"] == "李雷"
    assert console._password == ""


def test_guessing_offline_is_slow_and_a_restart_does_not_help(
    console: Account, data: Path, clock: Clock
) -> None:
    console.sign_in("li", PASSWORD)
    console.cut = True
    codes = [code_of(lambda: console.sign_in("li", "guess")) for _ in range(4)]
    assert codes == ["wrong_password"] * 3 + ["locked"]
    console = again(console, data, clock)
    console.cut = True
    with pytest.raises(ServerError) as caught:
        console.sign_in("li", PASSWORD)
    assert 0 < caught.value.retry_after <= 5
    clock.ahead = timedelta(seconds=6)
    assert console.sign_in("li", PASSWORD).name == "李雷"


def test_one_persons_connection_never_speaks_for_the_next(
    server: ServerProcess, console: Account
) -> None:
    console.sign_in("li", PASSWORD)
    line, token = console.transport(), console.token()
    place = b'{"replica": "01900000-0000-7000-8000-0000000000aa"}'
    line.call("POST", "hello", place, 10)
    console.sign_in("han", PASSWORD)
    assert code_of(lambda: line.call("POST", "hello", place, 10)) == "sign_in"
    assert console.call("GET", "/api/me")["name"] == "韩梅"
    # The one before is signed out at the server too, and nothing of that one's is kept but the
    # verifier.
    assert server.status("/api/me", token) == 401
    record = console._load("li")
    assert record is not None
    assert (record.refresh, record.verifier[:10]) == ("", "$argon2id$")


def test_the_lock_opens_with_the_accounts_password(console: Account) -> None:
    console.sign_in("li", PASSWORD)
    assert not console.check_password("wrong")
    assert console.check_password(PASSWORD)


def test_an_old_password_that_the_server_refuses_is_refused_offline_too(
    server: ServerProcess, console: Account
) -> None:
    identity = server.account("zhao", "赵敏", "operator")
    console.sign_in("zhao", PASSWORD)
    console.sign_out()
    new = "nine yellow umbrellas"
    server.admin("PATCH", f"/api/accounts/{identity}", {"password": new})
    assert code_of(lambda: console.sign_in("zhao", PASSWORD)) == "wrong_password"
    console.cut = True
    assert code_of(lambda: console.sign_in("zhao", PASSWORD)) == "offline_unknown"


def test_a_console_whose_enrolment_ended_is_told(server: ServerProcess, console: Account) -> None:
    console.sign_in("li", PASSWORD)
    assert console.server is not None
    server.admin("DELETE", f"/api/consoles/{console.server.console_id}")
    assert code_of(lambda: console.call("GET", "/api/me")) == "sign_in"
    assert code_of(lambda: console.sign_in("li", PASSWORD)) == "console_unknown"


def test_another_server_at_the_same_address_gets_no_password(console: Account, data: Path) -> None:
    """The pinned certificate is not there any more: offline, and the console says why."""
    console.sign_in("li", PASSWORD)
    other = ServerProcess(data / "impostor")
    try:
        assert console.server is not None
        console.server = module.replace(console.server, url=other.url)
        console.sign_in("li", PASSWORD)
        assert console.offline == "certificate"
        assert "/api/session" not in other.log
    finally:
        other.stop()


def test_disconnecting_leaves_nothing(console: Account, data: Path, clock: Clock) -> None:
    console.sign_in("li", PASSWORD)
    console.disconnect()
    assert FileSecrets(data).get("server-account:li") is None
    assert again(console, data, clock).server is None


def test_a_damaged_file_is_no_connection(data: Path) -> None:
    for text in ("{", "[]", '{"url": 5}', '{"url": "http://10.0.0.1"}', '{"other": 1}'):
        (data / "server.json").write_text(text)
        assert Account(FileSecrets(data), data).server is None


def test_certificates_are_made_anew_each_time(tmp_path: Path) -> None:
    assert self_signed(tmp_path / "a")[0].read_text() != self_signed(tmp_path / "b")[0].read_text()


NEW = "nine yellow umbrellas"


def works_offline(console: Account, login: str, password: str) -> bool:
    """Whether it lets in while the server cannot be reached. Signs nobody out."""
    console.cut = True
    try:
        console.sign_in(login, password)
    except ServerError:
        return False
    finally:
        console.cut = False
    return True


def test_a_password_changed_here_is_the_one_that_lets_in_offline(
    server: ServerProcess, console: Account
) -> None:
    server.account("qian", "钱多", "operator")
    console.sign_in("qian", PASSWORD)
    console.call("PUT", "/api/me/password", {"old": PASSWORD, "new": NEW})
    assert console.check_password(NEW), "the lock, at once"
    assert not works_offline(console, "qian", PASSWORD)
    assert works_offline(console, "qian", NEW)


def test_a_password_changed_elsewhere_ends_the_old_one_here_with_the_next_contact(
    server: ServerProcess, console: Account, data: Path, clock: Clock
) -> None:
    """Also of somebody who does not work here now, when another person signs in."""
    identity = server.account("sun", "孙立", "operator")
    server.account("zhou", "周正", "operator")
    for login in ("sun", "zhou"):
        console.sign_in(login, PASSWORD)
        console.sign_out()
    assert works_offline(again(console, data, clock), "sun", PASSWORD)
    server.admin("PATCH", f"/api/accounts/{identity}", {"password": NEW})
    assert works_offline(again(console, data, clock), "sun", PASSWORD), "nobody could know yet"
    console.sign_in("zhou", PASSWORD)
    assert not works_offline(again(console, data, clock), "sun", PASSWORD)
    assert works_offline(again(console, data, clock), "zhou", PASSWORD)


def test_a_token_that_is_renewed_tells_of_another_password(
    server: ServerProcess, console: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.account("wu", "吴越", "operator")
    console.sign_in("wu", PASSWORD)
    # As where the sign-in goes on: the password was changed at this sign-in, by another program.
    monkeypatch.setattr(console, "_use_password", lambda password: None)
    console.call("PUT", "/api/me/password", {"old": PASSWORD, "new": NEW})
    assert console.check_password(PASSWORD)
    console.renewed(console.token())
    assert not console.check_password(PASSWORD)
    assert not works_offline(console, "wu", PASSWORD)


def test_a_blocked_account_does_not_sign_in_offline_once_the_server_was_heard(
    server: ServerProcess, console: Account, data: Path, clock: Clock
) -> None:
    identity = server.account("zheng", "郑和", "operator")
    console.sign_in("zheng", PASSWORD)
    console.sign_out()
    server.admin("PATCH", f"/api/accounts/{identity}", {"disabled": True})
    console.sign_in("li", PASSWORD)
    assert not works_offline(again(console, data, clock), "zheng", PASSWORD)
