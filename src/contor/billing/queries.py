"""What of billing is left over from a time that somebody wants to be over."""

import datetime as dt
from collections.abc import Collection
from typing import NamedTuple

from contor.runtime.uow import Uow
from contor.runtime.work.held import OPEN


class Unbilled(NamedTuple):
    """What was to be billed by then and is not."""

    runs: list[str]
    """Held runs that are neither done nor cancelled."""
    due: int
    """Items that the next run bills."""
    failed: int
    """Items that wait for somebody to mend what keeps them."""
    parked: list[str]
    """Customers whom runs leave out until they are released."""


def unbilled_until(uow: Uow, day: dt.date) -> Unbilled:
    """What should have been billed on `day` or before."""
    after = dt.datetime.combine(day + dt.timedelta(days=1), dt.time(), uow.ctx.zone)
    found = uow.first(
        Unbilled,
        f"SELECT ARRAY(SELECT run_ident FROM billing_run WHERE status IN {OPEN} AND created_at < %(after)s ORDER BY created_at) AS runs,"
        " (SELECT count(*) FROM billable_item WHERE processing_status IN ('NOT_STARTED', 'PENDING_RETRY')"
        "  AND processing_at < %(after)s) AS due,"
        " (SELECT count(*) FROM billable_item WHERE processing_status IN ('ERROR', 'CONFIG_ERROR', 'RECALCULATION_ERROR')"
        "  AND processing_at < %(after)s) AS failed,"
        " ARRAY(SELECT customer_ident FROM billing_parking WHERE parked_at < %(after)s ORDER BY customer_ident) AS parked",
        {"after": after},
    )
    assert found is not None, "a statement without FROM answers one row"
    return found


class LastBilled(NamedTuple):
    """What was billed last of an option of a contract."""

    contract_id: int
    option_ident: str
    billed_at: dt.datetime
    since: dt.date
    until: dt.date
    """Exclusive."""


def last_billed(uow: Uow, contract_ids: Collection[int]) -> dict[tuple[int, str], LastBilled]:
    """By contract and option; of options that nothing was billed of, nothing."""
    rows = uow.all(
        LastBilled,
        "SELECT DISTINCT ON (contract_id, origin_ident) contract_id, origin_ident AS option_ident, processed_at AS billed_at,"
        " period_start AS since, period_end AS until FROM billable_item WHERE contract_id = ANY (%s) AND origin_type = 'OPTION'"
        " AND processing_status = 'COMPLETED' AND type = 'DEBIT' ORDER BY contract_id, origin_ident, period_start DESC, item_id DESC",
        (sorted(contract_ids),),
    )
    return {(row.contract_id, row.option_ident): row for row in rows}


class BilledItem(NamedTuple):
    """What a document bills of a contract: which part of it, for which time."""

    item_id: int
    contract_ident: str
    origin_type: str
    origin_ident: str
    period_start: dt.date
    period_end: dt.date
    """Both days are billed."""
    processed_at: dt.datetime | None


def items_billed_by(uow: Uow, document_id: int) -> list[BilledItem]:
    """By contract, in the order of their times."""
    return items_billed_in(uow, [document_id])


def items_billed_in(uow: Uow, document_ids: Collection[int]) -> list[BilledItem]:
    """Of all these documents, by contract, in the order of their times."""
    sql = (
        # the day behind is the first that is not billed
        "SELECT item_id, holder_ident AS contract_ident, origin_type, origin_ident, period_start,"
        " greatest(period_start, period_end - 1) AS period_end, processed_at"
        " FROM billable_item WHERE document_id = ANY (%s) AND NOT of_order ORDER BY holder_ident, period_start, item_id"
    )
    return uow.all(BilledItem, sql, (sorted(document_ids),))
