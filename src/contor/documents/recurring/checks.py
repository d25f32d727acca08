"""What must hold of recurring documents."""

from collections.abc import Iterable
from typing import NamedTuple

from contor.documents.recurring.queries import SELECT, Recurring
from contor.kernel.checks import check
from contor.runtime.uow import Uow

MANY = 1000


class _Counted(NamedTuple):
    recurring_id: int
    made: int
    last: int


@check("recurring_documents.each_day_has_its_document")
def counted(uow: Uow) -> Iterable[str]:
    """As many were made as are counted, numbered without a gap; the next day is the one that the rhythm says."""
    last = ""
    sql = (
        "SELECT recurring_id, count(*)::int AS made, max(number) AS last FROM recurring_document_made WHERE recurring_id = ANY (%s)"
        " GROUP BY recurring_id"
    )
    while rows := uow.all(Recurring, f"{SELECT} WHERE ident > %s ORDER BY ident LIMIT {MANY}", (last,)):
        last = rows[-1].ident
        made = {row.recurring_id: row for row in uow.all(_Counted, sql, ([row.id for row in rows],))}
        for row in rows:
            found = made.get(row.id, _Counted(row.id, 0, 0))
            if (found.made, found.last) != (row.made, row.made):
                yield f"recurring document {row.ident} counts {row.made}, {found.made} were made, the last with the number {found.last}"
            if row.next_on != row.planned_on:
                yield f"recurring document {row.ident} is made next on {row.next_on}, by its rhythm on {row.planned_on}"
            if (row.status == "FINISHED") != (row.next_on is None) or (row.status == "WAITING") != bool(row.reasons):
                yield f"recurring document {row.ident} is {row.status}, which is not how it stands"
