"""`watchroom server`: runs the central server, or brings its database up to date."""

from __future__ import annotations

import argparse
import logging
import os
import signal
import sys
import threading
from getpass import getpass
from pathlib import Path

import sqlalchemy as sa
import uvicorn

from app.paths import data_dir
from app.server.accounts import administrator_at_the_server, administrator_code
from app.server.application import Settings, calm_collector, create_application
from app.server.database import Database
from app.server.keys import server_key
from app.server.limits import JsonLines
from app.server.problem import Problem
from app.server.relay import Relay
from app.store.database import connect, migrate
from app.store.errors import StoreError

LOOPBACK = ("127.0.0.1", "::1", "localhost")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's options."""
    parser.description = (
        "The central server. Without options: on this machine only, with a database of its own."
    )
    parser.epilog = (
        "Environment: WATCHROOM_DATABASE instead of --database (a password in it stays out of the "
        "list of processes), WATCHROOM_METRICS_TOKEN, WATCHROOM_RELAY_SECRET, and "
        "WATCHROOM_SERVER_KEY (64 hex digits) instead of the file server.key."
    )
    parser.add_argument(
        "action", nargs="?", choices=["run", "migrate", "administrator"], default="run",
        help="run it (the default); bring a PostgreSQL database to this version; make the first "
        "administrator (asks for the password)",
    )  # fmt: skip
    parser.add_argument("--database", metavar="URL", default=os.environ.get("WATCHROOM_DATABASE"),
                        help="postgresql+psycopg://user@host/name (default: SQLite in --data)")  # fmt: skip
    parser.add_argument("--login", help="of the first administrator: what is typed to sign in")
    parser.add_argument("--name", help="of the first administrator")
    parser.add_argument("--organisation", help="of the first administrator; made if it is new")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (%(default)s)")
    parser.add_argument("--port", type=int, default=8443, help="(%(default)s; 0: a free one)")
    parser.add_argument("--data", type=Path, metavar="DIR", help="folder of the server's data")
    parser.add_argument("--files", type=Path, metavar="DIR",
                        help="attachments; one folder for all processes (default: in --data)")  # fmt: skip
    parser.add_argument("--tls-cert", type=Path, metavar="PEM", help="certificate chain")
    parser.add_argument("--tls-key", type=Path, metavar="PEM", help="its private key")
    parser.add_argument("--proxy", metavar="ADDRESS",
                        help="a reverse proxy with TLS: it is believed who calls")  # fmt: skip
    parser.add_argument("--relay", metavar="URL",
                        help="consoles open cameras at this MediaMTX: rtsps://host:8322")  # fmt: skip
    parser.add_argument("--until-stdin-closes", action="store_true",
                        help="end with the program that started it")  # fmt: skip
    parser.add_argument("--relay-api", metavar="URL", help="its control API: http://host:9997")
    parser.add_argument("--offline-days", type=int, default=7, metavar="N",
                        help="so long a workstation may keep a camera's account (%(default)s)")  # fmt: skip


def run(arguments: argparse.Namespace) -> int:
    """Until interrupted; returns the exit status."""
    data = arguments.data or data_dir() / "server"
    url = arguments.database or f"sqlite:///{data / 'server.sqlite'}"
    os.umask(0o077)  # the database, its log and the key are nobody else's to read
    try:
        data.mkdir(parents=True, exist_ok=True, mode=0o700)
        if arguments.action == "migrate":
            return _migrate(url)
        if arguments.action == "administrator":
            return _administrator(arguments, url)
        return _serve(arguments, data, url)
    except (StoreError, OSError, ValueError) as error:
        print(f"watchroom server: {error}", file=sys.stderr)
        return 1
    except (sa.exc.ArgumentError, sa.exc.NoSuchModuleError):
        print("watchroom server: --database is no address of a database. For example: "
              "postgresql+psycopg://user@host/name", file=sys.stderr)  # fmt: skip
        return 1
    except sa.exc.SQLAlchemyError as error:
        # Without the URL, which may hold a password.
        reason = str(getattr(error, "orig", None) or type(error).__name__).strip()
        print(f"watchroom server: the database does not answer: {reason}", file=sys.stderr)
        return 1


def _migrate(url: str) -> int:
    engine = connect(url)
    try:
        file = engine.url.database if engine.dialect.name == "sqlite" else None
        migrate(engine, Path(file) if file else None)
    finally:
        engine.dispose()
    print("The database is up to date.")
    return 0


def _administrator(arguments: argparse.Namespace, url: str) -> int:
    """Asks for what was not said; the password always, so that it is in no list of processes."""
    database = Database(url)
    try:
        shown = sa.make_url(url).render_as_string(hide_password=True)
        print(f"The first administrator of the server with the database {shown}.")
        organisation = arguments.organisation or _asked("Organisation: ")
        name = arguments.name or _asked("Name of the person: ")
        login = arguments.login or _asked("Login (what is typed to sign in): ")
        password = getpass("Password (12 characters or more): ")
        if getpass("Again: ") != password:
            raise ValueError("the passwords are not the same")
        administrator_at_the_server(database, login, name, organisation, password)
    except Problem as problem:
        raise ValueError(problem.detail) from None
    except EOFError:
        raise ValueError("nothing was typed") from None
    finally:
        database.close()
    print(f"Done. Sign in as {login.strip().casefold()} in the client.")
    return 0


def _asked(question: str) -> str:
    text = input(question).strip()
    if not 1 <= len(text) <= 100:
        raise ValueError("this needs 1 to 100 characters")
    return text


def _serve(arguments: argparse.Namespace, data: Path, url: str) -> int:
    if bool(arguments.tls_cert) != bool(arguments.tls_key):
        raise ValueError("--tls-cert and --tls-key go together")
    if arguments.host not in LOOPBACK and not (arguments.tls_cert or arguments.proxy):
        raise ValueError(
            f"passwords would cross the network in clear text at {arguments.host}: give --tls-cert "
            "and --tls-key, or --proxy with the address of a reverse proxy that has them"
        )
    if not 0 <= arguments.offline_days <= 365:
        raise ValueError("--offline-days: 0 to 365")
    _log_json_lines()
    database = Database(url)
    try:
        settings = Settings(
            metrics_token=os.environ.get("WATCHROOM_METRICS_TOKEN", ""),
            key=server_key(data),
            relay=_relay(arguments),
            offline_days=arguments.offline_days,
            attachments=arguments.files or data / "attachments",
        )
        application = create_application(database, settings)
        code = database.write(lambda session: administrator_code(session, settings.clock()))
        server = uvicorn.Server(
            uvicorn.Config(
                application, host=arguments.host, port=arguments.port, log_config=None,
                access_log=False, server_header=False, ssl_certfile=arguments.tls_cert,
                ssl_keyfile=arguments.tls_key, timeout_graceful_shutdown=10,
                proxy_headers=bool(arguments.proxy), forwarded_allow_ips=arguments.proxy,
            )
        )  # fmt: skip
        if code is not None:
            # To the terminal, once, and never to the log.
            scheme = "https" if arguments.tls_cert else "http"
            where = f"{scheme}://{arguments.host}:{arguments.port}" if arguments.port else ""
            print(_first_steps(code, where), flush=True)
        # uvicorn ends in good order on these, then raises them again for the handlers before.
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: None)
        if arguments.until_stdin_closes:
            threading.Thread(target=_end_with_stdin, args=(server,), daemon=True).start()
        calm_collector()
        server.run()
        return 0 if server.started else 1
    finally:
        database.close()


def _first_steps(code: str, where: str) -> str:
    """`where`: the address that this process listens on; behind a proxy clients use another."""
    address = f" The server is at {where}." if where else ""
    return (
        "There is no account yet. Make the first administrator in one of two ways:\n"
        "  - in the client: menu Organisation, First administrator…, with this code:\n\n"
        f"        {code}\n\n"
        "    (it serves once, within seven days; the next start prints a new one)\n"
        "  - or on this machine, with the same --data or --database:\n\n"
        "        watchroom server administrator\n\n"
        f"This goes on running meanwhile.{address}"
    )


def _end_with_stdin(server: uvicorn.Server) -> None:
    """A pipe closes however its other end dies."""
    while sys.stdin.buffer.read(1024):
        pass
    server.should_exit = server.force_exit = True


def _relay(arguments: argparse.Namespace) -> Relay | None:
    if not arguments.relay:
        return None
    secret = os.environ.get("WATCHROOM_RELAY_SECRET", "")
    if len(secret) < 16 or not arguments.relay_api:
        raise ValueError("--relay needs --relay-api, and WATCHROOM_RELAY_SECRET (16 characters)")
    return Relay(arguments.relay, arguments.relay_api, secret)


def _log_json_lines() -> None:
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    logging.getLogger("alembic").setLevel(logging.WARNING)
