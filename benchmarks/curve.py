"""`cost_curve`: what a document costs when ten thousand are stored, and when a million are. Drawn as a picture in `docs/`."""

import json
import subprocess
import sys
from pathlib import Path

import psycopg

from benchmarks.billing import store_contracts
from benchmarks.issuing import new_tenant
from benchmarks.measure import Result, timed
from contor.runtime.execute import Runtime

PICTURE = Path(__file__).parents[1] / "docs" / "cost-per-document.svg"
LEVELS = (10_000, 30_000, 100_000, 300_000, 1_000_000)
SAMPLE = 10_000


def cost_curve(runtime: Runtime, dsn: str, environment: dict[str, str], postmaster: int, scale: float) -> list[Result]:
    """Fill a tenant by the billing run itself; at each level the processor time of the next documents is taken."""
    founded, caller = new_tenant(runtime, "bench-curve")
    sample = max(100, int(SAMPLE * scale))
    results: list[Result] = []
    first = stored = 0
    for level in (max(sample, int(level * scale)) for level in LEVELS):
        store_contracts(runtime, caller, level - stored + sample, first)
        with psycopg.connect(dsn, autocommit=True) as owner:
            owner.execute("ANALYZE")
        first += level - stored + sample
        result = Result("cost_per_document", level)
        worker = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.bill", str(founded.test.tenant_id), str(level - stored), str(sample)],
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert worker.stdin is not None and worker.stdout is not None
        assert worker.stdout.readline().strip() == "ready"
        with psycopg.connect(dsn, autocommit=True) as owner:
            owner.execute("VACUUM ANALYZE")  # what filling left to the background is no cost of the documents that follow
        result.n = sample
        with timed(result, postmaster, worker.pid):
            print(file=worker.stdin, flush=True)
            said = json.loads(worker.stdout.readline())
        assert said["documents"] == sample, said
        worker.stdin.close()
        worker.wait()
        result.n, result.rss_mb, result.note = level, said["rss_mb"], f"cost of the next {sample}"
        results.append(result)
        stored = level + sample
    PICTURE.write_text(picture([(result.n, result.cpu_s_per_1000) for result in results]), encoding="utf-8")
    return results


WIDTH, HEIGHT, LEFT, BOTTOM, TOP = 720, 360, 70, 50, 40


def picture(points: list[tuple[int, float]]) -> str:
    """The curve over a logarithmic axis of stored documents, with the band of 20 % above the first point."""
    from math import log10

    low, high = log10(points[0][0]), log10(points[-1][0])
    most = max(cost for _, cost in points) * 1.3

    def x(count: int) -> float:
        return LEFT + (log10(count) - low) / (high - low) * (WIDTH - LEFT - 30)

    def y(cost: float) -> float:
        return HEIGHT - BOTTOM - cost / most * (HEIGHT - BOTTOM - TOP)

    base = points[0][1]
    line = " ".join(f"{x(count):.1f},{y(cost):.1f}" for count, cost in points)
    dots = "".join(
        f'<circle cx="{x(count):.1f}" cy="{y(cost):.1f}" r="4" fill="#1a5fb4"/>'
        f'<text x="{x(count):.1f}" y="{y(cost) - 10:.1f}" text-anchor="middle">{cost:.3f}</text>'
        f'<text x="{x(count):.1f}" y="{HEIGHT - BOTTOM + 20}" text-anchor="middle">{count:,}</text>'
        for count, cost in points
    )
    band = f'<rect x="{LEFT}" y="{y(base * 1.2):.1f}" width="{WIDTH - LEFT - 30}" height="{y(base) - y(base * 1.2):.1f}" fill="#e8f0fb"/>'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" font-size="12">'
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>{band}'
        f'<text x="{LEFT}" y="20" font-size="14">Processor seconds per 1,000 documents billed and issued</text>'
        f'<text x="{WIDTH - 30}" y="{y(base * 1.2) - 4:.1f}" text-anchor="end" fill="#555">20 % above the first</text>'
        f'<line x1="{LEFT}" y1="{y(0):.1f}" x2="{WIDTH - 30}" y2="{y(0):.1f}" stroke="#999"/>'
        f'<polyline points="{line}" fill="none" stroke="#1a5fb4" stroke-width="2"/>{dots}'
        f'<text x="{(WIDTH + LEFT) / 2}" y="{HEIGHT - 8}" text-anchor="middle">documents stored</text></svg>\n'
    )
