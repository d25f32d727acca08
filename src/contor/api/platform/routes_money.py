"""Open items, payments, assignment and the books, in `/v2`."""

from contor.api.kit import Route, route
from contor.bookkeeping import booking_accounts, booking_entries
from contor.openitems import queries

_ACCOUNT = "/v2/bookingAccounts/{accountNumber}/{accountCurrency}"

MONEY_ROUTES: list[Route] = [
    route("GET", "/v2/opos-cases", queries.list_cases, filterable=queries.CASES, output=queries.CaseView),
    route("GET", "/v2/opos-cases/{oposCaseIdent}", queries.get_case),
    route(
        "GET",
        "/v2/bookingAccounts",
        booking_accounts.list_accounts,
        filterable=booking_accounts.ACCOUNTS,
        output=booking_accounts.AccountBody,
    ),
    route("POST", "/v2/bookingAccounts", booking_accounts.create_account, 201, body="body"),
    route("GET", _ACCOUNT, booking_accounts.get_account),
    route("PUT", _ACCOUNT, booking_accounts.update_account, body="body"),
    route("DELETE", _ACCOUNT, booking_accounts.delete_account, 204),
    route(
        "GET",
        "/v2/bookingEntries",
        booking_entries.list_entries,
        filterable=booking_entries.ENTRIES,
        output=booking_entries.BookingEntry,
    ),
]
