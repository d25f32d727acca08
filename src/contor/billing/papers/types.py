"""Documents on their way: rows with their tax, and how a billing group wants them split. Pure."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from types import MappingProxyType
from typing import NamedTuple

from contor.billing.items import Code, Item, ReceivedDeposit
from contor.documents.types import DocumentRequest, DocumentType
from contor.kernel.errors import Problem
from contor.tax.supply import Determined


class TaxedItem(NamedTuple):
    """An item with its tax."""

    item: Item
    tax: Determined
    awaits: Code | None = None
    """Why it is tried again by itself, where its tax has a problem that passes."""


Deposits = Mapping[str, Sequence[ReceivedDeposit]]
"""By order, the deposit invoices that its final invoice deducts."""

NO_DEPOSITS: Deposits = {}


class Paper(NamedTuple):
    """A document to be issued, with the items that it bills."""

    document_type: DocumentType
    request: DocumentRequest
    items: tuple[Item, ...]
    problem: Problem | None = None
    """Why it cannot be issued now, beside what the request itself says."""


def signed(taxed: TaxedItem) -> Decimal:
    return -taxed.item.row.total if taxed.item.type == "CREDIT" else taxed.item.row.total


class Minimum(NamedTuple):
    """What a document comes to at least, or it waits; at most so many billing periods of its oldest item."""

    amount: Decimal
    most_periods: int


class Switches(NamedTuple):
    """The five switches of a billing group, and whether it issues those of nothing."""

    business_case: bool = False
    business_segment: bool = False
    contract: bool = False
    performance_location: bool = False
    service_billing_period: bool = False
    issue_zero: bool = False
    """What is priced at nothing gets a document."""
    carry_credits: bool = False
    """What changed contracts are owed waits for their next bill."""
    minimums: Mapping[str, Minimum] = MappingProxyType({})
    """By currency."""


FIVE = ("business_case", "business_segment", "contract", "performance_location", "service_billing_period")
"""The switches by which documents are split."""
