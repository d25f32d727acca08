"""Which VAT treatment each row of an issued document has, and how much of each tax group belongs to it. Pure.

Everything comes from the frozen rows and tax groups; no tax is computed here.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from contor.documents.treatment.of_deposits import main_of_deposits
from contor.documents.treatment.rules import row_rule, treatment_rule
from contor.documents.treatment.types import TaxPart, Treatment
from contor.documents.types import Document, DocumentItem, TaxGroup
from contor.kernel.money import ZERO, split
from contor.kernel.shapes import replace

ShareKey = tuple[Treatment, str | None]
"""Treatment and cost centre."""


class GroupShares(NamedTuple):
    """One frozen tax group and the rows' part of its base."""

    group: TaxGroup
    nets: dict[ShareKey, Decimal]
    """Net by treatment and cost centre, after the document's allowances and charges. With `deposits` exactly the group's base."""
    deposits: Decimal
    """Received net that is deducted in this group (method REMAINDER), negative. The group's base includes it."""


def group_shares(document: Document) -> list[GroupShares]:
    """The rows' nets by tax group, treatment and cost centre, in the order of groups and rows."""
    groups = document.taxes
    if any(len(item.taxes) > 1 for item in document.items):
        groups = (_one_group(document),)
    deducted: dict[tuple[str, Decimal], Decimal] = {}
    if document.deposits and document.final_invoice_method == "REMAINDER":
        # The parts received count: in documents of former releases the nets of the deducting rows may differ by a cent on GROSS basis.
        for part in (part for deposit in document.deposits for part in deposit.groups):
            key = (part.category_code, part.rate)
            deducted[key] = deducted.get(key, ZERO) - part.net
    elif document.sign < 0:
        for item in document.items:
            if item.deposit_ident is not None:  # a final invoice is credited, and gives its deposit back
                key = (item.category_code, item.rate)
                deducted[key] = deducted.get(key, ZERO) + item.total.net
    if len(groups) == 1:
        return [_shares(document, groups[0], document.items, sum(deducted.values(), ZERO))]
    rows: dict[tuple[str, Decimal], list[DocumentItem]] = {(group.category_code, group.rate): [] for group in groups}
    for item in document.items:
        rows[item.category_code, item.rate].append(item)
    return [_shares(document, group, rows[key], deducted.get(key, ZERO)) for key, group in zip(rows, groups, strict=True)]


def _one_group(document: Document) -> TaxGroup:
    """All taxes together, where a row bears several (US, CA) and each of them is a group over the same base."""
    first, totals = document.taxes[0], document.totals
    return replace(first, category_code="S", rate=document.items[0].rate, base=totals.net, amount=totals.tax, gross=totals.gross)


def tax_parts(document: Document) -> tuple[TaxPart, ...]:
    """The document's tax groups with their treatment, unsigned like the document. A group of several treatments is divided
    in proportion to the rows' net, by largest remainder."""
    parts: list[TaxPart] = []
    for entry in group_shares(document):
        group, _, deposits = entry
        nets = by_treatment(entry)
        if len(nets) < 2:
            treatment = next(iter(nets), None) or main_of_deposits(document, group)
            parts.append(_part(treatment, group, group.base, group.amount))
            continue
        weights = weights_of(nets)
        deducted = split(deposits, weights, document.currency)
        taxes = split(group.amount, weights, document.currency)
        parts.extend(
            _part(treatment, group, net + less, tax)
            for (treatment, net), less, tax in zip(nets.items(), deducted, taxes, strict=True)
        )
    return tuple(parts)


def by_treatment(shares: GroupShares) -> dict[Treatment, Decimal]:
    """The rows' part of a group's base by treatment."""
    found: dict[Treatment, Decimal] = {}
    for (treatment, _), net in shares.nets.items():
        found[treatment] = found.get(treatment, ZERO) + net
    return found


def weights_of(nets: Mapping[Treatment, Decimal]) -> list[Decimal]:
    """In what proportion the tax of a group is divided, whatever the currency: by size, for with rows of both signs, shares by the signed
    nets would be larger than the whole."""
    return [abs(net) for net in nets.values()]


def _part(treatment: Treatment, group: TaxGroup, net: Decimal, tax: Decimal) -> TaxPart:
    return TaxPart(
        treatment=treatment,
        category_code=group.category_code,
        rate=group.rate,
        net=net,
        tax=tax,
        gross=net + tax,
        country=group.country,
    )


def _shares(document: Document, group: TaxGroup, items: Sequence[DocumentItem], deposits: Decimal) -> GroupShares:
    rule = row_rule(document, group, items)
    nets: dict[ShareKey, Decimal] = {}
    for item in items:
        if item.deposit_ident is not None:  # counted by `deposits`
            continue
        key = (rule(item), item.cost_centre)
        nets[key] = nets[key] + item.total.net if key in nets else item.total.net
    reduction = group.base - deposits - sum(nets.values(), ZERO)  # allowances and charges of the document
    if reduction and not nets:  # a charge of the document that is alone in its tax group
        nets[treatment_rule(document, group)(""), None] = reduction
    elif reduction:
        weights = [abs(net) for net in nets.values()]
        for key, part in zip(nets, split(reduction, weights, document.currency), strict=True):
            nets[key] += part
    return GroupShares(group, nets, deposits)
