"""The console's half of the control lock, against a server that answers as it is told."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from app.sync.client import NetworkError
from app.sync.control import NOT_PERMITTED, Controls
from app.sync.protocol import Problem, SyncError
from tests.conftest import wait_for

CAMERA = "c1"


class Answers:
    """A line to a server: a status for steps, and whether it answers at all."""

    again = True

    def __init__(self) -> None:
        self.status, self.gone, self.asked = 404, False, 0

    def call(self, method: str, path: str, body: bytes, timeout_s: float) -> bytes:
        self.asked += 1
        if self.gone:
            raise NetworkError("gone")
        if method == "POST":
            raise SyncError(Problem("no", status=self.status))
        return json.dumps({"items": []}).encode()

    def cancel(self) -> None:
        pass

    def close(self) -> None:
        pass


@pytest.fixture
def server() -> Answers:
    return Answers()


@pytest.fixture
def controls(server: Answers) -> Iterator[Controls]:
    made = Controls()
    made.use("李雷", lambda: server)
    made.select(CAMERA)
    wait_for(lambda: made.standing(CAMERA).known)
    yield made
    made.close()


def test_a_camera_that_the_server_has_not_got_yet_can_be_steered(controls: Controls) -> None:
    wait_for(lambda: controls.may(CAMERA) is not None)
    assert controls.may(CAMERA) == ""
    assert controls.standing(CAMERA).unknown
    assert not controls.standing(CAMERA).alone


def test_one_that_may_not_be_steered_is_not(controls: Controls, server: Answers) -> None:
    server.status = 403
    wait_for(lambda: controls.may(CAMERA) is not None)
    assert controls.may(CAMERA) == NOT_PERMITTED


def test_a_server_that_does_not_answer_is_waited_for_a_second_and_not_asked_in_a_loop(
    controls: Controls, server: Answers
) -> None:
    server.gone = True
    took = wait_for(lambda: controls.may(CAMERA) == "")
    assert took < 3
    assert controls.standing(CAMERA).alone
    assert controls.standing(CAMERA).mine
    assert server.asked < 20
