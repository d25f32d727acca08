"""The tenant's bounds of a run, and what its customers were billed last."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from contor.billing.runs.gate import Bounds, Last
from contor.kernel.operations import operation
from contor.runtime.execute import validated
from contor.runtime.uow import Uow
from contor.settings.queries import tenant_settings
from contor.settings.tenant_settings import keep_billing_bounds


@dataclass(frozen=True, slots=True)
class OwnBounds:
    """No input: the caller's tenant."""


@operation("billing_bounds.get", permission="contracts.read", reads=True)
def get_bounds(uow: Uow, command: OwnBounds) -> Bounds:
    """The bounds as they are."""
    return bounds_of(uow)


@operation("billing_bounds.replace", permission="contracts.write")
def replace_bounds(uow: Uow, command: Bounds) -> Bounds:
    """Runs that begin from now on park whoever is beyond these."""
    keep_billing_bounds(uow, command)
    uow.audit("tenant_setting", "billing_bounds", {"after": command})
    return command


def bounds_of(uow: Uow) -> Bounds:
    bounds: Bounds = validated(Bounds, tenant_settings(uow).billing_bounds)
    return bounds


class LastTotal(NamedTuple):
    """What a customer was billed the last time in one currency."""

    customer_ident: str
    currency: str
    total: Decimal


class Priced(NamedTuple):
    """An option that cost something the last time."""

    customer_ident: str
    contract_id: int
    origin_ident: str


def last_bills(uow: Uow, bounds: Bounds, customers: Sequence[str]) -> dict[str, Last]:
    """What each customer was billed the last time; nothing is read where no bound asks for it."""
    if not customers or (bounds.most_times_last is None and not bounds.refuses_zero_after_price):
        return {}
    totals: dict[str, dict[str, Decimal]] = defaultdict(dict)
    for row in uow.all(
        LastTotal,
        "SELECT i.customer_ident, i.currency, sum(CASE WHEN i.type = 'CREDIT' THEN -i.total ELSE i.total END) AS total"
        " FROM billable_item i JOIN (SELECT customer_ident, max(processed_at) AS at FROM billable_item"
        " WHERE customer_ident = ANY (%(customers)s) AND document_id IS NOT NULL GROUP BY 1) l"
        " ON l.customer_ident = i.customer_ident AND l.at = i.processed_at"
        " WHERE i.customer_ident = ANY (%(customers)s) AND i.document_id IS NOT NULL GROUP BY 1, 2",
        {"customers": list(customers)},
    ):
        totals[row.customer_ident][row.currency] = row.total
    priced: dict[str, set[tuple[int, str]]] = defaultdict(set)
    if bounds.refuses_zero_after_price:
        for last in uow.all(
            Priced,
            "SELECT customer_ident, contract_id, origin_ident FROM (SELECT DISTINCT ON (contract_id, origin_ident) customer_ident,"
            " contract_id, origin_ident, total FROM billable_item WHERE customer_ident = ANY (%s) AND kind = 'RECURRING'"
            " AND processing_status = 'COMPLETED' ORDER BY contract_id, origin_ident, period_start DESC) l WHERE total > 0",
            (list(customers),),
        ):
            priced[last.customer_ident].add((last.contract_id, last.origin_ident))
    return {customer: Last(totals.get(customer, {}), frozenset(priced.get(customer, ()))) for customer in customers}
