"""What a run makes of each open item, with the reason."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from contor.dunning import tables
from contor.dunning.rules import Outcome
from contor.dunning.runs.runs import require_run
from contor.kernel.operations import operation
from contor.kernel.shapes import Money, shape
from contor.runtime.query import ListQuery, Page, searchable, worked_out
from contor.runtime.query.listed import listed
from contor.runtime.uow import Uow


@dataclass(frozen=True, slots=True)
class ListRunItems:
    run_ident: str
    query: ListQuery


@shape
class RunItem:
    """An open item in a run: the outcome is the reason why it is dunned or not. Credits are negative."""

    document_ident: str
    customer_ident: str
    currency: str
    due_date: dt.date
    outstanding: Money
    outcome: Outcome
    level_before: int
    level: int
    fee: Money
    flat: Money
    interest: Money
    interest_from: dt.date | None
    interest_until: dt.date | None
    interest_deducted: Money | None
    earlier_fees: Money | None
    earlier_flat: Money | None
    earlier_interest: Money | None
    earlier_interest_from: dt.date | None
    earlier_interest_until: dt.date | None
    return_costs: Money | None
    note: str | None
    letter_ident: str | None


class _Row(NamedTuple):
    document_ident: str
    customer_ident: str
    currency: str
    due_date: dt.date
    outstanding: Decimal
    outcome: Outcome
    level_before: int
    level: int
    fee: Decimal
    flat: Decimal
    interest: Decimal
    interest_from: dt.date | None
    interest_until: dt.date | None
    interest_deducted: Decimal | None
    earlier_fees: Decimal | None
    earlier_flat: Decimal | None
    earlier_interest: Decimal | None
    earlier_interest_from: dt.date | None
    earlier_interest_until: dt.date | None
    return_costs: Decimal | None
    note: str | None
    letter_id: int | None


RUN_ITEMS = searchable(
    tables.dunning_item,
    RunItem,
    ("document_ident", "customer_ident", "currency", "due_date", "outcome", "level_before", "level", "note", "document_id"),
    default_sort="document_id",
    places={
        "letter_ident": worked_out("CASE WHEN dunning_item.letter_id IS NOT NULL THEN 'ml-' || dunning_item.letter_id END", str)
    },
)


@operation("dunning_run.list_items", permission="bookkeeping.read", reads=True)
def list_run_items(uow: Uow, command: ListRunItems) -> Page:
    """Each open item that a run looked at, whether it was dunned, and why not."""
    require_run(uow, command.run_ident)
    scope = {"run_ident": command.run_ident}
    return listed(uow, tables.dunning_item, command.query, RUN_ITEMS, _Row, lambda rows: map(_item, rows), scope)


def _item(row: _Row) -> RunItem:
    said = {name: value for name, value in row._asdict().items() if name != "letter_id"}
    said["outcome"] = Outcome(row.outcome)
    return RunItem(**said, letter_ident=None if row.letter_id is None else letter_name(row.letter_id))


def letter_name(letter_id: int) -> str:
    """A letter's ident."""
    return f"ml-{letter_id}"
