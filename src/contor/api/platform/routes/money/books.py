"""Open items, payments, assignment and the books, in `/v2`."""

from contor.api.kit import resource, route
from contor.api.route import Route
from contor.assignment import assignments, configuration
from contor.bookkeeping import chart, entries
from contor.openitems import credits, queries
from contor.payments import accounts, payments
from contor.payments.types import PaymentView

_ACCOUNT = "/v2/bookingAccounts/{accountNumber}/{accountCurrency}"

_MERCHANT = "/v2/merchant-payment-accounts"
_PAYMENTS = f"{_MERCHANT}/{{merchantPaymentAccountIdent}}/payments"
_SWITCHES = f"{_MERCHANT}/{{merchantPaymentAccountIdent}}/assignment-configuration"
_ASSIGNMENT = "/v2/payment-assignments/{paymentAssignmentIdent}"

BOOK_ROUTES: list[Route] = [
    *resource(_MERCHANT, accounts.ACCOUNTS),
    route("GET", _PAYMENTS, payments.list_payments, filterable=payments.PAYMENTS, output=PaymentView),
    route("POST", _PAYMENTS, payments.create_payment, 201, body="body"),
    route("GET", f"{_PAYMENTS}/{{paymentIdent}}", payments.get_payment),
    route(
        "GET",
        "/v2/payment-assignments",
        assignments.list_assignments,
        filterable=assignments.ASSIGNMENTS,
        output=assignments.AssignmentView,
    ),
    route("POST", "/v2/payment-assignments", assignments.create_assignment, 201, body="body"),
    route("GET", _ASSIGNMENT, assignments.get_assignment),
    route("POST", f"{_ASSIGNMENT}/actions/reverse", assignments.reverse_assignment),
    route("GET", _SWITCHES, configuration.get_configuration),
    route("POST", _SWITCHES, configuration.put_configuration, 201, body="body"),
    route("DELETE", _SWITCHES, configuration.delete_configuration, 204),
    *resource("/v2/regex-matching-strategies", configuration.STRATEGIES, only="list create update delete"),
    route("GET", "/v2/customers/{customerIdent}/credits", credits.list_credits),
    route("POST", "/v2/customers/{customerIdent}/credits", credits.grant_credit, 201, body="body"),
    route("GET", "/v2/opos-cases", queries.list_cases, filterable=queries.CASES, output=queries.CaseView),
    route("GET", "/v2/opos-cases/{oposCaseIdent}", queries.get_case),
    route(
        "GET",
        "/v2/bookingAccounts",
        chart.list_accounts,
        filterable=chart.ACCOUNTS,
        output=chart.AccountBody,
    ),
    route("POST", "/v2/bookingAccounts", chart.create_account, 201, body="body"),
    route("GET", _ACCOUNT, chart.get_account),
    route("PUT", _ACCOUNT, chart.update_account, body="body"),
    route("DELETE", _ACCOUNT, chart.delete_account, 204),
    route(
        "GET",
        "/v2/bookingEntries",
        entries.list_entries,
        filterable=entries.ENTRIES,
        output=entries.BookingEntry,
    ),
]
