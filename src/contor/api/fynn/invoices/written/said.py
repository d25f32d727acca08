"""Findings of the core about drafts and documents, in the words of this dialect. Pure."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Final

from contor.kernel.errors import Refused
from contor.kernel.shapes import replace

_FIELDS: Final[Mapping[str, str | None]] = {
    # what the path says already
    **dict.fromkeys(("document_ident", "draft_ident", "opos_case_ident", "target_ident")),
    "customer_detail": "customer",
    "customer_detail.customer_ident": "customer",
    "customer_detail.invoice_address_ident": "invoiceAddress",
    "document_date": "creationDate",
    "payment_term.period_in_days": "dueDate",
    "payment_information.customer_payment_account_ident": "paymentMethod",
    "exchange_rate": "currencyCode",
    "currency": "currencyCode",
    "items": "positions",
}
_ROW: Final = re.compile(r"items\[(\d+)\](?:\.(.*))?")
_OF_ROW: Final[Mapping[str, str]] = {
    "tax_detail": "taxGroup",
    "tax_detail.taxes": "taxGroup",
    "prices": "unitPrice",
    "quantity": "quantity",
    "extras": "fixedDiscountAmount",
    "service_period": "serviceDateFrom",
    "name": "name",
}

_BY_ITS_WRITER: Final = "The draft was written last by who asks: with manualApproval somebody else finalizes or approves it."
_MESSAGES: Final[Mapping[str, str]] = dict.fromkeys(
    ("draft_completed_by_its_writer", "draft_approved_by_its_writer"), _BY_ITS_WRITER
)
"""By their codes those that name what this dialect calls otherwise."""


@contextmanager
def said_as(names: Mapping[str, str] | None = None) -> Iterator[None]:
    """What is refused within is about the fields that the caller knows. `names`: further ones, by the core's."""
    try:
        yield
    except Refused as refused:
        problems = (
            replace(it, field=_named(it.field, names or {}), message=_MESSAGES.get(it.code, it.message)) for it in refused.problems
        )
        raise Refused(refused.kind, *problems, stays=refused.stays) from None


def _named(field: str | None, names: Mapping[str, str]) -> str | None:
    if field is None:
        return None
    snake = re.sub(r"(?<=[a-z0-9])([A-Z])", lambda m: "_" + m[1].lower(), field)
    if snake in names or field in names:
        return names.get(snake) or names[field]
    if (row := _ROW.fullmatch(snake)) is not None:
        part = row[2] or ""
        known = next((said for name, said in _OF_ROW.items() if part == name or part.startswith((f"{name}.", f"{name}["))), "")
        return f"positions[{row[1]}]" + (f".{known}" if known else "")
    return _FIELDS.get(snake, field)
