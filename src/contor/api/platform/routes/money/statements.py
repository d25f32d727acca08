"""Statements of banks, in `/v2`."""

from contor.api.kit import resource, route
from contor.api.route import Route
from contor.payments.statements import files, mappings, take, ways
from contor.payments.statements.files import StatementView

_ACCOUNT = "/v2/merchant-payment-accounts/{merchantPaymentAccountIdent}"
_STATEMENTS = f"{_ACCOUNT}/statements"

STATEMENT_ROUTES: list[Route] = [
    route("GET", _STATEMENTS, files.list_statements, filterable=files.STATEMENTS, output=StatementView),
    route("POST", _STATEMENTS, files.upload_statement, 202, upload="file"),
    route("GET", f"{_STATEMENTS}/{{statementIdent}}", files.get_statement),
    route(
        "POST",
        f"{_STATEMENTS}/{{statementIdent}}/actions/read",
        take.read_again,
        parameters={"force": ("force", False)},
    ),
    *resource("/v2/statement-sources", ways.SOURCES),
    *resource(f"{_ACCOUNT}/statement-mappings", mappings.MAPPINGS, member="statementMappingIdent"),
]
