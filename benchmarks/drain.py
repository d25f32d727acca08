"""One worker process that drains the queue of a tenant and says what it took: `python -m benchmarks.drain TENANT THREADS`."""

import json
import resource
import sys
import threading

from contor.app import make_runtime
from contor.documents.issue import worker
from contor.runtime.config import Config


def main(tenant: int, threads: int) -> None:
    config = Config.from_environment()
    runtime = make_runtime(config, config.database_url or "")
    runtime.database.open()
    worker.tune_process()
    worker.one_batch(runtime, tenant, 1)  # warm: what a running worker has compiled and prepared already
    print("ready", flush=True)
    sys.stdin.readline()
    running = [threading.Thread(target=worker.drain, args=(runtime, tenant)) for _ in range(threads)]
    for thread in running:
        thread.start()
    for thread in running:
        thread.join()
    used = resource.getrusage(resource.RUSAGE_SELF)
    print(json.dumps({"cpu": used.ru_utime + used.ru_stime, "rss_mb": used.ru_maxrss / 1024}), flush=True)
    runtime.database.close()


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
