"""Sums of a document by the strategies that the tenant configured for its type."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from contor.documents.after.read import document_id
from contor.documents.queries import documents_by_id
from contor.documents.types import Document, DocumentItem
from contor.kernel.money import ZERO, shown
from contor.kernel.operations import operation
from contor.kernel.shapes import shape
from contor.runtime.uow import Uow
from contor.settings.queries import aggregation_strategies

DEFAULT_STRATEGIES = ("BY_TAX_RATE",)


@dataclass(frozen=True, slots=True)
class AggregateDocument:
    document_ident: str


@shape
class Sum:
    key: str
    net: Decimal
    tax: Decimal
    gross: Decimal
    rows: int


@shape
class Aggregation:
    strategy: str
    sums: tuple[Sum, ...]


@shape
class Aggregations:
    document_ident: str
    aggregations: tuple[Aggregation, ...]


def _text(value: object) -> str:
    return "" if value is None else str(value)


KEYS: dict[str, Callable[[DocumentItem], str]] = {
    "BY_TAX_RATE": lambda item: f"{item.category_code} {item.rate.normalize():f}",  # 19.00 and 19 are one rate
    "BY_TAX_CODE": lambda item: ",".join(_text(tax.code) for tax in item.taxes),
    "BY_JURISDICTION_TYPE": lambda item: _text(item.tax_location.country if item.tax_location else None),
    "BY_SHIPPING_COST": lambda item: "SHIPPING" if item.category == "LOGISTIC_COST" else "OTHER",
    "BY_ITEM_EXTRA": lambda item: ",".join(extra.name for extra in item.extras),
    "BY_ARTICLE_NUMBER": lambda item: _text(item.article_number),
    "BY_ARTICLE_NUMBER_AND_ITEM_EXTRA": lambda i: f"{_text(i.article_number)} {','.join(e.name for e in i.extras)}".strip(),
    "BY_CANADIAN_TAX_NAME": lambda item: ",".join(_text(tax.name) for tax in item.taxes),
    "BY_DEBIT_CREDIT": lambda item: "CREDIT" if item.is_credit else "DEBIT",
    "BY_ITEM_GROUP": lambda item: _text(item.item_group),
}


@operation("document.aggregate", permission="documents.read", reads=True)
def aggregate(uow: Uow, command: AggregateDocument) -> Aggregations:
    """The document's rows summed up as configured for its type and site; by tax rate where nothing is configured."""
    number = document_id(uow, command.document_ident)
    document = documents_by_id(uow, [number])[number]
    names = aggregation_strategies(uow, document.document_type.value, document.operating_site_ident) or DEFAULT_STRATEGIES
    return Aggregations(document_ident=document.ident, aggregations=tuple(aggregated(document, name) for name in names))


def aggregated(document: Document, strategy: str) -> Aggregation:
    """One strategy's sums, in the order of the rows."""
    if strategy == "BY_POST_TAX_ITEMS":
        nothing = shown(ZERO, document.currency)
        sums = tuple(
            Sum(key=item.name, net=nothing, tax=nothing, gross=shown(item.amount, document.currency), rows=1)
            for item in document.post_tax_items
        )
        return Aggregation(strategy=strategy, sums=sums)
    found: dict[str, list[DocumentItem]] = {}
    for item in document.items:
        found.setdefault(KEYS[strategy](item), []).append(item)
    return Aggregation(
        strategy=strategy,
        sums=tuple(
            Sum(
                key=key,
                net=sum((item.total.net for item in items), ZERO),
                tax=sum((item.total.tax for item in items), ZERO),
                gross=sum((item.total.gross for item in items), ZERO),
                rows=len(items),
            )
            for key, items in found.items()
        ),
    )
