"""Billable items as the API reads them."""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from contor.billing import tables
from contor.billing.items.holding import holdings_of
from contor.billing.items.prices import Sides, prices_of
from contor.billing.items.reasons import FAILED, Holding, status_reason
from contor.billing.items.stored import STORED_COLUMNS, StoredRow, content_of
from contor.billing.items.types import DEPOSIT_EXPECTED, GO_ON_BY_THEMSELVES, ON_HOLD, WAIT_FOR_MORE, BillableRow
from contor.billing.items.views import ItemView
from contor.contracts.read import require_contract
from contor.documents.judge import CREDITING
from contor.documents.queries import document_ident_of, documents_by_id
from contor.documents.types import Document, DocumentItem, DocumentType, Period
from contor.kernel.operations import operation
from contor.kernel.shapes import Fields, shape
from contor.runtime.query import (
    Filterable,
    ListQuery,
    Page,
    first_of,
    last_day,
    one_of,
    only,
    prefixed,
    searchable,
    when,
    within,
    worked_out,
)
from contor.runtime.query.answered import Places
from contor.runtime.query.filterable import Expression
from contor.runtime.query.listed import listed_by_key
from contor.runtime.uow import Uow, not_found

DAY = dt.timedelta(days=1)
_ITEM = tables.billable_item.c
_PLACES: Places = {
    "billable_item_id": "item_id",
    "billable_item_ident": prefixed("i-", _ITEM.item_id),
    "contract_id": only(~_ITEM.of_order, _ITEM.contract_id, int),
    "contract_ident": only(~_ITEM.of_order, _ITEM.holder_ident, str),
    "order_ident": only(_ITEM.of_order, _ITEM.holder_ident, str),
    "target_document_type": when(_ITEM.kind == "DEPOSIT", "DEPOSITINVOICE", "INVOICE"),
    "processing_date": "processing_at",
    "processed_date": "processed_at",
    "billing_period.start": "period_start",
    "billing_period.end": last_day(_ITEM.period_end),
    "service_billing_period.start": "content.service_start",
    "service_billing_period.end": last_day(within(_ITEM.content, "service_end")),
    "unit_quantity": "content.quantity",
    "unit_quantity_type": "content.quantity_type",
    "unit_price_base": "content.unit_price",
    "price_base_quantity": "content.price_base",
    "row_total_base": "content.total",
    "original_row_total_base": worked_out(
        "SELECT (content ->> 'total')::numeric - coalesce(sum((e #>> CASE WHEN coalesce(content ->> 'basis', 'NET') = 'NET'"
        " THEN '{total,net}'::text[] ELSE '{total,gross}'::text[] END)::numeric), 0)"
        " FROM jsonb_array_elements(coalesce(content -> 'extras', '[]')) e",
        Decimal,
    ),
    "tax_information_source": worked_out(
        "SELECT CASE WHEN jsonb_array_length(coalesce(content -> 'taxes', '[]')) > 0 THEN 'CUSTOMER_PROVIDED' ELSE 'NITROBOX' END",
        str,
    ),
    "tax_calculation_basis": "content.basis",
    "related_item_ident": prefixed("i-", _ITEM.related_item_id),
    "invoice_ident": document_ident_of(_ITEM.document_id, [kind.value for kind in DocumentType if kind not in CREDITING]),
    "credit_note_ident": document_ident_of(_ITEM.document_id, [kind.value for kind in CREDITING]),
}
FAILED_ITEMS = tables.failed_item
"""(order or contract, code of the reason) of line items that could not be billed."""
ITEMS = searchable(
    tables.billable_item,
    ItemView,
    (
        "item_id",
        "contract_id",
        "customer_ident",
        "billing_group_ident",
        "origin_type",
        "origin_ident",
        "kind",
        "type",
        "business_case",
        "processing_status",
        "processing_at",
        "processed_at",
        "period_start",
        "currency",
    ),
    default_sort="item_id,desc",
    content=("content", BillableRow),
    places=_PLACES,
)


def billed_on(document: str, item: str) -> Expression:
    """For lists of other packages: the document in their column `document`, else that of the item in their column `item`."""
    return worked_out(f"coalesce({document}, (SELECT i.document_id FROM billable_item i WHERE i.item_id = {item}))", int)


@dataclass(frozen=True, slots=True)
class ListItems:
    query: ListQuery


@dataclass(frozen=True, slots=True)
class ListItemsOfContract:
    contract_id: int
    query: ListQuery


@shape
class OneItem:
    contract_id: int
    billable_item_id: int


@operation("billable_item.list", permission="contracts.read", reads=True)
def list_items(uow: Uow, command: ListItems) -> Page:
    """Items of all contracts."""
    return item_page(uow, command.query, {})


@operation("billable_item.list_of_contract", permission="contracts.read", reads=True)
def list_of_contract(uow: Uow, command: ListItemsOfContract) -> Page:
    """Items of one contract."""
    require_contract(uow, command.contract_id)
    return item_page(uow, command.query, {"contract_id": command.contract_id})


@operation("billable_item.get", permission="contracts.read", reads=True)
def get_item(uow: Uow, command: OneItem) -> ItemView:
    """One item of a contract."""
    require_contract(uow, command.contract_id)
    found = item_views(uow, [command.billable_item_id])
    if not found or found[0].contract_id != command.contract_id:
        raise not_found("billable_item", command.billable_item_id)
    return found[0]


def item_page(uow: Uow, query: ListQuery, scope: Mapping[str, object]) -> Page:
    asked = {found[0] for name in query.fields() if (found := ITEMS.find(name)) is not None}
    fields = _with_reasons(uow, scope) if "status_reason" in asked else ITEMS
    return listed_by_key(uow, tables.billable_item, query, fields, "item_id", lambda ids: item_views(uow, ids), scope)


def _with_reasons(uow: Uow, scope: Mapping[str, object]) -> Filterable:
    """The fields with the reasons that items answer, as `reason_of_item` gives them: they depend on the moment and on what holds up
    each customer."""
    now, said = uow.ctx.now(), defaultdict[str, list[str]](list)
    sql = (
        "SELECT DISTINCT customer_ident FROM billable_item WHERE processing_status NOT IN ('COMPLETED', 'TERMINATED')"
        " AND processing_at < %s AND contract_id = coalesce(%s::bigint, contract_id)"
    )
    holdings = holdings_of(uow, uow.column(str, sql, (now, scope.get("contract_id"))))
    for customer, holding in holdings.items():
        if (found := holding.of_due()).code != "DUE":
            said[str(found)].append(customer)
    orders = [number for holding in holdings.values() for number in holding.deposits_due]
    status, reason = _ITEM.processing_status, _ITEM.status_reason
    shown = first_of(
        [
            (one_of(status, ("COMPLETED", "TERMINATED")), reason),
            (one_of(status, ("RELATED_ITEM_PENDING", "RECALCULATION_PENDING")), "RELATED_ITEM_PENDING"),
            *((one_of(status, FAILED) & (reason == code), code) for code in GO_ON_BY_THEMSELVES),
            (one_of(status, FAILED), "ERROR"),
            (_ITEM.processing_at.is_(None), when(reason == DEPOSIT_EXPECTED, DEPOSIT_EXPECTED, ON_HOLD)),
            (_ITEM.processing_at >= now, "NOT_DUE_YET"),
            *((one_of(_ITEM.customer_ident, customers), text) for text, customers in sorted(said.items())),
            *((reason == code, code) for code in WAIT_FOR_MORE),
            ((_ITEM.kind == "LINE_ITEM") & one_of(_ITEM.contract_id, orders), DEPOSIT_EXPECTED),
            (within(_ITEM.content, "pays") == "true", "WAITS_FOR_INVOICE"),
            (_ITEM.of_order & (_ITEM.kind == "ALLOWANCE") & (_ITEM.type == "CREDIT"), "WAITS_FOR_INVOICE"),
        ],
        "DUE",
    )
    return ITEMS.with_field("status_reason", shown)


def item_views(uow: Uow, ids: list[int]) -> list[ItemView]:
    rows = uow.all(StoredRow, f"SELECT {STORED_COLUMNS} FROM billable_item i WHERE i.item_id = ANY (%s)", (ids,))
    documents = documents_by_id(uow, {row.document_id for row in rows if row.document_id is not None})
    billed = {(number, item.ident): item for number, document in documents.items() for item in document.items}
    holdings = holdings_of(uow, {row.customer_ident for row in rows if row.document_id is None})
    found = {
        row.item_id: _view(
            row,
            content_of(row.content),
            documents.get(row.document_id or 0),
            billed.get((row.document_id or 0, f"i-{row.item_id}")),
            holdings,
        )
        for row in rows
    }
    return [found[number] for number in ids if number in found]


def _view(
    row: StoredRow, content: BillableRow, document: Document | None, billed: DocumentItem | None, holdings: Mapping[str, Holding]
) -> ItemView:
    number = document.ident if document is not None else None
    is_credit_note = document is not None and document.document_type in CREDITING
    prices = prices_of(content, billed, row.currency)
    return ItemView(
        billable_item_id=row.item_id,
        billable_item_ident=f"i-{row.item_id}",
        contract_id=None if row.of_order else row.contract_id,
        contract_ident=None if row.of_order else row.holder_ident,
        order_ident=row.holder_ident if row.of_order else None,
        type=row.type,
        business_case=row.business_case,
        origin_type=row.origin_type,
        origin_ident=row.origin_ident,
        target_document_type="DEPOSITINVOICE" if row.kind == "DEPOSIT" else "INVOICE",
        processing_status=row.processing_status,
        processing_date=row.processing_at,
        processed_date=row.processed_at,
        processing_error=row.processing_error,
        status_reason=row.status_reason if document is not None else status_reason(row, content.pays, holdings[row.customer_ident]),
        billing_period=Period(start=row.period_start, end=row.period_end - DAY),
        service_billing_period=_span(content.service_start, content.service_end),
        unit_quantity=content.quantity,
        unit_quantity_type=content.quantity_type,
        **_priced("unit_price", prices.unit_price),
        price_base_quantity=content.price_base,
        **_priced("original_row_total", prices.original_row_total),
        **_priced("row_total", prices.row_total),
        tax_calculation_basis=content.basis,
        tax_information=prices.taxes,
        tax_information_source="CUSTOMER_PROVIDED" if content.taxes else "NITROBOX",
        category=content.category,
        name=content.name,
        invoice_ident=None if is_credit_note else number,
        credit_note_ident=number if is_credit_note else None,
        related_item_ident=f"i-{row.related_item_id}" if row.related_item_id else None,
        price_calculation_basis=content.price_calculation_basis,
    )


def _priced(name: str, sides: Sides) -> Fields:
    return {f"{name}_{side}": value for side, value in sides._asdict().items()}


def _span(start: dt.date | None, end: dt.date | None) -> Period | None:
    return None if start is None or end is None else Period(start=start, end=end - DAY)
