"""Closing the books, and reading them: posting periods, journal, accounts, trial balance, deferred income, in `/v2`."""

from contor.api.kit import route
from contor.api.platform.answers import still
from contor.api.route import Route
from contor.bookkeeping import balances, closing, deferral, entries, periods

_PERIOD = "/v2/posting-periods/{period}"
_MONTH = "/v2/bookingAccounts/{accountNumber}/{accountCurrency}/periods/{period}"
_TRIAL = "/v2/trial-balances/{period}"

CLOSING_ROUTES: list[Route] = [
    route("GET", "/v2/posting-periods", periods.list_periods, id="listPostingPeriods"),
    route("GET", _PERIOD, periods.get_period, id="getPostingPeriod", pending=still("CLOSING")),
    route("GET", f"{_PERIOD}/closing", closing.preview_closing, id="previewClosing"),
    route("POST", f"{_PERIOD}/actions/close", closing.close_period, body="body", id="closePostingPeriod"),
    route("GET", "/v2/journal-entries", entries.list_journal, filterable=entries.JOURNAL, output=entries.JournalEntry),
    route("GET", "/v2/journal-entries/{journalEntryId}", entries.get_journal_entry),
    route("GET", _TRIAL, balances.get_trial_balance),
    route(
        "GET",
        f"{_TRIAL}/personal-accounts",
        balances.list_personal_balances,
        filterable=balances.PERSONAL,
        output=balances.PersonalBalance,
    ),
    route("GET", _MONTH, balances.get_account_month),
    route(
        "GET", f"{_MONTH}/postings", balances.list_account_postings, filterable=balances.POSTINGS, output=balances.AccountPosting
    ),
    route("GET", "/v2/deferred-income", deferral.list_deferred_income, filterable=deferral.DEFERRED, output=deferral.DeferredRow),
]
