"""Billable items: what is to be billed, what was, and why it was not. Fields: platform API, section 2.4. Pure."""

import datetime as dt
from decimal import Decimal
from typing import Final, Literal, NamedTuple

from contor.contracts.types import Places
from contor.documents.types import ItemCategory, ItemExtra, Location, PaymentTerm, PostTaxItem, PriceBases, Property, Tax
from contor.kernel.money import ZERO
from contor.kernel.shapes import Frozen

ItemKind = Literal[
    "ONETIME",
    "RECURRING",
    "USAGE",
    "USAGE_CORRECTION",
    "RATED_USAGE",
    "LINE_ITEM",
    "ALLOWANCE",
    "DEPOSIT",
    "COMMISSION",
    "CREDIT",
]
"""CREDIT: takes an item back, in the opposite direction."""
Status = Literal[
    "NOT_STARTED",
    "PENDING_RETRY",
    "STARTED",
    "IN_PROGRESS",
    "RELATED_ITEM_PENDING",
    "COMPLETED",
    "ERROR",
    "TERMINATED",
    "CONFIG_ERROR",
    "RECALCULATION_PENDING",
    "RECALCULATION_ERROR",
]
OPEN: tuple[Status, ...] = ("NOT_STARTED", "PENDING_RETRY")
"""What a run takes when it is due."""


def family_of(business_case: str) -> str:
    """Family of documents on which an item stands, debit or credit: SELF_BILLED, DEPOSIT or none."""
    return next((name for name in ("SELF_BILLED", "DEPOSIT") if business_case.startswith(name)), "")


PRICED = ("USAGE", "USAGE_CORRECTION")
"""Kinds of items that get their amount from usages when they are billed."""
PRICED_WHEN_BILLED = (*PRICED, "COMMISSION")
"""Kinds whose items have no amount until their period is over."""
UNTOUCHED = (*PRICED_WHEN_BILLED, "RATED_USAGE")
"""Kinds of items that say what was: a contract's end does not change what they cost."""
CREDITS = 1000
"""Credits of one item, and further items of one origin and period, are told apart by this much of their sequence."""
BusinessCase = Literal[
    "PURCHASE",
    "CANCELLATION",
    "CORRECTION_CREATION",
    "CORRECTION_CANCELLATION",
    "DEPOSIT",
    "DEPOSIT_CANCELLATION",
    "SELF_BILLED",
    "SELF_BILLED_CANCELLATION",
]
Direction = Literal["DEBIT", "CREDIT"]
OriginType = Literal["OPTION", "USAGE", "LINE_ITEM", "ALLOWANCE"]
CORRECTIONS: tuple[BusinessCase, ...] = ("CORRECTION_CREATION", "CORRECTION_CANCELLATION")
"""Of what takes the place of something that was billed; and of an item of kind USAGE_CORRECTION, by which a period of usages is rated
again: usages came late, or some were cancelled."""
ON_HOLD = "ON_HOLD"
DEPOSIT_EXPECTED = "DEPOSIT_EXPECTED"
"""Why an item that no run takes is not due: someone holds it, or the deposits of its order are not paid."""
RATE_MISSING = "EXCHANGE_RATE_MISSING"
"""Why an item has an error: there is no exchange rate for its document yet. It is tried again when rates are imported."""
VAT_PROOF_AWAITED: Final = "VAT_PROOF_AWAITED"
"""Likewise: the customer's VAT id is not confirmed. It is tried again whenever the register was asked."""
TAX_AWAITED: Final = "TAX_AWAITED"
"""Likewise: the tax provider of its country has not said yet which taxes it bears. It is tried again when that has answered."""
BELOW_MINIMUM: Final = "BELOW_MINIMUM"
"""Why an item that is due is not billed yet: its document would be smaller than its billing group wants."""
CREDIT_CARRIED: Final = "CREDIT_CARRIED"
"""Likewise: what a change of its contract gives back waits for what the contract is billed next."""
WAIT_FOR_MORE: tuple["Code", ...] = ("BELOW_MINIMUM", "CREDIT_CARRIED")

Code = Literal[
    "NOT_DUE_YET",
    "DUE",
    "ON_HOLD",
    "DEPOSIT_EXPECTED",
    "BELOW_MINIMUM",
    "CREDIT_CARRIED",
    "RELATED_ITEM_PENDING",
    "EXCHANGE_RATE_MISSING",
    "VAT_PROOF_AWAITED",
    "TAX_AWAITED",
    "ERROR",
    "WAITS_FOR_INVOICE",
    "CUSTOMER_PARKED",
    "BILLING_STOPPED",
    "RUN_TO_BE_APPROVED",
    "BILLING_PAUSED",
    "CONTRACT_PENDING",
    "PAUSED",
    "IN_TRIAL",
    "CONTRACT_ENDED",
    "ENDED",
]
"""Why something is not billed."""
GO_ON_BY_THEMSELVES: tuple[Code, ...] = ("EXCHANGE_RATE_MISSING", "VAT_PROOF_AWAITED", "TAX_AWAITED")
"""Why an item has an error that mends itself: the reason that it keeps, and by which it is found again."""


PlaceName = Literal["tax_location", "performance_location"]
NO_OWN_PLACE: tuple[PlaceName, ...] = ("tax_location", "performance_location")


class BillableRow(Frozen, frozen=True):
    """What will stand on the document. The tax is determined when it is billed, for the day on which the supply is completed."""

    name: str
    category: ItemCategory
    quantity: Decimal
    quantity_type: str
    unit_price: Decimal
    """On the agreed side, exact; of `price_base` units."""
    total: Decimal
    """On the agreed side, rounded; positive for credits too."""
    basis: Literal["NET", "GROSS"]
    tax_location: Location
    performance_location: Location
    follows: tuple[PlaceName, ...] = ()
    """Places that nobody stated of the row itself: until it is billed they are those of its contract or order, as these are then; of what
    corrects, those of the row that it corrects. Stored is what held when the row was proposed, by which its price was chosen."""
    service_start: dt.date | None = None
    service_end: dt.date | None = None
    """Exclusive. None: a supply without period, on the day of delivery or of the document."""
    delivery_date: dt.date | None = None
    tax_date: dt.date | None = None
    """None: the day on which it is billed."""
    tax_code: str = "STANDARD"
    tax_scheme: str = "DEFAULT"
    taxes: tuple[Tax, ...] = ()
    """As whoever ordered it says; empty: determined when it is billed."""
    extras: tuple[ItemExtra, ...] = ()
    """Parts of `total`: discounts and vouchers that reduce the tax (negative), additions."""
    post_tax: tuple[PostTaxItem, ...] = ()
    """What pays on the same document."""
    pays: bool = False
    """The item itself pays: it is no row of its document, its total reduces what is payable."""
    operating_site_ident: str | None = None
    """Where it is not the one of its contract or order."""
    description: str | None = None
    article_number: str | None = None
    item_group: str | None = None
    price_calculation_basis: PriceBases | None = None
    option_order: int = 0
    """Of the option in its phase: rows stand in this order."""
    supply_category: str | None = None
    """Of the option that an allowance reduces, whose tax it bears; None: `category`."""
    credited_row: str | None = None
    """Ident of the row that a credit takes back."""
    granted: bool = False
    """A credit that someone gave by hand, beside what was ordered."""
    properties: tuple[Property, ...] = ()
    ordered: Decimal | None = None
    """How many of its option the contract has in the period."""
    price_base: Decimal | None = None
    """Of how many units `unit_price` is the price; None: of one."""
    kept: Decimal = ZERO
    """Of what is billed: what no credit was given for when its contract was changed, though its days were not used. Below zero: what was
    given back beyond that."""
    stands_beside: bool = False
    """Given back, or reduced further, because its contract was changed: it stands on the document of what is charged instead."""
    share: Decimal | None = None
    """What the period is of the interval, by its days; None: all of it."""


class PeriodKey(NamedTuple):
    """A period of an option of a contract."""

    contract_id: int
    origin_ident: str
    period_start: dt.date


class LastSequence(NamedTuple):
    """The highest sequence among the items of a period."""

    contract_id: int
    origin_ident: str
    period_start: dt.date
    sequence: int


class Header(NamedTuple):
    """What the owner of an item decides for the document: equal for all items of one."""

    customer_ident: str
    billing_group_ident: str
    invoice_address_ident: str
    shipping_address_ident: str | None
    operating_site_ident: str | None
    currency: str
    language: str
    payment_type: str
    payment_reference: str | None
    customer_payment_account_ident: str | None
    payment_term: PaymentTerm | None
    deposits_of: str | None = None
    """The order whose deposits a document deducts: it bills nothing else."""
    collect: bool = False
    references: tuple[Property, ...] = ()
    """To what documents of the owner refer, as its properties say; and `paymentStatus` where it was paid before it was billed."""


class ReceivedDeposit(NamedTuple):
    """A deposit invoice that no final invoice has deducted yet."""

    document_ident: str
    received: Decimal
    """Gross, in the document's currency."""
    sites: frozenset[str]
    """Those of the company that issued it."""


class Holder(NamedTuple):
    """The contract or order of an item, as it says today whom and how to bill."""

    ident: str
    segment_ident: str
    header: Header
    places: Places
    """Of what says no place of its own."""
    deposits: tuple[ReceivedDeposit, ...] = ()
    ordered_on: dt.date | None = None


class Item(NamedTuple):
    """A billable item on its way to a document."""

    item_id: int
    contract_id: int
    """Of the contract or the order: they share their numbers."""
    contract_ident: str
    segment_ident: str
    header: Header
    origin_type: OriginType
    origin_ident: str
    kind: ItemKind
    period_start: dt.date
    period_end: dt.date
    """Exclusive."""
    sequence: int
    type: Direction
    business_case: BusinessCase
    processing_at: dt.datetime
    row: BillableRow
    credited_document: str | None = None
    """Number of the document that a credit takes back from."""
    credited_on: dt.date | None = None
    """The date of that document."""
    beside: str | None = None
    """Number of the document from which it takes something back as a row of another one."""
    related_item_id: int | None = None
    is_new: bool = True
    of_order: bool = False
    ordered_on: dt.date | None = None
    reason: str | None = None
    """Why it comes to less than what was to be taken back."""
    is_settled: bool = False
    """Other documents took it back already: it is done by that, and stands on none."""


class End(NamedTuple):
    """Outcome of a due item: its document, or why there is none."""

    document_id: int | None
    reason: str | None = None
    error: str | None = None
