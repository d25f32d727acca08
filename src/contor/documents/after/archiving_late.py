"""Give documents whose files are missing a new job: one was lost with its worker, or given up after too many failures."""

from contor.documents.after.archiving import PER_JOB, ArchiveDocuments, archive
from contor.kernel.operations import operation
from contor.runtime.uow import Uow
from contor.runtime.work import jobs

LATE_SECONDS = 90
AT_ONCE = 2_000


@operation("document.archive_late", permission="documents.write")
def archive_late(uow: Uow, command: None) -> None:
    """Enqueue the rendering of documents that have waited too long; those that already have a job keep it."""
    rows = uow.rows(
        "SELECT id FROM document WHERE status = 'CREATED' AND created_at < now() - make_interval(secs => %s) ORDER BY id LIMIT %s",
        (LATE_SECONDS, AT_ONCE),
    )
    ids = [row.id for row in rows]
    commands = [ArchiveDocuments(document_ids=tuple(ids[start : start + PER_JOB])) for start in range(0, len(ids), PER_JOB)]
    jobs.enqueue(uow, archive, commands, [f"late:{command.document_ids[0]}" for command in commands])
