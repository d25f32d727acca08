"""Facts about payments. Pure."""

from contor.kernel.events import event, transient
from contor.payments.types import StoredPayment


@event("merchant_payment_account.booked_on")
class MoneyBookedOn:
    """The money of a merchant payment account stands on this account of the chart from now on. The books refuse one that takes no money."""

    booking_account: int
    currency: str


@event("merchant_payment_account.creditor_changed")
class CreditorChanged:
    """Who collects on a merchant payment account is called otherwise, or has another identifier."""

    account_ident: str
    former_identifier: str
    identifier: str
    name: str


@event("payments.received")
class PaymentsReceived:
    """Money moved on merchant payment accounts."""

    payment_idents: tuple[str, ...]
    payments: tuple[StoredPayment, ...] = transient()
    """`StoredPayment` of each."""


@event("payments.replaced")
class PaymentsReplaced:
    """Other payments stand in the place of these, of which nothing was assigned: a later message of the bank knew more of them."""

    payment_idents: tuple[str, ...]
    payments: tuple[StoredPayment, ...] = transient()
    """`StoredPayment` of each."""


@event("payments.named")
class PaymentsNamed:
    """A later message of the bank called payments, or parts of them, by names that were not known."""

    payment_idents: tuple[str, ...]
    payments: tuple[StoredPayment, ...] = transient()
    """`StoredPayment` of each."""


@event("payments.return_told")
class ReturnsTold:
    """A later message of the bank said why payments came back that were taken for none."""

    payment_idents: tuple[str, ...]
    payments: tuple[StoredPayment, ...] = transient()
    """`StoredPayment` of each."""


@event("settlement.account_settles")
class AccountSettles:
    """A merchant payment account is kept by a provider that settles, and names no account of the chart for its money."""

    account_ident: str
    currency: str


@event("merchant_payment_account.settlements_planned")
class SettlementsPlanned:
    """The settlement reports of an account that are fetched are processed at other times from now on. `schedule`: None: as they come."""

    account_ident: str
    schedule: str | None


@event("mandate.signed")
class MandatesSigned:
    """Customers gave mandates for their accounts, or amended them."""

    account_idents: tuple[str, ...]
