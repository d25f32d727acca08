"""Allowances and charges of a whole document: what of them falls on each tax group (BG-20, BG-21; accounting reference 1.8). Pure."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from contor.documents.amounts.credits import Left
from contor.documents.amounts.groups import Bundle, Bundles
from contor.documents.amounts.rows import Place, sides_of
from contor.documents.amounts.terms import Terms
from contor.documents.exemptions import complete
from contor.documents.types import AmountSides, DocumentAllowanceCharge, DocumentRequest, RequestedAllowanceCharge, Tax
from contor.kernel.money import HUNDRED, ZERO, quantum, round_amount, split


class _Share(NamedTuple):
    """The part of an allowance or charge that falls on one tax group, signed."""

    requested: RequestedAllowanceCharge
    bundle: Bundle
    value: Decimal


def allowance_parts(request: DocumentRequest, bundles: Bundles, terms: Terms) -> list[tuple[RequestedAllowanceCharge, Place]]:
    """The allowances and charges of the document, each split over the tax groups or in the one it names."""
    shares: list[_Share] = []
    with_rows = list(bundles.by_key.values())
    for requested in request.allowances_charges:
        sign = -1 if requested.type == "ALLOWANCE" else 1
        if requested.tax is None:
            split_up = _split_over(requested, with_rows, request.currency)
        else:
            taxes = complete((requested.tax,), terms.small_business, request.language, terms.stated is not None)
            split_up = [_in_one_group(requested, taxes, with_rows, bundles)]
        shares += [_Share(requested, bundle, sign * share) for bundle, share in split_up]
    left = terms.left
    if left is not None and left.document.allowances_charges and not (left.several_taxes or bundles.several):
        taken = _taken(request, left)
        for bundle in with_rows:
            _take_the_rest(shares, bundle, left, taken)
    found = []
    for at, (requested, bundle, value) in enumerate(shares):
        # a part of zero is left out, unless all of them are
        if value or (requested.tax or not any(it.requested is requested and (it.value or n < at) for n, it in enumerate(shares))):
            bundle.values.append(value)
            found.append((requested, Place(bundle, len(bundle.values) - 1, bundle.taxes)))
    return found


def _take_the_rest(shares: list[_Share], bundle: Bundle, left: Left, taken: Mapping[str, Decimal]) -> None:
    """Of a credit: its percentages take so much of a tax group as its rows and its sum have left between them, in proportion to the rows
    that are credited; all of it, when they are used up. So the cents that each credit would round for itself add up to those of the
    original (accounting reference 1.10). `taken`: what it takes of each row.

    Percentages that the original does not say, and amounts, are taken as they are.
    """
    said, currency = {(it.type, it.percentage) for it in left.document.allowances_charges}, left.document.currency
    ours = [n for n, it in enumerate(shares) if it.bundle is bundle]
    key = (bundle.taxes[0].category_code or "S", bundle.rate)
    group = left.groups.get(key)
    if group is None or not ours or any((it.type, it.percentage) not in said for it in (shares[n].requested for n in ours)):
        return
    rows = [row for row in left.rows.values() if (row.item.category_code, row.item.rate) == key]
    of_rows = sum((row.agreed for row in rows), ZERO)
    is_last = all(taken.get(row.item.ident, ZERO) == row.agreed for row in rows)
    own = sum((shares[n].value for n in ours), ZERO)
    part = own
    if is_last:
        part = group.agreed - of_rows
    elif of_rows:
        part = round_amount((group.agreed - of_rows) * bundle.of_rows / of_rows, currency)
    # what is more than a rounding was credited otherwise in between: then what this one says counts
    if is_last or abs(part - own) <= quantum(currency) * len(ours):
        first = shares[ours[0]]
        rest = first.value + part - own
        if rest * (-1 if first.requested.type == "ALLOWANCE" else 1) >= 0:
            shares[ours[0]] = first._replace(value=rest)


def _taken(request: DocumentRequest, left: Left) -> dict[str, Decimal]:
    """What a credit takes of each row, on its agreed side."""
    found: dict[str, Decimal] = {}
    for item in request.items:
        if (row := left.row_of(item)) is not None:
            total = item.prices.total
            agreed = (total.net if row.item.basis == "NET" else total.gross) or ZERO
            sign = -1 if item.debit_credit_indicator == "CREDIT" else 1
            found[row.item.ident] = found.get(row.item.ident, ZERO) + sign * agreed
    return found


def _in_one_group(
    requested: RequestedAllowanceCharge, taxes: tuple[Tax, ...], with_rows: Sequence[Bundle], bundles: Bundles
) -> tuple[Bundle, Decimal]:
    """An allowance of one tax group; a percentage is one of that group's rows."""
    only_gross = all(bundle.basis == "GROSS" for bundle in with_rows)  # nobody agreed a side of a group of its own
    bundle = bundles.of(taxes, "GROSS" if only_gross else "NET")
    if requested.amount is not None:
        return bundle, requested.amount
    return bundle, round_amount(bundle.of_rows * (requested.percentage or ZERO) / HUNDRED, bundles.currency)


def _split_over(requested: RequestedAllowanceCharge, with_rows: Sequence[Bundle], currency: str) -> list[tuple[Bundle, Decimal]]:
    """The part of each tax group, in proportion to its rows."""
    shares: list[tuple[Bundle, Decimal]] = []
    # an amount is of one side (`allowance_side_unclear`); a percentage is taken of each side by itself
    for basis in ("NET", "GROSS"):
        sharing = [bundle for bundle in with_rows if bundle.basis == basis]
        weights = [bundle.of_rows for bundle in sharing]
        whole = requested.amount
        if whole is None:
            whole = round_amount(sum(weights, ZERO) * (requested.percentage or ZERO) / HUNDRED, currency)
        shares += zip(sharing, split(whole, weights, currency), strict=True)
    return shares


def allowance_of(requested: RequestedAllowanceCharge, place: Place, currency: str) -> DocumentAllowanceCharge:
    bundle, tax = place.bundle, place.taxes[0]
    value = bundle.values[place.position]
    if bundle.basis == "NET":
        sides = sides_of(value, bundle.rate, "NET", currency)
    else:
        net = bundle.nets[place.position]
        sides = AmountSides(net=net, tax=value - net, gross=value)
    sign = -1 if requested.type == "ALLOWANCE" else 1
    return DocumentAllowanceCharge(
        ident=requested.ident,
        type=requested.type,
        name=requested.name,
        net=sign * sides.net,
        tax=sign * sides.tax,
        gross=sign * sides.gross,
        category_code=tax.category_code or "S",
        rate=tax.rate,
        percentage=requested.percentage,
        exemption_reason_code=tax.exemption_reason_code,
        exemption_reason_text=tax.exemption_reason_text,
    )
