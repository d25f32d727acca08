"""`cost_curve`: what accepting, issuing and billing a document and a page of a list cost when ten thousand documents are stored, and when a
million are. Drawn as a picture in `docs/`."""

import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from math import log10
from pathlib import Path

import psycopg

from benchmarks import issuing, lists
from benchmarks.billing import store_contracts
from benchmarks.measure import Parts, Result, Workers, fill, rss_mb, timed
from contor.kernel.context import Caller
from contor.organizations.found import Founded
from contor.runtime.config import Config
from contor.runtime.execute import Runtime

PICTURE = Path(__file__).parents[1] / "docs" / "cost-per-document.svg"
LEVELS = (10_000, 30_000, 100_000, 300_000, 1_000_000)
SAMPLE = 5_000
LISTS = (
    "/v2/documents",
    "/v2/opos-cases",
    "/v2/bookingEntries",
    "/v2/billableitems/pageable",
    "/v2/contracts/pageable",
    "/v2/orders/pageable",
)


@dataclass(frozen=True)
class Ground:
    """Where it is measured: one tenant of one server."""

    runtime: Runtime
    config: Config
    dsn: str
    postmaster: int
    founded: Founded
    caller: Caller
    scale: float

    @property
    def environment(self) -> dict[str, str]:
        return {**os.environ, **self.config.environment()}

    def some(self, count: int) -> int:
        return max(10, int(count * self.scale))


def cost_curve(runtime: Runtime, config: Config, dsn: str, postmaster: int, scale: float) -> Iterator[Result]:
    """Fill a tenant by the billing run itself; at each level the cost of what comes next is taken."""
    founded, caller = issuing.new_tenant(runtime, "bench-curve")
    ground = Ground(runtime, config, dsn, postmaster, founded, caller, scale)
    curves: dict[str, list[tuple[int, float]]] = {}
    stored = first = 0
    for level in (ground.some(level) for level in LEVELS):
        for result in _billed(ground, level, stored, first):
            curves.setdefault(result.task, []).append((level, result.cpu_s_per_1000))
            yield result
        first += level - stored + ground.some(SAMPLE)
        for measured in (_accepted, _issued, _listed):
            result = measured(ground, level)
            curves.setdefault(result.task, []).append((level, result.cpu_s_per_1000))
            yield result
        with runtime.transaction(caller, reads=True) as uow:
            stored = uow.column(int, "SELECT count(*)::int FROM document")[0]
    PICTURE.write_text(picture(curves), encoding="utf-8")


def _billed(ground: Ground, level: int, stored: int, first: int) -> Iterator[Result]:
    """Of the next documents that a billing run makes, once so many are stored."""
    sample = ground.some(SAMPLE)
    store_contracts(ground.runtime, ground.caller, level - stored + sample, first)
    _settle(ground, "ANALYZE")
    result = Result("cost_of_billing", sample)
    tenant = ground.founded.test.tenant_id
    with Workers(ground.environment, 1, "benchmarks.bill", tenant, level - stored, sample) as worker:
        _settle(ground, "VACUUM ANALYZE")  # what filling left to the background is no cost of the documents that follow
        with timed(result, *worker.pids, postmaster=ground.postmaster):
            (said,) = worker.work()
    assert said["documents"] == sample, said
    yield replace(result, rss_mb=said["rss_mb"], note=f"documents of a billing run when {level} are stored")


def _issued(ground: Ground, level: int) -> Result:
    """Of those that are stored and wait."""
    sample = ground.some(SAMPLE)
    issuing.store_requests(ground.runtime, ground.caller, sample, f"at-{level}")
    result = Result("cost_of_issuing", sample)
    tenant = ground.founded.test.tenant_id
    with (
        Workers(ground.environment, 1, "benchmarks.drain", tenant) as worker,
        timed(result, *worker.pids, postmaster=ground.postmaster),
    ):
        (said,) = worker.work()
    return replace(result, rss_mb=said["rss_mb"], note=f"documents of stored requests when {level} are stored")


def _accepted(ground: Ground, level: int) -> Result:
    """Requests by HTTP; they are issued afterwards, with those of `_issued`."""
    count, address = ground.some(1_000), (ground.config.host, ground.config.port)
    result = Result("cost_of_accepting", count, note=f"requests by HTTP when {level} are stored")
    command = [sys.executable, "-m", "contor.cli", "serve"]
    with subprocess.Popen(command, env={**ground.environment, "PGAPPNAME": "bench-api"}, stderr=subprocess.DEVNULL) as api:
        try:
            until_served(ground.config.port)
            test = ground.founded.test
            token, name = issuing.token_of(address, test.realm, test.api_key, test.api_secret), f"curve-{level}"
            issuing.post(address, token, range(count, count + issuing.WARM), name, {})
            parts, began = Parts(ground.dsn, ground.postmaster, {"api": [api.pid]}), time.perf_counter()
            issuing.post(address, token, range(count), name, {})
            result.per_s = count / (time.perf_counter() - began)
            fill(result, parts.taken()["api"])
            result.rss_mb = rss_mb(api.pid)
        finally:
            api.send_signal(signal.SIGTERM)
    return result


def _listed(ground: Ground, level: int) -> Result:
    """Milliseconds in the database are the seconds of a thousand."""
    took = lists.own_order(ground.runtime, ground.caller, LISTS)
    result = Result("cost_of_a_page", len(took), note=f"first, middle and last pages of {len(LISTS)} lists when {level} are stored")
    result.cpu_s_per_1000 = sum(one.ms for one in took) / len(took)
    return result


def _settle(ground: Ground, statement: str) -> None:
    with psycopg.connect(ground.dsn, autocommit=True) as owner:
        owner.execute(statement)


def until_served(port: int) -> None:
    for _ in range(300):
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=1).close()
            return
        except OSError:
            time.sleep(0.1)
    raise TimeoutError("nothing is served")


# --- the picture -----------------------------------------------------------------------------------------------------------------

WIDTH, HEIGHT, LEFT, RIGHT, BOTTOM, TOP = 820, 400, 60, 230, 50, 40
COLOURS: Mapping[str, tuple[str, str, str]] = {
    "cost_of_accepting": ("#1a5fb4", "accepting, by HTTP", "ms of processor"),
    "cost_of_issuing": ("#26a269", "issuing, stored requests", "ms of processor"),
    "cost_of_billing": ("#c64600", "billing and issuing", "ms of processor"),
    "cost_of_a_page": ("#613583", "a page of a list", "ms in the database"),
}


def picture(curves: Mapping[str, list[tuple[int, float]]]) -> str:
    """Each curve as a multiple of its first point, over a logarithmic axis of stored documents, with the band of a tenth above it."""
    counts = [count for count, _ in next(iter(curves.values()))]
    low, high = log10(counts[0]), log10(counts[-1])
    most = max(2.0, 1.1 * max(cost / points[0][1] for points in curves.values() for _, cost in points))

    def x(count: int) -> float:
        return LEFT + (log10(count) - low) / (high - low) * (WIDTH - LEFT - RIGHT)

    def y(times: float) -> float:
        return HEIGHT - BOTTOM - times / most * (HEIGHT - BOTTOM - TOP)

    right = WIDTH - RIGHT
    drawn = [
        f'<rect x="{LEFT}" y="{y(1.1):.1f}" width="{right - LEFT}" height="{y(1) - y(1.1):.1f}" fill="#e8f0fb"/>',
        *(
            f'<text x="{LEFT - 8}" y="{y(times) + 4:.1f}" text-anchor="end">{times:.1f}</text>'
            f'<line x1="{LEFT}" y1="{y(times):.1f}" x2="{right}" y2="{y(times):.1f}" stroke="#ddd"/>'
            for times in (0, 0.5, 1, 1.5, 2)
        ),
        *(f'<text x="{x(count):.1f}" y="{HEIGHT - BOTTOM + 20}" text-anchor="middle">{count:,}</text>' for count in counts),
        *_lines(curves, x, y, right),
    ]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" font-size="12">'
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>'
        f'<text x="{LEFT}" y="20" font-size="14">Cost of the next one, as a multiple of the cost at {counts[0]:,} documents</text>'
        f'{"".join(drawn)}<text x="{(right + LEFT) / 2}" y="{HEIGHT - 8}" text-anchor="middle">documents stored</text></svg>\n'
    )


def _lines(
    curves: Mapping[str, list[tuple[int, float]]], x: Callable[[int], float], y: Callable[[float], float], right: float
) -> Iterator[str]:
    for number, (task, points) in enumerate(curves.items()):
        colour, words, unit = COLOURS[task]
        (_, first), (_, last) = points[0], points[-1]
        along = " ".join(f"{x(count):.1f},{y(cost / first):.1f}" for count, cost in points)
        yield f'<polyline points="{along}" fill="none" stroke="{colour}" stroke-width="2"/>'
        yield "".join(f'<circle cx="{x(count):.1f}" cy="{y(cost / first):.1f}" r="3.5" fill="{colour}"/>' for count, cost in points)
        yield f'<text x="{right + 12}" y="{TOP + 20 + 44 * number}" fill="{colour}" font-weight="bold">{words}</text>'
        said = f"{first:.2f} to {last:.2f} {unit} ({last / first:.2f})"
        yield f'<text x="{right + 12}" y="{TOP + 36 + 44 * number}" fill="#555">{said}</text>'
