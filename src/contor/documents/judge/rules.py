"""What must be known beside the request to judge and freeze a document: the facts, as they are at that moment. Pure.

The database layer fills `Facts` for a whole batch (the same party, site and group values may be shared by many); the rules
themselves are pure functions over request and facts.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from types import MappingProxyType
from typing import Final, Literal

from contor.documents.amounts import GroupAmounts, GroupKey, Left, Terms, stated_vat, together
from contor.documents.judge.collected import Collection
from contor.documents.properties import FINAL_METHOD
from contor.documents.types import (
    Address,
    DepositDeduction,
    DepositGroup,
    Discount,
    Document,
    DocumentRequest,
    DocumentType,
    EInvoiceFormat,
    ElectronicAddress,
    ExchangeRate,
    FinalInvoiceMethod,
    Gender,
    Party,
    PaymentTerm,
    Prepaid,
    completed_on,
    reduces_price,
)
from contor.kernel.money import round_amount
from contor.kernel.shapes import replace
from contor.tax.rules import NO_RULES, Rules

NumberRule = Literal["PLATFORM", "EXTERNAL"]
"""Who gives the number: Contor's counter, or the caller (`ident` of the request)."""

CREDITING: Final = {
    DocumentType.CREDIT_MEMO: DocumentType.INVOICE,
    DocumentType.DEPOSIT_INVOICE_CORRECTION: DocumentType.DEPOSIT_INVOICE,
    DocumentType.SELF_BILLING_INVOICE_CORRECTION: DocumentType.SELF_BILLING_INVOICE,
}
"""The papers that credit, and what each credits."""
SELF_BILLING: Final = frozenset({DocumentType.SELF_BILLING_INVOICE, DocumentType.SELF_BILLING_INVOICE_CORRECTION})
"""The customer is the seller, we are the buyer."""
FINAL_METHODS: Final[dict[str, FinalInvoiceMethod]] = {"REMAINDER": "REMAINDER", "FINAL": "FINAL", "REVERSAL": "REVERSAL"}


DEFAULT_TERM: Final = PaymentTerm()


@dataclass(frozen=True, slots=True)
class BillingGroup:
    """What the billing group of a request decides."""

    ident: str
    external_billing: bool
    """Only EXTERNAL_BILLING groups receive documents by the Documents API."""
    deposit_receivable_relevant: bool = False
    final_invoice_method: FinalInvoiceMethod = "REMAINDER"
    payment_term: PaymentTerm = DEFAULT_TERM
    """Where the request names none."""
    units: Mapping[str, Decimal] = field(default_factory=dict)
    """To what rows are rounded, by currency; where there is none it is the currency's smallest unit."""


@dataclass(frozen=True, slots=True)
class Related:
    """A document issued here that the request names (`relatedDocumentIdent`, `relatedDocumentIdents`)."""

    left: Left
    """`left.document` is the document. For a deposit invoice it is made with `received`."""
    received: tuple[DepositGroup, ...] = ()
    """Deposit invoice: what was received on it and not taken back (`deposits.total_of`). Deposit invoice correction: the payment
    of the reversed deposit that moves to the final invoice (method REVERSAL)."""
    received_on: dt.date | None = None
    """Day of the last receipt."""
    id: int = 0
    """The document's id, by which it may be named instead of its number."""
    deducted_by: str | None = None
    """The final invoice that has deducted this deposit already."""
    deposit_id: int = 0
    """Key of the deposit invoice whose receipts `received` are: of this document, or of the one that it corrects."""
    deposit_ident: str = ""
    discounts: tuple[Discount, ...] = ()
    """Reductions that were decided on it and that no credit has taken back (`amounts.discounts_left`)."""
    price_reductions: tuple[Discount, ...] = ()
    """By what credit memos reduced the price of its rows, as far as those were not taken back since."""
    is_reversed: bool = True
    """Of the correction of a deposit invoice: nothing of the deposit invoice is left."""
    corrections: tuple[Document, ...] = ()
    """Of a deposit invoice and of each of its corrections: all of these."""
    received_booked: tuple[DepositGroup, ...] | None = None
    """`received` as it was booked, in the ledger's currency; None: not kept, or the document is in that currency."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """All that a request is judged by. Everything is as of `today` in the tenant's zone."""

    today: dt.date
    undated_on: dt.date | None = None
    """The date of a document that is asked for without one, where it is not today."""
    environment: Literal["TEST", "LIVE"]
    texts: dict[str, str] = field(default_factory=dict)
    """The tenant's own words for texts of the document, in its language and for its reader's country."""
    own: bool = False
    """The request comes from our own billing, not from the Documents API: it may name groups that bill here."""
    imported: bool = False
    """The request repeats an e-invoice of another system, which names what it credits or does not."""
    billing_group: BillingGroup | None
    """None: there is no such group."""
    site: Party | None
    """Our own party: the operating site named by the request, else the default one. None: there is none."""
    customer: Party | None
    """The customer with the named invoice address. None: customer or address unknown (then `unknown` says which)."""
    shipping_address: Address | None = None
    shipping_names: tuple[str, ...] = ()
    gender: Gender | None = None
    """Of the person at the invoice address."""
    unknown: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """Idents of the request that name nothing: API path -> ident. Documents need not be listed: those missing in `related` are unknown."""
    unprintable: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """Texts that the page would show in boxes: API path or place -> the letters that no typeface has."""
    related: Mapping[str, Related] = field(default_factory=lambda: MappingProxyType({}))
    ambiguous: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """Numbers of related documents that several companies have, and neither site nor customer tell apart -> whose they are."""
    of_others: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """Related documents of another company than the one that issues -> the site that they are of."""
    legal_entity: str = ""
    """The company whose number the document gets."""
    number_rule: NumberRule | None = "PLATFORM"
    """None: no strategy and no default counter says how this document gets its number."""
    ident_taken: bool = False
    """The caller's number is used already in the number space of the legal entity."""
    closed_through: dt.date | None = None
    """Last day of the locked periods and closed years: nothing may be dated on or before it."""
    ledger_currency: str = "EUR"
    cash_taxation: bool = False
    """The site taxes on receipt (section 20 UStG); of a repetition: as it did when the original was issued."""
    tax_date: dt.date | None = None
    """Of a repetition: the original's, for who corrects a form changes no supply (section 31 (5) UStDV, not section 17 UStG)."""
    billed_before: Document | None = None
    """Whose rows are billed again, or repeated: they are treated as there."""
    repeats: bool = False
    """A document is taken back and asked for again: what was decided off it counts for the one in its place."""
    self_billing_agreed_on: dt.date | None = None  # when the customer agreed that we write his invoices
    is_archived: bool = False  # the customer is: nothing new is asked for of him
    judges_rates: bool = False
    """Whether rates are compared with those that the country, or a stored tax rule, has."""
    tax_rules: Rules = NO_RULES
    """The tenant's own."""
    e_invoice_format: EInvoiceFormat | None = None
    """Which e-invoice the customer wants; None: what `formats.format_for` finds."""
    buyer_reference: str | None = None
    """BT-10 of the customer's master data; a property of the request goes before it."""
    shows_corrections: bool = False
    """Credits say what they correct as before and after (Polish law)."""
    taken: Mapping[GroupKey, GroupAmounts] = field(default_factory=lambda: MappingProxyType({}))
    """Of a credit that is asked for by its gross amount: what it takes of each tax group."""
    collection: Collection | None = None
    """By what it is collected; None: it is not, or nobody knows yet by what."""

    def dated(self, request: DocumentRequest) -> dt.date:
        """The document's date: the caller's, else the day on which it is issued."""
        return request.document_date or self.undated_on or self.today

    def seller(self, document_type: DocumentType) -> Party | None:
        return self.customer if document_type in SELF_BILLING else self.site

    def is_small_business(self, document_type: DocumentType) -> bool:
        """The seller is a small business (section 19 UStG)."""
        seller = self.seller(document_type)
        return seller is not None and seller.small_business

    def buyer(self, document_type: DocumentType) -> Party | None:
        return self.site if document_type in SELF_BILLING else self.customer


def related_idents(request: DocumentRequest) -> tuple[str, ...]:
    """The related documents in the order named, each once."""
    if request.related_document_ident is None:
        return tuple(dict.fromkeys(request.related_document_idents)) if request.related_document_idents else ()
    return tuple(dict.fromkeys((request.related_document_ident, *request.related_document_idents)))


def is_billed_again(request: DocumentRequest, document_type: DocumentType, facts: Facts) -> bool:
    """What had reduced a document of our own billing is taken back, which it names: the tax is that of then, as on a credit, whatever
    seller and buyer are by now (accounting reference 6.5)."""
    return facts.own and document_type not in CREDITING and bool(request.external_references)


def properties_of(request: DocumentRequest) -> dict[str, str]:
    return {entry.key: entry.value for entry in request.properties}


def final_method(request: DocumentRequest, document_type: DocumentType, facts: Facts) -> FinalInvoiceMethod | None:
    """How this final invoice treats its deposits; None: it is no final invoice."""
    if document_type is not DocumentType.INVOICE or not related_idents(request):
        return None
    named = FINAL_METHODS.get(properties_of(request).get(FINAL_METHOD, ""))  # an unknown one is a finding of its own
    group = facts.billing_group
    return named or (group.final_invoice_method if group else "REMAINDER")


def terms_of(request: DocumentRequest, document_type: DocumentType, facts: Facts) -> Terms:
    """The facts as far as the amounts depend on them; related documents that are unknown or of a wrong type are left out."""
    seller = facts.seller(document_type)
    related = [facts.related[ident] for ident in related_idents(request) if ident in facts.related]
    credited = CREDITING.get(document_type)
    origins = [entry for entry in related if credited and entry.left.document.document_type is credited]
    origin = origins[0] if origins else None
    method = final_method(request, document_type, facts)
    takes_back = not (facts.repeats or reduces_price(request.properties))  # a further reduction takes none back
    deductions, moved = _deposits(related, method, facts.today)
    paid = _paid(related, method) if request.currency != facts.ledger_currency else []
    return Terms(
        small_business=facts.is_small_business(document_type) and not is_billed_again(request, document_type, facts),
        seller_country=seller.address.country if seller else "DE",
        ledger_currency=facts.ledger_currency,
        left=together([entry.left for entry in origins], request.items) if origin else None,
        method=method,
        deductions=deductions,
        moved=moved,
        received=tuple(part for entry in paid for part in entry.received),
        booked=tuple(_booked(entry, facts) for entry in paid),
        exchange_rate=_exchange_rate(request, origin),
        discounts={} if facts.repeats else {it.left.document.ident: it.discounts for it in origins if it.discounts},
        price_reductions={it.left.document.ident: it.price_reductions for it in origins if takes_back and it.price_reductions},
        stated=stated_vat(request.properties) if facts.imported or facts.repeats else None,
        taken=facts.taken,
    )


def _exchange_rate(request: DocumentRequest, origin: Related | None) -> ExchangeRate | None:
    """A credit takes back what was booked, at the rate at which it was (another one is a finding)."""
    ledger = origin.left.document.ledger if origin else None
    return ledger.exchange_rate if ledger else request.exchange_rate


def _deposits(
    related: list[Related], method: FinalInvoiceMethod | None, today: dt.date
) -> tuple[tuple[DepositDeduction, ...], tuple[Prepaid, ...]]:
    """Deductions (REMAINDER, FINAL) or moved payments (REVERSAL: deducting the tax as well would deduct it twice)."""
    paid = _paid(related, method)
    if method == "REVERSAL":
        return (), tuple(_moved(entry, today) for entry in paid)
    return tuple(_deduction(entry, entry.received, today) for entry in paid), ()


def _paid(related: list[Related], method: FinalInvoiceMethod | None) -> list[Related]:
    """What stands for the receipts of each deposit: by REVERSAL perhaps its correction."""
    paid = [entry for entry in related if entry.received] if method is not None else []
    if method == "REVERSAL":
        # a deposit and its correction may both be named, and stand for the same receipts; entries without a key stay apart
        return list({entry.deposit_id or -position: entry for position, entry in enumerate(paid, 1)}.values())
    return [entry for entry in paid if entry.left.document.document_type is DocumentType.DEPOSIT_INVOICE]


def _deduction(entry: Related, groups: tuple[DepositGroup, ...], today: dt.date) -> DepositDeduction:
    document = entry.left.document
    ident = entry.deposit_ident or document.ident  # by REVERSAL its correction stands for it
    return DepositDeduction(
        ident=ident, document_date=document.document_date, received_on=entry.received_on or today, groups=groups
    )


def _booked(entry: Related, facts: Facts) -> DepositDeduction:
    """What was received as it was booked; where that was not kept yet, as the deposit's own rate says."""
    found, ledger = entry.received_booked, entry.left.document.ledger
    if found is None and ledger is not None:
        found, rate, currency = (), ledger.exchange_rate.rate, ledger.currency
        for part in entry.received:
            tax, gross = round_amount(part.tax / rate, currency), round_amount(part.gross / rate, currency)
            found = (*found, replace(part, net=gross - tax, tax=tax, gross=gross))
    return _deduction(entry, found or (), facts.today)


def _moved(entry: Related, today: dt.date) -> Prepaid:
    amount = sum((group.gross for group in entry.received), Decimal(0))
    return Prepaid(reference=entry.left.document.ident, date=entry.received_on or today, amount=amount)


def supplied_on(request: DocumentRequest, today: dt.date) -> dt.date:
    """The day whose rate counts: that on which the supply is completed, of what is billed before that the day of the document."""
    date = request.document_date or today
    days = [completed_on(item) or date for item in request.items]
    return min(date, max(days, default=date))


def reachable(party: Party) -> Party:
    """`party` with its electronic address (BT-34, BT-49): as stored, else its e-mail (scheme EM)."""
    if party.electronic_address is not None or not party.contact.email:
        return party
    return replace(party, electronic_address=ElectronicAddress(scheme="EM", identifier=party.contact.email))
