"""One worker process that drains the queue of a tenant and says what it took: `python -m benchmarks.drain TENANT`."""

import json
import os
import resource
import sys

from benchmarks.measure import rss_mb
from contor.app import make_runtime
from contor.documents.issue import worker
from contor.runtime.config import Config


def main(tenant: int) -> None:
    config = Config.from_environment()
    runtime = make_runtime(config, config.database_url or "")
    runtime.database.open()
    worker.tune_process()
    worker.one_batch(runtime, tenant, 1)  # warm: what a running worker has compiled and prepared already
    print("ready", flush=True)
    sys.stdin.readline()
    done = worker.drain(runtime, tenant)
    used = resource.getrusage(resource.RUSAGE_SELF)
    print(json.dumps({"documents": done, "cpu": used.ru_utime + used.ru_stime, "rss_mb": rss_mb(os.getpid())}), flush=True)
    runtime.database.close()


if __name__ == "__main__":
    main(int(sys.argv[1]))
