"""What offers look like. Pure."""

from decimal import Decimal

from contor.api.fynn.manners import MoneyShown, Uuid, When
from contor.kernel.shapes import shape


@shape
class RowShown:
    name: str
    description: str | None
    quantity: int | Decimal
    unit_price: MoneyShown
    tax_code: str


@shape
class OfferedPlanShown:
    plan: str
    product: Uuid | None
    """Whose price the plan is."""
    tier: str | None
    quantity: int | Decimal
    unit_price: MoneyShown | None
    trial_days: int | None
    start_date: When | None


@shape
class BlockShown:
    type: str
    headline: str | None
    text: str | None
    rows: tuple[RowShown, ...]
    plan: OfferedPlanShown | None


@shape
class RecipientShown:
    id: Uuid
    email: str
    first_name: str | None
    last_name: str | None
    role: str
    url: str
    """Where he reads the offer, and signs it."""
    token: str
    """By which `/public/offers/{id}` does the same."""
    seen_at: When | None
    created_at: When


@shape
class ApprovalShown:
    version: int
    approver: str
    decision: str
    reason: str | None
    decided_at: When


@shape
class AcceptanceShown:
    version: int
    sha256: str
    mode: str
    name: str
    ip_address: str | None
    accepted_at: When


@shape
class OfferShown:
    id: Uuid
    number: str
    title: str
    status: str
    """`draft`, `open` (it waits for approvers), `signing`, `awaiting_invoice_details`, `signed`, `rejected`, `archived`."""
    expired: bool
    customer: Uuid | None
    language: str
    currency_code: str
    document: tuple[BlockShown, ...]
    custom_variables: dict[str, str]
    acceptance_mode: str
    creates: str
    auto_activation: bool
    valid_until: When | None
    deal_type: str | None
    approvers: tuple[str, ...]
    quorum: int | None
    version: int
    published_version: int | None
    sha256: str | None
    """Of what recipients see."""
    contract_value: MoneyShown | None
    """Net, of the first bill, when it was published. As long as nobody has said where the bill goes, it is one to a private person in the
    seller's own country, or to the customer there."""
    recurring_value: MoneyShown | None
    """Net, of a whole interval."""
    recipients: tuple[RecipientShown, ...]
    approvals: tuple[ApprovalShown, ...]
    acceptance: AcceptanceShown | None
    reject_reason: str | None
    subscription: Uuid | None
    order: str | None
    invoice_draft: str | None
    created_at: When
    updated_at: When


@shape
class ActivityShown:
    id: Uuid
    type: str
    actor: str
    version: int | None
    detail: str | None
    created_at: When


@shape
class ActivitiesShown:
    data: tuple[ActivityShown, ...]


@shape
class LineShown:
    name: str
    quantity: int | Decimal
    net_amount: MoneyShown
    gross_amount: MoneyShown


@shape
class BillShown:
    """A bill as it would be written."""

    date: When
    lines: tuple[LineShown, ...]
    net_amount: MoneyShown
    tax_amount: MoneyShown
    gross_amount: MoneyShown


@shape
class PublicOfferShown:
    """What a recipient sees."""

    number: str
    title: str
    status: str
    role: str
    email: str
    company: str
    customer: str
    language: str
    document: tuple[BlockShown, ...]
    acceptance_mode: str
    valid_until: When | None
    version: int
    sha256: str
    now: tuple[BillShown, ...]
    """What is billed at once."""
    following: tuple[BillShown, ...]
    provisional: bool
    """It went out before anybody had said where the bill goes: its taxes are those of the seller's own country, and stay so in what is
    shown here; those of the bill are those of its address."""
    acceptance: AcceptanceShown | None


@shape
class OfferCostsShown:
    """What an offer comes to at the address that was said."""

    now: tuple[BillShown, ...]
    """What is billed at once."""
    following: tuple[BillShown, ...]


@shape
class TemplateShown:
    id: Uuid
    name: str
    title: str
    currency_code: str
    document: tuple[BlockShown, ...]
    custom_variables: dict[str, str]
    acceptance_mode: str
    valid_days: int | None
    created_at: When
    updated_at: When
