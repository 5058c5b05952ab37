"""Signing in, accounts, organisations and workstations.

Tokens are opaque and random, so that a withdrawn one ends at once: access for 15 minutes, refresh
for 30 days, each refresh for one use. One that is used twice ends its family: somebody has a copy.
(Within ten seconds it gives a new pair instead, in place of the one whose answer got lost.)
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Annotated

import sqlalchemy as sa
import uuid_utils
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from fastapi import APIRouter
from pydantic import AfterValidator, BaseModel, Field, StringConstraints
from sqlalchemy.orm import Session

from app.domain.permission import ROLE_PERMISSIONS, Principal, Role
from app.evidence.keys import key_id, load_public_key
from app.server import audit
from app.server.access import Access, below, principal_of, token_hash
from app.server.caller import After, Limit, Who, not_found
from app.server.database import Database, moment, stamp
from app.server.fields import Body, Id, Name, PathId, Secret
from app.server.passwords import (
    count_attempt,
    forgive,
    hash_password,
    password_fits,
    refuse_weak,
)
from app.server.problem import Problem
from app.store.models import OrganisationRow
from app.store.server_models import (
    AccountRow,
    CodeRow,
    ConsoleRow,
    ServerStateRow,
    TokenRow,
)
from app.store.sync_models import ReplicaRow
from app.sync.sealing import seal

ACCESS = timedelta(minutes=15)
REFRESH = timedelta(days=30)
RETRY = timedelta(seconds=10)
CHALLENGE = timedelta(minutes=2)
CONSOLE_CODE = timedelta(hours=1)
ADMINISTRATOR_CODE = timedelta(days=7)
FIRST_ROLES = frozenset({Role.ADMINISTRATOR, Role.SYSTEM})

router = APIRouter(prefix="/api")


def new_id() -> str:
    """A UUIDv7, as everywhere."""
    return str(uuid_utils.uuid7())


# -- what all processes share


def server_secret(session: Session) -> bytes:
    """32 random bytes, the same for all server processes; made at the first call."""
    session.execute(
        sa.text(
            "INSERT INTO server_state (key, value) VALUES ('secret', :value) ON CONFLICT DO NOTHING"
        ),
        {"value": secrets.token_hex(32)},
    )
    row = ServerStateRow
    return bytes.fromhex(session.scalars(sa.select(row.value).where(row.key == "secret")).one())


def administrator_code(session: Session, now: datetime) -> str | None:
    """A fresh one-time code for the first administrator; None when there is an account already.

    Codes of earlier starts end after an hour; those of processes that start together all hold.
    """
    if session.scalar(sa.select(AccountRow.id).limit(1)) is not None:
        return None
    expires = now + ADMINISTRATOR_CODE
    old = sa.and_(
        CodeRow.kind == "administrator", CodeRow.expires_at < stamp(expires - timedelta(hours=1))
    )
    session.execute(sa.delete(CodeRow).where(old))
    return _new_code(session, "administrator", None, expires)


def _new_code(session: Session, kind: str, organisation: str | None, expires: datetime) -> str:
    """128 bits in groups that can be read aloud."""
    code = "-".join(secrets.token_hex(2) for _ in range(8))
    session.add(
        CodeRow(
            hash=token_hash(code), kind=kind, organisation_id=organisation,
            expires_at=stamp(expires),
        )
    )  # fmt: skip
    return code


def _use_code(session: Session, kind: str, code: str, now: datetime) -> CodeRow:
    """The code's row, marked as used. Raises Problem 403 `code_invalid`."""
    row = _usable_code(session, kind, code, now, lock=True)
    if row is None:
        raise _wrong_code()
    row.used_at = stamp(now)
    return row


def _usable_code(
    session: Session, kind: str, code: str, now: datetime, lock: bool = False
) -> CodeRow | None:
    query = (
        sa.select(CodeRow)
        .where(CodeRow.hash == token_hash(code.strip().lower()), CodeRow.kind == kind)
        .where(CodeRow.used_at.is_(None), CodeRow.expires_at > stamp(now))
    )
    return session.scalar(query.with_for_update() if lock else query)


def _wrong_code() -> Problem:
    return Problem(403, "code_invalid", "This code is wrong, used or expired. Ask for a new one.")


# -- signing in


class SignedIn(BaseModel):
    """A pair of tokens."""

    access: str
    refresh: str
    expires_in: int = Field(description="seconds until the access token expires")
    password_version: str = Field(description="changes with the password; tells nothing of it")


class Me(BaseModel):
    """Who signed in, and what the roles allow with the own organisation's cameras."""

    user_id: str
    name: str
    organisation_id: str
    console_id: str
    roles: list[str]
    permissions: list[str]
    password_once: bool = Field(description="set another password: nothing else is answered")
    server_time: str


class Setup(Body):
    code: Secret
    login: Name
    name: Name
    password: Secret
    organisation: Name = Field(description="made if there is no organisation of this name yet")


def first_administrator(
    session: Session, access: Access, login: str, name: str, organisation: str, hashed: str
) -> AccountRow:
    """Makes the account, and the organisation where it is new; the one-time codes end."""
    session.execute(sa.delete(CodeRow).where(CodeRow.kind == "administrator"))
    found = session.scalar(
        sa.select(OrganisationRow.id).where(
            OrganisationRow.name == organisation, OrganisationRow.deleted_at.is_(None)
        )
    )
    home = found or _add_organisation(session, access, organisation, None)
    return _add_account(session, login, name, home, FIRST_ROLES, hashed, access.now())


def administrator_at_the_server(
    database: Database, login: str, name: str, organisation: str, password: str
) -> None:
    """Make the first administrator without a code, for one who holds the database itself.

    Raises Problem `account_exists` or `weak_password`.
    """
    access, login = Access(database), _login(login)
    refuse_weak(password, login, name)
    hashed = hash_password(password)

    def work(session: Session) -> None:
        first = CodeRow.kind == "administrator"
        session.scalars(
            sa.select(CodeRow.hash).where(first).order_by(CodeRow.hash).with_for_update()
        ).all()
        if session.scalar(sa.select(AccountRow.id).limit(1)) is not None:
            raise Problem(409, "account_exists", "There are accounts already.")
        account = first_administrator(session, access, login, name, organisation, hashed)
        audit.note(
            session, access.now(), principal_of(account), "first administrator made", account.id,
            address="command line",
        )  # fmt: skip

    database.write(work)


@router.post("/setup", status_code=201)
def setup(body: Setup, who: Who) -> SignedIn:
    """Make the first administrator, with the code that the server printed at its first start."""
    now, login = who.access.now(), _login(body.login)
    refuse_weak(body.password, login, body.name)
    # Codes have 128 bits: nobody guesses one, but nobody shall make us hash without one either.
    with who.database.reading() as session:
        if _usable_code(session, "administrator", body.code, now) is None:
            raise _wrong_code()
    hashed = hash_password(body.password)

    def work(session: Session) -> SignedIn:
        # All codes are locked, so that of two who use two of them at once one comes too late.
        first = CodeRow.kind == "administrator"
        session.scalars(
            sa.select(CodeRow.hash).where(first).order_by(CodeRow.hash).with_for_update()
        ).all()
        _use_code(session, "administrator", body.code, now)
        account = first_administrator(
            session, who.access, login, body.name, body.organisation, hashed
        )
        tokens = issue(session, now, account.id, "", new_id(), "")
        person = replace(who, principal=principal_of(account))
        person.note(session, "first administrator made", account.id)
        return tokens

    return who.database.write(work)


class Challenge(BaseModel):
    """What a workstation signs with its evidence key to prove itself."""

    challenge: str


@router.post("/session/challenge")
def challenge(who: Who) -> Challenge:
    """For `POST /api/session` from a workstation; valid for two minutes."""
    secret = who.database.write(server_secret)
    text = f"{int(who.access.now().timestamp())}.{secrets.token_hex(16)}"
    return Challenge(challenge=f"{text}.{_mac(secret, text)}")


def _mac(secret: bytes, text: str) -> str:
    return hmac.new(secret, f"challenge.{text}".encode(), hashlib.sha256).hexdigest()


class SignIn(Body):
    login: Name
    password: Secret
    console_id: Id | None = None
    challenge: Secret | None = None
    proof: Secret | None = Field(
        None, description="hex of the Ed25519 signature over the challenge's UTF-8 bytes"
    )


@router.post("/session", status_code=201)
def sign_in(body: SignIn, who: Who) -> SignedIn:
    """Sign in with a password; from an enrolled workstation with its proof too."""
    now, login = who.access.now(), _login(body.login)
    _raise(who.database.write(lambda session: _counted(session, login, who.address, now)))
    with who.database.reading() as session:
        account = session.scalar(sa.select(AccountRow).where(AccountRow.login == login))
        console = session.get(ConsoleRow, body.console_id) if body.console_id else None
        secret = _secret_of(session)
    usable = account is not None and account.disabled_at is None
    fits = password_fits(account.password_hash if account and usable else None, body.password)
    proven = body.console_id is None or _proven(console, body, secret, now)

    def work(session: Session) -> SignedIn | Problem:
        if account is None or not fits:
            who.note(session, "sign-in", account.id if account else "", result="refused")
            return Problem(401, "wrong_password", "The name or the password is wrong.")
        forgive(session, login, who.address)
        person = replace(who, principal=principal_of(account, body.console_id or ""))
        if not proven:
            person.note(session, "sign-in", account.id, result="workstation not proven")
            return Problem(
                401, "console_unknown", "This workstation is not enrolled here. Enrol it again."
            )
        tokens = issue(session, now, account.id, body.console_id or "", new_id(), "")
        # What expired long ago tells nothing any more.
        old = stamp(now - REFRESH)
        session.execute(sa.delete(TokenRow).where(TokenRow.expires_at < old))
        person.note(session, "sign-in", account.id)
        return tokens

    return _answer(who.database.write(work))


def _counted(session: Session, login: str, address: str, now: datetime) -> Problem | None:
    """`count_attempt`, with its refusal as the result, so that what it counted is committed."""
    try:
        count_attempt(session, login, address, now)
    except Problem as problem:
        return problem
    return None


def _secret_of(session: Session) -> bytes:
    row = ServerStateRow
    stored = session.scalar(sa.select(row.value).where(row.key == "secret"))
    return bytes.fromhex(stored) if stored else b""


def _proven(console: ConsoleRow | None, body: SignIn, secret: bytes, now: datetime) -> bool:
    """Whether the workstation signed a challenge of ours that is fresh."""
    if console is None or console.revoked_at is not None or not secret:
        return False
    text, _, mac = (body.challenge or "").rpartition(".")
    if not hmac.compare_digest(mac.encode(), _mac(secret, text).encode()):
        return False
    if now.timestamp() - int(text.partition(".")[0]) > CHALLENGE.total_seconds():
        return False
    key = load_public_key(console.public_key)
    assert isinstance(key, Ed25519PublicKey)
    try:
        key.verify(bytes.fromhex(body.proof or ""), (body.challenge or "").encode())
    except (ValueError, InvalidSignature):
        return False
    return True


class Refresh(Body):
    refresh: Secret


@router.post("/session/refresh")
def refresh(body: Refresh, who: Who) -> SignedIn:
    """A new pair of tokens for a refresh token, which ends."""
    now = who.access.now()

    def work(session: Session) -> SignedIn | Problem:
        ended = Problem(401, "refresh_invalid", "This sign-in has ended. Sign in again.")
        hashed = token_hash(body.refresh)
        query = sa.select(TokenRow).where(TokenRow.hash == hashed, TokenRow.kind == "refresh")
        row = session.scalar(query.with_for_update())
        if row is None or row.revoked_at is not None or row.expires_at <= stamp(now):
            return ended
        account = session.get_one(AccountRow, row.account_id)
        console = session.get(ConsoleRow, row.console_id) if row.console_id else None
        if account.disabled_at is not None or (console and console.revoked_at is not None):
            return ended
        if row.used_at is None:
            row.used_at = stamp(now)
        elif not _lost_answer(session, row, now):
            _end(session, now, TokenRow.family == row.family)
            person = replace(who, principal=principal_of(account, row.console_id))
            person.note(session, "refresh token used twice", account.id, result="sign-in ended")
            return Problem(401, "refresh_reused", "This sign-in was used twice and has ended.")
        return issue(session, now, account.id, row.console_id, row.family, hashed)

    return _answer(who.database.write(work))


def _lost_answer(session: Session, row: TokenRow, now: datetime) -> bool:
    """Whether a second use may be a repeat because the answer was lost: it comes at once, and what
    was handed out then has never been used to refresh. That pair ends."""
    if row.used_at is None or row.used_at < stamp(now - RETRY):
        return False
    mine = sa.and_(TokenRow.family == row.family, TokenRow.parent == row.hash)
    if session.scalar(sa.select(TokenRow.hash).where(mine, TokenRow.used_at.is_not(None))):
        return False
    _end(session, now, mine)
    return True


def issue(
    session: Session, now: datetime, account: str, console: str, family: str, parent: str
) -> SignedIn:
    """A new pair of tokens. `family`: the sign-in; `parent`: the refresh token that it replaces."""
    access, refresh_token = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
    for token, kind, life in ((access, "access", ACCESS), (refresh_token, "refresh", REFRESH)):
        session.add(
            TokenRow(
                hash=token_hash(token), kind=kind, family=family, account_id=account,
                console_id=console, parent=parent, expires_at=stamp(now + life),
            )
        )  # fmt: skip
    session.flush()
    row = session.get_one(AccountRow, account)
    return SignedIn(
        access=access, refresh=refresh_token, expires_in=int(ACCESS.total_seconds()),
        password_version=version_of(row.password_hash),
    )  # fmt: skip


def version_of(password_hash: str) -> str:
    """Another one for each password, also for the same one set again."""
    return hashlib.sha256(password_hash.encode()).hexdigest()[:16]


def _end(session: Session, now: datetime, which: sa.ColumnElement[bool]) -> None:
    """End tokens; stream tokens among them, so that a relay opens nothing more."""
    session.execute(
        sa.update(TokenRow)
        .where(which, TokenRow.revoked_at.is_(None))
        .values(revoked_at=stamp(now))
    )


@router.delete("/session", status_code=204)
def sign_out(who: Who) -> None:
    """End this sign-in with all its tokens."""

    def work(session: Session) -> None:
        _end(session, who.access.now(), TokenRow.family == who.family)
        who.access.rights_changed(session)
        who.note(session, "sign-out", who.principal.user_id)

    who.database.write(work)


@router.get("/me")
def me(who: Who) -> Me:
    """Who I am."""
    person = who.principal
    permissions = {p for role in person.roles for p in ROLE_PERMISSIONS.get(role, ())}
    with who.database.reading() as session:
        once = session.get_one(AccountRow, person.user_id).password_once
    return Me(
        user_id=person.user_id,
        name=person.name,
        organisation_id=person.organisation_id,
        console_id=person.console_id,
        roles=sorted(person.roles),
        permissions=sorted(permissions),
        password_once=once,
        server_time=stamp(who.access.now()),
    )


class NewPassword(Body):
    old: Secret
    new: Secret


@router.put("/me/password", status_code=204)
def change_password(body: NewPassword, who: Who) -> None:
    """Change the own password; other sign-ins of this account end."""
    now = who.access.now()
    with who.database.reading() as session:
        account = session.get_one(AccountRow, who.principal.user_id)
    _raise(who.database.write(lambda s: _counted(s, account.login, who.address, now)))
    if not password_fits(account.password_hash, body.old):
        raise Problem(403, "wrong_password", "The old password is wrong.")
    refuse_weak(body.new, account.login, account.name)
    hashed = hash_password(body.new)

    def work(session: Session) -> None:
        forgive(session, account.login, who.address)
        row = session.get_one(AccountRow, account.id)
        row.password_hash, row.password_once = hashed, False
        others = sa.and_(TokenRow.account_id == account.id, TokenRow.family != who.family)
        _end(session, now, others)
        who.note(session, "password changed", account.id)

    who.database.write(work)


def _login(name: str) -> str:
    return name.strip().casefold()


def _raise(problem: Problem | None) -> None:
    if problem is not None:
        raise problem


def _answer(result: SignedIn | Problem) -> SignedIn:
    if isinstance(result, Problem):
        raise result
    return result


# -- accounts


class AccountOut(BaseModel):
    """An account as administrators see it."""

    id: str
    login: str
    name: str
    organisation_id: str
    roles: list[str]
    disabled: bool
    password_once: bool


class AccountPage(BaseModel):
    items: list[AccountOut]
    next: str | None = Field(description="`after` of the next page; null at the end")


class NewAccount(Body):
    login: Name
    name: Name
    password: Secret
    organisation_id: Id
    roles: set[Role] = Field(min_length=1)
    once: bool = Field(False, description="the password serves only to set another")


class AccountChange(Body):
    name: Name | None = None
    password: Secret | None = None
    roles: set[Role] | None = Field(None, min_length=1)
    disabled: bool | None = None
    once: bool = Field(False, description="the password serves only to set another")


def _account(row: AccountRow) -> AccountOut:
    return AccountOut(
        id=row.id,
        login=row.login,
        name=row.name,
        organisation_id=row.organisation_id,
        roles=sorted(row.roles.split()),
        disabled=row.disabled_at is not None,
        password_once=row.password_once,
    )


@router.get("/accounts")
def accounts(who: Who, after: After = "", limit: Limit = 100) -> AccountPage:
    """Accounts of the own organisation and those below it; for `system`, all."""
    query = sa.select(AccountRow).where(AccountRow.id > after).order_by(AccountRow.id)
    if not who.principal.roles & who.right.foreign:
        mine = below([who.principal.organisation_id])
        query = query.where(AccountRow.organisation_id.in_(mine))
    with who.database.reading() as session:
        rows = list(session.scalars(query.limit(limit + 1)))
    return AccountPage(
        items=[_account(r) for r in rows[:limit]],
        next=rows[limit - 1].id if len(rows) > limit else None,
    )


@router.post("/accounts", status_code=201)
def add_account(body: NewAccount, who: Who) -> AccountOut:
    """Make an account. Only `system` may give the role `system`."""
    refuse_weak(body.password, body.login, body.name)
    _refuse_higher(who.principal, body.roles)
    hashed = hash_password(body.password)

    def work(session: Session) -> AccountOut:
        if session.get(OrganisationRow, body.organisation_id) is None:
            raise not_found()
        who.need_organisation(session, body.organisation_id)
        login = _login(body.login)
        if session.scalar(sa.select(AccountRow.id).where(AccountRow.login == login)):
            raise Problem(409, "login_taken", "There is an account of this name.")
        row = _add_account(
            session, login, body.name, body.organisation_id, frozenset(body.roles), hashed,
            who.access.now(),
        )  # fmt: skip
        row.password_once = body.once
        who.note(session, "account made", row.id, roles=row.roles)
        return _account(row)

    return who.database.write(work)


def _add_account(
    session: Session, login: str, name: str, organisation: str, roles: frozenset[Role],
    hashed: str, now: datetime,
) -> AccountRow:  # fmt: skip
    row = AccountRow(
        id=new_id(), login=login, name=name, organisation_id=organisation,
        roles=" ".join(sorted(roles)), password_hash=hashed, created_at=stamp(now),
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row


@router.patch("/accounts/{account_id}")
def change_account(account_id: PathId, body: AccountChange, who: Who) -> AccountOut:
    """Change an account. A new password or a block ends its sign-ins."""
    hashed = hash_password(body.password) if body.password else ""

    def work(session: Session) -> AccountOut:
        row = session.get(AccountRow, account_id, with_for_update=True)
        if row is None:
            raise not_found()
        who.need_organisation(session, row.organisation_id)
        _refuse_higher(who.principal, {Role(r) for r in row.roles.split()} | (body.roles or set()))
        if body.password:
            refuse_weak(body.password, row.login, row.name)
            row.password_hash, row.password_once = hashed, body.once
        row.name = body.name or row.name
        if body.roles is not None:
            row.roles = " ".join(sorted(body.roles))
        now = who.access.now()
        if body.disabled is not None:
            row.disabled_at = (row.disabled_at or stamp(now)) if body.disabled else None
        if body.password or body.disabled:
            _end(session, now, TokenRow.account_id == row.id)
        session.flush()
        who.access.rights_changed(session)
        who.note(
            session, "account changed", row.id, roles=row.roles,
            password=bool(body.password), disabled=row.disabled_at is not None,
        )  # fmt: skip
        return _account(row)

    return who.database.write(work)


def _refuse_higher(principal: Principal, roles: set[Role]) -> None:
    """Who is not `system` makes none, and touches none."""
    if Role.SYSTEM in roles and Role.SYSTEM not in principal.roles:
        raise Problem(403, "no_role", "Only one with the role “system” may do this.")


# -- workstations


class ConsoleCode(BaseModel):
    code: str
    expires_at: str


class NewConsoleCode(Body):
    organisation_id: Id


def _usable(key: str) -> str:
    seal(key, b"", b"")  # raises ValueError for a point to which nothing can be sealed
    return key


SealingKey = Annotated[str, StringConstraints(pattern="^[0-9a-f]{64}$"), AfterValidator(_usable)]


class Enrolment(Body):
    code: Secret
    name: Name
    public_key: str = Field(max_length=1000, description="Ed25519, PEM: its evidence key")
    sealing_key: SealingKey | None = Field(
        None, description="X25519, hex: camera accounts are sealed to it; later by PUT too"
    )


class ConsoleOut(BaseModel):
    id: str
    name: str
    organisation_id: str
    key_id: str
    enrolled_at: str
    seen_at: str | None = Field(description="last in step, or signed in")
    revoked: bool


class ConsolePage(BaseModel):
    items: list[ConsoleOut]
    next: str | None


def _console(session: Session, row: ConsoleRow) -> ConsoleOut:
    return ConsoleOut(
        id=row.id,
        name=row.name,
        organisation_id=row.organisation_id,
        key_id=key_id(load_public_key(row.public_key)),
        enrolled_at=row.enrolled_at,
        seen_at=_seen(session, row.id),
        revoked=row.revoked_at is not None,
    )


def _seen(session: Session, console: str) -> str | None:
    """The last exchange, or the last time that a sign-in was made or renewed there."""
    last = sa.select(sa.func.max(ReplicaRow.seen_at)).where(ReplicaRow.console_id == console)
    token = sa.select(sa.func.max(TokenRow.expires_at)).where(
        TokenRow.console_id == console, TokenRow.kind == "refresh"
    )
    seen, expires = session.scalar(last), session.scalar(token)
    renewed = stamp(moment(expires) - REFRESH) if expires else None
    return max((t for t in (seen, renewed) if t), default=None)


@router.post("/consoles/codes", status_code=201)
def console_code(body: NewConsoleCode, who: Who) -> ConsoleCode:
    """A code with which one workstation enrols, within the hour."""

    def work(session: Session) -> ConsoleCode:
        if session.get(OrganisationRow, body.organisation_id) is None:
            raise not_found()
        who.need_organisation(session, body.organisation_id)
        expires = who.access.now() + CONSOLE_CODE
        code = _new_code(session, "console", body.organisation_id, expires)
        who.note(session, "enrolment code made", body.organisation_id)
        return ConsoleCode(code=code, expires_at=stamp(expires))

    return who.database.write(work)


@router.post("/consoles", status_code=201)
def enrol(body: Enrolment, who: Who) -> ConsoleOut:
    """Enrol this workstation: its evidence key's public half is kept."""
    now = who.access.now()
    try:
        key = load_public_key(body.public_key)
    except ValueError as error:
        raise Problem(422, "invalid", f"public_key: {error}") from None
    if not isinstance(key, Ed25519PublicKey):
        raise Problem(422, "invalid", "public_key: not an Ed25519 key")

    def work(session: Session) -> ConsoleOut:
        organisation = _use_code(session, "console", body.code, now).organisation_id
        row = ConsoleRow(
            id=new_id(), name=body.name, organisation_id=organisation,
            public_key=body.public_key, sealing_key=body.sealing_key or "", enrolled_at=stamp(now),
        )  # fmt: skip
        session.add(row)
        session.flush()
        who.note(session, "workstation enrolled", row.id, name=row.name, key=key_id(key))
        return _console(session, row)

    return who.database.write(work)


class KnownPerson(Body):
    user_id: Id
    password_version: str = Field(max_length=64, pattern="^[0-9a-f]*$")


class KnownPeople(Body):
    people: list[KnownPerson] = Field(max_length=50)


class PeopleChanged(BaseModel):
    changed: list[str] = Field(description="those of them whose password is another one now, or "
                               "whose account is blocked or gone")  # fmt: skip


@router.post("/me/console/people")
def people(body: KnownPeople, who: Who) -> PeopleChanged:
    """Whom this workstation must not let in without the server any more."""
    if not who.principal.console_id:
        raise Problem(403, "not_enrolled", "Only an enrolled workstation lets people in.")
    row = AccountRow
    with who.database.reading() as session:
        query = sa.select(row.id, row.password_hash).where(
            row.id.in_([p.user_id for p in body.people]), row.disabled_at.is_(None)
        )
        now = {found.id: version_of(found.password_hash) for found in session.execute(query)}
    return PeopleChanged(
        changed=[p.user_id for p in body.people if now.get(p.user_id) != p.password_version]
    )


class NewSealingKey(Body):
    sealing_key: SealingKey
    proof: Secret | None = Field(
        None,
        description="to replace another: hex of the evidence key's signature over the UTF-8 bytes "
        "of “watchroom sealing key ” and the hex of the new key",
    )


@router.put("/me/console/sealing-key", status_code=204)
def set_sealing_key(body: NewSealingKey, who: Who) -> None:
    """Tell the key to which camera accounts are sealed for this workstation."""

    def work(session: Session) -> None:
        row = session.get(ConsoleRow, who.principal.console_id, with_for_update=True)
        if row is None:
            raise Problem(403, "not_enrolled", "Only an enrolled workstation has such a key.")
        if row.sealing_key == body.sealing_key:
            return
        if row.sealing_key and not _signed(row, body):
            raise Problem(403, "proof_needed", "Another key is known: prove that this is you.")
        row.sealing_key = body.sealing_key
        who.note(session, "sealing key set", row.id)

    who.database.write(work)


def _signed(row: ConsoleRow, body: NewSealingKey) -> bool:
    key = load_public_key(row.public_key)
    assert isinstance(key, Ed25519PublicKey)
    try:
        key.verify(
            bytes.fromhex(body.proof or ""), f"watchroom sealing key {body.sealing_key}".encode()
        )
    except (ValueError, InvalidSignature):
        return False
    return True


@router.get("/consoles")
def consoles(who: Who, after: After = "", limit: Limit = 100) -> ConsolePage:
    """Workstations of the own organisation and those below it."""
    query = (
        sa.select(ConsoleRow)
        .where(ConsoleRow.id > after)
        .where(ConsoleRow.organisation_id.in_(below([who.principal.organisation_id])))
        .order_by(ConsoleRow.id)
        .limit(limit + 1)
    )
    with who.database.reading() as session:
        rows = list(session.scalars(query))
        items = [_console(session, r) for r in rows[:limit]]
    return ConsolePage(
        items=items,
        next=rows[limit - 1].id if len(rows) > limit else None,
    )


@router.delete("/consoles/{console_id}", status_code=204)
def revoke_console(console_id: PathId, who: Who) -> None:
    """End a workstation's enrolment and all sign-ins on it."""

    def work(session: Session) -> None:
        row = session.get(ConsoleRow, console_id)
        if row is None:
            raise not_found()
        who.need_organisation(session, row.organisation_id)
        row.revoked_at = row.revoked_at or stamp(who.access.now())
        _end(session, who.access.now(), TokenRow.console_id == row.id)
        who.access.rights_changed(session)
        who.note(session, "workstation ended", row.id)

    who.database.write(work)


# -- organisations


class OrganisationOut(BaseModel):
    id: str
    name: str
    name_en: str
    parent_id: str | None


class OrganisationPage(BaseModel):
    items: list[OrganisationOut]
    next: str | None


class NewOrganisation(Body):
    name: Name
    parent_id: Id | None = None


@router.get("/organisations")
def organisations(who: Who, after: After = "", limit: Limit = 100) -> OrganisationPage:
    """All organisations: whom one can ask for a camera."""
    row = OrganisationRow
    query = sa.select(row).where(row.deleted_at.is_(None), row.id > after).order_by(row.id)
    with who.database.reading() as session:
        rows = list(session.scalars(query.limit(limit + 1)))
    return OrganisationPage(
        items=[_organisation(r) for r in rows[:limit]],
        next=rows[limit - 1].id if len(rows) > limit else None,
    )


@router.post("/organisations", status_code=201)
def add_organisation(body: NewOrganisation, who: Who) -> OrganisationOut:
    """Make an organisation below another; one at the top, only `system` may."""

    def work(session: Session) -> OrganisationOut:
        if body.parent_id is None:
            if not who.principal.roles & who.right.foreign:
                raise not_found()
        else:
            if session.get(OrganisationRow, body.parent_id) is None:
                raise not_found()
            who.need_organisation(session, body.parent_id)
        made = _add_organisation(session, who.access, body.name, body.parent_id)
        who.note(session, "organisation made", made)
        return _organisation(session.get_one(OrganisationRow, made))

    return who.database.write(work)


def _add_organisation(session: Session, access: Access, name: str, parent: str | None) -> str:
    row = OrganisationRow(
        id=new_id(), name=name, parent_id=parent, updated_at=stamp(access.now()),
        search_text=name.casefold(),
    )  # fmt: skip
    session.add(row)
    session.flush()
    access.entity_written(session, "organisation", row.id)
    return row.id


def _organisation(row: OrganisationRow) -> OrganisationOut:
    return OrganisationOut(id=row.id, name=row.name, name_en=row.name_en, parent_id=row.parent_id)
