"""Serve: the API processes, the worker that issues documents, the worker that renders files, under one supervisor."""

import asyncio
import logging
import sys
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from rich.console import Console

from contor.commands.demo import DEMO, furnish
from contor.commands.logs import write_logs
from contor.commands.serving.machine import connections, manned
from contor.commands.terminal import note_address, opened
from contor.documents.issue import tune_process
from contor.kernel.work import WORK
from contor.runtime import tracing
from contor.runtime.config import Config
from contor.runtime.db import url_of
from contor.runtime.execute import Runtime
from contor.runtime.migrate import is_current, migrate
from contor.runtime.postgres import (
    embedded,
    enough_connections,
    ensure_process_login,
    facts,
    keeper_of,
    may_migrate,
    process_login,
    write_early,
)
from contor.runtime.scratch import sweep
from contor.runtime.secrets import Secrets
from contor.runtime.work import jobs, schedule
from contor.runtime.work.forking import Nest
from contor.runtime.work.processes import Child, Running, Supervisor, listening, started
from contor.runtime.work.tenants import Calls, work_until

log = logging.getLogger("contor")

CONTOR = (sys.executable, "-m", "contor.cli")
"""The command line, as a program."""
NEST_FELL = (
    "contor nest fell; who falls from now on comes back as a program of its own, later and with more memory, until the next start"
)


def run_everything(config: Config, out: Console) -> int:
    """What `make run` does: set up, migrate, demo, serve until Ctrl-C. The exit status."""
    from contor.app import load_packages
    from contor.commands.serving import door as _of_the_servers  # noqa: F401  # loaded before the processes part

    load_packages()
    # before there is a thread, a connection or an open file; who is forked later goes on from here, as another command
    nest = Nest()

    def start(child: Child) -> Running:
        return nest.start(child, child.argv[len(CONTOR) :]) or started(child)

    def report(text: str) -> None:
        out.print(text, style="yellow")

    write_logs(config)
    refuse_a_second(config)
    try:
        # before anything else: a port that is taken must not cost a database
        door = listening(config.host, config.port)
    except OSError as error:
        raise SystemExit(f"Port {config.port} cannot be used ({error.strerror}); CONTOR_PORT names another.") from None
    config.home.mkdir(parents=True, exist_ok=True)
    note_address(config)
    secrets = Secrets.load(config)
    with door, embedded(config, progress=out.print) as dsn:
        out.print("Bringing the schema up to date")
        is_ours = config.database_url is None  # a database of the operator's own is not for demos
        # by another process, which ends: what is loaded and built for it would stay to the end of this one
        if status := start(_preparing(config, dsn, demo=is_ours)).wait():
            return status
        config = manned(config, facts(dsn).connections)
        enough_connections(dsn, connections(config))
        login = process_login(dsn, secrets)
        said = f"Contor is ready at {config.base_url}"
        if is_ours:
            said += f"\nKey and idents of the demo organization: {config.home / DEMO}"
        supervisor = Supervisor(
            children(config, login, door.fileno()),
            report=report,
            start=start,
            look=lambda: report(NEST_FELL) if nest.has_fallen() else None,
        )
        address = f"http://{config.host}:{config.port}"
        return supervisor.run(
            ready=lambda: _answers(address),
            on_ready=lambda: out.print(f"{said}\nCtrl-C stops it.", soft_wrap=True),
            # an operator's own server goes on
            on_end=None if config.database_url is not None else lambda: write_early(dsn),
        )


def _preparing(config: Config, dsn: str, *, demo: bool) -> Child:
    environment = replace(config, database_url=url_of(dsn)).environment()
    return Child(name="prepare", argv=(*CONTOR, "prepare", *(["--demo"] if demo else [])), environment=environment)


def prepare(config: Config, *, demo: bool) -> None:
    """What comes before the processes: the schema, their login, and the demo organization."""
    with embedded(config) as dsn:
        bring_up(dsn, Secrets.load(config))
    if demo:
        with opened(config) as runtime:
            furnish(runtime)


def bring_up(dsn: str, secrets: Secrets) -> None:
    """Bring the schema up to date and make the login of the processes, as the owner; with another login, see that nothing is to do."""
    found = facts(dsn)
    if found.has_tables and not found.is_owner and is_current(dsn):
        return
    from contor.app import load_packages

    may_migrate(dsn)
    load_packages()  # whose tables get hashes
    migrate(dsn)
    ensure_process_login(dsn, secrets)


def refuse_a_second(config: Config) -> None:
    """One `contor run` keeps a home: a second would live on its database, and lose it when the first ends. Raises SystemExit."""
    if config.database_url is None and (holder := keeper_of(config)) is not None:
        raise SystemExit(
            f"Process {holder} keeps the database of {config.home} already; end it first, or choose another CONTOR_HOME."
        )


def children(config: Config, dsn: str, door: int) -> list[Child]:
    """The processes of one installation. API servers share the listening socket, files are rendered at idle priority."""
    environment = replace(config, database_url=url_of(dsn)).environment()
    servers = [
        Child(name=f"api-{n}", argv=(*CONTOR, "serve", "--fd", str(door)), environment=environment, handles=(door,))
        for n in range(config.servers)
    ]
    issuing = [
        Child(name=f"documents-{n}", argv=(*CONTOR, "work", "documents"), environment=environment)
        for n in range(config.workers or 1)
    ]
    rendering = [
        Child(name=f"files-{n}", argv=(*CONTOR, "work", "files"), environment=environment, nice=19, policy="idle", patience=1.0)
        for n in range(config.file_workers)
    ]
    return [*servers, *issuing, *rendering]


async def work_on(runtime: Runtime, place: str, stop: asyncio.Event) -> None:
    """A worker process: the kinds of work, the followers and, for `documents`, the schedules that are declared for its place."""
    tracing.start(f"contor-{place}")
    now = runtime.clock().timestamp()
    sweep(now)
    runtime.blobs.sweep(now)
    calls = Calls()
    kinds = [work for work in WORK.values() if work.place == place]
    tasks = [asyncio.create_task(jobs.work(runtime, jobs.followers(place), stop))]
    # a thread for each kind of work, one for the calls and one for the schedules
    with ThreadPoolExecutor(len(kinds) + 2, thread_name_prefix=place) as pool:
        loop = asyncio.get_running_loop()
        tasks.append(asyncio.ensure_future(loop.run_in_executor(pool, calls.listen, runtime)))
        tasks += [asyncio.ensure_future(loop.run_in_executor(pool, work_until, runtime, work, calls)) for work in kinds]
        if place == "documents":
            tune_process()
            tasks.append(asyncio.ensure_future(loop.run_in_executor(pool, schedule.run_until, runtime, calls)))
        waiting = asyncio.create_task(stop.wait())
        done, _ = await asyncio.wait([waiting, *tasks], return_when=asyncio.FIRST_COMPLETED)
        runtime.is_ending = True
        calls.stop()
        stop.set()
        await asyncio.gather(*tasks)
        waiting.cancel()
        tracing.end()
        for task in done - {waiting}:  # what ended one ends the process, and the supervisor starts it again
            task.result()


def _answers(address: str) -> bool:
    """Whether the API is ready."""
    try:
        with urllib.request.urlopen(f"{address}/health", timeout=2) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False
