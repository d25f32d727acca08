"""A foreign e-invoice as what Contor needs to issue it again: site, customer, address and a request for a document. Pure.

The new document has its own number; the original's number and type stay as properties. It has the same net, tax and gross to the
cent, or it is refused with the reason. A 384 is not turned by its type: a positive one replaces an invoice, and only a
negative one is a reversal, which becomes a credit memo. (Accounting reference 3.)
"""

from decimal import Decimal

from pydantic import TypeAdapter, ValidationError

from contor.documents.amounts import Amounts, Terms, amounts
from contor.documents.einvoice.importing.import_parties import address_ident, address_of, customer_of, ident_of, site_of
from contor.documents.einvoice.importing.import_payment import (
    exchange_rate,
    payable_findings,
    payment_information,
    payment_term,
    prepaid,
)
from contor.documents.einvoice.importing.import_references import as_properties, references_in
from contor.documents.einvoice.importing.import_rows import requested_allowances, requested_items, rows_of
from contor.documents.einvoice.model import EInvoice
from contor.documents.references import OF_DOCUMENT
from contor.documents.types import (
    Address,
    CustomerDetail,
    DocumentRequest,
    DocumentType,
    ExternalReference,
    Location,
    Party,
    Property,
)
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.money import ZERO
from contor.kernel.shapes import shape

LONGEST_DOCUMENT = 100
"""Rows of a document."""
_DEPOSIT_INVOICE = "386"
_GERMAN_SPEAKING = frozenset({"DE", "AT", "CH", "LI"})
_REQUEST: TypeAdapter[DocumentRequest] = TypeAdapter(DocumentRequest)


@shape
class ImportedEInvoice:
    """All that must exist and be asked for, so that the invoice is issued again. Idents are the same for the same contents."""

    document_type: DocumentType
    site: Party
    """An operating site of our own."""
    customer: Party
    """`customer.address` is the invoice address."""
    invoice_address_ident: str
    shipping_address_ident: str | None
    shipping_address: Address | None
    request: DocumentRequest
    left_out: tuple[str, ...]
    """What the file says beside the amounts and a document of ours has no place for."""


def imported(invoice: EInvoice, *, source: str, billing_group_ident: str, ledger_currency: str = "EUR") -> ImportedEInvoice:
    """What `invoice` becomes here. `source` tells one file from another, e.g. the SHA-256 of its bytes: it makes the request id, so
    that the same file is never issued twice. Raises `Refused` with every reason why it cannot be issued again.
    """
    problems = payable_findings(invoice)
    left_out: list[str] = []
    document_type, sign = _document_type(invoice, problems)
    site, customer = site_of(invoice, left_out), customer_of(invoice, left_out)
    shipping = address_of(invoice.delivery.address) if invoice.delivery and invoice.delivery.address else None
    rows = rows_of(invoice)
    if len(rows) > LONGEST_DOCUMENT:
        message = f"It has {len(rows)} rows; a document has at most {LONGEST_DOCUMENT}"
        problems.append(Problem("too_many_rows", message, "items", len(rows)))
    information, debit = payment_information(invoice)
    invoice_address = address_ident("invoice", customer.address)
    shipping_ident = address_ident("shipping", shipping) if shipping else None
    left_out += _unplaced(invoice)
    request = DocumentRequest(
        request_id=ident_of("einvoice", source),
        billing_group_ident=billing_group_ident,
        currency=invoice.currency,
        customer_detail=CustomerDetail(
            customer_ident=customer.ident, invoice_address_ident=invoice_address, shipping_address_ident=shipping_ident
        ),
        items=requested_items(invoice, rows, sign, _place(invoice), problems, left_out),
        language="de" if invoice.seller.address.country in _GERMAN_SPEAKING else "en",
        document_date=invoice.issue_date,
        operating_site_ident=site.ident,
        external_references=tuple(
            ExternalReference(ident=preceding.number, document_date=preceding.issue_date) for preceding in invoice.preceding
        ),
        allowances_charges=requested_allowances(invoice, sign),
        rounding=sign * invoice.totals.rounding,
        prepaid=prepaid(invoice, sign, problems),
        exchange_rate=exchange_rate(invoice, ledger_currency, problems),
        payment_information=information,
        payment_term=payment_term(invoice, left_out),
        properties=(*_properties(invoice, left_out), *debit),
    )
    if not problems:  # a request with holes would only be found to have holes
        problems += _shape_findings(request)
    if not problems:
        terms = Terms(small_business=site.small_business, seller_country=site.address.country, ledger_currency=ledger_currency)
        problems += _amount_findings(invoice, sign, amounts(request, terms))
    if problems:
        raise Refused(Kind.INVALID, *problems)
    return ImportedEInvoice(
        document_type=document_type,
        site=site,
        customer=customer,
        invoice_address_ident=invoice_address,
        shipping_address_ident=shipping_ident,
        shipping_address=shipping,
        request=request,
        left_out=tuple(dict.fromkeys(left_out)),
    )


def _document_type(invoice: EInvoice, problems: list[Problem]) -> tuple[DocumentType, int]:
    """Our type of paper, and -1 where the amounts must be turned."""
    gross = invoice.totals.gross
    is_credit = invoice.is_credit_note
    if is_credit and gross < 0:
        message = "A credit note with a negative sum is an invoice in disguise: nobody can say which way it is meant"
        problems.append(Problem("credit_note_negative", message, None, gross))
    reverses = not is_credit and gross < 0
    if (is_credit or reverses) and not invoice.preceding:
        message = "It credits and does not name what it credits (BG-3; section 31 (5) UStDV)"
        problems.append(Problem("preceding_invoice_missing", message, "externalReferences"))
    if is_credit or reverses:
        return DocumentType.CREDIT_MEMO, -1 if reverses else 1
    return DocumentType.DEPOSIT_INVOICE if invoice.type_code == _DEPOSIT_INVOICE else DocumentType.INVOICE, 1


def _place(invoice: EInvoice) -> tuple[Location, Location | None]:
    """Where the supply was made, and where it is taxed: at the deliver-to country if one is named, else at the seller's, unless the
    buyer owes the tax."""
    seller, buyer = invoice.seller.address, invoice.buyer.address
    to = invoice.delivery.address if invoice.delivery and invoice.delivery.address else None
    at = to or buyer
    place = Location(country=at.country, city=at.city, postal_code=at.post_code)
    domestic = any(group.category in ("S", "Z", "E", "L", "M", "O") for group in invoice.breakdown)
    if to is None and domestic and seller.country != at.country:
        return place, Location(country=seller.country)
    return place, None


def _properties(invoice: EInvoice, left_out: list[str]) -> tuple[Property, ...]:
    """What stays known about the original, and the references that its buyer wants to see again."""
    buyer_numbers = [identifier.value for identifier in invoice.buyer.identifiers]
    found = (
        ("originalNumber", invoice.number, "BT-1"),
        ("originalTypeCode", invoice.type_code, "BT-3"),
        *references_in(OF_DOCUMENT, invoice, left_out),
        ("note", "\n".join(note.text for note in invoice.notes), "BT-22"),
        ("paymentTerms", (invoice.payment_terms or "").strip(), "BT-20"),
        ("buyerIdentifier", buyer_numbers[0] if buyer_numbers else None, "BT-46"),
        ("originalTaxCurrency", invoice.tax_currency, "BT-6"),
    )
    return as_properties(found, left_out)


def _unplaced(invoice: EInvoice) -> list[str]:
    present = {
        "Payee (BG-10)": invoice.payee,
        "Tax representative (BG-11)": invoice.tax_representative,
        "Attachments (BG-24)": invoice.attachments,
        "Payment card (BG-18)": invoice.payment and invoice.payment.card,
        "Deliver-to name or location (BT-70, BT-71)": invoice.delivery and (invoice.delivery.name or invoice.delivery.location),
        "Tax point date (BT-7, BT-8)": invoice.tax_point_date or invoice.tax_point_code,
        "Classification of a line (BT-158)": any(line.classifications for line in invoice.lines),
        "Item numbers of the buyer or of a standard (BT-156, BT-157)": any(
            line.buyer_item_id or line.standard_item_id for line in invoice.lines
        ),
    }
    return [name for name, value in present.items() if value]


def _shape_findings(request: DocumentRequest) -> list[Problem]:
    """Where the request has not the shape that a client's must have, e.g. more decimals than a quantity has here."""
    try:
        _REQUEST.validate_python(_REQUEST.dump_python(request, by_alias=True, warnings=False))
    except ValidationError as error:
        found = error.errors(include_url=False)
        # An item that is refused is missing afterwards; that too few are left is no finding of its own.
        told = [finding for finding in found if finding["type"] != "too_short"] or found
        paths = [".".join(str(step) for step in finding["loc"]) for finding in told]
        return [
            Problem("not_representable", f"{path}: {finding['msg']}", path, finding["input"])
            for path, finding in zip(paths, told, strict=True)
        ]
    return []


def _amount_findings(invoice: EInvoice, sign: int, computed: Amounts) -> list[Problem]:
    """Net, tax and gross to the cent; a VAT that is not base x rate is named by its group, for the official rules tolerate 1.00."""
    problems = []
    ours = {(group.category_code, group.rate): group for group in computed.taxes}
    for group in invoice.breakdown:
        mine = ours.get((group.category, group.rate or ZERO))
        base, tax = (mine.base, mine.amount) if mine else (ZERO, ZERO)
        name = f"category {group.category} at {group.rate or ZERO} %"
        if sign * base != group.base:
            message = f"The rows and allowances of {name} add up to {sign * base}, the breakdown says {group.base} (BT-116)"
            problems.append(Problem("tax_base_differs", message, "taxes", group.base))
        elif sign * tax != group.amount:
            message = f"The VAT of {name} is {sign * tax}, the breakdown says {group.amount} (BT-117)"
            problems.append(Problem("tax_amount_differs", message, "taxes", group.amount))
    totals, theirs = computed.totals, invoice.totals
    sums: tuple[tuple[str, Decimal, Decimal], ...] = (
        ("Net (BT-109)", totals.net, theirs.net),
        ("VAT (BT-110)", totals.tax, theirs.tax),
        ("Gross (BT-112)", totals.gross, theirs.gross),
        ("Payable (BT-115)", totals.payable, theirs.payable),
    )
    problems += [
        Problem("total_differs", f"{name} is {their}, issued again it would be {sign * own}", None, their)
        for name, own, their in sums
        if sign * own != their
    ]
    return problems
