"""Work off the Qt thread: runs in a pool, answers on the Qt thread, ends with the window."""

from __future__ import annotations

import threading
import traceback
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import Any, Protocol, TypeVar

from PySide6.QtCore import QObject, Qt, QTimer, Signal, SignalInstance
from shiboken6 import isValid


def emit(signal: SignalInstance, *arguments: object) -> None:
    """From a thread that must go on whatever becomes of those who are told: they may be gone."""
    try:
        signal.emit(*arguments)
    except RuntimeError:
        pass  # the window is gone


class TaskTimeoutError(Exception):
    """The work took longer than it was given."""


class Task:
    """A piece of work under way. `cancelled` may be watched by the work itself."""

    def __init__(self) -> None:
        self.cancelled = threading.Event()
        self.done = False

    def cancel(self) -> None:
        """Drop the answer; the work goes on unless it watches `cancelled`."""
        self.cancelled.set()


class Newest:
    """Lets an answer through unless one that was asked for later has been shown already: the threads
    of the pool finish in any order, and what was read first must not cover what was read last."""

    def __init__(self) -> None:
        self._asked = self._shown = 0

    def __call__(self, show: Callable[[Any], None]) -> Callable[[Any], None]:
        """For a question that is asked now: `show`, guarded."""
        self._asked += 1
        asked = self._asked

        def told(answer: Any) -> None:
            if asked > self._shown:
                self._shown = asked
                show(answer)

        return told


class Grows(Protocol):
    """What entries say, that are only ever added to."""

    @property
    def id(self) -> str: ...

    @property
    def entries(self) -> tuple[object, ...]: ...


G = TypeVar("G", bound=Grows)


def grown(now: G | None, identity: str, read: G | None) -> G | None:
    """What to show of that which is open, when `identity` was read: fewer entries than are shown
    were read before those were written; another one's answer comes too late."""
    if now is None or now.id != identity:
        return now
    return read if read is None or len(read.entries) >= len(now.entries) else now


class Tasks(QObject):
    """Runs functions in a pool of threads."""

    _finished = Signal(object)

    def __init__(self, parent: QObject | None = None, threads: int = 6) -> None:
        super().__init__(parent)
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="task")
        self._pending: set[Task] = set()
        self._running: set[Future[None]] = set()
        self._finished.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    def run(
        self,
        parent: QObject | None,
        work: Callable[[Task], Any],
        success: Callable[[Any], None] | None = None,
        failure: Callable[[Exception], None] | None = None,
        *,
        timeout_s: float = 30.0,
    ) -> Task:
        """Run `work(task)`; then `success(result)` or `failure(error)` on the Qt thread.

        Nothing is called after `cancel`, or when `parent` is gone. After `timeout_s` the failure is
        a TaskTimeoutError and a late result is dropped.
        """
        task = Task()
        self._pending.add(task)

        def job() -> None:
            try:
                result: tuple[Any, Exception | None] = (work(task), None)
            except Exception as error:
                result = (None, error)
            emit(self._finished, (task, parent, success, failure, *result))

        try:
            running = self._pool.submit(job)
        except RuntimeError:  # closing
            task.cancel()
            return task
        self._running.add(running)
        running.add_done_callback(self._running.discard)
        QTimer.singleShot(
            int(timeout_s * 1000), self, lambda: self._expire(task, parent, failure, timeout_s)
        )
        return task

    def _expire(
        self,
        task: Task,
        parent: QObject | None,
        failure: Callable[[Exception], None] | None,
        timeout_s: float,
    ) -> None:
        if not task.done and not task.cancelled.is_set():
            error = TaskTimeoutError(f"no result within {timeout_s:.0f} s")
            self._deliver((task, parent, None, failure, None, error))
            task.cancel()

    def _deliver(self, answer: Any) -> None:
        task, parent, success, failure, result, error = answer
        self._pending.discard(task)
        if task.done or task.cancelled.is_set():
            return
        task.done = True
        if parent is not None and not isValid(parent):
            return
        if error is None:
            if success is not None:
                success(result)
        elif failure is not None:
            failure(error)
        else:
            # Nobody handles it: a mistake of ours, which must not pass in silence.
            traceback.print_exception(error)

    def close(self, wait_s: float = 2.0) -> None:
        """Drop every answer, let no new work begin, and wait a little for what is under way.

        A write should reach the disk before the database is closed; a camera that hangs must not
        keep the window open.
        """
        for task in self._pending:
            task.cancel()
        self._pending.clear()
        self._pool.shutdown(wait=False, cancel_futures=True)
        wait(set(self._running), wait_s)
