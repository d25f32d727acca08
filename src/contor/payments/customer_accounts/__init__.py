"""How customers pay: accounts with a token of a provider, or with bank data and a SEPA mandate."""

from contor.payments.customer_accounts.accounts import (
    ACCOUNTS,
    create_account,
    get_account,
    list_accounts,
    update_account,
)
from contor.payments.customer_accounts.change import (
    change_health,
    change_health_status,
    mark_presented,
    mark_rejected,
    mark_settled,
    revoke_mandate,
    revoke_mandate_of,
)
from contor.payments.customer_accounts.creditors import amend_mandates
from contor.payments.customer_accounts.mandates import (
    CollectableAccount,
    MandateRow,
    collectable,
    creditor_key,
    last_due_day,
    mandate_key,
    payable,
)
from contor.payments.customer_accounts.queries import (
    MandateHolder,
    NamedAccount,
    PayingAccount,
    accounts_of_customers,
    customers_by_iban,
    holders_of_mandates,
    named_accounts,
    paying_accounts,
    payment_account_findings,
    signed_mandates,
)
from contor.payments.customer_accounts.types import CustomerAccountView

__all__ = [
    "ACCOUNTS",
    "CollectableAccount",
    "CustomerAccountView",
    "MandateHolder",
    "MandateRow",
    "NamedAccount",
    "PayingAccount",
    "accounts_of_customers",
    "amend_mandates",
    "change_health",
    "change_health_status",
    "collectable",
    "create_account",
    "creditor_key",
    "customers_by_iban",
    "get_account",
    "holders_of_mandates",
    "last_due_day",
    "list_accounts",
    "mandate_key",
    "mark_presented",
    "mark_rejected",
    "mark_settled",
    "named_accounts",
    "payable",
    "paying_accounts",
    "payment_account_findings",
    "revoke_mandate",
    "revoke_mandate_of",
    "signed_mandates",
    "update_account",
]
