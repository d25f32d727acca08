"""What killed processes left of large files, taken away while the others go on: who comes in the place of one that was killed comes too
soon to see whether a file that was just written is left or is being made."""

import datetime as dt

from contor.runtime.execute import Runtime
from contor.runtime.work.schedule import Scheduled, scheduled


def _sweep(runtime: Runtime) -> None:
    runtime.blobs.sweep(runtime.clock().timestamp())


LEFT_FILES = scheduled(Scheduled("left_files", dt.timedelta(hours=1), _sweep))
