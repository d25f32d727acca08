"""One worker process that bills what is due in a tenant and says what it took: `python -m benchmarks.bill TENANT [FILL SAMPLE]`.
With two numbers it bills so many customers first, and then so many to be measured.
"""

import json
import os
import resource
import sys

from benchmarks.measure import rss_mb
from contor.app import make_runtime
from contor.billing.runs import BillNext, RunReport, run_tenant
from contor.billing.runs.bill import bill_next
from contor.billing.runs.run import BATCH, plus
from contor.documents.issue import worker
from contor.kernel.context import EVERYTHING, Caller
from contor.runtime.config import Config
from contor.runtime.execute import Runtime


def main(tenant: int, fill: int = 0, sample: int = 0) -> None:
    config = Config.from_environment()
    runtime = make_runtime(config, config.database_url or "")
    runtime.database.open()
    worker.tune_process()
    after = ""
    if fill:
        _, after = bill_some(runtime, tenant, fill, after)
    print("ready", flush=True)
    sys.stdin.readline()
    report = bill_some(runtime, tenant, sample, after)[0] if sample else run_tenant(runtime, tenant)
    used = resource.getrusage(resource.RUSAGE_SELF)
    said = {
        "documents": report.documents,
        "cpu": used.ru_utime + used.ru_stime,
        "rss_mb": rss_mb(os.getpid()),
        "parked": report.parked,
    }
    print(json.dumps(said), flush=True)
    sys.stdin.readline()
    runtime.database.close()


def bill_some(runtime: Runtime, tenant: int, customers: int, after: str) -> tuple[RunReport, str]:
    """The next so many customers behind one, in batches as the run has them."""
    caller = Caller("job:billing", "worker", tenant, permissions=frozenset({EVERYTHING}))
    report = RunReport(cutoff=runtime.clock())
    while report.customers < customers:
        command = BillNext(cutoff=report.cutoff, after=after, limit=min(BATCH, customers - report.customers))
        done = runtime.execute(bill_next, command, caller)
        assert done.last is not None
        report, after = plus(report, done), done.last
    return report, after


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
