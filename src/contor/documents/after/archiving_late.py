"""Give documents whose files are missing a new job: one was lost with its worker, or given up after too many failures."""

import datetime as dt

from contor.documents.after.archiving import PER_JOB, ArchiveDocuments, archive
from contor.kernel.operations import operation
from contor.kernel.work import Work, work
from contor.runtime.execute import Runtime
from contor.runtime.uow import Uow
from contor.runtime.work import jobs
from contor.runtime.work.schedule import every_tenant
from contor.runtime.work.tenants import caller

LATE_SECONDS = 90
AT_ONCE = 2_000


@operation("document.archive_late", permission="documents.write")
def archive_late(uow: Uow, command: None) -> bool:
    """Enqueue the rendering of documents that have waited too long; those that already have a job keep it. Whether any document waits."""
    ids = uow.column(
        int,
        # by a test clock a document may be of years to come: how long it has waited nobody can tell, and a job too many does nothing
        "SELECT id FROM document WHERE status = 'CREATED' AND created_at NOT BETWEEN now() - make_interval(secs => %s) AND now()"
        " ORDER BY id LIMIT %s",
        (LATE_SECONDS, AT_ONCE),
    )
    commands = [ArchiveDocuments(document_ids=tuple(ids[start : start + PER_JOB])) for start in range(0, len(ids), PER_JOB)]
    # the same documents have the same key: a job that still waits is not enqueued again
    jobs.enqueue(uow, archive, commands, [f"late:{command.document_ids[0]}" for command in commands])
    # younger ones may still get their files by their own job; the next look will tell
    return bool(ids) or uow.scalar(int, "SELECT 1 FROM document WHERE status = 'CREATED' LIMIT 1") is not None


def look(runtime: Runtime, tenant_id: int) -> dt.datetime | None:
    """As long as documents wait, look again."""
    waits = runtime.execute(archive_late, None, caller("files", tenant_id))
    return runtime.clock() + dt.timedelta(seconds=LATE_SECONDS) if waits else None


LATE_FILES = work(Work(name="late_files", look=look, after_change=2 * LATE_SECONDS, place="files"))
every_tenant(LATE_FILES, every=dt.timedelta(hours=1))
