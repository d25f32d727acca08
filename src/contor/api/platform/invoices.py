"""The older reading of documents, `/v2/data-access/invoices`: the same documents, flat and in the words of the notifications.

Deprecated in favour of `/v2/documents`. Nothing is read here: `invoice` turns the core's answer around, `in_core_words` the search.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Final, NotRequired, TypeVar, cast

from typing_extensions import TypedDict

from contor.api.route import Plain
from contor.documents.after import DOCUMENTS
from contor.documents.judge import REASON
from contor.documents.types import DocumentView, ItemView, Period
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.money import ZERO
from contor.kernel.shapes import Money
from contor.runtime.query import Filterable, ListQuery
from contor.runtime.query.rsql import with_names
from contor.runtime.query.search_form import Binding

_WORDS: Final[Mapping[str, str]] = {
    "document_id": "document_id",
    "invoice_ident": "ident",
    "type": "document_type",
    "status": "status",
    "debtor_ident": "customer_ident",
    "customer_ident": "customer_ident",
    "customer_name": "customer.name",
    "invoice_address_ident": "customer_detail.invoice_address_ident",
    "language": "language",
    "prepaid": "totals.prepaid",
    "billing_group_ident": "billing_group_ident",
    "operating_site_ident": "operating_site_ident",
    "currency": "currency",
    "invoice_date": "document_date",
    "order_date": "order_date",
    "due_date": "due_date",
    "tax_date": "tax_date",
    "payable": "payable",
    "outstanding": "outstanding",
    "invoice_total_exclusive_vat": "net",
    "invoice_total_vat": "tax",
    "invoice_total_inclusive_vat": "gross",
    "dunning_level": "dunning_level",
    "created_at": "created_at",
}
"""The words of invoices for the fields of documents."""
INVOICES = Filterable({word: DOCUMENTS.fields[name] for word, name in _WORDS.items()}, default_sort="created_at")


T = TypeVar("T")


class InvoiceOrigin(TypedDict):
    referenceType: str
    referenceIdent: str


class InvoiceItem(TypedDict):
    """A row. `vatRate` is the sum of its rates."""

    ident: str
    category: str
    name: str
    description: NotRequired[str]
    articleNumber: NotRequired[str]
    itemGroup: NotRequired[str]
    debitCreditIndicator: str
    quantity: Decimal
    quantityType: str
    unitPriceExclusiveVat: Decimal
    unitPriceInclusiveVat: Decimal
    totalExclusiveVat: Money
    vat: Money
    totalInclusiveVat: Money
    vatRate: Decimal
    servicePeriodStart: NotRequired[dt.date]
    servicePeriodEnd: NotRequired[dt.date]
    deliveryDate: NotRequired[dt.date]
    referenceIdent: NotRequired[str]


class InvoiceVat(TypedDict):
    categoryCode: str
    vatRate: Decimal
    totalExclusiveVat: Money
    vat: Money
    totalInclusiveVat: Money


class Invoice(TypedDict):
    """A document of any type, flat. Amounts are positive as on the document; the type says the direction."""

    documentId: int
    invoiceIdent: str
    type: str
    status: str
    debtorIdent: str
    customerIdent: str
    customerName: str
    invoiceAddressIdent: str
    billingGroupIdent: str
    operatingSiteIdent: str
    currency: str
    language: str
    invoiceDate: dt.date
    orderDate: NotRequired[dt.date]
    dueDate: NotRequired[dt.date]
    taxDate: NotRequired[dt.date]
    createdAt: dt.datetime
    invoiceTotalExclusiveVat: Money
    invoiceTotalVat: Money
    invoiceTotalInclusiveVat: Money
    prepaid: Money
    payable: Money
    outstanding: Money
    dunningLevel: int
    documentReason: NotRequired[str]
    relatedInvoiceIdent: NotRequired[str]
    invoiceOriginReferences: list[InvoiceOrigin]
    items: list[InvoiceItem]
    vatSummary: list[InvoiceVat]


def in_core_words(query: ListQuery) -> ListQuery:
    """The search and order of invoices as those of documents. Raises `Refused` (INVALID) with every finding, in the words of invoices."""
    judged = Binding(INVOICES, "search")
    judged.form(query.where)
    problems = list(judged.problems)

    def renamed(name: str) -> str:
        found = INVOICES.find(name)
        return _WORDS[found[0]] if found is not None else name

    for name in (wanted.field for wanted in query.order if wanted.field and INVOICES.find(wanted.field) is None):
        message = f"'{name[:100]}' is none of {', '.join(INVOICES.names())}."
        problems.append(Problem("sort_field_unknown", message, "sort", name[:100]))
    if problems:
        raise Refused(Kind.INVALID, *problems)
    where = with_names(query.where, renamed) if query.where is not None else None
    order = tuple(replace(wanted, field=renamed(wanted.field)) if wanted.field else wanted for wanted in query.order)
    return replace(query, where=where, order=order)


def invoice(view: DocumentView) -> Invoice:
    """A document of any type as an invoice: flat, amounts positive as on the document, fields without a value left out."""
    totals, customer = view.totals, view.customer
    reason = next((entry.value for entry in view.properties if entry.key == REASON), None)
    origins = [{"referenceType": origin.type, "referenceIdent": origin.ident} for origin in view.origin_references]
    return _without_nothing(
        Invoice,
        {
            "documentId": view.document_id,
            "invoiceIdent": view.ident,
            "type": view.document_type.value,
            "status": view.status,
            "debtorIdent": view.customer_detail.customer_ident,
            "customerIdent": view.customer_detail.customer_ident,
            "customerName": customer.name,
            "invoiceAddressIdent": view.customer_detail.invoice_address_ident,
            "billingGroupIdent": view.billing_group_ident,
            "operatingSiteIdent": view.operating_site_ident,
            "currency": view.currency,
            "language": view.language,
            "invoiceDate": view.document_date,
            "orderDate": view.order_date,
            "dueDate": view.due_date,
            "taxDate": view.tax_date,
            "createdAt": view.created_at,
            "invoiceTotalExclusiveVat": totals.net,
            "invoiceTotalVat": totals.tax,
            "invoiceTotalInclusiveVat": totals.gross,
            "prepaid": totals.prepaid,
            "payable": totals.payable,
            "outstanding": view.outstanding,
            "dunningLevel": view.dunning_level,
            "documentReason": reason,
            "relatedInvoiceIdent": view.related_document_ident,
            "invoiceOriginReferences": origins,
            "items": [_item(item) for item in view.items],
            "vatSummary": [
                {
                    "categoryCode": group.category_code,
                    "vatRate": group.rate,
                    "totalExclusiveVat": group.base,
                    "vat": group.amount,
                    "totalInclusiveVat": group.base + group.amount,
                }
                for group in view.taxes
            ],
        },
    )


def _item(item: ItemView) -> InvoiceItem:
    """A row: its prices by their sides, its rate as one number (several taxes: their sum)."""
    unit, total = item.prices.unit, item.prices.total
    period: Period | None = item.service_period
    return _without_nothing(
        InvoiceItem,
        {
            "ident": item.ident,
            "category": item.category,
            "name": item.name,
            "description": item.description,
            "articleNumber": item.article_number,
            "itemGroup": item.item_group,
            "debitCreditIndicator": item.debit_credit_indicator,
            "quantity": item.quantity,
            "quantityType": item.quantity_type,
            "unitPriceExclusiveVat": unit.net,
            "unitPriceInclusiveVat": unit.gross,
            "totalExclusiveVat": total.net,
            "vat": total.tax,
            "totalInclusiveVat": total.gross,
            "vatRate": sum((tax.rate for tax in item.tax_detail.taxes), ZERO),
            "servicePeriodStart": period.start if period else None,
            "servicePeriodEnd": period.end if period else None,
            "deliveryDate": item.delivery_date,
            "referenceIdent": item.reference_ident,
        },
    )


def _without_nothing(kind: type[T], fields: Plain) -> T:
    return cast(T, {name: value for name, value in fields.items() if value is not None})
