"""The VAT treatment of a row by its category, its tax group and the parties of its document. Pure.

Source: posting table rows 1 to 5 and 25 (accounting reference 8); sections 3a, 4, 13b, 18j, 19 UStG.
"""

from collections.abc import Callable, Sequence

from contor.documents.treatment.types import Treatment
from contor.documents.types import Document, DocumentItem, Party, TaxGroup
from contor.kernel.codes import TRIANGULAR
from contor.kernel.places import EU_COUNTRIES
from contor.tax.territories import territory_of

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
_BY_SHOP = EU_COUNTRIES | {"XI"}
"""Countries of taxation that the one-stop shop knows: Northern Ireland for goods."""


def supplier_and_recipient(document: Document) -> tuple[Party, Party]:
    """Who supplies and who receives. In self-billing the customer supplies us."""
    if document.is_self_billing and document.seller.ident != document.customer_ident:
        return document.customer, document.seller
    return document.seller, document.customer


def row_rule(document: Document, group: TaxGroup, items: Sequence[DocumentItem]) -> Callable[[DocumentItem], Treatment]:
    """The treatment of each of the `items` of `group`: what refers to another document keeps that of then."""
    rule = treatment_rule(document, group, items)
    return lambda item: rule(item.category) if item.treatment is None else Treatment(item.treatment)


def treatment_rule(document: Document, group: TaxGroup, items: Sequence[DocumentItem] = ()) -> Callable[[str], Treatment]:
    """The treatment of a row of `group` by its item category."""
    supplier, recipient = supplier_and_recipient(document)
    match group.category_code:
        case "S":
            if group.country is None or group.country == supplier.address.country:
                return _domestic
            # with a VAT id of that country the tax is declared there, not by the one-stop shop
            if group.country not in _BY_SHOP or (supplier.vat_id and _country(supplier) == group.country):
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
            if group.code == TRIANGULAR and not document.is_self_billing:  # a document has one kind of reverse charge alone
                found = Treatment.TRIANGULAR
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
    there, address = _country(recipient), recipient.address
    if territory_of(address.country, address.zip, None, address.city).services is None:  # though it may be a part of a member state
        return Treatment.THIRD_COUNTRY
    return Treatment.NOT_TAXABLE if there == _country(supplier) or there in EU_COUNTRIES else Treatment.THIRD_COUNTRY
