"""The server's own loop: it wakes once a second, and at once when it is asked to end."""

import asyncio
import signal
import time

import pytest
import uvicorn
from tests.checkers.waiting import MINUTES

from contor.commands.serving.door import AtOnce, Server


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


class Noted:
    """A transport that notes what it is told."""

    def __init__(self) -> None:
        self.told: list[object] = []

    def writelines(self, parts: list[bytes]) -> None:
        self.told.append(b"".join(parts))

    def close(self) -> None:
        self.told.append("closed")

    def is_closing(self) -> bool:
        return "closed" in self.told


def test_an_answer_goes_at_once() -> None:
    async def writing() -> None:
        noted = Noted()
        transport = AtOnce(noted, asyncio.get_running_loop())  # type: ignore[arg-type]  # as much of a transport as is asked of
        transport.write(b"head")
        assert noted.told == []
        transport.write(b"body")
        assert noted.told == [b"headbody"]
        transport.write(b"head alone")
        transport.write(b"")
        assert noted.told.pop() == b"head alone"
        transport.write(b"first")  # of a body that comes in pieces
        await asyncio.sleep(0)
        assert noted.told.pop() == b"first"
        transport.write(b"last")
        transport.close()
        assert noted.told[1:] == [b"last", "closed"]
        assert transport.is_closing()
        transport.write(b"too late")
        await asyncio.sleep(0)
        assert noted.told[1:] == [b"last", "closed"]

    asyncio.run(writing())
