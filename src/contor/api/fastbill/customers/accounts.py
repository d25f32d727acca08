"""Bank data of a customer: kept with him, and, where money is collected, as a payment account with its SEPA mandate."""

from collections.abc import Mapping
from typing import Final

from contor.api.fastbill.customers.types import CustomerFields
from contor.api.fastbill.customers.written import BANK, MANDATE
from contor.api.fastbill.ids import CUSTOMER, number_of
from contor.api.fastbill.sent import sent
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.shapes import Fields
from contor.payments.customer_accounts import (
    CreateAccount,
    CustomerAccountBody,
    PaymentMethod,
    UpdateAccount,
    create_account,
    paying_accounts,
    update_account,
)
from contor.payments.gateways import only_gateway
from contor.runtime.execute import require_permission
from contor.runtime.uow import Uow

DIRECT_DEBIT = 2
COLLECTED: Final[Mapping[str, PaymentMethod]] = {"DIRECT_DEBIT": "DIRECT_DEBIT", "PAY_PAL": "PAY_PAL", "CREDIT_CARD": "CREDIT_CARD"}
"""How a customer pays -> how it is collected from the account that he left."""


def require_bank_data(data: CustomerFields) -> list[Problem]:
    """Who pays by direct debit has an account."""
    if data.payment_type != DIRECT_DEBIT or data.payment_token or data.bank_iban or (data.bank_account_number and data.bank_code):
        return []
    return [Problem("missing", "is required", "bank_iban")]


def account_ident(number: int) -> str:
    """Of the payment account that belongs to a customer's bank data."""
    return f"bank-{number}"


def keep_account(uow: Uow, customer: Fields, data: CustomerFields) -> None:
    """Where the tenant collects by one gateway, the account is one that it can collect from; elsewhere bank data stands with the customer
    alone, and a token of a provider is refused. Needs the right to change payments."""
    if data.payment_token is None and not any(getattr(data, name) is not None for name in (*BANK, *MANDATE)):
        return
    gateway, method = only_gateway(uow), COLLECTED.get((customer["payment_terms"] or {}).get("method") or "")
    if data.payment_token is not None:
        _require_collected(gateway, method)
    if gateway is None:
        return
    require_permission(create_account, uow.ctx.caller)
    account: Fields = next(iter(customer["bank_accounts"] or ()), {})
    ident = account_ident(number_of(uow, CUSTOMER, customer["customer_ident"]))
    reference, signed_on = account.get("mandate_reference"), account.get("mandate_signed_on")
    token = {"payment_method": method, "payment_method_reference": data.payment_token} if data.payment_token is not None else {}
    body = sent(
        CustomerAccountBody,
        {
            "ident": ident,
            "debtor_ident": customer["customer_ident"],
            "merchant_payment_gateway_ident": gateway,
            "account_holder_name": account.get("holder") or customer["company"] or customer["last_name"],
            "payment_method": "DIRECT_DEBIT",
            "iban": account.get("iban"),
            "bic": account.get("bic"),
            "mandate": {"reference": reference, "signed_on": signed_on or uow.ctx.today()} if reference else None,
            **token,
        },
    )
    if paying_accounts(uow, [ident]):
        update_account(uow, UpdateAccount(ident, body))
    else:
        create_account(uow, CreateAccount(body))


def _require_collected(gateway: str | None, method: PaymentMethod | None) -> None:
    problems = []
    if gateway is None:
        message = "is of a payment provider: there has to be one gateway by which is collected (/v2/merchant-payment-gateways)"
        problems.append(Problem("gateway_missing", message, "payment_token"))
    if method is None:
        message = "is 2, 4 or 6 beside PAYMENT_TOKEN: nothing else is collected from what a customer left"
        problems.append(Problem("method_not_collected", message, "payment_type"))
    if problems:
        raise Refused(Kind.INVALID, *problems)
