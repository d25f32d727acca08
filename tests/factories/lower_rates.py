"""Invoices of the second half of 2020 at rates that were too high then."""

from typing import Any

from tests.factories.companies import Company, a_row_of, day_here

from contor.api.kit import snake
from contor.documents.issue import issue_requests
from contor.documents.judge import IssuedDocument
from contor.documents.types import DocumentRequest, DocumentType
from contor.runtime.execute import validated

IN_2020 = {"start": "2020-08-01", "end": "2020-08-31"}


def a_row(ident: str, amount: str, rate: int, basis: str = "NET", period: Any = IN_2020) -> dict[str, Any]:
    side = {basis.lower(): amount}
    return {
        **a_row_of(amount, rate),
        "ident": ident,
        "prices": {"unit": side, "originalTotal": side, "total": side},
        "taxDetail": {"calculationBasis": basis, "taxes": [{"rate": rate, "categoryCode": "S"}]},
        "servicePeriod": period,
    }


def in_core_words(body: Any) -> Any:
    if isinstance(body, dict):
        return {snake(name): in_core_words(value) for name, value in body.items()}
    return [in_core_words(one) for one in body] if isinstance(body, list) else body


def issued(company: Company, *rows: dict[str, Any], **more: Any) -> str:
    """As whoever did not know of the lower rates has issued it: by an interface that does not compare them."""
    body = {"documentDate": day_here(), **company.body(items=list(rows)), **more}
    request = validated(DocumentRequest, in_core_words(body))
    with company.tenant.runtime.transaction(company.tenant.caller()) as uow:
        (made,) = issue_requests(uow, [(DocumentType.INVOICE, request)])
        assert isinstance(made, IssuedDocument), made
        uow.finish_now()
    return made.ident
