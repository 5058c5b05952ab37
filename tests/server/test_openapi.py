"""The OpenAPI document is true: whatever it lets one send gets an answer that it describes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from app.domain.permission import Role
from app.server.application import Settings
from app.server.database import Database
from app.server.keys import ServerKey
from app.server.rights import RIGHTS
from tests.server.conftest import FAST, Server, World

CHECKS = (
    not_a_server_error,
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)


class Target:
    """A server with a camera, a group and a person who may do everything."""

    def __init__(self, folder: Path) -> None:
        self.database = Database(f"sqlite:///{folder / 'server.sqlite'}")
        self.server = Server(self.database, Settings(limits=FAST, key=ServerKey(b"k" * 32)))
        world = World(self.database)
        self.home = world.organisation("home")
        self.camera = world.camera(self.home)
        self.group = world.group(self.home, self.camera)
        tokens = world.tokens(world.person(self.home, *Role), world.console(self.home))
        self.person = self.server.client(tokens)
        self.schema = schemathesis.openapi.from_url(f"{self.server.url}/openapi.json")


@pytest.fixture(scope="module")
def target(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Target]:
    made = Target(tmp_path_factory.mktemp("openapi"))
    yield made
    made.server.stop()
    made.database.close()


LINES = [x for x in RIGHTS if x not in ("GET /openapi.json", "DELETE /api/session")]


@pytest.mark.parametrize("line", LINES)
def test_nothing_that_may_be_sent_breaks_the_server(target: Target, line: str) -> None:
    method, path = line.split()
    operation = target.schema[path][method]
    headers = {"authorization": f"Bearer {target.person.tokens['access']}"}
    ids = {"camera_id": target.camera, "group_id": target.group}

    @given(case=operation.as_strategy(), exists=st.booleans())
    @settings(
        max_examples=10, deadline=None, suppress_health_check=list(HealthCheck), database=None
    )
    def send(case: schemathesis.Case, exists: bool) -> None:
        for name in case.path_parameters if exists else ():
            # Beyond a thing that exists there is more to go wrong.
            case.path_parameters[name] = ids.get(name, case.path_parameters[name])
        case.call_and_validate(headers=headers, checks=CHECKS, timeout=30)

    send()


def test_the_document_says_who_may(target: Target) -> None:
    paths = target.server.client().get("/openapi.json")["paths"]
    assert "security" not in paths["/api/session"]["post"]
    assert paths["/api/me"]["get"]["security"] == [{"token": []}]
    decide = paths["/api/shares/{share_id}/decision"]["post"]
    assert decide["x-roles"] == {"own": ["administrator"], "granted": [], "foreign": []}
    answers = paths["/api/cameras/{camera_id}/address"]["post"]["responses"]
    assert set(answers) == {"200", "4XX", "5XX"}
    assert "application/problem+json" in answers["4XX"]["content"]
