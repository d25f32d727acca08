"""What lies between a document's gross and its payable amount when it is issued, and which tax falls due by it. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from contor.documents.amounts import covered_by_deposits, ledger_groups, parts_of
from contor.documents.treatment.of_rows import by_treatment, group_shares, weights_of
from contor.documents.treatment.parts import converted, key_of, less, of_discounts, of_receipt, plus, shared, with_tax_due
from contor.documents.treatment.types import TaxPart
from contor.documents.types import OF_DEPOSITS, DepositDeduction, Document, DocumentType
from contor.kernel.money import ZERO, round_amount, split


class DueOnIssue(NamedTuple):
    """Where tax arises on receipt, what of a document's groups is settled by its issue; each parallel to them, or empty: nothing."""

    before: tuple[TaxPart, ...]
    """Reductions that a credit takes back, deposits of a group's own rate: they were taxed before."""
    due: tuple[TaxPart, ...]
    """Vouchers, prepayments, moved deposits, deposits of another rate: they pay now."""
    before_booked: tuple[TaxPart, ...]
    due_booked: tuple[TaxPart, ...]
    """Both in the ledger's currency."""

    @property
    def settled(self) -> tuple[tuple[TaxPart, ...], tuple[TaxPart, ...]]:
        """Before and now, in the document's and in the ledger's currency."""
        return plus(self.before, self.due), plus(self.before_booked, self.due_booked)


def due_on_issue(document: Document, groups: Sequence[TaxPart], at_issue: Mapping[str, tuple[Decimal, Decimal]]) -> DueOnIssue:
    """`at_issue`: `settled_at_issue`; agreed rounding (BT-114) is no money that came in.

    A deposit was taxed at its own rate when it came. What of it pays a supply at another one is due at that one now, and its own tax goes
    back: method FINAL takes it off what is due, by REMAINDER it is a group below zero, which is set off.
    Where nothing stays payable no receipt will come, so all that is left of each group is due now, be it only the cent of tax that
    rounding left of a credit whose gross a reduction used up.
    """
    currency, ledger, is_last = document.currency, document.ledger, not document.totals.payable
    is_deposit = document.document_type is DocumentType.DEPOSIT_INVOICE
    before, before_booked = of_discounts(document, groups), of_discounts(document, groups, booked=True)
    paying = [at_issue[key] for key in ("VOUCHERS", "PREPAID", "MOVED") if key in at_issue]
    if "DEPOSITS" in at_issue:
        own, own_booked = _of_own_rate(document, groups)
        before, before_booked = plus(before, own), plus(before_booked, own_booked)
        deposits, in_ledger = at_issue["DEPOSITS"]
        paying.append((deposits - _gross_of(own), in_ledger - _gross_of(own_booked)))
    paid = sum((amount for amount, _ in paying), ZERO)
    signs = {part.gross > 0 for part in less(groups, before) if part.gross}
    if not paid and (is_deposit or not (is_last or len(signs) > 1)):
        return DueOnIssue(before, (), before_booked, ())
    due = of_receipt(groups, before, paid, currency, is_last=is_last)
    if ledger is None:
        return DueOnIssue(before, due, before_booked, due)
    due_booked = converted(due, sum((in_ledger for _, in_ledger in paying), ZERO), ledger.currency)
    # the tax of a deposit is booked as it is received, nothing was booked with the invoice
    if taxes := () if is_deposit else booked_tax(document):
        due_booked = with_tax_due(due_booked, taxes, groups, plus(before, due), before_booked, ledger.currency)
    return DueOnIssue(before, due, before_booked, due_booked)


def _of_own_rate(document: Document, groups: Sequence[TaxPart]) -> tuple[tuple[TaxPart, ...], tuple[TaxPart, ...]]:
    """What deposits paid of the groups at their own rate (method FINAL), in the document's and in the ledger's currency."""
    received, booked = covered_by_deposits(document)
    ledger_currency = document.currency if document.ledger is None else document.ledger.currency
    return shared(groups, received, document.currency), shared(groups, booked, ledger_currency)


def deducted_before(document: Document, groups: Sequence[TaxPart]) -> tuple[tuple[TaxPart, ...], tuple[TaxPart, ...]]:
    """What a final invoice deducts as rows of its own (method REMAINDER), in the document's and in the ledger's currency, parallel to its
    groups; empty: nothing."""
    if document.final_invoice_method != "REMAINDER" or not document.deposits or document.sign < 0:
        return (), ()
    parts = _of_deposits(document.deposits, groups, document.currency)
    ledger = document.ledger
    if ledger is None:
        return parts, parts
    if ledger.deposits:
        return parts, _of_deposits(ledger.deposits, groups, ledger.currency)
    return parts, converted(parts, round_amount(_gross_of(parts) / ledger.exchange_rate.rate, ledger.currency), ledger.currency)


def _of_deposits(deposits: Sequence[DepositDeduction], groups: Sequence[TaxPart], currency: str) -> tuple[TaxPart, ...]:
    received = parts_of(part for it in deposits for part in it.groups)
    found = shared(groups, received, currency)
    return tuple(part if key_of(part) in received else nothing for part, nothing in zip(found, less(groups, groups), strict=True))


def _gross_of(parts: Iterable[TaxPart]) -> Decimal:
    return sum((part.gross for part in parts), ZERO)


def booked_tax(document: Document) -> tuple[Decimal, ...]:
    """The tax of each of `tax_parts` as it was booked, together that of the document; empty in the ledger's own currency."""
    ledger = document.ledger
    if ledger is None:
        return ()
    shares = group_shares(document)
    # several taxes on one base are posted as one
    taxes = [it.tax for it in ledger_groups(document, ledger)] if len(shares) == len(document.taxes) else [ledger.tax]
    found: list[Decimal] = []
    for entry, tax in zip(shares, taxes, strict=True):
        nets = by_treatment(entry)
        found += split(tax, weights_of(nets), ledger.currency) if len(nets) > 1 else [tax]
    return tuple(found)


def settled_at_issue(document: Document) -> dict[str, tuple[Decimal, Decimal]]:
    """Amounts that lie between gross (BT-112) and payable (BT-115), each in the document's and in the ledger's currency.

    Keys: DEPOSITS (received, method FINAL), MOVED (payments of corrected deposit invoices, method REVERSAL), VOUCHERS (post-tax
    items), PREPAID, DISCOUNTS (reductions that a credit takes back), ROUNDING (negative when BT-114 is positive), EXCHANGE (what
    conversion leaves in the ledger's currency alone, where nothing stays payable). Gross less their sum is the payable amount.
    """
    amounts: dict[str, Decimal] = {}
    ledger = document.ledger
    if not (document.deposits or document.post_tax_items or document.prepaid or document.discounts or document.totals.rounding):
        if document.totals.gross != document.totals.payable:
            raise ValueError(f"{document.ident}: nothing explains why the payable amount is not the gross")
        if ledger is None or document.totals.payable or not ledger.gross:
            return {}
    if document.deposits and document.final_invoice_method == "FINAL":
        amounts["DEPOSITS"] = sum((group.gross for deposit in document.deposits for group in deposit.groups), ZERO)
    if document.post_tax_items:
        amounts["VOUCHERS"] = -sum((item.amount for item in document.post_tax_items), ZERO)
    moved = {related.ident for related in document.related if related.document_type in OF_DEPOSITS}
    for payment in document.prepaid:
        key = "MOVED" if document.final_invoice_method == "REVERSAL" and payment.reference in moved else "PREPAID"
        amounts[key] = amounts.get(key, ZERO) + payment.amount
    if document.discounts:
        amounts["DISCOUNTS"] = sum((it.gross for it in document.discounts), ZERO)
    if document.totals.rounding:
        amounts["ROUNDING"] = -document.totals.rounding
    if sum(amounts.values(), ZERO) != document.totals.gross - document.totals.payable:
        raise ValueError(f"{document.ident}: gross less prepaid plus rounding is not the payable amount")
    if ledger is None:
        return {key: (amount, amount) for key, amount in amounts.items()}
    in_ledger = {key: round_amount(amount / ledger.exchange_rate.rate, ledger.currency) for key, amount in amounts.items()}
    if document.discounts:  # as they were booked
        in_ledger["DISCOUNTS"] = sum((it.ledger_gross for it in document.discounts), ZERO)
    fixed = {"DISCOUNTS"}
    for key in ("DEPOSITS", "MOVED"):
        if key in amounts and ledger.deposits:
            in_ledger[key] = sum((part.gross for deposit in ledger.deposits for part in deposit.groups), ZERO)
            fixed.add(key)
    if not document.totals.payable and (
        rest := ledger.gross - sum(in_ledger.values(), ZERO)
    ):  # nothing stays open in either currency
        last = next((key for key in reversed(amounts) if key not in fixed), "EXCHANGE")
        amounts.setdefault(last, ZERO)
        in_ledger[last] = in_ledger.get(last, ZERO) + rest
    return {key: (amount, in_ledger[key]) for key, amount in amounts.items()}
