"""Dividing an amount over a document's tax groups: for a receipt that is taxed, and for a decision that corrects tax. Pure.

Both divide by gross with largest remainder. A receipt takes tax in the proportion of the document (section 13 (1) no. 1
lit. a sentence 4 UStG), the last one the rest; a decision takes out the tax contained at the group's rate (section 17 UStG).
"""

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from contor.documents.amounts import ledger_groups, window
from contor.documents.treatment.of_rows import by_treatment, group_shares, weights_of
from contor.documents.treatment.types import TaxPart, Treatment
from contor.documents.types import OF_DEPOSITS, Discount, Document, DocumentType
from contor.kernel.money import ZERO, round_amount, split, tax_in_gross


def of_receipt(
    groups: Sequence[TaxPart], settled: Sequence[TaxPart], amount: Decimal, currency: str, *, is_last: bool
) -> tuple[TaxPart, ...]:
    """What a receipt of `amount` (gross) taxes, parallel to `groups`. `settled` is the sum of the earlier receipts, or empty.

    The last receipt takes what the earlier ones left of each group (worked example 3b), so the sum is the document's tax.
    """
    open_parts = less(groups, settled)
    if is_last:
        return open_parts
    shares = split(amount, [part.gross for part in open_parts], currency)
    received = []
    for group, left, gross in zip(groups, open_parts, shares, strict=True):
        tax = left.tax if gross == left.gross else _tax_of_share(group, left, gross, currency)
        received.append(dataclasses.replace(group, net=gross - tax, tax=tax, gross=gross))
    return tuple(received)


def _tax_of_share(group: TaxPart, left: TaxPart, gross: Decimal, currency: str) -> Decimal:
    """The tax in `gross` of what is `left` of a group, in the group's proportion; kept so that the rounding of many receipts does
    not pile up in the last one. The same rule as `amounts.deposits.receipt`, which says what a final invoice deducts."""
    sign = -1 if group.tax < 0 else 1
    own = sign * round_amount(gross * group.tax / group.gross, currency)
    of_rest = sign * round_amount((left.gross - gross) * group.tax / group.gross, currency)
    low, high = window(sign * left.tax, of_rest, currency)
    return sign * min(max(own, low), high)


def of_decision(supplied: Sequence[TaxPart], amount: Decimal, currency: str) -> tuple[TaxPart, ...]:
    """`amount` (gross) over what was `supplied` in each group, and the tax contained in each part: part x rate / (100 + rate) (worked
    example 6).

    What is below zero among what is above (a return beside a sale) has no part: it was set off, which is payment, and to reduce the
    price of a supply never raises the tax of another (section 17 (1) UStG). So no part has the other sign, and none is larger than its
    group. A part that is the whole group takes the group's own tax. Groups without a part are left out.
    """
    sign = -1 if sum((group.gross for group in supplied), ZERO) < 0 else 1
    weights = [max(ZERO, sign * group.gross) for group in supplied]
    found = []
    for group, gross in zip(supplied, split(amount, weights, currency), strict=True):
        if not gross:
            continue
        if gross == group.gross:
            tax = group.tax
        elif group.treatment is Treatment.OTHER_TAX:  # several taxes in one: no single rate is contained in the gross
            tax = round_amount(gross * group.tax / group.gross, currency)
        else:
            tax = tax_in_gross(gross, group.rate, currency) if group.tax else ZERO
        found.append(dataclasses.replace(group, net=gross - tax, tax=tax, gross=gross))
    return tuple(found)


def of_return(settled: Sequence[TaxPart], amount: Decimal, currency: str) -> tuple[TaxPart, ...]:
    """What returning `amount` of a received deposit takes back, negative and parallel to `settled` (posting table row 14)."""
    whole = sum((part.gross for part in settled), ZERO)
    nothing = tuple(_zero(part) for part in settled)
    return negated(of_receipt(settled, nothing, amount, currency, is_last=amount == whole))


def converted(parts: Sequence[TaxPart], ledger_gross: Decimal, currency: str) -> tuple[TaxPart, ...]:
    """`parts` in the ledger's `currency`, together exactly `ledger_gross`; each tax in the proportion of its part."""
    shares = split(ledger_gross, [part.gross for part in parts], currency)
    result = []
    for part, gross in zip(parts, shares, strict=True):
        tax = round_amount(gross * part.tax / part.gross, currency) if part.gross else ZERO
        result.append(dataclasses.replace(part, net=gross - tax, tax=tax, gross=gross))
    return tuple(result)


def with_tax_due(
    found: Sequence[TaxPart],
    booked: Sequence[Decimal],
    groups: Sequence[TaxPart],
    settled: Sequence[TaxPart],
    before: Sequence[TaxPart],
    currency: str,
) -> tuple[TaxPart, ...]:
    """`found`, in the ledger's `currency`, with the tax that falls due by it: what of the `booked` tax of `groups` is due once `settled`
    is, converted as a whole, less what fell due `before` (empty: nothing). So all of it is due once all is settled, whatever the parts."""
    result = []
    for at, (part, group, so_far) in enumerate(zip(found, groups, settled, strict=True)):
        tax = round_amount(booked[at] * so_far.tax / group.tax, currency) if group.tax else ZERO
        tax -= before[at].tax if before else ZERO
        result.append(dataclasses.replace(part, net=part.gross - tax, tax=tax))
    return tuple(result)


def along(groups: Sequence[TaxPart], parts: Iterable[TaxPart]) -> tuple[TaxPart, ...]:
    """The parts in the order of the groups; a group that has none takes nothing."""
    found = {(part.treatment, part.category_code, part.rate, part.country): part for part in parts}
    return tuple(found.get((group.treatment, group.category_code, group.rate, group.country)) or _zero(group) for group in groups)


def plus(left: Sequence[TaxPart], right: Sequence[TaxPart]) -> tuple[TaxPart, ...]:
    """The sum of two parallel rows of parts; an empty one counts as nothing."""
    if not left or not right:
        return tuple(left or right)
    return tuple(
        dataclasses.replace(a, net=a.net + b.net, tax=a.tax + b.tax, gross=a.gross + b.gross)
        for a, b in zip(left, right, strict=True)
    )


def less(left: Sequence[TaxPart], right: Sequence[TaxPart]) -> tuple[TaxPart, ...]:
    """`left` minus `right`, parallel."""
    return plus(left, negated(right))


def negated(parts: Iterable[TaxPart]) -> tuple[TaxPart, ...]:
    return tuple(dataclasses.replace(part, net=-part.net, tax=-part.tax, gross=-part.gross) for part in parts)


def _zero(part: TaxPart) -> TaxPart:
    return dataclasses.replace(part, net=ZERO, tax=ZERO, gross=ZERO)


# --- what is settled when a document is issued --------------------------------------------------------------------------------


def of_discounts(document: Document, groups: Sequence[TaxPart], *, booked: bool = False) -> tuple[TaxPart, ...]:
    """The reductions that a credit takes back, parallel to its `groups`; empty: there are none. `booked`: in the ledger's currency."""
    return reductions(document.discounts, groups, booked=booked) if document.discounts else ()


def reductions(decided: Sequence[Discount], groups: Sequence[TaxPart], *, booked: bool = False) -> tuple[TaxPart, ...]:
    """What was decided off each of the groups, parallel to them. `booked`: in the ledger's currency."""
    found = []
    for group in groups:
        key = (group.treatment, group.category_code, group.rate, group.country)
        same = [it for it in decided if (it.treatment, it.category_code, it.rate, it.country) == key]
        tax = sum((it.ledger_tax if booked else it.tax for it in same), ZERO)
        gross = sum((it.ledger_gross if booked else it.gross for it in same), ZERO)
        found.append(dataclasses.replace(group, net=gross - tax, tax=tax, gross=gross))
    return tuple(found)


class DueOnIssue(NamedTuple):
    """Where tax arises on receipt, what of a document's groups is settled by its issue; each parallel to them, or empty: nothing."""

    before: tuple[TaxPart, ...]
    """Reductions that a credit takes back, deposits: they were taxed before."""
    due: tuple[TaxPart, ...]
    """Vouchers, prepayments, moved deposits: they pay now."""
    before_booked: tuple[TaxPart, ...]
    due_booked: tuple[TaxPart, ...]
    """Both in the ledger's currency."""

    @property
    def settled(self) -> tuple[tuple[TaxPart, ...], tuple[TaxPart, ...]]:
        """Before and now, in the document's and in the ledger's currency."""
        return plus(self.before, self.due), plus(self.before_booked, self.due_booked)


def due_on_issue(document: Document, groups: Sequence[TaxPart], at_issue: Mapping[str, tuple[Decimal, Decimal]]) -> DueOnIssue:
    """`at_issue`: `settled_at_issue`; agreed rounding (BT-114) is no money that came in.

    Where nothing stays payable no receipt will come, so all that is left of each group is due now, be it only the cent of tax that
    rounding left of a credit whose gross a reduction used up.
    """
    currency, ledger, is_last = document.currency, document.ledger, not document.totals.payable
    is_deposit = document.document_type is DocumentType.DEPOSIT_INVOICE
    before, before_booked = of_discounts(document, groups), of_discounts(document, groups, booked=True)
    deposits, of_deposits = at_issue.get("DEPOSITS", (ZERO, ZERO))
    if deposits:
        received = of_receipt(groups, before, deposits, currency, is_last=False)
        before = plus(before, received)
        before_booked = plus(before_booked, received if ledger is None else converted(received, of_deposits, ledger.currency))
    paying = [at_issue[key] for key in ("VOUCHERS", "PREPAID", "MOVED") if key in at_issue]
    paid = sum((amount for amount, _ in paying), ZERO)
    if not paid and (not is_last or is_deposit):
        return DueOnIssue(before, (), before_booked, ())
    due = of_receipt(groups, before, paid, currency, is_last=is_last)
    if ledger is None:
        return DueOnIssue(before, due, before_booked, due)
    due_booked = converted(due, sum((in_ledger for _, in_ledger in paying), ZERO), ledger.currency)
    # the tax of a deposit is booked as it is received, nothing was booked with the invoice
    if taxes := () if is_deposit else booked_tax(document):
        due_booked = with_tax_due(due_booked, taxes, groups, plus(before, due), before_booked, ledger.currency)
    return DueOnIssue(before, due, before_booked, due_booked)


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
    if not (document.deposits or document.post_tax_items or document.prepaid or document.discounts or document.totals.rounding):
        if document.totals.gross != document.totals.payable:
            raise ValueError(f"{document.ident}: nothing explains why the payable amount is not the gross")
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
    ledger = document.ledger
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
