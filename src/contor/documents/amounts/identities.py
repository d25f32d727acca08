"""The identities that hold for every issued document, recomputed from the frozen value. Pure.

The official rules are no tax check: they tolerate 1.00 (BR-CO-17, BR-S-09). Contor's own check is exact for NET and within the
smallest unit for GROSS and for credits, which share the rounding of their original (accounting reference 1.4). Where received deposits
are deducted, the tax of the rest is that of the whole less what was taxed at receipt (accounting reference, amendment a).
"""

from collections.abc import Iterator
from decimal import ROUND_FLOOR, Decimal

from contor.documents.amounts.credits import NOTHING, GroupAmounts, GroupKey, group_key, has_several_taxes, own_amounts
from contor.documents.amounts.stated import LARGEST_DIFFERENCE, stated_vat
from contor.documents.types import Document, TaxGroup
from contor.kernel.money import HUNDRED, ZERO, is_amount, quantum, round_amount
from contor.kernel.shapes import replace


def amount_errors(document: Document) -> list[str]:
    """Every identity that does not hold, as a sentence; empty for a sound document."""
    return [
        *_total_errors(document),
        *_row_errors(document),
        *_group_errors(document),
        *_ledger_errors(document),
        *_correction_errors(document),
    ]


def _unequal(name: str, found: Decimal, expected: Decimal) -> Iterator[str]:
    if found != expected:
        yield f"{name} is {found}, expected {expected}"


def _total_errors(document: Document) -> Iterator[str]:
    """BR-CO-10 to BR-CO-16."""
    totals, parts = document.totals, document.allowances_charges
    yield from _unequal("sum of rows (BR-CO-10)", totals.lines, sum((item.total.net for item in document.items), ZERO))
    allowances = sum((part.net for part in parts if part.type == "ALLOWANCE"), ZERO)
    yield from _unequal("sum of allowances (BR-CO-11)", totals.allowances, allowances)
    charges = sum((part.net for part in parts if part.type == "CHARGE"), ZERO)
    yield from _unequal("sum of charges (BR-CO-12)", totals.charges, charges)
    yield from _unequal("net (BR-CO-13)", totals.net, totals.lines - totals.allowances + totals.charges)
    yield from _unequal("tax (BR-CO-14)", totals.tax, sum((group.amount for group in document.taxes), ZERO))
    yield from _unequal("gross (BR-CO-15)", totals.gross, totals.net + totals.tax)
    yield from _unequal("payable (BR-CO-16)", totals.payable, totals.gross - totals.prepaid + totals.rounding)
    prepaid = sum((paid.amount for paid in document.prepaid), ZERO) - sum((item.amount for item in document.post_tax_items), ZERO)
    # REMAINDER deducts by rows, REVERSAL has moved the payments into `prepaid`
    if document.final_invoice_method == "FINAL":
        prepaid += sum((group.gross for deposit in document.deposits for group in deposit.groups), ZERO)
    prepaid += sum((discount.gross for discount in document.discounts), ZERO)
    yield from _unequal("prepaid (BT-113)", totals.prepaid, prepaid)
    for name in ("lines", "allowances", "charges", "net", "tax", "gross", "prepaid", "rounding", "payable"):
        if not is_amount(getattr(totals, name), document.currency):
            yield f"totals.{name} {getattr(totals, name)} is no amount of {document.currency}"


def _correction_errors(document: Document) -> Iterator[str]:
    """What a credit says that it corrects: before less after is the credit, of each row and of the whole."""
    correction = document.correction
    if correction is None:
        return
    totals, rows = document.totals, {item.position: item for item in document.items}
    for name in ("net", "tax", "gross"):
        taken = getattr(correction.before, name) - getattr(correction.after, name)
        yield from _unequal(f"corrected {name}", taken, getattr(totals, name))
        for row in correction.rows:
            taken = getattr(row.before.total, name) - getattr(row.after.total, name)
            item = rows.get(row.position)
            if item is None:
                yield f"there is no row {row.position}, of which it says what was before"
            else:
                yield from _unequal(f"row {item.ident}: corrected {name}", taken, getattr(item.total, name))


def _row_errors(document: Document) -> Iterator[str]:
    for item in document.items:
        for name, sides in (("total", item.total), ("original total", item.original_total)):
            yield from _unequal(f"row {item.ident}: gross of its {name}", sides.gross, sides.net + sides.tax)
            if not is_amount(sides.net, document.currency) or not is_amount(sides.gross, document.currency):
                yield f"row {item.ident}: {name} {sides.net} / {sides.gross} is no amount of {document.currency}"
        if item.is_credit != (item.total.gross < 0) and item.total.gross:  # an amount of nothing has no sign
            yield f"row {item.ident}: its sign contradicts its debit or credit"
        if item.unit.net < 0 or item.unit.gross < 0:
            yield f"row {item.ident}: negative price (BR-27)"


def _sums(document: Document, several: bool) -> dict[GroupKey, GroupAmounts]:
    """Net, tax and gross of rows and allowances per tax group."""
    found: dict[GroupKey, GroupAmounts] = {}

    def add(key: GroupKey, net: Decimal, tax: Decimal, gross: Decimal) -> None:
        before = found.get(key, GroupAmounts(ZERO, ZERO, ZERO))
        found[key] = GroupAmounts(before.net + net, before.tax + tax, before.gross + gross)

    for item in document.items:
        for tax in item.taxes:
            key = group_key(tax.category_code or "S", tax.rate, tax.code, tax.name, several)
            add(key, item.total.net, item.total.tax, item.total.gross)
    for part in document.allowances_charges:
        sign = -1 if part.type == "ALLOWANCE" else 1
        for group in document.taxes:
            if (group.category_code, group.rate) == (part.category_code, part.rate):
                key = group_key(group.category_code, group.rate, group.code, group.name, several)
                add(key, sign * part.net, sign * part.tax, sign * part.gross)
                break
    return found


def _group_errors(document: Document) -> Iterator[str]:
    """Base = its rows; NET tax = base x rate; GROSS gross = its rows, tax within the smallest unit."""
    several = has_several_taxes(document)
    sums = _sums(document, several)
    for group in document.taxes:
        name = f"group {group.category_code} {group.rate} %"
        key = group_key(group.category_code, group.rate, group.code, group.name, several)
        rows = sums.pop(key, GroupAmounts(ZERO, ZERO, ZERO))
        yield from _unequal(f"{name}: gross", group.gross, group.base + group.amount)
        yield from _unequal(f"{name}: base (BR-{group.category_code}-08)", group.base, rows.net)
        if group.basis == "GROSS" and not several:
            yield from _unequal(f"{name}: agreed gross", group.gross, rows.gross)
        yield from _tax_errors(document, group, name)
    for key in sums:
        yield f"rows of {key} have no tax group"


def _deducted(document: Document, group: TaxGroup) -> GroupAmounts:
    """What a final invoice of method REMAINDER deducts in this group."""
    if document.final_invoice_method != "REMAINDER":
        return NOTHING
    parts = [
        part
        for deposit in document.deposits
        for part in deposit.groups
        if (part.category_code, part.rate) == (group.category_code, group.rate)
    ]
    net, tax = sum((part.net for part in parts), ZERO), sum((part.tax for part in parts), ZERO)
    return GroupAmounts(net, tax, net + tax) if parts else NOTHING


def _tax_errors(document: Document, group: TaxGroup, name: str) -> Iterator[str]:
    deducted = _deducted(document, group)
    if deducted is not NOTHING:
        whole = replace(
            group, base=group.base + deducted.net, amount=group.amount + deducted.tax, gross=group.gross + deducted.gross
        )
        if not any(_tax_errors_alone(document, whole, name)):
            return  # documents issued before that was the rule have the tax of the rest alone
    yield from _tax_errors_alone(document, group, name)


def _tax_errors_alone(document: Document, group: TaxGroup, name: str) -> Iterator[str]:
    expected = round_amount(group.base * group.rate / HUNDRED, document.currency)
    # GROSS: the tax is exact for the gross; seen from the net, half a unit of rounding grows with the rate. A credit may be moved
    # by another unit, by what the credits before it have left over.
    whole = Decimal(0)
    if document.sign < 0 and document.related:
        whole = (2 + 3 * group.rate / (2 * HUNDRED)).to_integral_value(ROUND_FLOOR) * len(document.related)
    elif group.basis == "GROSS":
        whole = (1 + group.rate / (2 * HUNDRED)).to_integral_value(ROUND_FLOOR)
    tolerance = whole * quantum(document.currency)
    stated = stated_vat(document.properties).get((group.category_code, group.rate)) if document.properties else None
    if stated is not None and abs(stated - expected) < LARGEST_DIFFERENCE:
        if group.amount == stated:
            return
        if document.sign < 0:  # the last of several credits takes what the rounding of the original has left
            tolerance += LARGEST_DIFFERENCE
    if abs(group.amount - expected) > tolerance:
        yield f"{name}: tax is {group.amount}, expected {expected}" + (f" within {tolerance}" if tolerance else "")
    # a credit takes rests, several taxes are shares of one sum: neither is computed by itself
    if group.basis == "GROSS" and document.sign > 0 and not has_several_taxes(document):
        own = own_amounts(group.gross, group.rate, "GROSS", document.currency)
        yield from _unequal(f"{name}: tax in gross", group.amount, own.tax)


def _ledger_errors(document: Document) -> Iterator[str]:
    """BT-111: each tax amount converted and rounded, and the gross. What was received before keeps its own rate; a credit takes its part of
    what was booked, at whatever rates that was."""
    ledger = document.ledger
    if ledger is None:
        return
    if not ledger.deposits and not (document.sign < 0 and document.related):
        rate = ledger.exchange_rate.rate
        tax = sum((round_amount(group.amount / rate, ledger.currency) for group in document.taxes), ZERO)
        yield from _unequal(f"tax in {ledger.currency} (BT-111)", ledger.tax, tax)
        yield from _unequal(
            f"gross in {ledger.currency}", ledger.gross, round_amount(document.totals.gross / rate, ledger.currency)
        )
    elif document.final_invoice_method in ("REMAINDER", "FINAL") and (rest := _rest(document)) >= 0:
        booked = round_amount(rest / ledger.exchange_rate.rate, ledger.currency)
        if document.final_invoice_method == "FINAL":
            booked += sum((part.gross for deposit in ledger.deposits for part in deposit.groups), ZERO)
        yield from _unequal(f"gross in {ledger.currency}", ledger.gross, booked)
    if ledger.groups:
        yield from _unequal(f"tax in {ledger.currency} of the groups", sum((it.tax for it in ledger.groups), ZERO), ledger.tax)
        yield from _unequal(
            f"gross in {ledger.currency} of the groups", sum((it.gross for it in ledger.groups), ZERO), ledger.gross
        )


def _rest(document: Document) -> Decimal:
    """What a final invoice asks for beyond the deposits."""
    received = sum((part.gross for deposit in document.deposits for part in deposit.groups), ZERO)
    return document.totals.gross - (received if document.final_invoice_method == "FINAL" else ZERO)
