"""The gate before a number is drawn: every finding about a request at once. Pure.

A request passes it twice: before it is accepted (400 with all findings), and when it is issued, for the world may have changed
meanwhile. Source: section 14 (4) UStG; documents reference ("Checked before the 202"); accounting reference 1 to 6.
"""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Final

from contor.documents.amounts import Amounts, Terms, amounts, stated_properties
from contor.documents.exemptions import complete
from contor.documents.judge.codes import code_findings, row_code_findings
from contor.documents.judge.formats import format_findings
from contor.documents.judge.parties import SMALL_AMOUNT, party_findings
from contor.documents.judge.related import credit_limits, named_once, related_findings, unknown_rows
from contor.documents.judge.rows import row_findings
from contor.documents.judge.rules import (
    CREDITING,
    FINAL_METHODS,
    SELF_BILLING,
    Facts,
    is_billed_again,
    properties_of,
    supplied_on,
    terms_of,
)
from contor.documents.judge.supplies import supply_findings
from contor.documents.judge.taxes import credited_tax_findings, tax_findings
from contor.documents.properties import FINAL_METHOD
from contor.documents.references import FIELDS_OF_DOCUMENT, FIELDS_OF_ROW
from contor.documents.types import DocumentRequest, DocumentType, Property
from contor.kernel.errors import Problem
from contor.kernel.money import ZERO, coarsest, is_amount, too_fine, worded

_UNKNOWN: Final = {
    "customerDetail.customerIdent": "customer_unknown",
    "customerDetail.invoiceAddressIdent": "invoice_address_unknown",
    "customerDetail.shippingAddressIdent": "shipping_address_unknown",
    "operatingSiteIdent": "operating_site_unknown",
    "sellerOperatingSiteIdent": "operating_site_unknown",
    "paymentInformation.customerPaymentAccountIdent": "customer_payment_account_unknown",
}
_ABSENT: Final = {
    "customerDetail.invoiceAddressIdent": "is no INVOICE address of the customer",
    "customerDetail.shippingAddressIdent": "is no address of the customer",
    "paymentInformation.customerPaymentAccountIdent": "is no payment account of the customer",
}
"""What is looked for among the customer's own: it may be there and be of another type or of somebody else."""


def request_findings(request: DocumentRequest, document_type: DocumentType, facts: Facts) -> list[Problem]:
    """Everything that is wrong with the content of `request` (its shape is right); empty: it can be issued."""
    return examine(request, document_type, facts)[0]


def examine(
    request: DocumentRequest, document_type: DocumentType, facts: Facts, rows_judged: bool = False
) -> tuple[list[Problem], Amounts | None]:
    """The findings, and the amounts as far as they can be computed: with no finding they are always there.

    `rows_judged`: the rows of this very request were found right before, by the same seller. They cannot have changed: they are
    judged again only as parts of a credit, for what is left of the credited rows may have changed.
    """
    request = named_once(request, facts)
    problems = _references(request, facts)
    terms = terms_of(request, document_type, facts)
    problems += _header(request, facts, terms)
    problems += related_findings(request, document_type, facts)
    in_rows: list[Problem] = []
    categories: list[str] = []
    if not rows_judged or terms.left is not None:
        in_rows, categories = row_findings(request, document_type, terms.small_business, terms.left, facts.repeats)
        in_rows += unknown_rows(request, terms)
        in_rows += row_code_findings(request, facts, terms.left)
        if terms.left is not None and not (facts.own or facts.imported or facts.repeats):
            in_rows += credited_tax_findings(request, terms.left)
        in_rows += _allowances(request, terms, facts)
        in_rows += _rounding(request, document_type, facts)
        problems += in_rows
    computed = None if in_rows else amounts(request, terms)
    if computed is not None:
        problems += _amounts(request, document_type, computed, terms, facts)
        categories = categories or [group.category_code for group in computed.taxes]  # rows that are not judged again name none
    problems += _parties(request, document_type, facts, categories, computed)
    problems += code_findings(request, facts)
    if document_type not in CREDITING and not facts.repeats:
        if not is_billed_again(request, document_type, facts):
            problems += supply_findings(request, document_type, facts)
        problems += [
            Problem("text_not_printable", f"no typeface has {letters}: the document would show boxes", path, letters)
            for path, letters in facts.unprintable.items()
        ]
    return problems, computed


def _references(request: DocumentRequest, facts: Facts) -> list[Problem]:
    """Idents that name nothing, a billing group that does not take documents, references that are given twice."""
    problems = [
        Problem(_UNKNOWN.get(path, "reference_unknown"), _ABSENT.get(path, "does not exist"), path, ident)
        for path, ident in facts.unknown.items()
    ]
    if not facts.own:
        problems += _given_twice(request)
    if request.properties and not (facts.imported or facts.repeats):
        problems += _stating(request, facts)
    group = facts.billing_group
    if group is None:
        problems.append(Problem("billing_group_unknown", "does not exist", "billingGroupIdent", request.billing_group_ident))
    elif not group.external_billing and not facts.own:
        message = "documents are created in groups with billing EXTERNAL_BILLING only"
        problems.append(Problem("billing_group_not_external", message, "billingGroupIdent", request.billing_group_ident))
    # of one that is named and unknown this was said already
    if facts.site is None and not facts.unknown.keys() & {"operatingSiteIdent", "sellerOperatingSiteIdent"}:
        problems.append(Problem("operating_site_missing", "there is no default operating site", "operatingSiteIdent"))
    return problems


def _given_twice(request: DocumentRequest) -> list[Problem]:
    """A finding for each reference that is given more than once: nobody can say which one is meant."""
    problems = list(_twice(FIELDS_OF_DOCUMENT, request.properties, "properties"))
    for index, item in enumerate(request.items):
        if len(item.properties) > 1:
            problems += _twice(FIELDS_OF_ROW, item.properties, f"items[{index}].properties")
    return problems


def _twice(known: Mapping[str, str], properties: Sequence[Property], path: str) -> Iterator[Problem]:
    keys = [entry.key for entry in properties]
    for index, entry in enumerate(properties):
        if entry.key in known and entry.key in keys[:index]:
            yield Problem("reference_given_twice", f"{entry.key} is given more than once", f"{path}[{index}].value", entry.value)


def _stating(request: DocumentRequest, facts: Facts) -> list[Problem]:
    """Properties that state VAT: an imported invoice has them, and so has what credits it. Of anybody else they would say that another tax
    than that of the rows was right."""
    known = {entry for related in facts.related.values() for entry in stated_properties(related.left.document.properties)}
    message = "is kept for the VAT that an imported e-invoice states; give the property another key"
    return [
        Problem("property_key_kept", message, f"properties[{request.properties.index(entry)}].key", entry.key)
        for entry in stated_properties(request.properties)
        if entry not in known
    ]


def _header(request: DocumentRequest, facts: Facts, terms: Terms) -> list[Problem]:
    """Number, dates, exchange rate, terms, and amounts beside the rows."""
    problems: list[Problem] = []
    if facts.number_rule is None:
        problems.append(Problem("number_strategy_missing", "no number strategy says how this document gets its number", "ident"))
    elif facts.number_rule == "EXTERNAL" and request.ident is None:
        problems.append(Problem("ident_missing", "the number configuration requires the caller's number", "ident"))
    elif facts.number_rule == "PLATFORM" and request.ident is not None:
        problems.append(Problem("ident_not_expected", "the number is given by the platform", "ident", request.ident))
    elif facts.ident_taken:
        problems.append(Problem("ident_taken", "is the number of another document already", "ident", request.ident))
    date = facts.dated(request)
    if date > max(facts.today, facts.undated_on or facts.today):
        problems.append(Problem("document_date_in_future", f"is after today ({facts.today})", "documentDate", date))
    if facts.closed_through is not None and date <= facts.closed_through:
        message = f"the books are closed through {facts.closed_through}"
        problems.append(Problem("document_date_closed", message, "documentDate", date))
    foreign = request.currency != facts.ledger_currency
    if foreign and terms.exchange_rate is None:
        pair = f"{request.currency} for 1 {facts.ledger_currency} on {supplied_on(request, date)}"
        message = f"is needed with its date and source: the rate of {pair} is frozen in the document (section 16 (6) UStG)"
        problems.append(Problem("exchange_rate_missing", message, "exchangeRate"))
    if not foreign and request.exchange_rate is not None:
        message = f"the document is in the ledger's currency {facts.ledger_currency}"
        problems.append(Problem("exchange_rate_not_expected", message, "exchangeRate.rate", request.exchange_rate.rate))
    method = properties_of(request).get(FINAL_METHOD)
    if method is not None and method not in FINAL_METHODS:
        message = "is none of REMAINDER, FINAL, REVERSAL"
        problems.append(Problem("final_invoice_method_unknown", message, f"properties.{FINAL_METHOD}", method))
    return problems + _payment(request, facts)


def _payment(request: DocumentRequest, facts: Facts) -> list[Problem]:
    """Skonto that can be taken; payments and vouchers in whole units of the currency."""
    problems: list[Problem] = []
    term = request.payment_term
    seen: set[int] = set()
    for index, discount in enumerate(term.cash_discount if term else ()):
        path = f"paymentTerm.cashDiscount[{index}].days"
        if term is not None and discount.days > term.period_in_days and not (facts.imported or facts.repeats):
            problems.append(Problem("cash_discount_after_due", "is later than the due date", path, discount.days))
        if discount.days in seen:
            problems.append(Problem("cash_discount_repeated", "occurs twice", path, discount.days))
        seen.add(discount.days)
    for index, paid in enumerate(request.prepaid):
        _whole_units(request, paid.amount, f"prepaid[{index}].amount", problems)
        if paid.date > facts.today:
            problems.append(Problem("prepaid_in_future", f"is after today ({facts.today})", f"prepaid[{index}].date", paid.date))
    for index, item in enumerate(request.post_tax_items):
        _whole_units(request, item.amount, f"postTaxItems[{index}].amount", problems)
        _whole_units(request, item.leftover_amount or ZERO, f"postTaxItems[{index}].leftoverAmount", problems)
        if item.amount > 0:
            message = "is positive; a voucher or credit that pays is negative"
            problems.append(Problem("post_tax_item_positive", message, f"postTaxItems[{index}].amount", item.amount))
    _whole_units(request, request.rounding, "rounding", problems)
    most = coarsest(request.currency)
    if abs(request.rounding) >= most and not (facts.imported or facts.repeats):
        message = (
            f"is no rounding of what is paid: that is less than {worded(most, request.currency)}; what is reduced is an allowance"
        )
        problems.append(Problem("rounding_too_large", message, "rounding", request.rounding))
    return problems


def _whole_units(request: DocumentRequest, amount: Decimal, path: str, problems: list[Problem]) -> None:
    if amount and not is_amount(amount, request.currency):
        problems.append(Problem("too_many_decimals", too_fine(request.currency), path, amount))


def _rounding(request: DocumentRequest, document_type: DocumentType, facts: Facts) -> list[Problem]:
    """Rows that are asked for in a group with an agreed rounding keep to it. What takes back or repeats
    another keeps to that, and billing rounds by itself."""
    group = facts.billing_group
    unit = group.units.get(request.currency) if group is not None else None
    if unit is None or facts.own or facts.imported or facts.repeats or document_type in CREDITING:
        return []
    problems: list[Problem] = []
    for index, item in enumerate(request.items):
        side = item.tax_detail.calculation_basis
        total = item.prices.total.net if side == "NET" else item.prices.total.gross
        if total is not None and not is_amount(total, request.currency, unit):
            message = (
                f"the billing group rounds rows to {worded(unit, request.currency)}; what is rounded stands in the row's extras"
            )
            problems.append(Problem("not_rounded_as_agreed", message, f"items[{index}].prices.total.{side.lower()}", total))
    return problems


def _allowances(request: DocumentRequest, terms: Terms, facts: Facts) -> list[Problem]:
    """An allowance or charge of the document is a percentage or an amount, on one side, of a tax that can be."""
    problems: list[Problem] = []
    if not request.allowances_charges:
        return problems
    bases = {item.tax_detail.calculation_basis for item in request.items}
    seen: set[str] = set()
    for index, entry in enumerate(request.allowances_charges):
        path = f"allowancesCharges[{index}]"
        if entry.ident in seen:
            problems.append(Problem("allowance_ident_repeated", "occurs more than once", f"{path}.ident", entry.ident))
        seen.add(entry.ident)
        if (entry.percentage is None) == (entry.amount is None):
            problems.append(Problem("allowance_not_determined", "has either percentage or amount", f"{path}.amount", entry.amount))
        if entry.amount is not None:
            _whole_units(request, entry.amount, f"{path}.amount", problems)
            if entry.tax is None and len(bases) > 1:
                message = "net and gross rows in one document: name the tax group of the amount, or give a percentage"
                problems.append(Problem("allowance_side_unclear", message, f"{path}.amount", entry.amount))
        if entry.percentage is not None and entry.type == "ALLOWANCE" and entry.percentage > 100:
            problems.append(Problem("allowance_above_whole", "is more than 100 %", f"{path}.percentage", entry.percentage))
        if entry.tax is not None and terms.left is None and not facts.repeats:
            (tax,) = complete((entry.tax,), terms.small_business, request.language)
            problems += tax_findings(tax, terms.small_business, f"{path}.tax")
    return problems


def _amounts(request: DocumentRequest, document_type: DocumentType, computed: Amounts, terms: Terms, facts: Facts) -> list[Problem]:
    """Sums within bounds, and no credit above what is left."""
    totals = computed.totals
    if computed.is_too_large():
        return [Problem("amount_too_large", "an amount of the document has more than 13 integral digits", "items", totals.gross)]
    problems: list[Problem] = []
    owed = totals.payable + sum([paid.amount for paid in request.prepaid], ZERO)
    # deposits are deducted, here or by whoever issued it first: more may have been received, and the surplus is a credit of the customer
    issued_so = document_type is DocumentType.INVOICE and owed >= 0 and (facts.imported or facts.repeats)
    is_final = terms.method is not None or issued_so
    if totals.gross < 0 and terms.method is None:
        message = "the document would be negative: issue a credit memo or correction instead"
        problems.append(Problem("document_total_negative", message, "items", totals.gross))
    elif totals.payable < 0 and not is_final:
        if owed >= 0:
            limit = worded(owed, request.currency)
            message = f"is more than the {limit} that are owed: only an invoice that deducts deposits may be negative"
            problems.append(Problem("payable_negative", message, "prepaid", owed - totals.payable))
        else:
            message = "vouchers, credits and rounding pay more than the document's gross"
            problems.append(Problem("payable_negative", message, "postTaxItems" if request.post_tax_items else "rounding", owed))
    if terms.left is not None:
        problems += credit_limits(request, document_type, computed, terms)
    return problems


def _parties(
    request: DocumentRequest, document_type: DocumentType, facts: Facts, categories: list[str], computed: Amounts | None
) -> list[Problem]:
    """The mandatory contents of seller and buyer."""
    ours, theirs = ("operatingSite", facts.site), ("customer", facts.customer)
    seller, buyer = (theirs, ours) if document_type in SELF_BILLING else (ours, theirs)
    # what takes a small invoice back is as small; the limit is in EUR
    eased = document_type in (DocumentType.INVOICE, DocumentType.CREDIT_MEMO) and request.currency == "EUR"
    small = eased and computed is not None and abs(computed.totals.gross) <= SMALL_AMOUNT
    problems = party_findings(seller, buyer, categories, small, facts.imported)
    known = {problem.field for problem in problems}
    return problems + [entry for entry in format_findings(request, document_type, facts, seller, buyer) if entry.field not in known]
