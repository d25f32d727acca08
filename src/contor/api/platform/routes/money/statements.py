"""Statements of banks, in `/v2`."""

from contor.api.kit import resource, route
from contor.api.route import Route
from contor.payments import statements

_ACCOUNT = "/v2/merchant-payment-accounts/{merchantPaymentAccountIdent}"
_STATEMENTS = f"{_ACCOUNT}/statements"

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
    *resource(f"{_ACCOUNT}/statement-mappings", statements.MAPPINGS, member="statementMappingIdent"),
]
