"""Documents that a release issued which kept nothing to find them by: they get it in the background."""

import datetime as dt

from contor.documents.queries import documents_by_id
from contor.documents.said import tables
from contor.documents.said.kept import Said, said_by
from contor.kernel.operations import operation
from contor.kernel.work import Work, work
from contor.runtime.execute import Runtime
from contor.runtime.uow import Uow
from contor.runtime.work.schedule import every_tenant
from contor.runtime.work.tenants import caller

AT_ONCE = 500


@operation("document.say_late", permission="documents.write")
def say_late(uow: Uow, command: None) -> bool:
    """Keep what the next of them say. Whether there may be more."""
    uow.lock("document_said", ["late"])
    ids = uow.column(
        int,
        "SELECT d.id FROM document d WHERE NOT EXISTS (SELECT 1 FROM document_said s"
        " WHERE s.tenant_id = d.tenant_id AND s.document_id = d.id) ORDER BY d.id LIMIT %s",
        (AT_ONCE,),
    )
    if not ids:
        return False
    uow.copy(tables.document_said, Said._fields, said_by(documents_by_id(uow, ids).items()))
    uow.audit("document", str(ids[0]), {"found_by": len(ids)})
    return len(ids) == AT_ONCE


def look(runtime: Runtime, tenant_id: int) -> dt.datetime | None:
    """As long as there are more, look again at once."""
    return runtime.clock() if runtime.execute(say_late, None, caller("documents", tenant_id)) else None


every_tenant(work(Work(name="documents_found_late", look=look)), every=dt.timedelta(days=1))
