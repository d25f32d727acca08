"""Statements of banks, in `/v2`."""

from contor.api.kit import resource, route
from contor.api.route import Route
from contor.payments import open_banking, statements

_ACCOUNT = "/v2/merchant-payment-accounts/{merchantPaymentAccountIdent}"
_STATEMENTS = f"{_ACCOUNT}/statements"
_BANKS = "/v2/open-banking-accounts"
_BANK = f"{_BANKS}/{{openBankingAccountIdent}}"

STATEMENT_ROUTES: list[Route] = [
    route("GET", _STATEMENTS, statements.list_statements, filterable=statements.STATEMENTS, output=statements.StatementView),
    route("POST", _STATEMENTS, statements.upload_statement, 202, upload="file"),
    route("GET", f"{_STATEMENTS}/{{statementIdent}}", statements.get_statement),
    route(
        "POST",
        f"{_STATEMENTS}/{{statementIdent}}/actions/read",
        statements.read_again,
        parameters={"force": ("force", False)},
    ),
    route(
        "GET",
        "/v2/statements",
        statements.list_files,
        filterable=statements.STATEMENTS,
        output=statements.StatementView,
        id="listAllStatements",
    ),
    route("GET", _BANKS, open_banking.list_links, filterable=open_banking.LINKS, output=open_banking.LinkView),
    route("POST", _BANKS, open_banking.connect_link, 201, body="body"),
    route("GET", _BANK, open_banking.get_link),
    route("POST", f"{_BANK}/actions/confirm", open_banking.confirm_link, body="body", may_be_empty=True),
    route("POST", f"{_BANK}/actions/sync", open_banking.sync_link),
    route("POST", f"{_BANK}/actions/disable", open_banking.disable_link),
    route("POST", f"{_ACCOUNT}/simulated-bookings", open_banking.make_booking, 201, body="body"),
    *resource(f"{_ACCOUNT}/statement-mappings", statements.MAPPINGS, member="statementMappingIdent"),
]
