"""Together with a final invoice: the correction that closes what is still unpaid of its deposit invoices, and which deposits are used.

Only received money is deducted; a deposit invoice that stayed open beside its final invoice would bill the customer twice
(accounting reference 2.3).
"""

import datetime as dt
from collections.abc import Sequence

from contor.documents import tables
from contor.documents.amounts import NOTHING, closing_request
from contor.documents.issue.freezing import freeze
from contor.documents.judge import Facts, IssuedDocument, Related, examine, final_method, related_idents
from contor.documents.request import FactsSource, RequestDocument, request_row
from contor.documents.types import DocumentRequest, DocumentType
from contor.kernel.money import ZERO
from contor.kernel.shapes import replace
from contor.runtime.uow import Uow

CORRECTION = DocumentType.DEPOSIT_INVOICE_CORRECTION


def close_open_rests(uow: Uow, source: FactsSource, document_type: DocumentType, request: DocumentRequest) -> list[IssuedDocument]:
    """The corrections that must be issued before this final invoice, as drafts; none if it is none, or will be refused anyway. What our own
    billing deducts by reversal is corrected as a whole, for anyone else the rest that is unpaid."""
    if document_type is not DocumentType.INVOICE or not related_idents(request):
        return []
    facts = source.facts(document_type, request)
    is_reversal = final_method(request, document_type, facts) == "REVERSAL"
    found = {problem.code for problem in examine(request, document_type, facts)[0]}
    # by REVERSAL just this finding is expected, for what is made here is what is missing; who uses the API has made it before
    if (found != {"deposit_not_reversed"} or not source.own) if is_reversal else found:
        return []
    drafts = []
    for name, related in facts.related.items():
        # by REVERSAL as if nothing had been received: all is taken back, and the payments move to the final invoice
        wanted = _closing(_unpaid(related) if is_reversal else related, request, _today(facts))
        if wanted is not None:  # it names the deposit as the request does: by that the facts of this batch are found
            drafts.append(_draft(uow, source, replace(wanted, related_document_ident=name)))
    return drafts


def _today(facts: Facts) -> dt.date:
    """Today; the first open day of the books, where it has come by the tenant's zone alone."""
    is_closed = facts.closed_through is not None and facts.today <= facts.closed_through
    return facts.undated_on or facts.today if is_closed else facts.today


def _unpaid(related: Related) -> Related:
    whole = {key: replace(group, received=NOTHING) for key, group in related.left.groups.items()}
    return replace(related, left=replace(related.left, groups=whole))


def _closing(related: Related, request: DocumentRequest, today: dt.date) -> DocumentRequest | None:
    document = related.left.document
    if document.document_type is not DocumentType.DEPOSIT_INVOICE:
        return None
    if sum((group.unpaid.gross for group in related.left.groups.values()), ZERO) <= 0:
        return None
    own_id = f"{request.request_id[:150]}~closes~{document.ident}"
    address = document.invoice_address_ident or request.customer_detail.invoice_address_ident
    made = closing_request(related.left, own_id, address, today)
    return None if made is None else replace(made, billing_group_ident=request.billing_group_ident)


def _draft(uow: Uow, source: FactsSource, wanted: DocumentRequest) -> IssuedDocument:
    """Judged and frozen like any request, and with a request row of its own: every document has one."""
    facts = source.facts(CORRECTION, wanted)
    findings, amounts = examine(wanted, CORRECTION, facts)
    if findings or amounts is None:
        raise AssertionError(f"the closing of a deposit was refused: {findings}")
    now = uow.ctx.now()
    if not source.own:
        small = facts.is_small_business(CORRECTION)
        command = RequestDocument(document_type=CORRECTION, request=wanted)
        uow.insert(tables.document_request, [request_row(uow, command, small)])  # complete only with all its documents' requests
    document = freeze(wanted, CORRECTION, facts, amounts, now)
    source.note(document, facts)  # the final invoice is judged next, by what is left now
    series = source.series(CORRECTION, wanted)
    return IssuedDocument(uow.next_id(), document, facts, series, requested=not source.own)


def mark_deposits(uow: Uow, drafts: Sequence[IssuedDocument]) -> None:
    """What a final invoice deducts is used by it; what its credit gives back can be deducted again, corrected or returned."""
    for draft in drafts:
        document, related = draft.document, draft.facts.related.values()
        if document.final_invoice_method is not None:
            uow.run(
                "UPDATE deposit_receipt SET final_document_id = %s WHERE document_id = ANY (%s)",
                (draft.id, [one.deposit_id for one in related]),
            )
        elif document.sign < 0 and (given_back := {item.deposit_ident for item in document.items if item.deposit_ident}):
            uow.run(
                "UPDATE deposit_receipt SET final_document_id = NULL WHERE final_document_id = ANY (%s)"
                " AND document_id IN (SELECT id FROM document WHERE ident = ANY (%s))",
                ([one.id for one in related], sorted(given_back)),
            )
