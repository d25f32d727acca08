"""Documents that a release issued which did not count distance sales: they are counted in the background, once."""

import datetime as dt
from typing import NamedTuple

from contor.documents.issue.taxes.counting import supplies_of
from contor.documents.queries import documents_by_id
from contor.kernel.operations import operation
from contor.kernel.work import Work, work
from contor.runtime.execute import Runtime
from contor.runtime.uow import Uow
from contor.runtime.work.schedule import every_tenant
from contor.runtime.work.tenants import caller
from contor.tax.oss import count_supplies, counted_of, late_position, reach_late

AT_ONCE = 500


class _OfCompany(NamedTuple):
    id: int
    legal_entity: str


@operation("document.count_late", permission="documents.write")
def count_late(uow: Uow, command: None) -> bool:
    """Count the next of them. Whether there may be more."""
    uow.lock("oss_late", [""])
    position = late_position(uow)
    if position is None:
        return False
    ids = uow.column(int, "SELECT id FROM document WHERE id > %s ORDER BY id LIMIT %s", (position, AT_ONCE))
    known = counted_of(uow, ids)
    documents = documents_by_id(uow, [number for number in ids if number not in known])
    entities = dict(uow.all(_OfCompany, "SELECT id, legal_entity FROM document WHERE id = ANY (%s)", (sorted(documents),)))
    count_supplies(uow, [one for number, document in documents.items() for one in supplies_of(number, document, entities[number])])
    reach_late(uow, ids[-1] if ids else position, is_last=len(ids) < AT_ONCE)
    uow.audit("oss_threshold", "late", {"documents": len(ids)})
    return len(ids) == AT_ONCE


def look(runtime: Runtime, tenant_id: int) -> dt.datetime | None:
    """As long as there are more, look again at once."""
    return runtime.clock() if runtime.execute(count_late, None, caller("documents", tenant_id)) else None


every_tenant(work(Work(name="distance_sales_late", look=look)), every=dt.timedelta(days=1))
