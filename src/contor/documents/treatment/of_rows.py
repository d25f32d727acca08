"""Which VAT treatment each row of an issued document has, and how much of each tax group belongs to it. Pure.

Everything comes from the frozen rows and tax groups; no tax is computed here. Source: posting table rows 1 to 5 and 25
(accounting reference 8); sections 3a, 4, 13b, 18j, 19 UStG.
"""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from contor.documents.treatment.types import TaxPart, Treatment
from contor.documents.types import Document, DocumentItem, Party, TaxGroup
from contor.kernel.money import ZERO, split
from contor.kernel.places import EU_COUNTRIES
from contor.kernel.shapes import replace

_OSS_BY_ITEM_CATEGORY = {
    "PHYSICAL_PRODUCT": Treatment.OSS_GOODS,
    "ELECTRICITY": Treatment.OSS_GOODS,
    "ELECTRICITY_RESALE": Treatment.OSS_GOODS,
    "DIGITAL_PRODUCT": Treatment.OSS_DIGITAL,
    "DIGITAL_PRODUCT_RENTAL": Treatment.OSS_DIGITAL,
    "PHYSICAL_PRODUCT_RENTAL": Treatment.OSS_SERVICE,
    "SERVICE": Treatment.OSS_SERVICE,
    "LABOR_COST": Treatment.OSS_SERVICE,
}
"""Categories that are missing (discount, freight, voucher) follow the supply they go with: the first row that has one."""

ShareKey = tuple[Treatment, str | None]
"""Treatment and cost centre."""


class GroupShares(NamedTuple):
    """One frozen tax group and the rows' part of its base."""

    group: TaxGroup
    nets: dict[ShareKey, Decimal]
    """Net by treatment and cost centre, after the document's allowances and charges. With `deposits` exactly the group's base."""
    deposits: Decimal
    """Received net that is deducted in this group (method REMAINDER), negative. The group's base includes it."""


def supplier_and_recipient(document: Document) -> tuple[Party, Party]:
    """Who supplies and who receives. In self-billing the customer supplies us."""
    if document.is_self_billing and document.seller.ident != document.customer_ident:
        return document.customer, document.seller
    return document.seller, document.customer


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
            treatment = next(iter(nets), None) or treatment_rule(document, group)("")  # a group of deductions alone has no row
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
    rule = treatment_rule(document, group, items)
    nets: dict[ShareKey, Decimal] = {}
    for item in items:
        if item.deposit_ident is not None:  # counted by `deposits`
            continue
        key = (rule(item.category), item.cost_centre)
        nets[key] = nets[key] + item.total.net if key in nets else item.total.net
    reduction = group.base - deposits - sum(nets.values(), ZERO)  # allowances and charges of the document
    if reduction and not nets:  # a charge of the document that is alone in its tax group
        nets[rule(""), None] = reduction
    elif reduction:
        weights = [abs(net) for net in nets.values()]
        for key, part in zip(nets, split(reduction, weights, document.currency), strict=True):
            nets[key] += part
    return GroupShares(group, nets, deposits)


def treatment_rule(document: Document, group: TaxGroup, items: Sequence[DocumentItem] = ()) -> Callable[[str], Treatment]:
    """The treatment of a row of `group` by its item category."""
    supplier, recipient = supplier_and_recipient(document)
    match group.category_code:
        case "S":
            if group.country is None or group.country == supplier.address.country:
                return _domestic
            # with a VAT id of that country the tax is declared there, not by the one-stop shop
            if group.country not in EU_COUNTRIES or (supplier.vat_id and _country(supplier) == group.country):
                return lambda _: Treatment.OTHER_TAX
            kinds = (_OSS_BY_ITEM_CATEGORY.get(item.category) for item in items)
            main = next((kind for kind in kinds if kind is not None), Treatment.OSS_SERVICE)
            return lambda category: _OSS_BY_ITEM_CATEGORY.get(category, main)
        case "O":
            other = _outside_scope(supplier, recipient)
            return lambda category: Treatment.VOUCHER if category == "VOUCHER" else other
        case "AE":
            # seen from who keeps these books, whoever supplies
            ours, theirs = (recipient, supplier) if document.is_self_billing else (supplier, recipient)
            found = _reverse_charge(ours, theirs)
        case "E":
            found = Treatment.SMALL_BUSINESS if supplier.small_business else Treatment.EXEMPT
        case "Z":
            found = Treatment.ZERO_RATED
        case "K":
            found = Treatment.INTRA_COMMUNITY
        case "G":
            found = Treatment.EXPORT
        case _:
            found = Treatment.OTHER_TAX
    return lambda _: found


def _domestic(_: str) -> Treatment:
    return Treatment.DOMESTIC


def _country(party: Party) -> str:
    """Where a business acts from: the member state of its VAT id, else its address (section 3a (2) UStG)."""
    prefix = (party.vat_id or "")[:2].upper()
    prefix = "GR" if prefix == "EL" else prefix  # Greece's VAT ids begin with EL
    return prefix if prefix in EU_COUNTRIES else party.address.country


def _reverse_charge(ours: Party, theirs: Party) -> Treatment:
    there = _country(theirs)
    if there == _country(ours):
        return Treatment.REVERSE_CHARGE_DOMESTIC
    return Treatment.REVERSE_CHARGE_EU if there in EU_COUNTRIES else Treatment.THIRD_COUNTRY


def _outside_scope(supplier: Party, recipient: Party) -> Treatment:
    there = _country(recipient)
    return Treatment.NOT_TAXABLE if there == _country(supplier) or there in EU_COUNTRIES else Treatment.THIRD_COUNTRY
