"""Bank data of a customer: kept with him, and, where money is collected, as a payment account with its SEPA mandate."""

from contor.api.fastbill.customers.types import CustomerFields
from contor.api.fastbill.customers.written import BANK, MANDATE
from contor.api.fastbill.ids import CUSTOMER, number_of
from contor.api.fastbill.sent import sent
from contor.kernel.errors import Problem
from contor.kernel.shapes import Fields
from contor.payments.customer_accounts import (
    CreateAccount,
    CustomerAccountBody,
    UpdateAccount,
    create_account,
    paying_accounts,
    update_account,
)
from contor.payments.gateways import only_gateway
from contor.runtime.execute import require_permission
from contor.runtime.uow import Uow

DIRECT_DEBIT = 2


def require_bank_data(data: CustomerFields) -> list[Problem]:
    """Who pays by direct debit has an account."""
    if data.payment_type != DIRECT_DEBIT or data.bank_iban or (data.bank_account_number and data.bank_code):
        return []
    return [Problem("missing", "is required", "bank_iban")]


def account_ident(number: int) -> str:
    """Of the payment account that belongs to a customer's bank data."""
    return f"bank-{number}"


def keep_account(uow: Uow, customer: Fields, data: CustomerFields) -> None:
    """Where the tenant collects by one gateway, the account is one that it can collect from; elsewhere the data stands with the customer
    alone. Needs the right to change payments."""
    if not any(getattr(data, name) is not None for name in (*BANK, *MANDATE)):
        return
    gateway = only_gateway(uow)
    if gateway is None:
        return
    require_permission(create_account, uow.ctx.caller)
    account = customer["bank_accounts"][0]
    ident = account_ident(number_of(uow, CUSTOMER, customer["customer_ident"]))
    reference, signed_on = account.get("mandate_reference"), account.get("mandate_signed_on")
    body = sent(
        CustomerAccountBody,
        {
            "ident": ident,
            "debtor_ident": customer["customer_ident"],
            "merchant_payment_gateway_ident": gateway,
            "account_holder_name": account.get("holder") or customer["company"] or customer["last_name"],
            "payment_method": "DIRECT_DEBIT",
            "iban": account["iban"],
            "bic": account.get("bic"),
            "mandate": {"reference": reference, "signed_on": signed_on or uow.ctx.today()} if reference else None,
        },
    )
    if paying_accounts(uow, [ident]):
        update_account(uow, UpdateAccount(ident, body))
    else:
        create_account(uow, CreateAccount(body))
