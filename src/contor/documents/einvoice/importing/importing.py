"""A foreign e-invoice as what Contor needs to issue it again: site, customer, address and a request for a document. Pure.

The new document has its own number; the original's number and type stay as properties. It has the same net, tax and gross to the
cent, or it is refused with the reason. A 384 is not turned by its type: a positive one replaces an invoice, and only a
negative one is a reversal, which becomes a credit memo. (Accounting reference 3.)
"""

from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType

from contor.documents.amounts import Amounts, Terms, amounts, stated_property, stated_vat
from contor.documents.einvoice.importing.import_attachments import supporting_documents
from contor.documents.einvoice.importing.import_parties import (
    address_ident,
    address_of,
    customer_of,
    endpoint_findings,
    ident_of,
    site_of,
)
from contor.documents.einvoice.importing.import_payment import (
    DEPOSIT_INVOICE,
    exchange_rate,
    payable_findings,
    payment_information,
    payment_term,
    prepaid,
)
from contor.documents.einvoice.importing.import_references import document_properties
from contor.documents.einvoice.importing.import_rows import Row, requested_allowances, requested_items, rows_of
from contor.documents.einvoice.importing.import_shape import shape_findings
from contor.documents.einvoice.model import EInvoice
from contor.documents.einvoice.of_document import direct_debit_findings, ship_to_findings
from contor.documents.judge import peppol_findings, xrechnung_findings
from contor.documents.properties import DIRECT_DEBIT_TYPES
from contor.documents.skonto import is_readable, terms_as_written
from contor.documents.types import (
    Address,
    CustomerDetail,
    DocumentRequest,
    DocumentType,
    EInvoiceFormat,
    ExternalReference,
    Location,
    Party,
    Property,
    SupportingDocument,
)
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.money import ZERO
from contor.kernel.shapes import replace, shape

LONGEST_DOCUMENT = 100
"""Rows of a document."""
_GERMAN_SPEAKING = frozenset({"DE", "AT", "CH", "LI"})
_NO_RATES: Mapping[str, Decimal] = MappingProxyType({})


@shape
class ImportedEInvoice:
    """All that must exist and be asked for, so that the invoice is issued again. Idents are the same for the same contents."""

    document_type: DocumentType
    site: Party
    """An operating site of our own."""
    customer: Party
    """`customer.address` is the invoice address."""
    e_invoice_format: EInvoiceFormat
    """Which e-invoice the customer gets: that which the file is, where nothing is lacking that its rules want today."""
    invoice_address_ident: str
    shipping_address_ident: str | None
    shipping_address: Address | None
    shipping_name: str | None
    """Who receives there (BT-70)."""
    request: DocumentRequest
    supporting: tuple[SupportingDocument, ...] = ()
    """What came with it (BG-24)."""


def identity_of(invoice: EInvoice) -> str:
    """The same for the same invoice in whatever syntax or encoding: its seller, its number (BT-1), the year of its date (section
    14 (4) no. 4 UStG: a number is given once)."""
    seller = invoice.seller
    registration = seller.legal_registration.value if seller.legal_registration else None
    known = seller.vat_id or seller.tax_number or registration or f"{seller.name}, {seller.address.country}"
    return ident_of("einvoice", "".join(known.split()).upper(), invoice.number, invoice.issue_date.year)


def imported(
    invoice: EInvoice, *, billing_group_ident: str, ledger_currency: str = "EUR", rates: Mapping[str, Decimal] = _NO_RATES
) -> ImportedEInvoice:
    """What `invoice` becomes here; its request id is its identity, so that it is never issued twice. `rates`: units of a currency for
    one of the ledger's, for invoices that say none. Raises `Refused` with every reason why it cannot be issued again.
    """
    problems = payable_findings(invoice)
    document_type, sign = _document_type(invoice, problems)
    site, plain = site_of(invoice), customer_of(invoice)
    shipping = address_of(invoice.delivery.address) if invoice.delivery and invoice.delivery.address else None
    rows = rows_of(invoice)
    problems += _rows_findings(rows)
    problems += endpoint_findings(invoice)
    supporting = supporting_documents(invoice, problems)
    information, debit = payment_information(invoice)
    invoice_address = address_ident("invoice", plain.address)
    shipping_name = invoice.delivery.name if invoice.delivery and shipping else None
    shipping_ident = address_ident(f"shipping {shipping_name or ''}".strip(), shipping) if shipping else None
    by_debit = information.payment_type in DIRECT_DEBIT_TYPES
    german = (*(direct_debit_findings(debit, plain) if by_debit else ()), *ship_to_findings(shipping))
    terms_are_read = is_readable(terms_as_written(invoice.payment_terms, ()) or "")
    wanted = _format(invoice, site, plain, lacks_german=bool(german) or not terms_are_read)
    # who gets another e-invoice is another customer
    customer = plain if wanted == "EN16931" else replace(plain, ident=ident_of(plain.name, plain.ident, wanted))
    request = DocumentRequest(
        request_id=identity_of(invoice),
        billing_group_ident=billing_group_ident,
        currency=invoice.currency,
        customer_detail=CustomerDetail(
            customer_ident=customer.ident, invoice_address_ident=invoice_address, shipping_address_ident=shipping_ident
        ),
        items=requested_items(invoice, rows, sign, _place(invoice), problems),
        language="de" if invoice.seller.address.country in _GERMAN_SPEAKING else "en",
        document_date=invoice.issue_date,
        operating_site_ident=site.ident,
        external_references=tuple(
            ExternalReference(ident=preceding.number, document_date=preceding.issue_date) for preceding in invoice.preceding
        ),
        allowances_charges=requested_allowances(invoice, sign),
        rounding=sign * invoice.totals.rounding,
        prepaid=prepaid(invoice, sign, problems),
        exchange_rate=exchange_rate(invoice, ledger_currency, rates, problems),
        payment_information=information,
        payment_term=payment_term(invoice),
        properties=(*document_properties(invoice), *debit),
    )
    if not problems:  # a request with holes would only be found to have holes
        problems += shape_findings(request, rows)
    if not problems:
        terms = Terms(small_business=site.small_business, seller_country=site.address.country, ledger_currency=ledger_currency)
        computed = amounts(request, terms)
        if stated := _stated(invoice, sign, computed):
            request = replace(request, properties=(*request.properties, *stated))
            computed = amounts(request, replace(terms, stated=stated_vat(stated)))
        problems += _amount_findings(invoice, sign, computed)
    if problems:
        raise Refused(Kind.INVALID, *problems)
    return ImportedEInvoice(
        document_type=document_type,
        site=site,
        customer=customer,
        e_invoice_format=wanted,
        invoice_address_ident=invoice_address,
        shipping_address_ident=shipping_ident,
        shipping_address=shipping,
        shipping_name=shipping_name,
        request=request,
        supporting=supporting,
    )


def _format(invoice: EInvoice, site: Party, customer: Party, lacks_german: bool) -> EInvoiceFormat:
    """By the rules that the file claims to keep (BT-24)."""
    seller, buyer = ("seller", site), ("buyer", customer)
    claimed, reference = invoice.specification.casefold(), invoice.buyer_reference
    if "xrechnung" in claimed:
        lacking = lacks_german or not reference or xrechnung_findings(seller, buyer, several_taxes=False)
        return "EN16931" if lacking else "XRECHNUNG"
    if "peppol" in claimed:
        referenced = bool(reference or invoice.purchase_order)
        return "EN16931" if peppol_findings(seller, buyer, several_taxes=False, has_reference=referenced) else "PEPPOL"
    return "EN16931"


def _rows_findings(rows: list[Row]) -> list[Problem]:
    if not rows:
        message = "It has no lines (profile MINIMUM or BASIC WL): an invoice says what was supplied (section 14 (4) no. 5 UStG)"
        return [Problem("lines_missing", message, "items")]
    if len(rows) > LONGEST_DOCUMENT:
        message = f"It has {len(rows)} rows; a document has at most {LONGEST_DOCUMENT}"
        return [Problem("too_many_rows", message, "items", len(rows))]
    return [
        Problem(
            "category_missing",
            f"Line {row.line.ident}: VAT category (BT-151) is missing, and its sub-lines are not its sum",
            f"rows[{index}]",
        )
        for index, row in enumerate(rows)
        if not row.line.category
    ]


def _document_type(invoice: EInvoice, problems: list[Problem]) -> tuple[DocumentType, int]:
    """Our type of paper, and -1 where the amounts must be turned."""
    gross = invoice.totals.gross
    is_credit = invoice.is_credit_note
    if is_credit and gross < 0:
        message = "A credit note with a negative sum is an invoice in disguise: nobody can say which way it is meant"
        problems.append(Problem("credit_note_negative", message, None, gross))
    reverses = not is_credit and gross < 0
    if is_credit or reverses:
        return DocumentType.CREDIT_MEMO, -1 if reverses else 1
    return DocumentType.DEPOSIT_INVOICE if invoice.type_code == DEPOSIT_INVOICE else DocumentType.INVOICE, 1


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


def _stated(invoice: EInvoice, sign: int, computed: Amounts) -> tuple[Property, ...]:
    """VAT that the invoice states otherwise than it is computed here."""
    ours = {(group.category_code, group.rate): group.amount for group in computed.taxes}
    found = [(group.category, group.rate or ZERO, sign * group.amount) for group in invoice.breakdown]
    return tuple(
        stated_property(category, rate, amount) for category, rate, amount in found if ours.get((category, rate), amount) != amount
    )


def _amount_findings(invoice: EInvoice, sign: int, computed: Amounts) -> list[Problem]:
    """Net, tax and gross to the cent; a VAT that is not base x rate is named by its group, for the official rules tolerate 1.00."""
    problems = []
    ours = {(group.category_code, group.rate): group for group in computed.taxes}
    for index, group in enumerate(invoice.breakdown):
        mine = ours.get((group.category, group.rate or ZERO))
        base, tax = (mine.base, mine.amount) if mine else (ZERO, ZERO)
        name = f"category {group.category} at {group.rate or ZERO} %"
        if sign * base != group.base:
            message = f"The rows and allowances of {name} add up to {sign * base}, the breakdown says {group.base} (BT-116)"
            problems.append(Problem("tax_base_differs", message, f"taxes[{index}]", group.base))
        elif sign * tax != group.amount:
            message = f"The VAT of {name} is {sign * tax}, the breakdown says {group.amount} (BT-117)"
            problems.append(Problem("tax_amount_differs", message, f"taxes[{index}]", group.amount))
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
