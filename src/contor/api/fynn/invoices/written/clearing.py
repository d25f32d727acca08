"""What a draft, and a row of it, no longer says: what is given as null is as if it had never been said. Pure."""

from collections.abc import Collection, Mapping
from typing import Final

from contor.api.fynn.invoices.shown import (
    EVERY,
    FIXED,
    GROUP,
    INTERNAL_NOTE,
    KIND,
    LEITWEG,
    PARENT,
    PERCENT,
    PRODUCT,
    SUBSCRIPTION_ITEM,
    TAX_GROUP,
    UNIT,
)
from contor.documents.papers import INTRODUCTION, NOT_DUNNED, NOTE, TITLE
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.partial import Content

_PROPERTIES: Final[Mapping[str, str]] = {
    "title": TITLE,
    "introduction": INTRODUCTION,
    "closing": NOTE,
    "internal_note": INTERNAL_NOTE,
    "leitweg_id": LEITWEG,
    "e_invoice_type": LEITWEG,
    "dunning_disabled": NOT_DUNNED,
}
_FIELDS: Final[Mapping[str, tuple[str, ...]]] = {
    "currency_code": ("currency",),
    "creation_date": ("document_date",),
    "due_date": ("payment_term",),
    "payment_method": ("payment_information", "payment_collection"),
    "positions": ("items",),
}
_OF_ROW: Final[Mapping[str, str]] = {
    "type": KIND,
    "parent": PARENT,
    "group": GROUP,
    "unit_price_interval": EVERY,
    "unit": UNIT,
    "discount_percentage": PERCENT,
    "fixed_discount_amount": FIXED,
    "tax_group": TAX_GROUP,
    "tax_group_id": TAX_GROUP,
    "product": PRODUCT,
    "subscription_item": SUBSCRIPTION_ITEM,
}
_FIELDS_OF_ROW: Final[Mapping[str, tuple[str, ...]]] = {
    "name": ("name",),
    "description": ("description",),
    "quantity": ("quantity",),
    "unit": ("quantity_type",),
    "product": ("article_number",),
    "tax_group": ("tax_detail", "category"),
    "tax_group_id": ("tax_detail", "category"),
}
_SIDES: Final = {"service_date_from": "start", "service_date_to": "end"}


def without(content: Content, names: Collection[str]) -> Content:
    """The draft without what these fields of an invoice said: its customer's usual terms and address hold again. Raises INVALID for what
    every invoice has."""
    if "customer" in names:
        raise Refused(Kind.INVALID, Problem("field_required", "is required: an invoice has a customer", "customer"))
    made = _left(content, names, _PROPERTIES, _FIELDS)
    if "invoice_address" in names:
        made["customer_detail"] = _less(made.get("customer_detail") or {}, ("invoice_address_ident",))
    return made


def row_without(row: Content, names: Collection[str]) -> Content:
    """The row without what these fields of a position said. Raises INVALID for what every position has."""
    if "unit_price" in names:
        raise Refused(Kind.INVALID, Problem("field_required", "is required: a position has a price", "unitPrice"))
    made = _left(row, names, _OF_ROW, _FIELDS_OF_ROW)
    period = _less(made.get("service_period") or {}, [side for name, side in _SIDES.items() if name in names])
    return {**_less(made, ("service_period",)), **({"service_period": period} if period else {})}


# helpers in calling order


def _left(said: Content, names: Collection[str], properties: Mapping[str, str], fields: Mapping[str, tuple[str, ...]]) -> Content:
    gone = {properties[name] for name in names if name in properties}
    kept = [entry for entry in said.get("properties") or () if entry["key"].partition(".")[0] not in gone]
    made = _less(said, [field for name in names for field in fields.get(name, ())])
    return {**made, "properties": kept}


def _less(said: Content, names: Collection[str]) -> Content:
    return {name: value for name, value in said.items() if name not in names}
