"""Payment transactions: what a bank or provider reports. Receiving one makes it be assigned and booked in the same transaction."""

from dataclasses import dataclass
from decimal import Decimal

from contor.kernel.operations import operation
from contor.payments import tables
from contor.payments.accounts import ACCOUNTS
from contor.payments.receiving import require_new, store_received
from contor.payments.statements import require_untold
from contor.payments.stored import PAYMENT, PaymentRow, view_of
from contor.payments.types import Incoming, PaymentBody, PaymentView
from contor.runtime.query import Filterable, ListQuery, Page, searchable, worked_out
from contor.runtime.query.filterable import Expression
from contor.runtime.query.listed import listed_by_key
from contor.runtime.uow import Uow, not_found


def _said(field: str) -> Expression:
    """What a return says of an amount."""
    return worked_out(f"(payment.content -> 'returned' ->> '{field}')::numeric", Decimal)


PAYMENTS = searchable(
    tables.payment,
    PaymentView,
    (
        "ident",
        "external_ident",
        "credit_debit_indicator",
        "base_amount",
        "base_currency",
        "booking_date",
        "value_date",
        "description",
        "customer_specific_ident",
        "status",
        "category",
        "end_to_end_ident",
        "mandate_reference",
        "provider_reference",
        "parent_ident",
        "created_at",
    ),
    default_sort="created_at,desc",
    places={
        "payment_ident": "ident",
        "merchant_payment_account_ident": "account_ident",
        "base_amount.amount": "base_amount",
        "base_amount.currency": "base_currency",
        "original_amount.amount": "original_amount",
        "original_amount.currency": "original_currency",
        "assigned_amount": "assigned",
        "counterpart.name": "counterpart_name",
        "counterpart.iban": "counterpart_account",
        "counterpart.bic": "counterpart_bic",
        "return_information.reason_code": "return_reason",
        "return_information.original_amount": _said("original_amount"),
        "return_information.charges": _said("charges"),
    },
)


@dataclass(frozen=True, slots=True)
class ListPayments:
    merchant_payment_account_ident: str
    query: ListQuery


@dataclass(frozen=True, slots=True)
class CreatePayment:
    merchant_payment_account_ident: str
    body: PaymentBody


@dataclass(frozen=True, slots=True)
class OnePayment:
    merchant_payment_account_ident: str
    payment_ident: str


@operation("payment.list", permission="payments.read", reads=True)
def list_payments(uow: Uow, command: ListPayments) -> Page:
    """The transactions of one account."""
    ACCOUNTS.require(uow, (command.merchant_payment_account_ident,))

    def read(idents: list[str]) -> dict[str, PaymentView]:
        return {row.ident: view_of(row) for row in uow.all(PaymentRow, PAYMENT + "ident = ANY (%s)", (idents,))}

    scope = {"account_ident": command.merchant_payment_account_ident}
    return listed_by_key(uow, tables.payment, command.query, PAYMENTS, "ident", read, scope)


def payments_of_all_accounts(uow: Uow, query: ListQuery, fields: Filterable) -> Page:
    """Those that stand, whatever account of ours they are on. `fields`: of payments, and what another package knows beside."""

    def read(idents: list[str]) -> dict[str, PaymentView]:
        return {row.ident: view_of(row) for row in uow.all(PaymentRow, PAYMENT + "ident = ANY (%s)", (idents,))}

    return listed_by_key(uow, tables.payment, query, fields, "ident", read, {"replaced_at": None})


@operation("payment.create", permission="payments.write")
def create_payment(uow: Uow, command: CreatePayment) -> PaymentView:
    """Take a transaction over that no statement brought, once per account and external ident. It is assigned if its text says to what."""
    account = ACCOUNTS.require(uow, (command.merchant_payment_account_ident,))
    rates = require_new(uow, account, [command.body])
    require_untold(uow, account["ident"], [command.body])
    store_received(uow, account, [Incoming(body=command.body)], rates)
    key = (account["ident"], command.body.external_ident)
    (row,) = uow.all(PaymentRow, PAYMENT + "account_ident = %s AND external_ident = %s", key)
    return view_of(row)


@operation("payment.get", permission="payments.read", reads=True)
def get_payment(uow: Uow, command: OnePayment) -> PaymentView:
    """One transaction."""
    key = (command.payment_ident, command.merchant_payment_account_ident)
    row = uow.first(PaymentRow, PAYMENT + "ident = %s AND account_ident = %s", key)
    if row is None:
        ACCOUNTS.require(uow, (command.merchant_payment_account_ident,))
        # the account is there: it is the payment that is unknown
        raise not_found("payment", command.payment_ident)
    return view_of(row)
