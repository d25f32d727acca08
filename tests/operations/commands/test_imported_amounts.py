"""VAT that an imported invoice states otherwise than ours would be: credited in parts, reissued, in dollars, and every check holds."""

from decimal import Decimal
from pathlib import Path

from tests.factories.einvoices.papers import PAPERS
from tests.factories.tenants import Tenant

from contor.commands.importing import import_files
from contor.documents.after import ReadRequest, get_request, reissue
from contor.documents.after.reissuing import Reissue, ReissueBody
from contor.documents.einvoice import cii_of, einvoice_of, ubl_of
from contor.documents.einvoice.write.ubl import ubl
from contor.documents.issue import drain
from contor.documents.judge import whole_credit
from contor.documents.queries import documents_by_id
from contor.documents.request import RequestDocument, request_document
from contor.documents.types import Document, DocumentType
from contor.kernel.shapes import replace

D = Decimal
RATE = D("1.0850")


def imported(tenant: Tenant, path: Path, content: bytes) -> Document:
    path.write_bytes(content)
    outcome = import_files(tenant.runtime, [path], tenant.realm, lambda stage, count: None, {"USD": RATE})
    ((_, number),) = outcome.accepted or [(path, str(outcome.refused))]
    return issued(tenant, number)


def issued(tenant: Tenant, number: str) -> Document:
    (row,) = tenant.rows("SELECT id FROM document WHERE ident = %s", (number,))
    with tenant.runtime.transaction(tenant.caller(), reads=True) as uow:
        return documents_by_id(uow, [row.id])[row.id]


def credited(tenant: Tenant, document: Document, *rows: int) -> Document:
    whole = whole_credit(document, f"credit-{document.ident}-{rows[0]}", document.document_date)
    request = replace(whole, items=tuple(whole.items[row] for row in rows), properties=whole.properties[1:])
    tenant.execute(request_document, RequestDocument(document_type=DocumentType.CREDIT_MEMO, request=request))
    drain(tenant.runtime, tenant.id)
    state = tenant.execute(get_request, ReadRequest(request_id=request.request_id))
    assert state.document_ident is not None, state.errors
    return issued(tenant, state.document_ident)


def test_vat_as_it_was_stated_is_credited_reissued_and_booked(tenant: Tenant, tmp_path: Path) -> None:
    """4.79 of 25.18 at 19 %, which are 4.78 when they are rounded once."""
    paper = PAPERS["380 gross prices"]
    first = imported(tenant, tmp_path / "a.xml", ubl_of(paper))
    assert (first.totals.net, first.totals.tax) == (D("25.18"), D("4.79"))
    parts = [credited(tenant, first, 0), credited(tenant, first, 1, 2)]
    assert (sum(part.totals.net for part in parts), sum(part.totals.tax for part in parts)) == (D("25.18"), D("4.79"))
    assert tenant.broken() == []
    second = imported(tenant, tmp_path / "b.xml", cii_of(replace(paper, ident="RE-2026-000002")))
    answer = tenant.execute(reissue, Reissue(document_ident=second.ident, body=ReissueBody()))
    again = issued(tenant, answer.document_ident)
    assert (again.totals, issued(tenant, answer.credit_memo_ident).totals) == (second.totals, second.totals)
    assert credited(tenant, again, 1).totals.net == D("8.39")
    assert tenant.broken() == []
    dollars = replace(einvoice_of(replace(paper, ident="RE-2026-000903")), currency="USD")
    third = imported(tenant, tmp_path / "c.xml", ubl(dollars))
    assert (third.currency, third.totals.tax) == ("USD", D("4.79"))
    assert third.ledger is not None and third.ledger.exchange_rate is not None
    assert third.ledger.exchange_rate.rate == RATE
    credited(tenant, third, 2)
    assert tenant.broken() == []
