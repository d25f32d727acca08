"""What dunning documents and overdue rules look like."""

from typing import Literal

from contor.api.fynn.invoices import InvoiceRow
from contor.api.fynn.manners import MediaShown, MoneyShown, Uuid, When
from contor.kernel.shapes import shape

RuleType = Literal["reminder", "dunning"]


@shape
class DunningCustomer:
    id: Uuid
    customer_number: str


@shape
class DunningDocumentShown:
    """A letter by which a customer is reminded; `amount` is what it asks for: what is open, and the fee."""

    id: Uuid
    number: str
    customer: DunningCustomer | None
    document_date: When
    due_date: When
    type: RuleType
    level: int
    dunning_fee: int | None
    """In minor units; none of a reminder."""
    amount: MoneyShown
    media: MediaShown | None
    invoice: InvoiceRow | None
    """The first one that it is about."""
    created_at: When | None
    paid_at: When | None


@shape
class TemplateVersion:
    id: str
    version: int
    subject: str
    content_html: str | None
    content_plain: str
    created_at: When
    created_by: Literal["system", "user"]


@shape
class EmailTemplateShown:
    """By which the mail with the letter is written."""

    id: str
    name: str
    sender_name: str | None
    sender_address: str | None
    description: str
    subject: str
    content_html: str | None
    content_plain: str
    is_system: bool
    is_enabled: bool
    current_version: int
    versions: tuple[TemplateVersion, ...]
    created_at: When
    updated_at: When


@shape
class DocumentTemplateShown:
    """Whose head the letter has: an operating site is a template."""

    id: str
    name: str


@shape
class OverdueRuleShown:
    """What happens so many days after an invoice, or the letter before, became overdue."""

    id: Uuid
    level: int
    days_overdue: int
    due_in_days: int
    type: RuleType
    email_template: EmailTemplateShown | None
    document_template: DocumentTemplateShown | None
    amount_in_cents: int | None
    attach_original_invoice: bool
    send_letter: bool
    is_enabled: bool
