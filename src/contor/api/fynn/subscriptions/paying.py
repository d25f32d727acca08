"""How a subscription is paid, and where its invoices go: what is named, and what is shown."""

from collections.abc import Sequence
from typing import Final

from contor.api.fynn.customers import address_number
from contor.api.fynn.payments.shown import STATUSES
from contor.api.fynn.subscriptions.answers import PaymentMethodBrief
from contor.contracts.terms import ContractPayment
from contor.contracts.types import Contract
from contor.customers.billed import Billed, billed
from contor.customers.keeping.addresses import NUMBERED as ADDRESSES
from contor.customers.queries import address_types
from contor.kernel.errors import Kind, Problem, Refused
from contor.payments.customer_accounts import accounts_of_customers, paying_accounts
from contor.payments.methods import PAYMENT_TYPES, not_usable, views_of
from contor.runtime.uow import Uow

TYPES: Final = {"DIRECT_DEBIT": "sepa_debit", "CREDIT_CARD": "card", "PAY_PAL": "paypal"}
_KINDS: Final = {"SEPA_DIRECT_DEBIT": "sepa_debit", "CREDIT_CARD": "card", "PAYPAL": "paypal"}


def payment_of(uow: Uow, customer_ident: str, text: str | None, field: str) -> ContractPayment:
    """Collected from the account that is named, and by the customer's default method where none is, whichever that will be: he transfers
    where it is a transfer, or where there is none. Raises INVALID at the field."""
    if text is None:
        return ContractPayment(payment_control="CHARGE")
    account, method = paying_accounts(uow, [text]).get(text), views_of(uow, [text]).get(text)
    is_his = method is not None and method.customer_ident == customer_ident
    if is_his and (why := not_usable(uow, text)) is not None:
        raise Refused(Kind.INVALID, Problem("payment_method_unknown", why, field, text[:100]))
    if is_his and method is not None and method.type == "BANK_TRANSFER":
        return ContractPayment()
    if account is None or account.debtor_ident != customer_ident:
        message = "is no payment method of the customer"
        raise Refused(Kind.INVALID, Problem("payment_method_unknown", message, field, text[:100]))
    kind = PAYMENT_TYPES.get(account.payment_method or "DIRECT_DEBIT", "SEPA_DIRECT_DEBIT")
    return ContractPayment(payment_type=kind, customer_payment_account_ident=text, payment_control="CHARGE")


def methods_shown(uow: Uow, contracts: Sequence[Contract]) -> dict[int, PaymentMethodBrief]:
    """By the numbers of contracts; of one that names none what is collected from, the customer's."""
    paid = {one.contract_id: one.content.payment_information for one in contracts}
    open_ = {one.contract_id: one.customer_ident for one in contracts if _by_default(paid[one.contract_id])}
    theirs = accounts_of_customers(uow, open_.values()) if open_ else {}
    named = {number: payment.customer_payment_account_ident for number, payment in paid.items()}
    named |= {number: next(iter(theirs.get(customer, ())), None) for number, customer in open_.items()}
    idents = {ident for ident in named.values() if ident is not None}
    accounts = paying_accounts(uow, sorted(idents)) if idents else {}
    views = views_of(uow, accounts) if accounts else {}
    found = {}
    for number, payment in paid.items():
        account = accounts.get(named[number] or "")
        name = account.account_holder_name if account is not None else None
        kind = payment.payment_type
        if account is not None and number in open_:
            kind = PAYMENT_TYPES.get(account.payment_method or "DIRECT_DEBIT", kind)
        view = views.get(account.ident) if account is not None else None
        found[number] = PaymentMethodBrief(
            id=account.ident if account is not None else None,
            type=_KINDS.get(kind, "bank_transfer"),
            name=name,
            status=STATUSES[view.status] if view is not None else None,
            fail_reason=view.status_reason if view is not None else None,
        )
    return found


def _by_default(payment: ContractPayment) -> bool:
    return payment.payment_control == "CHARGE" and payment.customer_payment_account_ident is None


def who_pays(uow: Uow, customer_ident: str) -> Billed:
    """Raises INVALID where the customer cannot be billed."""
    who = billed(uow, [customer_ident]).get(customer_ident)
    if who is None or who.deleted:
        raise Refused(Kind.INVALID, Problem("customer_unknown", "does not exist", "customer"))
    return who


def invoice_address(uow: Uow, who: Billed, text: str | None) -> str:
    """The one that is named, else the customer's. Raises INVALID where there is none."""
    if text is None:
        if who.invoice_address_ident is None:
            raise Refused(Kind.INVALID, Problem("address_missing", "The customer has no address.", "invoiceAddress"))
        return who.invoice_address_ident
    return _address(uow, who, text, ("INVOICE",), "invoiceAddress", "is no invoice address of the customer")


def delivery_address(uow: Uow, who: Billed, text: str | None) -> str:
    """The one that is named, else the customer's. Raises INVALID where there is none."""
    if text is None:
        if who.shipping_address_ident is None:
            message = "The customer has no delivery address that would be taken instead."
            raise Refused(Kind.INVALID, Problem("address_missing", message, "deliveryAddress"))
        return who.shipping_address_ident
    return _address(uow, who, text, ("INVOICE", "SHIPPING"), "deliveryAddress", "is no address of the customer")


def _address(uow: Uow, who: Billed, text: str, kinds: Sequence[str], field: str, message: str) -> str:
    """The ident of an address, by its id or its name."""
    try:
        number = address_number(uow, text)
    except Refused:
        ident = text
    else:
        ident = ADDRESSES.idents(uow, [number]).get(number, text)
    if address_types(uow, who.customer_ident).get(ident) not in kinds:
        raise Refused(Kind.INVALID, Problem("address_unknown", message, field, text[:100]))
    return ident
