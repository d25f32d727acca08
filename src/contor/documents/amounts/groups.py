"""Tax groups: the amounts of the rows that share a category and a rate. Pure.

NET: base = sum of row nets, tax = base x rate rounded once. GROSS: tax is taken out of the sum of row gross, the net of the
group is spread over its rows, so that the agreed gross is kept (section 10 (1) UStG; accounting reference 1.2, 1.3). Where received
deposits are deducted, the tax of the rest is that of the whole less what was taxed at receipt: together they are the tax of the supply,
to the cent.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import ROUND_FLOOR, Decimal
from types import MappingProxyType

from contor.documents.amounts.credits import (
    NOTHING,
    GroupAmounts,
    GroupKey,
    GroupLeft,
    Left,
    RowLeft,
    credit_amounts,
    group_key,
    own_amounts,
    plus,
    supply_amounts,
)
from contor.documents.amounts.stated import Stated, is_rounding
from contor.documents.types import Basis, Tax, TaxGroup
from contor.kernel.money import HUNDRED, ZERO, quantum, split


@dataclass(slots=True)
class Bundle:
    """The rows (and parts of allowances) that bear the same taxes; with one tax per row it is a tax group."""

    taxes: tuple[Tax, ...]
    rate: Decimal
    """Cumulative, percent."""
    basis: Basis
    values: list[Decimal] = field(default_factory=list)
    """Agreed side of each row and part of an allowance, signed."""
    of_rows: Decimal = ZERO
    """Sum of the requested rows alone: the weight for allowances of the document."""
    nets: list[Decimal] = field(default_factory=list)
    """GROSS: net of each value."""
    given: dict[int, Decimal] = field(default_factory=dict)
    """Positions of values whose net is not computed: rows of a credit that give a deducted deposit back as it was taxed."""
    reasons: list[Tax] = field(default_factory=list)
    """Taxes of later rows that give a reason of their own for bearing none."""
    deducted: GroupAmounts = NOTHING
    """Received deposits of this group (method REMAINDER), as they were taxed."""
    back: GroupAmounts = NOTHING
    """Deducted deposits that a credit gives back, below zero."""
    left: Left | None = None
    """Of the document whose rows these credit."""
    amounts: GroupAmounts = NOTHING
    """Of rows that credit others: what they take, once it is computed; of one tax."""

    def deduct(self, net: Decimal, tax: Decimal, gross: Decimal) -> None:
        self.deducted = plus(self.deducted, GroupAmounts(net, tax, gross))

    def give_back(self, net: Decimal, tax: Decimal, gross: Decimal) -> None:
        """The next value gives a deposit back as it was taxed."""
        self.given[len(self.values)] = net
        self.back = plus(self.back, GroupAmounts(net, tax, gross))


@dataclass(slots=True)
class Bundles:
    """All bundles of a document, by their key, in the order of its rows."""

    currency: str
    several: bool
    """A row bears several taxes."""
    left: Left | None
    """Of the document that is credited, or of several."""
    by_key: dict[GroupKey, Bundle] = field(default_factory=dict)
    stated: Stated | None = None
    taken: Mapping[GroupKey, GroupAmounts] = field(default_factory=lambda: MappingProxyType({}))
    """Of a credit by its gross amount: what it takes of each group."""

    def of(self, taxes: tuple[Tax, ...], basis: Basis, credited: RowLeft | None = None) -> Bundle:
        """The bundle of rows with these taxes; a new one has the given basis. Rows that credit several documents are in bundles of their
        own, for each document is used up by itself."""
        first = taxes[0]
        key: GroupKey = tuple([self.key_of(tax) for tax in taxes]) if self.several else (first.category_code, first.rate)
        left = self.left
        if left is not None and left.several and not self.several:
            left = None if credited is None else left.of(credited)  # None: of a paper of another system
            key = key if left is None else (*key, left.document.ident)
        bundle = self.by_key.get(key)
        if bundle is None:
            rate = first.rate if len(taxes) == 1 else sum((tax.rate for tax in taxes), ZERO)
            bundle = self.by_key[key] = Bundle(taxes, rate, basis, left=left)
        elif first.exemption_reason_text and taxes is not bundle.taxes:
            bundle.reasons.append(first)
        return bundle

    def key_of(self, tax: Tax) -> GroupKey:
        return group_key(tax.category_code or "S", tax.rate, tax.code, tax.name, self.several)

    def taken_of(self, left: Left) -> dict[GroupKey, GroupAmounts]:
        """What these bundles take of each tax group of a document; nothing is told apart where a row bears several taxes."""
        found: dict[GroupKey, GroupAmounts] = {}
        for bundle in self.by_key.values():
            if bundle.left is left and not self.several:
                key = self.key_of(bundle.taxes[0])
                found[key] = plus(found.get(key, NOTHING), bundle.amounts)
        return found

    def left_of(self, tax: Tax, left: Left | None) -> GroupLeft | None:
        """What is left of the tax's group on the document that is credited."""
        return None if left is None else left.groups.get(self.key_of(tax))

    def credited(self, bundle: Bundle, agreed: Decimal) -> GroupAmounts | None:
        """What a bundle of one tax takes of the document that it credits; None: nothing of it is credited."""
        key, left = self.key_of(bundle.taxes[0]), bundle.left
        if left is None or key not in left.groups:
            return None
        if key in self.taken:
            return self.taken[key]
        return supply_amounts(left, key, agreed, bundle.back, self.currency)


@dataclass(slots=True)
class _Group:
    tax: Tax
    basis: Basis
    base: Decimal = ZERO
    amount: Decimal = ZERO
    credited: Decimal | None = None
    """Of the base: what is taken of documents that are credited, with its tax; None: nothing is."""
    reasons: list[Tax] = field(default_factory=list)
    deducted: GroupAmounts = NOTHING
    parts: int = 0
    """Rows and allowances."""


def spread(net: Decimal, values: list[Decimal], rate: Decimal, currency: str) -> list[Decimal]:
    """`net` of a GROSS group over its parts: each its own share of the gross, cents left over by largest remainder.

    Each share is floor(gross x 100 / (100 + rate)), so a group whose rows cancel each other keeps the net of each row. Credits
    are symmetric: a group below zero is spread as its mirror image.
    """
    if len(values) == 1:
        return [net]
    sign = -1 if net < 0 else 1
    unit = quantum(currency)
    divisor = HUNDRED + rate
    exact = [sign * value * HUNDRED / divisor for value in values]
    parts = [share.quantize(unit, ROUND_FLOOR) for share in exact]
    left = int((sign * net - sum(parts, ZERO)) / unit)
    order = sorted(range(len(parts)), key=lambda i: (parts[i] - exact[i], i))  # largest remainder first, ties to the earlier part
    for step in range(abs(left)):
        # Cents left over are never negative nor more than parts, except where a credit takes a rest that is not its own amount.
        parts[order[step % len(order)] if left > 0 else order[-1 - step % len(order)]] += unit if left > 0 else -unit
    return parts if sign > 0 else [-part for part in parts]


def tax_groups(bundles: Bundles, country: str | None) -> tuple[TaxGroup, ...]:
    """The groups (BG-23) of the bundles; fills `nets` of GROSS bundles. `country`: of taxation, where it is not the seller's."""
    groups: dict[GroupKey, _Group] = {}
    for bundle in bundles.by_key.values():
        of_groups = [_group_of(groups, tax, bundle, bundles) for tax in bundle.taxes]
        agreed = sum(bundle.values, ZERO)
        for group in of_groups:
            group.parts += len(bundle.values)
        if bundle.basis == "NET":
            for group in of_groups:
                group.base += agreed  # several taxes of a row all have its whole net as base
            credited = None if bundles.several else bundles.credited(bundle, agreed)
            if credited is not None:
                bundle.amounts = credited
                of_groups[0].amount += credited.tax
                of_groups[0].credited = agreed + (of_groups[0].credited or ZERO)
        else:
            net, shares = (
                _one_in_gross(bundle, agreed, bundles) if len(of_groups) == 1 else _several_in_gross(bundle, agreed, bundles)
            )
            bundle.nets = _nets(net, bundle, bundles.currency)
            bundle.amounts = GroupAmounts(net, agreed - net, agreed)
            for group, share in zip(of_groups, shares, strict=True):
                group.base += net
                group.amount += share
        if bundle.deducted is not NOTHING:
            of_groups[0].deducted = bundle.deducted  # a deposit bears one tax per row
    return tuple([_closed(group, bundles, country) for group in groups.values()])


def _nets(net: Decimal, bundle: Bundle, currency: str) -> list[Decimal]:
    """The net of each value; together `net`, unless all of them are given."""
    if not bundle.given:
        return spread(net, bundle.values, bundle.rate, currency)
    free = [value for position, value in enumerate(bundle.values) if position not in bundle.given]
    parts = iter(spread(net - sum(bundle.given.values(), ZERO), free, bundle.rate, currency))
    return [bundle.given[position] if position in bundle.given else next(parts) for position in range(len(bundle.values))]


def _group_of(groups: dict[GroupKey, _Group], tax: Tax, bundle: Bundle, bundles: Bundles) -> _Group:
    key = bundles.key_of(tax)
    group = groups.get(key)
    if group is None:
        group = groups[key] = _Group(tax, bundle.basis)
    group.reasons.append(tax)
    group.reasons.extend(bundle.reasons)
    return group


def _one_in_gross(bundle: Bundle, agreed: Decimal, bundles: Bundles) -> tuple[Decimal, list[Decimal]]:
    """Net and tax contained in the gross of a group."""
    amounts = bundles.credited(bundle, agreed)
    if amounts is None:
        amounts = own_amounts(agreed, bundle.rate, "GROSS", bundles.currency)
    return amounts.net, [amounts.tax]


def _several_in_gross(bundle: Bundle, agreed: Decimal, bundles: Bundles) -> tuple[Decimal, list[Decimal]]:
    """Several taxes contained in one gross: the tax of the cumulative rate, split over the taxes by their rates."""
    found = [bundles.left_of(tax, bundle.left) for tax in bundle.taxes]
    rests = [rest.left for rest in found if rest is not None]
    # with different nets other rows bear some of these taxes too: then the rest of the groups is not that of these rows
    if rests and len(rests) == len(found) and all(rest.net == rests[0].net for rest in rests):
        taxes_left = [rest.tax for rest in rests]
        if agreed == rests[0].net + sum(taxes_left, ZERO):
            return rests[0].net, taxes_left
    amounts = own_amounts(agreed, bundle.rate, "GROSS", bundles.currency)
    return amounts.net, split(amounts.tax, [tax.rate for tax in bundle.taxes], bundles.currency)


def _closed(group: _Group, bundles: Bundles, country: str | None) -> TaxGroup:
    tax, base, amount = group.tax, group.base, group.amount
    if group.basis == "NET" and base != group.credited:
        left = bundles.left_of(tax, bundles.left) if bundles.several else None
        rest = base - (group.credited or ZERO)
        amounts = credit_amounts(left, rest, bundles.currency) if left else own_amounts(rest, tax.rate, "NET", bundles.currency)
        amount += amounts.tax
        if bundles.stated and left is None:
            stated = bundles.stated.get((tax.category_code or "S", tax.rate), amount)
            amount = stated if is_rounding(stated, amount, group.parts, bundles.currency) else amount
    code, text = _reason(group.reasons)
    if group.deducted is not NOTHING:
        base, amount = base - group.deducted.net, amount - group.deducted.tax
    return TaxGroup(
        category_code=tax.category_code or "S",
        rate=tax.rate,
        basis=group.basis,
        base=base,
        amount=amount,
        gross=base + amount,
        code=tax.code,
        name=tax.name,
        country=country if tax.category_code == "S" else None,  # L and M say themselves whose tax they are, the others bear none
        exemption_reason_code=code,
        exemption_reason_text=text,
    )


def _reason(taxes: list[Tax]) -> tuple[str | None, str | None]:
    """BT-121 and BT-120 of a group: EN 16931 wants one breakdown per category and rate, so several reasons stand together."""
    first = taxes[0]
    if len(taxes) == 1:
        return first.exemption_reason_code, first.exemption_reason_text
    codes = {tax.exemption_reason_code for tax in taxes if tax.exemption_reason_code}
    texts = dict.fromkeys(tax.exemption_reason_text for tax in taxes if tax.exemption_reason_text)
    return codes.pop() if len(codes) == 1 else None, " / ".join(texts) or None  # BT-121 has room for one code
