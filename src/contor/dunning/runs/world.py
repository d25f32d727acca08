"""What a run reads of its customers, some hundreds at once: open items, what was dunned before, who they are, money that waits."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Sequence
from decimal import Decimal
from typing import NamedTuple
from zoneinfo import ZoneInfo

from contor.customers.queries import dunned_otherwise, tax_status_of
from contor.documents.after import issuers_of
from contor.dunning.claims import first_returns
from contor.dunning.rules import Debtor, DunningConfiguration, OpenClaims, OpenItem
from contor.kernel.money import ZERO
from contor.kernel.shapes import replace
from contor.openitems.collection import collecting_of
from contor.openitems.dunned import Overdue, moved_by_day, overdue_of
from contor.runtime.uow import Uow
from contor.settings.queries import sites


class _Letter(NamedTuple):
    """The last letter of a document that stands, and its first one."""

    document_id: int
    letter_date: dt.date
    pay_until: dt.date
    first_letter: dt.date | None
    first_mailed: dt.datetime | None
    made_at: dt.datetime
    charged: Decimal


class _HandOver(NamedTuple):
    """The last time a document was handed over to collection."""

    document_id: int
    at: dt.datetime
    stands: bool


class _Claims(NamedTuple):
    document_id: int
    costs: Decimal
    interest: Decimal
    claimed_until: dt.date | None
    open_fees: Decimal
    open_flat: Decimal
    open_return_costs: Decimal
    open_interest: Decimal
    open_from: dt.date | None
    open_until: dt.date | None

    @property
    def open(self) -> OpenClaims:
        return OpenClaims(*self[4:])


class _Money(NamedTuple):
    customer_ident: str
    currency: str
    amount: Decimal


_NO_CLAIMS = _Claims(0, ZERO, ZERO, None, ZERO, ZERO, ZERO, ZERO, None, None)
_LETTERS = """
SELECT i.document_id, (array_agg(l.letter_date ORDER BY l.letter_id DESC))[1] AS letter_date,
       (array_agg(l.pay_until ORDER BY l.letter_id DESC))[1] AS pay_until,
       min(l.letter_date) FILTER (WHERE l.recipient IS NULL) AS first_letter, min(l.sent_at) AS first_mailed,
       max(l.made_at) AS made_at, sum(i.charged) AS charged
  FROM dunning_item i JOIN dunning_letter l ON l.tenant_id = i.tenant_id AND l.letter_id = i.letter_id
 WHERE i.document_id = ANY (%s) AND i.outcome = 'DUNNED' AND l.status = 'MADE' GROUP BY i.document_id
"""
_HANDOVERS = """
SELECT document_id, max(created_at) AS at, bool_or(taken_back_on IS NULL) AS stands FROM dunning_handover
 WHERE document_id = ANY (%s) GROUP BY document_id
"""
CLAIMS = """
SELECT x.document_id, coalesce(sum(x.claimed) FILTER (WHERE x.kind IN ('FEE', 'FLAT')), 0) AS costs,
       coalesce(sum(x.claimed) FILTER (WHERE x.kind = 'INTEREST'), 0) AS interest,
       max(x.interest_until) FILTER (WHERE x.kind = 'INTEREST' AND x.stands) AS claimed_until,
       coalesce(sum(x.open) FILTER (WHERE x.kind = 'FEE'), 0) AS open_fees,
       coalesce(sum(x.open) FILTER (WHERE x.kind = 'FLAT'), 0) AS open_flat,
       coalesce(sum(x.open) FILTER (WHERE x.kind = 'RETURN_COST'), 0) AS open_return_costs,
       coalesce(sum(x.open) FILTER (WHERE x.kind = 'INTEREST'), 0) AS open_interest,
       min(x.interest_from) FILTER (WHERE x.kind = 'INTEREST' AND x.open > 0) AS open_from,
       max(x.interest_until) FILTER (WHERE x.kind = 'INTEREST' AND x.open > 0) AS open_until
  FROM (SELECT c.document_id, c.kind, c.amount - c.paid - c.waived AS open, l.status = 'MADE' AS stands,
               CASE l.status WHEN 'WITHDRAWN' THEN c.paid ELSE c.amount END AS claimed, i.interest_from, i.interest_until
          FROM dunning_claim c LEFT JOIN dunning_letter l ON l.tenant_id = c.tenant_id AND l.letter_id = c.letter_id
          LEFT JOIN dunning_item i ON i.tenant_id = l.tenant_id AND i.run_ident = l.run_ident AND i.document_id = c.document_id
         WHERE c.document_id = ANY (%s)) x GROUP BY x.document_id
"""


def debtors(
    uow: Uow, run_ident: str, customers: Sequence[str], day: dt.date, configuration: DunningConfiguration, *, named: bool = False
) -> list[Debtor]:
    """The customers as the rules see them, in their order. `named`: the run is for them, and reminds also who is not reminded else."""
    items: dict[str, list[OpenItem]] = defaultdict(list)
    for customer, item in _items(uow, overdue_of(uow, customers, day), configuration):
        items[customer].append(item)
    status, money = tax_status_of(uow, customers), _money(uow, run_ident, customers)
    unreminded, without_fees = dunned_otherwise(uow, customers)
    return [
        Debtor(
            customer_ident=ident,
            is_consumer=ident in status and status[ident].customer_type == "B2C",
            items=tuple(replace(item, is_blocked=True) if ident in unreminded and not named else item for item in items[ident]),
            unassigned=tuple(money[ident]),
            pays_no_fees=ident in without_fees,
        )
        for ident in customers
        if ident in items
    ]


def _items(uow: Uow, rows: Sequence[Overdue], configuration: DunningConfiguration) -> list[tuple[str, OpenItem]]:
    ids = [row.document_id for row in rows]
    issuers, known = issuers_of(uow, ids), sites(uow)
    letters = {row.document_id: row for row in uow.all(_Letter, _LETTERS, (ids,))}
    claims = {row.document_id: row for row in claims_of(uow, ids)}
    handed = {row.document_id: row for row in uow.all(_HandOver, _HANDOVERS, (ids,))}
    moved = _moved(uow, [row.document_id for row in rows if row.balance > 0], configuration)
    returned = first_returns(uow, ids)
    collected = collecting_of(uow, [row.document_id for row in rows if row.balance > 0])
    zone: ZoneInfo = uow.ctx.zone
    found = []
    for row in rows:
        issuer, letter = issuers[row.document_id], letters.get(row.document_id)
        collecting, over = collected.get(row.document_id), handed.get(row.document_id)
        claimed = claims.get(row.document_id, _NO_CLAIMS)
        address = known[issuer.operating_site_ident].address
        item = OpenItem(
            document_id=row.document_id,
            ident=row.ident,
            currency=row.currency,
            document_date=row.document_date,
            # what another system issued was made then
            created_on=row.document_date if row.opened_on is not None else issuer.created_at.astimezone(zone).date(),
            due_date=row.due_date,
            opening=row.opening,
            balance=row.balance,
            company=issuer.legal_entity,
            country=address["country"],
            state=address.get("state"),
            is_memo=row.is_memo,
            is_doubtful=row.doubtful,
            is_prebooked=row.prebooked != 0,
            is_blocked=row.is_blocked,
            is_collected=collecting.pending if collecting else False,
            collecting=collecting.why if collecting else None,
            told_to_wait=row.announced_on is not None and not (collecting and collecting.why.startswith("CHARGE_FAILED")),
            is_handed_over=over is not None and over.stands,
            is_taken_back=over is not None and not over.stands and (letter is None or letter.made_at < over.at),
            level=row.dunning_level,
            letter_date=letter.letter_date if letter else None,
            pay_until=letter.pay_until if letter else None,
            first_letter=letter.first_letter if letter else None,
            first_mailed=letter.first_mailed.astimezone(zone).date() if letter and letter.first_mailed else None,
            returned_on=returned.get(row.document_id),
            moved=tuple(moved[row.document_id]),
            charged=letter.charged if letter else ZERO,
            costs=claimed.costs,
            interest=claimed.interest,
            claimed_until=claimed.claimed_until,
            open=claimed.open,
        )
        found.append((row.customer_ident, item))
    return found


def claims_of(uow: Uow, ids: Collection[int]) -> list[_Claims]:
    """What was claimed on these documents, and what of it is open. What was waived is not claimed anew; what was withdrawn may be."""
    return uow.all(_Claims, CLAIMS, (list(ids),))


def _moved(uow: Uow, ids: Sequence[int], configuration: DunningConfiguration) -> dict[int, list[tuple[dt.date, Decimal]]]:
    """Only interest asks for it."""
    found: dict[int, list[tuple[dt.date, Decimal]]] = defaultdict(list)
    if any(level.interest for level in configuration.levels):
        for row in moved_by_day(uow, ids):
            found[row.document_id].append((row.day, row.amount))
    return found


def _money(uow: Uow, run_ident: str, customers: Sequence[str]) -> dict[str, list[tuple[str, Decimal]]]:
    found: dict[str, list[tuple[str, Decimal]]] = defaultdict(list)
    for row in uow.all(
        _Money,
        "SELECT customer_ident, currency, sum(amount) AS amount FROM dunning_run_money WHERE run_ident = %s AND customer_ident = ANY (%s)"
        " GROUP BY 1, 2",
        (run_ident, list(customers)),
    ):
        found[row.customer_ident].append((row.currency, row.amount))
    return found
