"""`make bench`: a table, and JSON lines in `build/bench.jsonl`. `make bench ARGS="issue_batch --scale 0.1"` runs less."""

import argparse
import math
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks import billing, curve, entitled, fastbill, issuing, lists, notifying, papers, reports, starting, taxes, usages
from benchmarks.books import exporting
from benchmarks.fynn import ordering, telling
from benchmarks.measure import Parts, Result, rss_mb
from benchmarks.money import collecting, dunning, matching, statements
from contor.app import make_runtime
from contor.commands.serving.machine import cores, manned
from contor.runtime.config import Config
from contor.runtime.db import url_of
from contor.runtime.execute import Runtime
from contor.runtime.migrate import migrate
from contor.runtime.postgres import facts, start
from contor.runtime.postgres.launcher import launched

TASKS = (
    *("pdf", "xml", "file", "issue_http", "issue_batch", "billing_run", "usage_in"),
    *("statement_in", "match", "collect", "dun", "export_datev", "tax_calculate", "notifications", "fastbill"),
    *("entitlements", "usage_events", "carts"),
)
"""In this order: what a file worker is measured by has no documents of others waiting before it."""
LONG_TASKS = ("cost_curve", "start", "lists", "reports")
"""Only when they are named: they take minutes, of which one is spent on doing nothing."""
OUT = Path(__file__).parents[1] / "build" / "bench.jsonl"
console = Console()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def main() -> None:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("tasks", nargs="*", help=f"{', '.join((*TASKS, *LONG_TASKS))}; default: {', '.join(TASKS)}")
    parser.add_argument("--scale", type=float, default=1.0)
    args = parser.parse_args()
    if not 0 < args.scale < math.inf:
        parser.error(f"--scale is more than 0: {args.scale:g}")
    args.tasks = args.tasks or TASKS
    if unknown := set(args.tasks) - {*TASKS, *LONG_TASKS}:
        parser.error(f"no such task: {', '.join(sorted(unknown))}")
    results = starting.start(free_port(), args.scale) if "start" in args.tasks else []
    if set(args.tasks) == {"start"}:
        show(results)
        return
    with tempfile.TemporaryDirectory(prefix="contor-bench-") as home:
        config = Config(home=Path(home), port=free_port())
        server = start(config, progress=console.print)
        try:
            migrate(server.dsn)
            config = replace(config, database_url=url_of(server.dsn))
            runtime = make_runtime(config, server.dsn)
            runtime.database.open()
            try:
                for result in run(runtime, config, (server.dsn, server.admin_dsn), server.pid or 0, args):
                    print(result.line(), flush=True)  # whole, however wide the terminal is
                    results.append(result)
                if "reports" in args.tasks:
                    for result in reports.reports(runtime, server.admin_dsn, max(100, int(1_000_000 * args.scale))):
                        print(f"{result.line()} {result.note}", flush=True)
                        results.append(result)
                if "lists" in args.tasks:
                    lists.show(lists.lists(runtime, server.dsn, server.admin_dsn, args.scale))
            finally:
                runtime.database.close()
        finally:
            server.stop()
    show(results)


def run(runtime: Runtime, config: Config, dsns: tuple[str, str], postmaster: int, args: argparse.Namespace) -> Iterator[Result]:
    """`dsns`: of the owner of the tables, and of a superuser."""
    dsn, admin_dsn = dsns
    environment = {**os.environ, **config.environment()}
    workers = manned(config, facts(dsn).connections).workers or 1

    def n(count: int) -> int:
        return max(2, int(count * args.scale))

    if {"pdf", "xml", "file"} & set(args.tasks):
        document = one_document(runtime)
        if "pdf" in args.tasks:
            yield papers.pdf(document, n(200))
        if "xml" in args.tasks:
            yield papers.xml(document, n(1_000))
        if "file" in args.tasks:
            yield papers.file(runtime, environment, postmaster, document, n(400))
    if "issue_http" in args.tasks:
        yield from over_http(runtime, config, environment, (dsn, postmaster), n(2_000), workers)
    if "issue_batch" in args.tasks:
        yield issuing.issue_batch(runtime, dsn, environment, postmaster, n(20_000), workers)
    if "billing_run" in args.tasks:
        yield from billing.billing_run(runtime, dsn, environment, postmaster, n(100_000))
    if "usage_in" in args.tasks:
        yield from usages.usages(runtime, postmaster, os.getpid(), n(1_000_000))
    if "dun" in args.tasks:
        yield dunning.dun(runtime, dsn, postmaster, os.getpid(), n(100_000))
    if "statement_in" in args.tasks:
        yield statements.statement_in(runtime, dsn, postmaster, os.getpid(), n(10_000))
    if "match" in args.tasks:
        yield matching.match(runtime, dsn, postmaster, n(10_000), n(100_000))
    if "collect" in args.tasks:
        yield collecting.collect_debits(runtime, dsn, postmaster, n(100_000))
    if "export_datev" in args.tasks:
        yield exporting.export_datev(runtime, dsn, postmaster, os.getpid(), n(1_000_000))
    if "tax_calculate" in args.tasks:
        yield from taxes.tax_calculate(runtime, postmaster, n(10_000))
    if "notifications" in args.tasks:
        yield notifying.issue_told(runtime, dsn, environment, postmaster, n(20_000), workers)
        yield from notifying.notifications(runtime, postmaster, free_port(), os.getpid(), n(20_000))
    if "fastbill" in args.tasks:
        yield from fastbill.fastbill(runtime, postmaster, n(1_000))
    if "entitlements" in args.tasks:
        databases = (dsn, admin_dsn, postmaster)
        yield from entitled.entitlements(runtime, environment, cores(), databases, n(1_000_000), n(20_000))
    if "usage_events" in args.tasks:
        yield from telling.usage_events(runtime, environment, cores(), (dsn, postmaster), n(100_000))
    if "carts" in args.tasks:
        counts = {"api": config.servers, "documents": workers}
        yield from ordering.carts(runtime, environment, counts, (dsn, postmaster), n(200))
    if "cost_curve" in args.tasks:
        yield from curve.cost_curve(runtime, config, dsn, postmaster, args.scale)


def over_http(
    runtime: Runtime, config: Config, environment: dict[str, str], server: tuple[str, int], count: int, workers: int
) -> list[Result]:
    """With API process, workers and file worker as `make run` has them."""
    founded, caller = issuing.new_tenant(runtime, "bench-http")
    contor = [sys.executable, "-m", "contor.cli"]
    filing = launched([*contor, "work", "files"], death_signal=signal.SIGKILL, nice=19, policy="idle")
    commands = [("api", [*contor, "serve"]), *[("documents", [*contor, "work", "documents"])] * workers, ("files", filing)]
    processes = [
        (name, subprocess.Popen(command, env={**environment, "PGAPPNAME": f"bench-{name}"}, stderr=subprocess.DEVNULL))
        for name, command in commands
    ]
    try:
        curve.until_served(config.port)
        time.sleep(2)
        pids = {part: [process.pid for name, process in processes if name == part] for part, _ in commands}
        address = ("127.0.0.1", config.port)
        results = issuing.issue_http(runtime, caller, address, founded, lambda: Parts(*server, pids), count)
        for result, part in zip(results, pids, strict=False):
            result.rss_mb = max(rss_mb(pid) for pid in pids[part])
        results[-1].note += f"; {workers} document workers"
        return results
    finally:
        for _, process in processes:
            process.terminate()
        for _, process in processes:
            process.wait(20)


def one_document(runtime: Runtime):
    """An issued document of the benchmark's shape."""
    from contor.documents.issue import worker
    from contor.documents.queries import documents_by_id

    founded, caller = issuing.new_tenant(runtime, "bench-papers")
    issuing.store_requests(runtime, caller, 1)
    worker.drain(runtime, founded.test.tenant_id)
    with runtime.transaction(caller, reads=True) as uow:
        (number,) = uow.column(int, "SELECT id FROM document")
        return documents_by_id(uow, [number])[number]


def show(results: list[Result]) -> None:
    table = Table("task", "n", "per s", "floor per s", "ratio", "CPU s per 1000", "of it PostgreSQL", "RSS MB", "")
    for r in results:
        floor = f"{r.floor_per_s:.0f}" if r.floor_per_s else "-"
        ratio = f"{r.ratio:.2f}" if r.ratio else "-"
        server = f"{r.postgres_s_per_1000:.2f}" if r.postgres_s_per_1000 is not None else "-"
        table.add_row(
            r.task, str(r.n), f"{r.per_s:.1f}", floor, ratio, f"{r.cpu_s_per_1000:.2f}", server, f"{r.rss_mb:.0f}", r.note
        )
    console.print(table)
    OUT.parent.mkdir(exist_ok=True)
    with OUT.open("a", encoding="utf-8") as file:
        file.writelines(f"{result.line()}\n" for result in results)
    console.print(f"JSON lines: {OUT}")


if __name__ == "__main__":
    main()
