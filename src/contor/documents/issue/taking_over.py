"""Documents that another system issued, taken over with what of them is open: frozen as they were, under their own numbers."""

import datetime as dt
from decimal import Decimal
from typing import NamedTuple

from contor.documents import tables
from contor.documents.amounts import Amounts, amounts, stated_property
from contor.documents.events import DocumentsTakenOver, TakenOver
from contor.documents.issue.freezing import freeze
from contor.documents.issue.issuing import store
from contor.documents.judge import Facts, IssuedDocument, terms_of
from contor.documents.request import FactsSource
from contor.documents.types import DocumentRequest, DocumentType
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.events import on
from contor.kernel.files import FileContent
from contor.kernel.money import ZERO, worded
from contor.kernel.shapes import replace
from contor.runtime.rows import columns
from contor.runtime.uow import Uow
from contor.settings.events import NumbersConfigured
from contor.settings.numbers import drawn_later, value_of, written_now
from contor.settings.queries import sites

_MOST_NAMED = 10
"""Numbers that one refusal names."""
_FIELDS = {
    "customerDetail.customerIdent": "customerIdent",
    "customerDetail.invoiceAddressIdent": "invoiceAddressIdent",
    "operatingSiteIdent": "operatingSiteIdent",
}


class _Given(NamedTuple):
    ident: str
    legal_entity: str


def take_over(
    uow: Uow, kind: DocumentType, request: DocumentRequest, taxes: dict[tuple[str, Decimal], Decimal], opened_on: dt.date
) -> IssuedDocument:
    """The document as the other system issued it. `taxes`: its VAT, by category and rate, as it says it: it may have been rounded row by
    row. Nothing is judged that is past; raises INVALID or CONFLICT with everything for which it cannot stand here."""
    stated = tuple(stated_property(category, rate, tax) for (category, rate), tax in taxes.items())
    request = replace(request, properties=(*request.properties, *stated))
    source = FactsSource(uow, [(kind, request)], own=True)
    facts = source.facts(kind, request, imported=True)
    problems = _problems(uow, request, facts)
    if problems:
        taken = all(problem.code == "document_exists" for problem in problems)
        raise Refused(Kind.CONFLICT if taken else Kind.INVALID, *problems)
    computed = amounts(request, terms_of(request, kind, facts))
    if problems := _sums(request, computed, sum(taxes.values(), ZERO)):
        raise Refused(Kind.INVALID, *problems)
    document = replace(freeze(request, kind, facts, computed, uow.ctx.now()), taken_over=True)
    (number,) = uow.next_ids(1)
    draft = IssuedDocument(number, document, facts, None, document.ident, requested=False)
    store(uow, [draft])
    uow.finish(lambda: uow.audit("document", draft.ident, {"status": "COMPLETED", "files": []}))
    uow.emit(DocumentsTakenOver(document_ids=(number,), documents=(TakenOver(draft, opened_on),)))
    return draft


def keep_picture(uow: Uow, document_id: int, ident: str, file: FileContent) -> None:
    """The PDF that the other system made; once. Raises CONFLICT."""
    if uow.scalar(int, "SELECT 1 FROM document_file WHERE document_id = %s AND type = 'PDF'", (document_id,)):
        raise Refused(Kind.CONFLICT, Problem("file_exists", f"The document {ident} has its file already.", "file"))
    row = {
        "ident": str(uow.new_uuid()),
        "document_id": document_id,
        "type": "PDF",
        "name": f"{ident.replace('/', '-')}.pdf",
        "media_type": "application/pdf",
        "size": len(file.content),
        "sha256": uow.runtime.blobs.put(uow.ctx.tenant_id, file.content),
        "sendable": True,
        "findings": None,
        "archived_at": uow.ctx.now(),
    }
    # behind the document, where that is taken over in the same transaction
    uow.finish(lambda: _keep(uow, ident, row))


@on(NumbersConfigured)
def keep_free(uow: Uow, fact: NumbersConfigured) -> None:
    """No counter may come to a number that somebody else has given: whoever draws it could not issue. Raises INVALID."""
    uow.finish(lambda: _require_free(uow))


# helpers in calling order


def _require_free(uow: Uow) -> None:
    """Once the counters are as they are to be."""
    patterns, problems = written_now(uow), list[Problem]()
    companies = sorted({site.legal_entity for site in sites(uow).values()})
    # numbers of others have no counter
    sql = f"SELECT {columns(_Given)} FROM document WHERE counter_ident IS NULL AND legal_entity = ANY (%s) ORDER BY id"
    for given in uow.all(_Given, sql, (companies,)):
        if any(value_of(one, given.ident) for one in patterns) and (later := drawn_later(uow, given.ident, given.legal_entity)):
            message = f"the counter {later[0]} would come to {given.ident}, which another system has given to a document"
            problems.append(Problem("number_given_elsewhere", message, "prefix", given.ident))
        if len(problems) == _MOST_NAMED:
            break
    if problems:
        raise Refused(Kind.INVALID, *problems)


def _keep(uow: Uow, ident: str, row: dict[str, object]) -> None:
    uow.insert(tables.document_file, [row])
    uow.audit("document", ident, {"picture": row["sha256"]})


def _problems(uow: Uow, request: DocumentRequest, facts: Facts) -> list[Problem]:
    problems = [
        Problem("reference_unknown", "does not exist", _FIELDS.get(path, path), ident) for path, ident in facts.unknown.items()
    ]
    if facts.billing_group is None:
        problems.append(Problem("billing_group_unknown", "does not exist", "billingGroupIdent", request.billing_group_ident))
    if facts.site is None and not problems:
        problems.append(Problem("operating_site_missing", "there is no default operating site", "operatingSiteIdent"))
    dated, ident = facts.dated(request), request.ident or ""
    if dated > facts.today:
        problems.append(Problem("document_date_in_future", f"is after today ({facts.today})", "documentDate", dated))
    if facts.ident_taken:
        problems.append(Problem("document_exists", "is the number of another document of the company", "number", ident))
    elif (later := drawn_later(uow, ident, facts.legal_entity)) is not None:
        counter, value = later
        message = (
            f"will be drawn by the counter {counter}, whose next value is {value}: let it go on behind what was issued elsewhere"
        )
        problems.append(Problem("number_drawn_later", message, "number", ident))
    return problems


def _sums(request: DocumentRequest, computed: Amounts, tax: Decimal) -> list[Problem]:
    totals, problems = computed.totals, list[Problem]()
    if totals.tax != tax:
        said = f"is {worded(tax, request.currency)}, which no rounding of {worded(totals.tax, request.currency)} explains"
        problems.append(Problem("tax_contradicts", said, "rows", tax))
    elif totals.payable <= 0:
        said = f"leaves nothing open of {worded(totals.gross, request.currency)}: what is settled is a revenue"
        problems.append(Problem("nothing_open", said, "paid", totals.prepaid))
    return problems
