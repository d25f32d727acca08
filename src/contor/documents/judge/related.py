"""What a document refers to: the original that it credits, the deposits that it consumes. Pure.

Source: section 31 (5) UStDV, section 14 (5) and 14c UStG; accounting reference 1.10 and 2.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal

from contor.documents.amounts import Amounts, Left, RowLeft, Terms, creditable, exceeds, gross_of, group_key, netted_in_words
from contor.documents.judge.rules import CREDITING, Facts, Related, final_method, related_idents
from contor.documents.types import Document, DocumentRequest, DocumentType, FinalInvoiceMethod
from contor.kernel.errors import Problem
from contor.kernel.money import ZERO, worded
from contor.kernel.shapes import replace


def related_findings(request: DocumentRequest, document_type: DocumentType, facts: Facts) -> list[Problem]:
    """The documents that this one refers to exist, have the right type, and belong to the same customer and currency."""
    problems: list[Problem] = []
    idents = related_idents(request)
    expected = CREDITING.get(document_type)
    # what our own billing gives back without having billed it (a reduction larger than its rows) has nothing to name: it says its period;
    # so does what is imported: whoever issued it first answers for it
    if expected is not None and not idents and not request.external_references and not (facts.own or facts.imported):
        message = f"a {document_type} names the {expected} that it corrects (section 31 (5) UStDV)"
        problems.append(Problem("related_document_missing", message, "relatedDocumentIdent"))
    if expected is not None and len(idents) > 1 and document_type is not DocumentType.CREDIT_MEMO:
        message = "a correction names one document issued here"
        problems.append(Problem("related_document_not_single", message, "relatedDocumentIdents", list(idents)))
    problems += _several(request, document_type, facts)
    method = final_method(request, document_type, facts)
    for ident in idents:
        path = "relatedDocumentIdent"
        if ident != request.related_document_ident:
            path = f"relatedDocumentIdents[{request.related_document_idents.index(ident)}]"
        related = facts.related.get(ident)
        if ident in facts.ambiguous:
            problems.append(Problem("document_number_ambiguous", facts.ambiguous[ident], path, ident))
            continue
        if related is None:
            problems.append(Problem("related_document_unknown", "does not exist", path, ident))
            continue
        document = related.left.document
        problems += _unlike(request, facts, document, ident, path)
        if expected is not None or method is None:
            # nothing is expected of a type that credits nothing and deducts nothing: it refers to no document of ours
            if document.document_type is not expected:
                message = f"a {document_type} cannot refer to a {document.document_type}"
                problems.append(Problem("related_document_type_wrong", message, path, ident))
            elif document.ledger and request.exchange_rate and request.exchange_rate.rate != document.ledger.exchange_rate.rate:
                # at another rate tax and receivable would not come to nothing (section 17 UStG: what was taxed is corrected)
                rate = document.ledger.exchange_rate.rate
                message = f"differs from {rate}, at which {ident} was booked: what it takes back goes back at that rate"
                problems.append(
                    Problem("exchange_rate_differs_from_related", message, "exchangeRate.rate", request.exchange_rate.rate)
                )
            elif related.deducted_by is not None:
                message = (
                    f"was deducted by {related.deducted_by}: its tax would be taken back twice. Credit that invoice: what was paid is the"
                    " customer's credit then"
                )
                problems.append(Problem("deposit_already_deducted", message, path, ident))
        else:
            problems += _deposit(related, method, path)
    return problems


def _unlike(request: DocumentRequest, facts: Facts, document: Document, ident: str, path: str) -> list[Problem]:
    """What takes back or closes a document is of its currency, customer and company, and not before it."""
    problems = []
    if document.currency != request.currency:
        problems.append(Problem("currency_differs_from_related", f"is in {document.currency}", path, ident))
    if document.customer_ident != request.customer_detail.customer_ident:
        problems.append(Problem("customer_differs_from_related", "belongs to another customer", path, ident))
    if ident in facts.of_others:
        problems.append(_of_another_company(request, ident, facts.of_others[ident], path))
    # documents of our own billing are dated as their groups say: by the period that was supplied, before its deposits, too
    return problems if facts.own else [*problems, *dated_before(document, facts.dated(request))]


def _of_another_company(request: DocumentRequest, ident: str, site: str, path: str) -> Problem:
    """Tax is corrected, and a deposit deducted, by the company that owes it (section 14 (5), section 14c, section 17 (1) UStG)."""
    for name, stated in (
        ("sellerOperatingSiteIdent", request.seller_operating_site_ident),
        ("operatingSiteIdent", request.operating_site_ident),
    ):
        if stated is not None:
            message = f"is of another company than {site}, from which {ident} came: leave it out, or name a site of that company"
            return Problem("operating_site_differs_from_related", message, name, stated)
    message = f"came from {site}, which is of another company than the others: each company takes back or deducts what it issued"
    return Problem("related_documents_of_several_companies", message, path, ident)


def dated_before(document: Document, dated: dt.date) -> list[Problem]:
    """What is credited or deducted happened before (section 17 (1) sentence 8 UStG: in the period of the change)."""
    if dated >= document.document_date:
        return []
    message = f"is before {document.document_date}, the date of {document.ident}, to which it refers"
    return [Problem("document_date_before_related", message, "documentDate", dated)]


def _deposit(related: Related, method: FinalInvoiceMethod, path: str) -> list[Problem]:
    """A deposit is deducted once, and by one method."""
    document, problems = related.left.document, []
    allowed = {DocumentType.DEPOSIT_INVOICE}
    if method == "REVERSAL":
        allowed.add(DocumentType.DEPOSIT_INVOICE_CORRECTION)
    if document.document_type not in allowed:
        message = f"a final invoice of method {method} cannot refer to a {document.document_type}"
        return [Problem("related_document_type_wrong", message, path, document.ident)]
    if related.deducted_by is not None:
        message = f"was deducted by {related.deducted_by} already"
        problems.append(Problem("deposit_already_deducted", message, path, document.ident))
    is_deposit = document.document_type is DocumentType.DEPOSIT_INVOICE
    if method == "REVERSAL" and not (related.left.is_used_up if is_deposit else related.is_reversed):
        message = "method REVERSAL wants the deposit invoice corrected in full before"
        problems.append(Problem("deposit_not_reversed", message, path, document.ident))
    if is_deposit:
        rest = sum((group.left.gross for group in related.left.groups.values()), ZERO)
        if method != "REVERSAL" and gross_of(related.received) > rest:
            message = "was corrected: its tax would be deducted twice (section 14c UStG)"
            problems.append(Problem("deposit_corrected", message, path, document.ident))
    return problems


def _several(request: DocumentRequest, document_type: DocumentType, facts: Facts) -> list[Problem]:
    """A credit memo of several invoices: each row says which invoice it credits, and the invoices were booked alike."""
    problems, idents = [], related_idents(request)
    numbers = {facts.related[ident].left.document.ident for ident in idents if ident in facts.related}
    # our own billing takes back on the document of what it charges instead (`netting`)
    nets = {it.ident for it in request.external_references} if facts.own or facts.repeats else frozenset[str]()
    for index, item in enumerate(request.items):
        named = item.related_document_ident
        if named is not None and named not in nets and (document_type not in CREDITING or named not in numbers):
            message = "is not among the documents that this one credits"
            problems.append(Problem("related_document_not_named", message, f"items[{index}].relatedDocumentIdent", named))
    if document_type not in CREDITING or len(idents) < 2:
        return problems
    if request.allowances_charges:
        message = "of several documents are not told apart: take them off the rows, or credit each document by itself"
        problems.append(Problem("allowances_of_several_documents", message, "allowancesCharges"))
    lefts = [facts.related[ident].left for ident in idents if ident in facts.related]
    for what, ways in (
        ("exchange rates", {it.document.ledger.exchange_rate.rate if it.document.ledger else None for it in lefts}),
        ("ways of taxation (section 20 UStG)", {bool(it.document.cash_taxation) for it in lefts}),
    ):
        if len(ways) > 1 and not facts.own:
            message = f"were booked at different {what}: credit each by itself"
            problems.append(Problem("related_documents_booked_differently", message, "relatedDocumentIdents", list(idents)))
    for left in lefts:
        # our own billing names also those by which what had reduced the rows was billed again
        if (
            not facts.own
            and not request.external_references
            and not any(it.document is left.document for it in _rows(request, lefts))
        ):
            message = "none of its rows is credited: name it only where it is, or say in relatedDocumentIdent which rows are of it"
            problems.append(Problem("related_document_without_row", message, "relatedDocumentIdents", left.document.ident))
    return problems


def _rows(request: DocumentRequest, lefts: Sequence[Left]) -> list[RowLeft]:
    """The rows that are credited; those that may be of several documents are of all of them."""
    return [row for item in request.items for left in lefts for row in left.rows_of(item)]


def unknown_rows(request: DocumentRequest, terms: Terms) -> list[Problem]:
    """Each row of a credit names a row of the original."""
    left = terms.left
    if left is None or request.external_references:  # rows of a paper of another system are not known here
        return []
    problems = []
    for index, item in enumerate(request.items):
        rows = left.rows_of(item)
        if len(rows) > 1:
            path, named = f"items[{index}].relatedDocumentIdent", " and ".join(row.document.ident for row in rows)
            problems.append(Problem("related_item_ambiguous", f"{named} have a row {rows[0].item.ident}: say which of them", path))
        if not rows:
            path = f"items[{index}].{'referenceIdent' if item.reference_ident else 'ident'}"
            named = item.related_document_ident or " and ".join(it.document.ident for it in left.several or (left,))
            message = f"{named} has no such row"
            problems.append(Problem("related_item_unknown", message, path, item.reference_ident or item.ident))
    return problems


def _deposits_in_part(left: Left, taken: Mapping[tuple[str, str], Decimal]) -> list[Problem]:
    """A deposit that several rows deduct, one per tax group, is given back by all of them."""
    rows = [row for row in left.rows.values() if row.item.deposit_ident is not None and row.agreed]
    given_back = {(row.document.ident, row.item.deposit_ident) for row in rows if taken.get(row.key)}
    return [
        Problem(
            "deposit_row_credited_in_part", f"row {row.item.ident} deducts {row.item.deposit_ident} as well: credit both", "items"
        )
        for row in rows
        if (row.document.ident, row.item.deposit_ident) in given_back and not taken.get(row.key)
    ]


def credit_limits(request: DocumentRequest, document_type: DocumentType, computed: Amounts, terms: Terms) -> list[Problem]:
    """Credits are at most what is left of each row; of each tax group, where they name no row; and of the whole document, where an
    allowance lowers what its rows say. What rows below zero reduce a group by is no limit for who names rows: those are taken back by
    themselves, perhaps by other documents (accounting reference 9)."""
    left, problems = terms.left, []
    if left is None:
        return []
    taken: dict[tuple[str, str], Decimal] = {}
    names_rows = document_type is not DocumentType.DEPOSIT_INVOICE_CORRECTION and all(left.row_of(item) for item in request.items)
    for index, (item, row) in enumerate(zip(request.items, computed.rows, strict=True)):
        original = left.row_of(item)
        if original is None or document_type is DocumentType.DEPOSIT_INVOICE_CORRECTION:
            continue  # of another system; or a deposit, where the rest of a group counts whatever row it stands on
        before = taken.get(original.key, ZERO)
        agreed = row.total.net if row.basis == "NET" else row.total.gross
        if original.item.deposit_ident and agreed not in (ZERO, original.agreed):
            message = (
                f"gives a part of deposit {original.item.deposit_ident} back: a deposit is given back as a whole, or not at all"
            )
            path = f"items[{index}].prices.total.{row.basis.lower()}"
            problems.append(Problem("deposit_row_credited_in_part", message, path, abs(agreed)))
        rest = creditable(original) - before
        if exceeds(agreed, rest):
            whose = f" of {original.document.ident}" if left.several else ""
            message = f"only {worded(abs(rest), request.currency)} are left of row {original.item.ident}{whose}"
            message += netted_in_words([original], request.currency)
            path = f"items[{index}].prices.total.{row.basis.lower()}"
            problems.append(Problem("credit_exceeds_rest", message, path, abs(agreed)))
        taken[original.key] = before + agreed
    problems += _deposits_in_part(left, taken)
    if problems or request.external_references:  # the groups would only repeat what is said of the rows
        return problems
    if not names_rows:
        return _group_limits(request, computed, left)
    if not left.several:
        return _document_limit(left, computed.totals.gross, request.currency)
    for one in left.several:
        credited = zip(request.items, computed.rows, strict=True)
        gross = sum((row.total.gross for item, row in credited if left.of(left.row_of(item)) is one), ZERO)
        problems += _document_limit(one, gross, request.currency)
    return problems


def _document_limit(left: Left, gross: Decimal, currency: str) -> list[Problem]:
    """An allowance on the whole document is no row: nothing bills it again, so no more goes back than the document came to with it."""
    if not left.document.allowances_charges or left.several_taxes:
        return []
    available = sum((group.left.gross for group in left.groups.values()), ZERO)
    available -= sum((row.left.gross for row in left.rows.values() if row.agreed < 0), ZERO)
    if gross <= available:
        return []
    message = f"only {worded(available, currency)} are left of {left.document.ident}: its allowances lower what its rows say"
    return [Problem("credit_exceeds_rest", message, "items", gross)]


def _group_limits(request: DocumentRequest, computed: Amounts, left: Left) -> list[Problem]:
    """Of what names no row."""
    problems = []
    for group in computed.taxes:
        rest = left.groups.get(group_key(group.category_code, group.rate, group.code, group.name, left.several_taxes))
        agreed = group.base if group.basis == "NET" else group.gross
        available = rest.agreed if rest is not None else ZERO
        if exceeds(agreed, available):
            message = (
                f"only {worded(abs(available), request.currency)} are left of category {group.category_code} at {group.rate} %"
            )
            problems.append(Problem("credit_exceeds_rest", message, "items", abs(agreed)))
    return problems


def named_once(request: DocumentRequest, facts: Facts) -> DocumentRequest:
    """The request with one name for each document, be it called by its number here and by its id there; its rows say the number."""
    if not related_idents(request):
        return request
    names: dict[str, str] = {}
    numbers: dict[str, str] = {}
    for name, related in facts.related.items():
        number = related.left.document.ident
        for called in (name, str(related.id), number):
            numbers.setdefault(called, number)
            if called not in facts.ambiguous:
                names.setdefault(called, name)
    names |= {name: name for name in facts.related}
    first, further = request.related_document_ident, request.related_document_idents
    return replace(
        request,
        related_document_ident=None if first is None else names.get(first, first),
        related_document_idents=tuple(names.get(name, name) for name in further),
        items=tuple(
            item
            if item.related_document_ident is None
            or numbers.get(item.related_document_ident) in (None, item.related_document_ident)
            else replace(item, related_document_ident=numbers[item.related_document_ident])
            for item in request.items
        ),
    )
