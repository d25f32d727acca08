"""What is agreed of a contract and can be changed while it runs: quantities, own prices, plan, payment; and its time line. Pure."""

import datetime as dt
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field

from contor.catalogue.types import Price
from contor.documents.types import PaymentInformation, PaymentTerm
from contor.kernel.shapes import Frozen, Ident, Quantity, Text255, shape


@shape
class OptionQuantity:
    option_ident: Ident
    quantity: Quantity = Decimal(1)


@shape
class PhaseQuantities:
    phase_ident: Ident
    option_quantity: Annotated[tuple[OptionQuantity, ...], Field(max_length=200)] = ()


@shape
class OptionPrices:
    """What an option costs in this contract, instead of what it costs in its plan."""

    option_ident: Ident
    prices: Annotated[tuple[Price, ...], Field(min_length=1, max_length=50)]


@shape
class PlanModifier:
    """Prices of this contract, from the first period on that begins on or after a day."""

    option_prices: Annotated[tuple[OptionPrices, ...], Field(min_length=1, max_length=200)]
    type: Literal["OPTION_PRICE_LIST"] = "OPTION_PRICE_LIST"
    effective_from: dt.date | None = None
    """First day that it counts for, in periods that begin on it or later; without it, from the beginning."""


class ContractPayment(PaymentInformation, frozen=True):
    payment_control: Literal["CHARGE", "NOCHARGE"] = "NOCHARGE"
    """CHARGE: what is billed is collected by us."""


class Intended(Frozen, frozen=True):
    """The days of a contract that is being written: it takes them when it is activated, unless others are said then."""

    start_on: dt.date | None = None
    billing_start_on: dt.date | None = None
    last_day: dt.date | None = None


CreditType = Literal["PRO_RATA", "FULL", "LAST_INVOICED", "NONE"]
"""What a change gives back of what was billed in advance: what was billed less what the used part costs; all of it; that, but only of what
stands on the last document; nothing."""


class PlanLeg(Frozen, frozen=True):
    """Another plan, from the day of its step on."""

    plan_id: int
    name: str
    """Tells its phases from those of the same name of other plans."""
    quantities: dict[str, dict[str, Decimal]]
    """Phase (with the name of the leg), option: quantity."""
    anchor: dt.date | None = None
    """From which its periods are counted; None: from its first day."""


class Step(Frozen, frozen=True):
    """What is otherwise from a day on."""

    number: int
    """Of the change."""
    day: dt.date
    quantities: dict[str, dict[str, Decimal]] = {}
    """Phase, option: quantity; 0: no more."""
    prices: tuple[OptionPrices, ...] = ()
    leg: PlanLeg | None = None


class Amended(Frozen, frozen=True):
    """The time line of a contract that was changed while it ran."""

    plan_id: int
    """Of its beginning; and so the next."""
    quantities: dict[str, dict[str, Decimal]]
    steps: tuple[Step, ...]
    """In effect, by day; of one day in the order in which they were made."""


@shape
class OptionMapping:
    """Which option of the new plan takes the place of one of the old plan."""

    option_ident: Ident
    becomes: Ident | None = None
    """Left out: nothing does; the contract has it no more."""


ChangeTiming = Literal["IMMEDIATELY", "END_OF_PERIOD"]
ChangeStatus = Literal["PENDING", "EFFECTIVE", "WITHDRAWN", "REPLACED", "FAILED"]


@shape
class ChangeBody:
    """What is to be otherwise in a contract that runs, and from when on; what is not named stays."""

    timing: ChangeTiming = "IMMEDIATELY"
    """END_OF_PERIOD: with the next billing period. It is not sent together with `effectiveDate`."""
    effective_date: dt.date | None = None
    """The first day; today or earlier changes what is billed already."""
    allow_backdating: bool = False
    """From a day on before the tenant's limit, too."""
    credit_type: CreditType = "PRO_RATA"
    """What is given back of what was billed in advance; by its amount alone, what the new terms cost is charged in any case."""
    option_quantities: Annotated[tuple[OptionQuantity, ...], Field(max_length=200)] = ()
    """0: no more of it. An option that the contract does not have yet is added."""
    option_prices: Annotated[tuple[OptionPrices, ...], Field(max_length=200)] = ()
    """Own prices, from the day on."""
    plan_ident: Ident | None = None
    """Another plan. Periods go on where its interval is the same, else new ones begin."""
    option_mappings: Annotated[tuple[OptionMapping, ...], Field(max_length=200)] = ()
    """Of a change of plan: where the new plan calls an option otherwise."""
    invoice_address_ident: Ident | None = None
    shipping_address_ident: Ident | None = None
    business_segment_ident: Ident | None = None
    """Of whose billing group the contract is from then on."""
    payment_information: ContractPayment | None = None
    payment_term: PaymentTerm | None = None
    comment: Text255 | None = None
    """Why; it stands on no document."""


@shape
class ContractChangeView:
    """A change of a contract: agreed, in effect, or no more."""

    change_id: int
    """Number of the change."""
    status: ChangeStatus
    """PENDING: its day has not come. FAILED: it could not take effect; `reason` says why. REPLACED: another one of the same day says
    something else of all that it says."""
    effective_date: dt.date
    """The first day."""
    change: ChangeBody
    """As it was asked for."""
    changed_by: str
    """`key:` or `user:` and its id, or `job:` and its name."""
    created_at: dt.datetime
    settled_at: dt.datetime | None = None
    """When it took effect, or ceased to be expected."""
    reason: str | None = None
    """Why it did not take effect."""


@shape
class AttachmentView:
    file_name: str
    media_type: str
    size: int
    sha256: str
    created_at: dt.datetime
