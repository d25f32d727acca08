"""What an operator's machinery asks: is the process alive, is it ready, how does the work stand. In the words of Kubernetes and Prometheus.

None of it waits behind requests: readiness is looked for on a connection of its own.
"""

import datetime as dt
import hmac
import logging
import threading
from bisect import bisect_left
from collections import Counter, defaultdict

import anyio
from anyio import to_thread
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from contor.runtime.execute import Runtime
from contor.runtime.uow import wall_clock
from contor.runtime.work.status import Standing, standing

log = logging.getLogger("contor.access")
TEXT = "text/plain; version=0.0.4; charset=utf-8"
BOUNDS = (5, 20, 100, 500, 2_000, 10_000)
"""Milliseconds up to which answers are counted."""


class Seen:
    """The requests that this process has answered."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._answers: Counter[tuple[str, str, int]] = Counter()
        self._took: defaultdict[str, Counter[int]] = defaultdict(Counter)
        """By dialect and place in `BOUNDS`: how many took no longer than that bound, and longer than the one before."""
        self._seconds: defaultdict[str, float] = defaultdict(float)

    def answered(self, dialect: str, method: str, path: str, status: int, seconds: float, request_id: str) -> None:
        place = bisect_left(BOUNDS, seconds * 1000)
        with self._lock:
            self._answers[dialect, method, status] += 1
            self._seconds[dialect] += seconds
            self._took[dialect][place] += 1
        if log.isEnabledFor(logging.INFO):
            said = {"request_id": request_id, "method": method, "path": path[:500], "status": status, "seconds": round(seconds, 6)}
            log.info("%s %s %s", method, path[:500], status, extra=said)

    def lines(self) -> list[str]:
        with self._lock:
            made = ["# TYPE contor_requests_total counter"]
            for (dialect, method, status), count in sorted(self._answers.items()):
                made.append(f'contor_requests_total{{api="{dialect}",method="{method}",status="{status}"}} {count}')
            made.append("# TYPE contor_request_seconds histogram")
            for dialect, took in sorted(self._took.items()):
                within = 0
                for place in range(len(BOUNDS) + 1):
                    within += took[place]
                    shown = f"{BOUNDS[place] / 1000:g}" if place < len(BOUNDS) else "+Inf"
                    made.append(f'contor_request_seconds_bucket{{api="{dialect}",le="{shown}"}} {within}')
            for dialect, seconds in sorted(self._seconds.items()):
                made.append(f'contor_request_seconds_sum{{api="{dialect}"}} {seconds:.6f}')
                made.append(f'contor_request_seconds_count{{api="{dialect}"}} {self._took[dialect].total()}')
        return made


def watch_routes(runtime: Runtime, seen: Seen, version: str) -> list[Route]:
    """`/livez`, `/readyz` and `/health` (the same), `/metrics`."""
    one_at_a_time: list[anyio.CapacityLimiter] = []

    async def live(request: Request) -> Response:
        """The process answers; what it needs is not looked at."""
        return JSONResponse({"status": "live"})

    async def ready(request: Request) -> Response:
        """200 when the database answers, else 503."""
        if not one_at_a_time:
            one_at_a_time.append(anyio.CapacityLimiter(1))  # made here: it belongs to the event loop
        if await to_thread.run_sync(runtime.database.answers, limiter=one_at_a_time[0]):
            return JSONResponse({"status": "ready", "version": version})
        return JSONResponse({"status": "unready", "message": "The database does not answer."}, 503, {"Retry-After": "1"})

    def metrics(request: Request) -> Response:
        if not _may_look(request, runtime.config.metrics_token):
            return JSONResponse(
                {"status": "FORBIDDEN", "message": "Metrics are for this machine, or for who knows their token."}, 403
            )
        lines = [*seen.lines(), *_pool(runtime)]
        try:
            lines += [*_work(standing(runtime)), "contor_database_up 1"]
        except Exception:
            lines += ["contor_database_up 0"]
        return PlainTextResponse("\n".join(lines) + "\n", media_type=TEXT)

    return [Route("/livez", live), Route("/readyz", ready), Route("/health", ready), Route("/metrics", metrics)]


def _may_look(request: Request, token: str | None) -> bool:
    if token is None:
        return request.client is not None and request.client.host in ("127.0.0.1", "::1")
    return hmac.compare_digest(request.headers.get("authorization", "").encode(), f"Bearer {token}".encode())


def _pool(runtime: Runtime) -> list[str]:
    said = runtime.database.standing()
    wanted = ("pool_size", "pool_available", "requests_waiting", "requests_errors")
    return [f'contor_pool{{of="{name}"}} {said.get(name, 0)}' for name in wanted]


def _work(now: Standing) -> list[str]:
    made = []
    for schedule in now.schedules:
        made.append(f'contor_schedule_failures{{schedule="{schedule.name}"}} {schedule.failures}')
        if schedule.began_at is not None:
            made.append(f'contor_schedule_last_run_seconds{{schedule="{schedule.name}"}} {_age(schedule.began_at):.0f}')
    for work in now.work:
        made.append(f'contor_work_tenants{{work="{work.kind}",state="waiting"}} {work.waiting}')
        made.append(f'contor_work_tenants{{work="{work.kind}",state="failing"}} {work.failing}')
    for queue in now.queues:
        for state, count in (("waiting", queue.waiting), ("running", queue.running), ("failed", queue.failed)):
            made.append(f'contor_jobs{{queue="{queue.name}",state="{state}"}} {count}')
        made.append(f'contor_jobs_oldest_seconds{{queue="{queue.name}"}} {_age(queue.oldest) if queue.oldest else 0:.0f}')
    return made


def _age(instant: dt.datetime) -> float:
    return max(0, (wall_clock() - instant).total_seconds())
