"""The positions of an invoice: a tree of depth two, made of the rows that the core keeps one behind the other."""

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Final, NamedTuple

from contor.api.fynn.invoices.shown.answers import (
    PositionChild,
    PositionGroup,
    PositionParent,
    PositionShown,
    PositionTaxGroupShown,
    PositionType,
    PositionUnitShown,
    ReverseCharge,
    TaxShown,
)
from contor.api.fynn.invoices.shown.billed import Billed
from contor.api.fynn.invoices.shown.facts import TaxGroupNamed
from contor.api.fynn.invoices.shown.ids import position_id, tax_id, usual_tax_group
from contor.api.fynn.invoices.shown.lines import (
    EVERY,
    FIXED,
    GROUP,
    PERCENT,
    SHOWN_UNITS,
    TAX_GROUP,
    UNIT,
    Line,
)
from contor.api.fynn.manners import money, when
from contor.api.fynn.said import KIND, PRODUCT, SUBSCRIPTION_ITEM
from contor.documents.types import Tax
from contor.kernel.money import ZERO, round_price
from contor.kernel.shapes import Fields
from contor.runtime.uow import Uow

_KINDS: Final[Mapping[str, PositionType]] = {
    "product": "product",
    "discount": "discount",
    "setup": "setup",
    "dunning_fee": "dunning_fee",
    "invoice": "invoice",
}
_REVERSED: Final[Mapping[str, ReverseCharge]] = {
    "DEACTIVATED": "REVERSE_CHARGE_DEACTIVATED",
    "SERVICE": "REVERSE_CHARGE",
    "INTRA_EU_SUPPLY": "REVERSE_CHARGE_INTRA_EU_SUPPLY",
}
_TURNED: Final[Mapping[str, ReverseCharge]] = {"AE": "REVERSE_CHARGE", "K": "REVERSE_CHARGE_INTRA_EU_SUPPLY"}
_REDUCED: Final = frozenset({"REDUCED", "SECOND_REDUCED", "SUPER_REDUCED"})


class Around(NamedTuple):
    """What positions have from their invoice."""

    currency: str
    created_at: dt.datetime
    """When it was begun."""
    groups: Mapping[str, TaxGroupNamed]
    products: Mapping[str, str]
    billed: Mapping[tuple[int, str], Billed]
    documents: Sequence[int]
    """What the invoice is issued as, and whose rows it takes back."""


def positions_of(uow: Uow, lines: Sequence[Line], around: Around) -> tuple[PositionShown, ...]:
    """Those that belong to no other, each with those that belong to it."""
    shown = _Shown(uow, around)
    known = {line.ident for line in lines}
    children: dict[str, list[Line]] = {}
    for line in lines:
        if line.parent in known:
            children.setdefault(line.parent or "", []).append(line)
    roots = [line for line in lines if line.parent not in known]
    return tuple(
        PositionShown(
            **shown.fields(line, place),
            children=tuple(
                PositionChild(**shown.fields(child, number), parent=PositionParent(**shown.fields(line, place)))
                for number, child in enumerate(children.get(line.ident, ()), 1)
            ),
        )
        for place, line in enumerate(roots, 1)
    )


# helpers in calling order


class _Shown:
    """Positions of one invoice."""

    def __init__(self, uow: Uow, around: Around) -> None:
        self._uow, self._around = uow, around

    def fields(self, line: Line, place: int) -> Fields:
        said, currency = line.said, self._around.currency
        first, last = line.period or (None, None)
        sign = -1 if line.is_credit else 1
        billed = self._billed(line)
        kind = "discount" if line.is_credit else "setup" if billed is not None and billed.is_setup else "product"
        return {
            "id": position_id(self._uow, line.number),
            "position": place,
            "quantity": line.quantity,
            "unit": _unit(said.get(UNIT), line.quantity_type),
            "unit_price": money(sign * round_price(line.unit_price), currency),
            "unit_price_interval": said.get(EVERY),
            "net_amount": money(line.original.net, currency),
            "gross_amount": money(line.total.gross, currency),
            "tax_amount": money(line.total.tax, currency),
            "discount_amount": money(abs(line.original.net - line.total.net), currency),
            "discount_percentage": Decimal(said[PERCENT]) if said.get(PERCENT) else None,
            "fixed_discount_amount": money(Decimal(said[FIXED]), currency) if said.get(FIXED) else None,
            "name": line.name,
            "description": line.description,
            "tax_group": self._tax_group(line),
            "tax": self._tax(line.taxes),
            "type": _KINDS.get(said.get(KIND, ""), kind),
            "group": PositionGroup(name=said[GROUP]) if said.get(GROUP) else None,
            "creation_date": when(self._around.created_at),
            "service_date_from": when(first),
            "service_date_to": when(last),
            "subscription_item": said.get(SUBSCRIPTION_ITEM, billed.subscription_item if billed is not None else None),
            "product": self._around.products.get(said.get(PRODUCT, ""), billed.product if billed is not None else None),
        }

    def _billed(self, line: Line) -> Billed | None:
        """What it bills of a subscription, or takes back of what did."""
        idents = [ident for ident in (line.ident, line.reference) if ident is not None]
        found = (self._around.billed.get((number, ident)) for number in self._around.documents for ident in idents)
        return next((one for one in found if one is not None), None)

    def _tax(self, taxes: Sequence[Tax]) -> TaxShown | None:
        if not taxes:
            return None
        rate = sum((tax.rate for tax in taxes), ZERO)
        code = taxes[0].code or taxes[0].category_code or "S"
        named = taxes[0].name or f"{rate.normalize():f} %"
        return TaxShown(id=tax_id(self._uow, code, int(rate * 100)), code=code, rate=rate, description=named)

    def _tax_group(self, line: Line) -> PositionTaxGroupShown | None:
        """The one that was named, or that its product has; else that which its tax is of."""
        billed = self._billed(line)
        named = line.said.get(TAX_GROUP) or (billed.tax_group if billed is not None else None) or ""
        if (group := self._around.groups.get(named)) is not None:
            return PositionTaxGroupShown(
                id=group.id,
                internal_description=group.name,
                reverse_charge_type=_REVERSED[group.reverse_charge],
                type="reduced" if group.rate == "REDUCED" else "standard",
            )
        if not line.taxes:
            return None
        tax = line.taxes[0]
        is_reduced = named == "reduced" or (tax.code or "") in _REDUCED
        return PositionTaxGroupShown(
            id=usual_tax_group(self._uow, "reduced" if is_reduced else "standard"),
            internal_description="reduced" if is_reduced else "standard",
            reverse_charge_type=_TURNED.get(tax.category_code or "", "REVERSE_CHARGE_DEACTIVATED"),
            type="reduced" if is_reduced else "standard",
        )


def _unit(word: str | None, quantity_type: str) -> PositionUnitShown | None:
    name = SHOWN_UNITS.get(quantity_type, word) if word in (None, quantity_type) else word
    return None if name is None else PositionUnitShown(id=quantity_type, name=name)
