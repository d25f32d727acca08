"""Accounts of ours at banks, what was booked on them, and what was made of that."""

from contor.api.fynn.banking.answers import BankTransactionShown, OpenBankingShown
from contor.api.fynn.banking.assignments import get_assignment
from contor.api.fynn.banking.links import confirm, connect, disable, get_link, list_links, sync
from contor.api.fynn.banking.transactions import (
    WORDS,
    accept,
    assign,
    get_transaction,
    ignore,
    list_transactions,
    reopen,
    undo,
)
from contor.api.fynn.kit import route
from contor.api.fynn.lists import anywhere
from contor.api.route import By, Route, Sought
from contor.assignment import by_hand
from contor.payments import open_banking

__all__ = ["ROUTES"]

_LINKS = Sought(
    by={
        "id": By(field="ident"),
        "status": By(field="status", words={"linked": "LINKED", "disabled": "DISABLED", "expired": "EXPIRED", "failed": "FAILED"}),
        "createdAt": By(field="created_at", form="INSTANT"),
    },
    order={"createdAt": "created_at"},
)
_BOOKED = Sought(
    by={
        "id": By(field="payment_ident"),
        "status": By(field="status", words=WORDS),
        "type": By(field="credit_debit_indicator", words={"credit": "CREDIT", "debit": "DEBIT"}),
        "bankAccount": By(field="merchant_payment_account_ident"),
        "endToEndId": By(field="end_to_end_ident"),
        "bookingDate": By(field="booking_date", form="DAY"),
        "createdAt": By(field="created_at", form="INSTANT"),
    },
    order={"bookingDate": "booking_date", "createdAt": "created_at"},
    text=anywhere("description", "counterpart.name"),
)
_ONE = "/payment/bank-account-transactions/{id}"
_MANY = "/payment/bank-account-transactions"
_READ, _WRITE = "bank-account-transaction:read", "bank-account-transaction:write"
_LINK, _LINKED, _LINKING = "/open-banking-accounts/{id}", "open-banking-account:read", "open-banking-account:write"

ROUTES: list[Route] = [
    route(
        "GET",
        "/open-banking-accounts",
        list_links,
        permission=_LINKED,
        id="getOpenBankingAccounts",
        about="open_banking_account",
        filterable=open_banking.LINKS,
        sought=_LINKS,
        output=OpenBankingShown,
    ),
    route(
        "POST",
        "/open-banking-accounts",
        connect,
        permission=_LINKING,
        id="connectOpenBankingAccount",
        about="open_banking_account",
        body="body",
    ),
    route("GET", _LINK, get_link, permission=_LINKED, id="getOpenBankingAccount", about="open_banking_account"),
    route(
        "POST",
        f"{_LINK}/confirm",
        confirm,
        permission=_LINKING,
        id="confirmOpenBankingAccount",
        about="open_banking_account",
        body="body",
        may_be_empty=True,
    ),
    route("PUT", f"{_LINK}/sync", sync, permission=_LINKING, id="syncOpenBankingAccount", about="open_banking_account"),
    route("PUT", f"{_LINK}/disable", disable, permission=_LINKING, id="disableOpenBankingAccount", about="open_banking_account"),
    route(
        "GET",
        _MANY,
        list_transactions,
        permission=_READ,
        id="getBankAccountTransactions",
        about="bank_account_transaction",
        filterable=by_hand.ALL_PAYMENTS,
        sought=_BOOKED,
        output=BankTransactionShown,
    ),
    route(
        "PUT",
        f"{_MANY}/accept-suggestions",
        accept,
        permission=_WRITE,
        id="acceptBankAccountTransactionSuggestions",
        about="bank_account_transaction",
        body="body",
    ),
    route(
        "PUT",
        f"{_MANY}/ignore",
        ignore,
        permission=_WRITE,
        id="ignoreBankAccountTransactions",
        about="bank_account_transaction",
        body="body",
    ),
    route(
        "PUT",
        f"{_MANY}/reopen",
        reopen,
        permission=_WRITE,
        id="reopenBankAccountTransactions",
        about="bank_account_transaction",
        body="body",
    ),
    route("GET", _ONE, get_transaction, permission=_READ, id="getBankAccountTransaction", about="bank_account_transaction"),
    route(
        "POST",
        f"{_ONE}/assignments",
        assign,
        permission=_WRITE,
        id="createBankAccountTransactionAssignment",
        about="bank_account_transaction",
        body="body",
    ),
    route(
        "GET",
        "/payment/bank-account-transaction-assignments/{id}",
        get_assignment,
        permission=_READ,
        id="getBankAccountTransactionAssignment",
        about="bank_account_transaction",
    ),
    route(
        "DELETE",
        "/payment/bank-account-transaction-assignments/{id}",
        undo,
        permission=_WRITE,
        id="deleteBankAccountTransactionAssignment",
        about="bank_account_transaction",
    ),
]
