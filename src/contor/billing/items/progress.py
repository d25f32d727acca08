"""How far the billing of what an order or contract has is: for those who show it, and where it failed, why."""

import datetime as dt
from typing import NamedTuple

from sqlalchemy import FromClause, Text, literal, select

from contor.billing import tables
from contor.billing.items.reasons import FAILED, Why, why_failed
from contor.billing.items.types import GO_ON_BY_THEMSELVES, ItemKind
from contor.runtime.query import one_of, when, worked_out
from contor.runtime.query.filterable import Expression
from contor.runtime.rows import columns
from contor.runtime.uow import Uow

_ITEM = tables.billable_item.c
_FAILED = ", ".join(f"'{status}'" for status in FAILED)
_OF_THEMSELVES = ", ".join(f"'{code}'" for code in GO_ON_BY_THEMSELVES)
FAILED_ITEMS: FromClause = (
    select(
        _ITEM.contract_id.label("contract_id"),
        when(one_of(_ITEM.status_reason, GO_ON_BY_THEMSELVES), _ITEM.status_reason, literal("ERROR", Text)).label("code"),
    )
    .where(one_of(_ITEM.processing_status, FAILED), _ITEM.kind == "LINE_ITEM")
    .subquery("failed_items")
)
"""(order or contract, code of the reason) of line items that could not be billed."""


class Progress(NamedTuple):
    """How far the billing of what an item comes from is."""

    item_id: int
    origin_ident: str
    processing_status: str
    processing_at: dt.datetime | None
    status_reason: str | None
    processing_error: str | None

    @property
    def failed(self) -> Why | None:
        """Why it could not be billed; None: it could, or nobody tried yet."""
        return why_failed(self.status_reason, self.processing_error) if self.processing_status in FAILED else None


def progress_of(uow: Uow, number: int, kind: ItemKind) -> list[Progress]:
    """Of a contract's or order's items of one kind, in the order in which they came."""
    sql = f"SELECT {columns(Progress)} FROM billable_item WHERE contract_id = %s AND kind = %s ORDER BY item_id"
    return uow.all(Progress, sql, (number, kind))


def failed_of(number: str, origin: str, kind: ItemKind) -> tuple[Expression, Expression]:
    """For lists of other packages: the code and the words of what failed first of what their columns name, as `Progress.failed` says."""
    return _first_failed(f"i.contract_id = {number} AND i.kind = '{kind}' AND i.origin_ident = {origin}")


def failed_by_item(item: str) -> tuple[Expression, Expression]:
    """As `failed_of`, of the item that their column names."""
    return _first_failed(f"i.item_id = {item}")


def _first_failed(condition: str) -> tuple[Expression, Expression]:
    first = f"FROM billable_item i WHERE {condition} AND i.processing_status IN ({_FAILED}) ORDER BY i.item_id LIMIT 1"
    code = f"SELECT CASE WHEN i.status_reason IN ({_OF_THEMSELVES}) THEN i.status_reason ELSE 'ERROR' END {first}"
    words = why_failed(None, None).text
    return worked_out(code, str), worked_out(f"SELECT coalesce(nullif(i.processing_error, ''), '{words}') {first}", str)
