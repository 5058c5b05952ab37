"""Those who wait are woken by every change, also by one that comes while they look."""

from __future__ import annotations

import asyncio
import time

from app.server.sync_routes import Pulse


def test_a_change_between_looking_and_waiting_wakes() -> None:
    head = 0

    async def console(pulse: Pulse, change: bool) -> float:
        nonlocal head
        await pulse.join()
        beat = pulse.beat
        if change:
            head += 1  # after it has looked for news, and found none
            await asyncio.sleep(1)  # the server asks the database meanwhile
        began = time.monotonic()
        await pulse.wait(beat, 20)
        pulse.leave()
        return time.monotonic() - began

    async def run() -> None:
        pulse = Pulse(lambda: (head, ""))
        # The first that waits, and one among others.
        assert await console(pulse, True) < 10
        other = asyncio.create_task(console(pulse, False))
        await asyncio.sleep(0.3)
        assert await console(pulse, True) < 10
        await other

    asyncio.run(run())


def test_time_is_up_without_a_change() -> None:
    async def run() -> None:
        pulse = Pulse(lambda: (1, ""))
        await pulse.join()
        began = time.monotonic()
        await pulse.wait(pulse.beat, 0.4)
        assert time.monotonic() - began >= 0.4
        pulse.leave()

    asyncio.run(run())
