"""One worker process that bills what is due in a tenant and says what it took: `python -m benchmarks.bill TENANT`."""

import json
import resource
import sys

from contor.app import make_runtime
from contor.billing.run import run_tenant
from contor.documents import worker
from contor.runtime.config import Config


def main(tenant: int) -> None:
    config = Config.from_environment()
    runtime = make_runtime(config, config.database_url or "")
    runtime.database.open()
    worker.tune_process()
    print("ready", flush=True)
    sys.stdin.readline()
    report = run_tenant(runtime, tenant)
    used = resource.getrusage(resource.RUSAGE_SELF)
    print(
        json.dumps({"documents": report.documents, "cpu": used.ru_utime + used.ru_stime, "rss_mb": used.ru_maxrss / 1024}),
        flush=True,
    )
    sys.stdin.readline()
    runtime.database.close()


if __name__ == "__main__":
    main(int(sys.argv[1]))
