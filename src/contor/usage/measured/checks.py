"""What must hold of events: a period that was counted holds what its events come to, and nothing is told twice."""

from collections.abc import Iterable
from typing import NamedTuple

from contor.kernel.checks import check
from contor.runtime.uow import Uow


class _Odd(NamedTuple):
    contract_id: int
    option_ident: str
    period_start: str


class _File(NamedTuple):
    ident: str


@check("usage.sums_of_events_were_counted")
def counted(uow: Uow) -> Iterable[str]:
    """A usage that sums up events is of a period that was counted, and lies in it."""
    for row in uow.all(
        _Odd,
        "SELECT u.contract_id, u.option_ident, u.counted_for::text AS period_start FROM usage u"
        " LEFT JOIN usage_count c ON c.tenant_id = u.tenant_id AND c.contract_id = u.contract_id"
        " AND c.option_ident = u.option_ident AND c.period_start = u.counted_for"
        " WHERE u.counted_for IS NOT NULL AND u.status IN ('OPEN', 'BILLED')"
        " AND (c.contract_id IS NULL OR u.started_at < c.since OR u.started_at > c.until)",
    ):
        yield f"contract {row.contract_id} has a sum of events of {row.option_ident} from {row.period_start} that nobody counted"


@check("usage.files_of_events_add_up")
def files(uow: Uow) -> Iterable[str]:
    """Of the lines that are taken each is new, known or refused, or empty; a file that is done is taken to its end."""
    sql = (
        "SELECT ident FROM usage_import WHERE created + known + refused > lines_done OR lines_done > lines"
        " OR (status = 'DONE' AND lines_done <> lines)"
    )
    for row in uow.all(_File, sql):
        yield f"file of events {row.ident} does not add up"
