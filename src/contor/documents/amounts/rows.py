"""The amounts of one row: what was agreed, its other side, and what reduces or raises it (BG-25, BG-27, BG-28). Pure."""

from decimal import Decimal

import msgspec

from contor.documents.amounts.credits import Left
from contor.documents.amounts.groups import Bundle
from contor.documents.types import AmountSides, Basis, DocumentExtra, RequestedItem, Tax, UnitPriceSides
from contor.kernel.money import HUNDRED, ZERO, round_amount, round_price


class RowAmounts(msgspec.Struct, frozen=True, gc=False):
    """The amounts of one row, signed: negative for a CREDIT row; the unit price stays positive."""

    unit: UnitPriceSides
    original_total: AmountSides
    total: AmountSides
    extras: tuple[DocumentExtra, ...]
    taxes: tuple[Tax, ...]
    basis: Basis


class Place(msgspec.Struct, frozen=True):
    """Where a row stands: its bundle, its position in it, and its own taxes."""

    bundle: Bundle
    position: int
    taxes: tuple[Tax, ...]


def row_amounts(item: RequestedItem, place: Place, currency: str, left: Left | None) -> RowAmounts:
    """The amounts of a row, once the tax groups are known. A credit that uses up a row takes the rest of its tax."""
    bundle = place.bundle
    rate, value, prices = bundle.rate, bundle.values[place.position], item.prices
    is_credit = item.debit_credit_indicator == "CREDIT"
    if bundle.basis == "NET":
        credited = left.row_of(item) if left is not None else None
        if credited is not None and credited.left.net == value:
            tax = credited.left.tax
        else:
            tax = round_amount(value * rate / HUNDRED, currency)
        total = AmountSides(net=value, tax=tax, gross=value + tax)
        agreed = prices.original_total.net
    else:
        net = bundle.nets[place.position]
        total = AmountSides(net=net, tax=value - net, gross=value)
        agreed = prices.original_total.gross
    if is_credit and agreed is not None:
        agreed = -agreed  # as `value` is already
    extras: tuple[DocumentExtra, ...] = ()
    original = total
    if item.extras:
        extras = tuple([_extra(item, index, rate, bundle.basis, currency) for index in range(len(item.extras))])
    # without extras the two may still differ by the tolerated cent (`total_differs`)
    if item.extras or agreed != value:
        original = _original(agreed or ZERO, total, extras, bundle, currency)
    return RowAmounts(_unit(item, rate, bundle.basis), original, total, extras, place.taxes, bundle.basis)


def _unit(item: RequestedItem, rate: Decimal, basis: Basis) -> UnitPriceSides:
    """Both sides of the unit price: as sent, a missing one computed to 10 decimals."""
    net, gross = item.prices.unit.net, item.prices.unit.gross
    if basis == "NET" and net is not None:
        if gross is None:
            gross = round_price(net * (HUNDRED + rate) / HUNDRED) if rate else net
        return UnitPriceSides(net=net, gross=gross)
    if basis == "GROSS" and gross is not None:
        if net is None:
            net = round_price(gross * HUNDRED / (HUNDRED + rate)) if rate else gross
        return UnitPriceSides(net=net, gross=gross)
    raise ValueError("a row without its agreed unit price was not refused")


def sides_of(agreed: Decimal, rate: Decimal, basis: Basis, currency: str) -> AmountSides:
    """An amount of the agreed side with its other sides, by itself (information on rows; parts of a group are spread)."""
    if basis == "NET":
        tax = round_amount(agreed * rate / HUNDRED, currency)
        return AmountSides(net=agreed, tax=tax, gross=agreed + tax)
    net = round_amount(agreed * HUNDRED / (HUNDRED + rate), currency)
    return AmountSides(net=net, tax=agreed - net, gross=agreed)


def _extra(item: RequestedItem, index: int, rate: Decimal, basis: Basis, currency: str) -> DocumentExtra:
    extra = item.extras[index]
    agreed = (extra.total.net if basis == "NET" else extra.total.gross) or ZERO
    if item.debit_credit_indicator == "CREDIT":
        agreed = -agreed
    return DocumentExtra(ident=extra.ident, name=extra.name, total=sides_of(agreed, rate, basis, currency), type=extra.type)


def _original(agreed: Decimal, total: AmountSides, extras: tuple[DocumentExtra, ...], bundle: Bundle, currency: str) -> AmountSides:
    """The total before extras. GROSS: its net is the row's net less that of the extras, so that the three add up (BR-27, BR-28)."""
    if bundle.basis == "NET" or not extras:
        return sides_of(agreed, bundle.rate, bundle.basis, currency)
    net = total.net - sum((extra.total.net for extra in extras), ZERO)
    return AmountSides(net=net, tax=agreed - net, gross=agreed)
