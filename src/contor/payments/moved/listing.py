"""A page of money that moves: intents and payments that people recorded, each kind walked by an index of its own, and put together."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal, NamedTuple

from contor.kernel.errors import Kind, Problem, Refused
from contor.runtime.query.lists import MOST_COUNTED
from contor.runtime.uow import Uow

BY_HAND: Final = "by-hand~"
"""Begins the external ident of a payment that a person recorded; behind it stands its ident, so that they are in the order of time."""
MOST_UNINDEXED: Final = 100_000
"""Intents up to which one of a few types is looked for without an index."""
MoneyOrder = Literal["CREATED", "STATUS"]


class MoneyMoved(NamedTuple):
    """An intent, or a payment that was recorded by hand."""

    kind: Literal["INTENT", "BY_HAND"]
    ident: str


class MoneyFound(NamedTuple):
    moved: list[MoneyMoved]
    total: int
    """How many there are; where they are more than are counted, as many as are sure."""
    at_least: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class MoneySought:
    """What is wanted; None: it does not matter."""

    idents: tuple[str, ...] | None = None
    types: tuple[str, ...] | None = None
    """CHARGE, REFUND, PAYOUT: what goes out by hand gives back no charge, and is a payout."""
    statuses: tuple[str, ...] | None = None
    """Of intents; what is recorded is SUCCESSFUL, and CANCELLED where it was taken off its document again."""
    accounts: tuple[str, ...] | None = None
    """Customers' payment accounts: by none of them anything is recorded."""
    customers: tuple[str, ...] | None = None
    created: tuple[tuple[str, dt.datetime], ...] = ()
    """Operators with their instants."""
    of_payments: str = ""
    """SQL: a condition on a payment `p`, of packages above: whether it is of one of `customers`, a parameter."""
    values: Mapping[str, object] = field(default_factory=dict)
    narrowing: str = ""
    """What else may be asked for, in the words of who asks: a refusal names it."""

    @property
    def is_open(self) -> bool:
        """Nothing that an index answers is asked for."""
        narrowed = (self.idents, self.statuses, self.accounts, self.customers)
        return all(one is None for one in narrowed) and not self.created


def money_moved(uow: Uow, sought: MoneySought, order: MoneyOrder, *, descending: bool, limit: int, offset: int) -> MoneyFound:
    """The page, two statements whatever there is. Raises INVALID where all of many would be read to find some."""
    if sought.types is not None and sought.is_open:
        _refuse_many(uow, sought.narrowing)
    branches, values = _branches(sought)
    way = "DESC" if descending else "ASC"
    key = {"CREATED": f"created_at {way}, ident {way}", "STATUS": f"status {way}, created_at {way}, ident {way}"}[order]
    inner = {
        "CREATED": {"i": f"i.created_at {way}, i.ident {way}", "p": f"p.external_ident {way}"},
        "STATUS": {name: f"status {way}, {name}.created_at {way}, {name}.ident {way}" for name in ("i", "p")},
    }[order]
    parts = [f"({_cut(branch, inner[name])})" for name, branch in branches.items()]
    page = f"SELECT kind, ident FROM ({' UNION ALL '.join(parts)}) x ORDER BY {key} LIMIT %(limit)s OFFSET %(skipped)s"
    counted = " UNION ALL ".join(f"(SELECT 1 FROM ({branch.replace(_CUT, '')} LIMIT %(most)s) y)" for branch in branches.values())
    count = f"SELECT count(*) FROM (SELECT 1 FROM ({counted}) z LIMIT %(most)s) c"
    found = uow.all(MoneyMoved, page, {**values, "limit": limit, "skipped": offset}) if limit else []
    total = uow.scalar(int, count, {**values, "most": MOST_COUNTED + 1}) or 0
    return MoneyFound(found, max(min(total, MOST_COUNTED), offset + len(found) if found else 0), total > MOST_COUNTED)


# helpers in calling order

_CUT: Final = "{cut}"
"""Where the order and the end of what is read of one kind stand."""
_INTENTS: Final = "SELECT 'INTENT' AS kind, i.ident, i.created_at, i.status FROM payment_intent i WHERE "
_STATUS: Final = "CASE WHEN p.assigned = 0 THEN 'CANCELLED' ELSE 'SUCCESSFUL' END"
_RECORDED: Final = (
    "SELECT 'BY_HAND' AS kind, q.ident, q.created_at, q.status FROM merchant_payment_account m CROSS JOIN LATERAL"
    f" (SELECT p.ident, p.created_at, {_STATUS} AS status FROM payment p WHERE p.tenant_id = m.tenant_id AND p.account_ident = m.ident"
    f" AND p.external_ident LIKE '{BY_HAND}%%' AND p.replaced_at IS NULL AND "
)


def _refuse_many(uow: Uow, narrowing: str) -> None:
    if (
        uow.scalar(int, "SELECT count(*) FROM (SELECT FROM payment_intent LIMIT %s) x", (MOST_UNINDEXED + 1,)) or 0
    ) > MOST_UNINDEXED:
        message = f"These are too many to be searched by this alone. Search with one of these too: {narrowing}."
        raise Refused(Kind.INVALID, Problem("search_unindexed", message, "type"))


def _branches(sought: MoneySought) -> tuple[dict[str, str], dict[str, object]]:
    """By alias the SELECT of each kind that is wanted, with a place for its order and end."""
    values: dict[str, object] = {**sought.values}
    intents, recorded = ["true"], ["true"]
    for name, column, given in (("idents", "ident", sought.idents), ("statuses", "status", sought.statuses)):
        if given is not None:
            values[name] = list(given)
            intents.append(f"i.{column} = ANY (%({name})s)")
            recorded.append(f"{_STATUS if column == 'status' else f'p.{column}'} = ANY (%({name})s)")
    for name, column, given in (
        ("types", "type", sought.types),
        ("accounts", "customer_account_ident", sought.accounts),
        ("customers", "customer_ident", sought.customers),
    ):
        if given is not None:
            values[name] = list(given)
            intents.append(f"i.{column} = ANY (%({name})s)")
    if sought.types is not None:
        recorded.append("CASE WHEN p.credit_debit_indicator = 'CREDIT' THEN 'CHARGE' ELSE 'PAYOUT' END = ANY (%(types)s)")
    if sought.customers is not None:
        recorded.append(sought.of_payments)
    for number, (operator, at) in enumerate(sought.created):
        values[f"at{number}"] = at
        intents.append(f"i.created_at {operator} %(at{number})s::timestamptz")
        recorded.append(f"p.created_at {operator} %(at{number})s::timestamptz")
    found = {"i": f"{_INTENTS}{_all(intents)}{_CUT}"}
    if sought.accounts is None:
        found["p"] = f"{_RECORDED}{_all(recorded)}{_CUT}) q"
    return found, values


def _all(conditions: Sequence[str]) -> str:
    return " AND ".join(f"({one})" for one in conditions)


def _cut(branch: str, order: str) -> str:
    """No further than the page: a sort of all of them would read all of them."""
    return branch.replace(_CUT, f" ORDER BY {order} LIMIT %(limit)s + %(skipped)s")
