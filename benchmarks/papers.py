"""`pdf`: pictures with the e-invoice attached. `xml`: pairs of CII and UBL. `file`: everything that is done for the files of a document, by
the worker and in PostgreSQL. Processor time."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial

from benchmarks import issuing
from benchmarks.measure import Result, rss_mb, timed, tree_cpu
from contor.documents.after.archiving import PER_JOB
from contor.documents.after.official_rules import findings
from contor.documents.einvoice import cii_and_ubl_of, cii_of
from contor.documents.issue import worker
from contor.documents.render import render_pdf
from contor.documents.types import Document
from contor.kernel.context import Caller
from contor.kernel.shapes import replace
from contor.runtime.execute import Runtime

LONGEST = 600
"""Seconds that the files are waited for."""
STAGED = 50
"""Documents of which each stage is measured by itself."""


def pdf(document: Document, count: int) -> Result:
    """PDF/A-3 of one page with ten rows; each a document of its own."""
    papers = [replace(document, ident=f"RE-2026-{number:06d}") for number in range(count)]
    attached = [cii_of(paper) for paper in papers]
    render_pdf(papers[0], attached[0])
    result = Result("pdf", count)
    with timed(result, os.getpid()):
        for paper, xml in zip(papers, attached, strict=True):
            render_pdf(paper, xml)
    result.rss_mb = rss_mb(os.getpid())
    return result


def xml(document: Document, count: int) -> Result:
    """CII and UBL of the same document."""
    papers = [replace(document, ident=f"RE-2026-{number:06d}") for number in range(count)]
    result = Result("xml", count)
    with timed(result, os.getpid()):
        for paper in papers:
            cii_and_ubl_of(paper)
    result.rss_mb = rss_mb(os.getpid())
    return result


def file(runtime: Runtime, environment: dict[str, str], postmaster: int, document: Document, count: int) -> Result:
    """Issued documents until all are COMPLETED, by `contor work files` as `make run` starts it. What it costs to start, and to compile the
    rules, is over when it is measured: the worker has made a job's files before, and is held while the others are issued."""
    founded, caller = issuing.new_tenant(runtime, "bench-file")
    tenant, result = founded.test.tenant_id, Result("file", count)
    with subprocess.Popen(
        [sys.executable, "-m", "contor.cli", "work", "files"], env=environment, stderr=subprocess.DEVNULL
    ) as process:
        try:
            _issue(runtime, caller, tenant, PER_JOB, "first")
            _until_completed(runtime, caller)
            process.send_signal(signal.SIGSTOP)
            _issue(runtime, caller, tenant, count, "file")
            ours, theirs = tree_cpu(process.pid), tree_cpu(postmaster)
            with timed(result, process.pid, postmaster):
                process.send_signal(signal.SIGCONT)
                _until_completed(runtime, caller)
            ours, theirs = tree_cpu(process.pid) - ours, tree_cpu(postmaster) - theirs
            result.rss_mb = rss_mb(process.pid)
        finally:
            process.send_signal(signal.SIGCONT)
            process.terminate()
            process.wait(20)
    each = {"worker": ours / count, "PostgreSQL": theirs / count}
    said = [f"{name} {seconds * 1000:.1f}" for name, seconds in (*each.items(), *_stages(document).items())]
    result.note = f"ms: {', '.join(said[:2])}; of the worker: {', '.join(said[2:])}"
    return result


def _issue(runtime: Runtime, caller: Caller, tenant: int, count: int, name: str) -> None:
    issuing.store_requests(runtime, caller, count, name)
    worker.drain(runtime, tenant)


def _until_completed(runtime: Runtime, caller: Caller) -> None:
    until = time.monotonic() + LONGEST
    while time.monotonic() < until:
        with runtime.transaction(caller, reads=True) as uow:
            (waiting,) = uow.column(int, "SELECT count(*) FROM document WHERE status = 'CREATED'")
        if waiting == 0:
            return
        time.sleep(0.25)
    raise TimeoutError(f"{waiting} documents have no files after {LONGEST} s")


def _stages(document: Document) -> dict[str, float]:
    """Seconds of each stage that is computing; what is left of the worker is reading, hashing, keeping, and its share of the database."""
    papers = [replace(document, ident=f"RE-2026-{number:06d}") for number in range(STAGED)]
    pairs = [cii_and_ubl_of(paper) for paper in papers]
    stages: dict[str, list[Callable[[], object]]] = {
        "XML": [partial(cii_and_ubl_of, paper) for paper in papers],
        "CII rules": [partial(findings, cii) for cii, _ in pairs],
        "UBL rules": [partial(findings, ubl) for _, ubl in pairs],
        "PDF": [partial(render_pdf, paper, cii) for paper, (cii, _) in zip(papers, pairs, strict=True)],
    }
    took = {}
    for name, runs in stages.items():
        runs[0]()
        began = time.process_time()
        for run in runs[1:]:
            run()
        took[name] = (time.process_time() - began) / (STAGED - 1)
    return took
