"""Serve: the API processes, the worker that issues documents, the worker that renders files, under one supervisor."""

import asyncio
import logging
import sys
import threading
import urllib.request
from dataclasses import replace

import uvicorn
from rich.console import Console

from contor.billing.runs import run_every_minute
from contor.commands.demo import furnish
from contor.documents import issue
from contor.documents.after import archive, archive_late
from contor.kernel.context import EVERYTHING, Caller
from contor.kernel.events import FOLLOWERS
from contor.kernel.operations import CATALOGUE
from contor.runtime.config import Config
from contor.runtime.db import url_of
from contor.runtime.execute import Runtime
from contor.runtime.migrate import migrate
from contor.runtime.postgres import embedded
from contor.runtime.work import jobs
from contor.runtime.work.processes import Child, Supervisor, listening

log = logging.getLogger("contor")
FILE_JOBS = frozenset({archive.name})
LATE_SECONDS = 60
"""How often documents whose files are missing are looked for."""


def run_everything(config: Config, out: Console) -> int:
    """What `make run` does: set up, migrate, demo, serve until Ctrl-C. The exit status."""
    from contor.app import make_runtime

    logging.basicConfig(level=config.log_level.upper(), format="%(asctime)s %(levelname)s %(name)s %(message)s")
    try:
        door = listening(config.host, config.port)
    except OSError as error:
        raise SystemExit(f"Port {config.port} cannot be used ({error.strerror}); CONTOR_PORT names another.") from None
    config.home.mkdir(parents=True, exist_ok=True)
    with door, embedded(config, progress=out.print) as dsn:
        out.print("Bringing the schema up to date")
        migrate(dsn)
        runtime = make_runtime(config, dsn)
        runtime.database.open()
        try:
            demo = furnish(runtime)
        finally:
            runtime.database.close()
        supervisor = Supervisor(children(config, dsn, door.fileno()), report=lambda text: out.print(text, style="yellow"))
        address = f"http://{config.host}:{config.port}"
        said = f"Contor is ready at {address}\nKey and idents of the demo organization: {demo}\nCtrl-C stops it."
        return supervisor.run(ready=lambda: _answers(address), on_ready=lambda: out.print(said))


def children(config: Config, dsn: str, door: int) -> list[Child]:
    """The processes of one installation. API servers share the listening socket, files are rendered at idle priority."""
    contor = (sys.executable, "-m", "contor.cli")
    environment = replace(config, database_url=url_of(dsn)).environment()
    servers = [
        Child(name=f"api-{n}", argv=(*contor, "serve", "--fd", str(door)), environment=environment, handles=(door,))
        for n in range(config.servers)
    ]
    issuing = [
        Child(name=f"documents-{n}", argv=(*contor, "work", "documents"), environment=environment) for n in range(config.workers)
    ]
    rendering = [
        Child(name=f"files-{n}", argv=(*contor, "work", "files"), environment=environment, nice=19, policy="idle")
        for n in range(config.file_workers)
    ]
    return [*servers, *issuing, *rendering]


def serve_api(config: Config, fd: int | None) -> None:
    """One API process, on a socket of its own or on the one that it inherited."""
    uvicorn.run(
        "contor.app:application",
        factory=True,
        host=config.host,
        port=config.port,
        fd=fd,
        log_level=config.log_level,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=10,
    )


async def work_on(runtime: Runtime, kind: str, stop: asyncio.Event) -> None:
    """The loop of a worker process: `documents` drains requests, bills what is due and runs quick jobs, `files` renders."""
    followers = {operation.name for found in FOLLOWERS.values() for operation, _ in found}
    names = sorted(name for name in followers if (name in FILE_JOBS) == (kind == "files"))
    assert all(name in CATALOGUE for name in names)
    stopped = threading.Event()
    tasks = [asyncio.create_task(jobs.work(runtime, names, stop))] if names else []
    if kind == "documents":
        tasks.append(asyncio.create_task(asyncio.to_thread(issue.run, runtime, stopped.is_set)))
        tasks.append(asyncio.create_task(asyncio.to_thread(run_every_minute, runtime, stopped.is_set)))
    else:
        tasks.append(asyncio.create_task(_look_for_late_files(runtime, stop)))
    waiting = asyncio.create_task(stop.wait())
    done, _ = await asyncio.wait([waiting, *tasks], return_when=asyncio.FIRST_COMPLETED)
    stopped.set()
    stop.set()
    await asyncio.gather(*tasks)
    waiting.cancel()
    for task in done - {waiting}:
        task.result()


async def _look_for_late_files(runtime: Runtime, stop: asyncio.Event) -> None:
    """Documents whose job was lost or given up get a new one."""
    while not stop.is_set():
        for tenant in await asyncio.to_thread(issue.active_tenants, runtime, True):
            caller = Caller("job:files", "worker", tenant, permissions=frozenset({EVERYTHING}))
            await asyncio.to_thread(runtime.execute, archive_late, None, caller)
        try:
            await asyncio.wait_for(stop.wait(), LATE_SECONDS)
        except TimeoutError:
            continue


def _answers(address: str) -> bool:
    """Whether the API is ready."""
    try:
        with urllib.request.urlopen(f"{address}/health", timeout=2) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False
