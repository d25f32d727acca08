"""The server's own loop: it wakes once a second, and at once when it is asked to end."""

import asyncio
import signal
import time

import pytest
import uvicorn
from tests.checkers.waiting import MINUTES

from contor.commands.serving.door import Server


def test_it_wakes_once_a_second_and_when_it_is_to_end(monkeypatch: pytest.MonkeyPatch) -> None:
    ticks: list[float] = []

    async def on_tick(server: Server, _: int) -> bool:
        ticks.append(time.monotonic())
        return server.should_exit

    monkeypatch.setattr(Server, "on_tick", on_tick)

    async def serve() -> None:
        server = Server(uvicorn.Config("nothing"))
        running = asyncio.create_task(server.main_loop())
        await asyncio.sleep(0.5)
        assert len(ticks) <= 1 + (time.monotonic() - ticks[0])
        server.handle_exit(signal.SIGTERM, None)
        before = len(ticks)
        await asyncio.wait_for(running, MINUTES)
        assert len(ticks) == before + 1

    asyncio.run(serve())
