"""Dividing an amount over a document's tax groups: for a receipt that is taxed, and for a decision that corrects tax. Pure.

Both divide by gross with largest remainder. A receipt takes tax in the proportion of the document (section 13 (1) no. 1
lit. a sentence 4 UStG), the last one the rest; a decision takes out the tax contained at the group's rate (section 17 UStG).
"""

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from contor.documents.amounts import GroupAmounts, GroupKey, group_key, ledger_groups, tax_of_part
from contor.documents.treatment.of_rows import tax_parts
from contor.documents.treatment.types import TaxPart, Treatment
from contor.documents.types import Discount, Document, TaxGroup
from contor.kernel.money import ZERO, round_amount, split, tax_in_gross


def of_receipt(
    groups: Sequence[TaxPart], settled: Sequence[TaxPart], amount: Decimal, currency: str, *, is_last: bool
) -> tuple[TaxPart, ...]:
    """What a receipt of `amount` (gross) taxes, parallel to `groups`. `settled` is the sum of the earlier receipts, or empty.

    What is below zero among what is above (a deposit of another rate that a final invoice deducts, a return beside a sale) is set off
    first: it pays the others, and no receipt is less in one group because of another. The last receipt takes what the earlier ones left
    of each group (worked example 3b), so the sum is the document's tax.
    """
    open_parts = less(groups, settled)
    if is_last:
        return open_parts
    sign = -1 if sum((part.gross for part in open_parts), ZERO) < 0 else 1
    set_off = [part.gross if sign * part.gross < 0 else ZERO for part in open_parts]
    asked = [part.gross - own for part, own in zip(open_parts, set_off, strict=True)]
    amount = min(sign * (amount - sum(set_off, ZERO)), sign * sum(asked, ZERO)) * sign
    received = []
    for group, left, own, share in zip(groups, open_parts, set_off, split(amount, asked, currency), strict=True):
        gross = own or share
        tax = _tax_of_share(group, left, gross, currency)
        received.append(dataclasses.replace(group, net=gross - tax, tax=tax, gross=gross))
    return tuple(received)


def _tax_of_share(group: TaxPart, left: TaxPart, gross: Decimal, currency: str) -> Decimal:
    whole = group if group.gross else left  # nothing is left of the group, but what went back of it is taxed no more
    return tax_of_part(whole.tax, whole.gross, GroupAmounts(left.net, left.tax, left.gross), gross, currency) if gross else ZERO


def of_decision(supplied: Sequence[TaxPart], amount: Decimal, currency: str) -> tuple[TaxPart, ...]:
    """`amount` (gross) over what was `supplied` in each group, and the tax contained in each part: part x rate / (100 + rate) (worked
    example 6).

    What is below zero among what is above (a return beside a sale) has no part: it was set off, which is payment, and to reduce the
    price of a supply never raises the tax of another (section 17 (1) UStG). So no part has the other sign, and none is larger than its
    group. A part that is the whole group takes the group's own tax. Groups without a part are left out.
    """
    # what is kept of an overpayment is below zero, whatever the document is
    sign = -1 if amount < 0 and sum((group.gross for group in supplied), ZERO) < 0 else 1
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
            own = abs(tax_in_gross(gross, group.rate, currency)) if group.tax else ZERO
            # what earlier ones left of tax and net is not exceeded, by no cent of rounding
            rest, left = abs(group.gross) - abs(gross), abs(group.tax)
            tax = min(max(own, left - rest), left).copy_sign(gross) if rest > 0 else own.copy_sign(gross)
        found.append(dataclasses.replace(group, net=gross - tax, tax=tax, gross=gross))
    return tuple(found)


def of_return(settled: Sequence[TaxPart], amount: Decimal, currency: str) -> tuple[TaxPart, ...]:
    """What returning `amount` of a received deposit takes back, negative and parallel to `settled` (posting table row 14)."""
    whole = sum((part.gross for part in settled), ZERO)
    nothing = tuple(_zero(part) for part in settled)
    return negated(of_receipt(settled, nothing, amount, currency, is_last=amount == whole))


def to_rows_left(owed: Sequence[TaxPart], taxed: Sequence[TaxPart], currency: str) -> tuple[TaxPart, ...]:
    """What was `taxed` of rows that are not `owed` any more and pays the others, together nothing; parallel to both. What is taxed within
    what is owed stays as it came; what nothing is left for stays too, until it is paid back. Empty: nothing moves."""
    left = less(owed, taxed)
    # what was set off only, without money, is not taxed beyond anything
    beyond = [part if part.gross < 0 < so_far.gross else _zero(part) for part, so_far in zip(left, taxed, strict=True)]
    room = [part if part.gross > 0 else _zero(part) for part in left]
    most, open_amount = (abs(sum((part.gross for part in parts), ZERO)) for parts in (beyond, room))
    amount = min(most, open_amount)
    if not amount:
        return ()
    off = of_receipt(beyond, (), -amount, currency, is_last=amount == most)
    return plus(off, of_receipt(room, (), amount, currency, is_last=amount == open_amount))


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
        # the cent of several receipts has no tax of the document
        done, whole = (so_far.tax, group.tax) if group.tax else (so_far.gross, group.gross)
        tax = round_amount(booked[at] * done / whole, currency) if whole else ZERO
        tax -= before[at].tax if before else ZERO
        result.append(dataclasses.replace(part, net=part.gross - tax, tax=tax))
    return tuple(result)


def price_reduction(memo: Document, taken: Mapping[GroupKey, GroupAmounts]) -> tuple[Discount, ...]:
    """By what a credit memo reduced the price of a supply: what it has `taken` of the tax groups of that document."""
    parts, found = tax_parts(memo), []
    own = {key: taken[key] for key in map(key_of, parts) if key in taken}
    booked = dict(zip(map(_key_of_group, memo.taxes), ledger_groups(memo, memo.ledger), strict=True)) if memo.ledger else {}
    whole = {_key_of_group(group): group for group in memo.taxes}
    for part in shared(parts, own, memo.currency):
        key, tax, gross = key_of(part), part.tax, part.gross
        if memo.ledger and key in booked and whole[key].gross:
            share = gross / whole[key].gross
            tax = round_amount(booked[key].tax * share, memo.ledger.currency)
            gross = round_amount(booked[key].gross * share, memo.ledger.currency)
        if key in own and part.gross:
            found.append(as_discount(part, "PRICE_REDUCTION", tax, gross))
    return tuple(found)


def as_discount(part: TaxPart, decision: str, ledger_tax: Decimal, ledger_gross: Decimal) -> Discount:
    """A part by which a price was reduced, as documents keep it."""
    return Discount(
        decision=decision,
        treatment=part.treatment,
        category_code=part.category_code,
        rate=part.rate,
        net=part.net,
        tax=part.tax,
        gross=part.gross,
        ledger_tax=ledger_tax,
        ledger_gross=ledger_gross,
        country=part.country,
    )


def _key_of_group(group: TaxGroup) -> GroupKey:
    return group_key(group.category_code, group.rate, None, None, False)


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


def shared(parts: Sequence[TaxPart], amounts: Mapping[GroupKey, GroupAmounts], currency: str) -> tuple[TaxPart, ...]:
    """The parts with these amounts of their groups; a group of several treatments is divided as it was, by their size."""
    found = list(parts)
    for key, whole in amounts.items():
        at = [n for n, part in enumerate(parts) if key_of(part) == key]
        weights = [abs(parts[n].gross) for n in at]
        for n, net, tax in zip(at, split(whole.net, weights, currency), split(whole.tax, weights, currency), strict=True):
            found[n] = dataclasses.replace(parts[n], net=net, tax=tax, gross=net + tax)
    return tuple(found)


def key_of(part: TaxPart) -> GroupKey:
    return group_key(part.category_code, part.rate, None, None, False)


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
