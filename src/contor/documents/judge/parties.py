"""What an invoice must say of seller and buyer, and what XRechnung wants besides. Pure.

Source: section 14 (4) no. 1, 2 UStG, sections 31, 33 UStDV, EN 16931 BR-AE-02, BR-G-02, BR-IC-02, BR-O-02, XRechnung BR-DE-1 to
BR-DE-9, PEPPOL-EN16931-R010 and R020; accounting reference 4.
"""

from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from contor.documents.types import Party
from contor.kernel.errors import Problem
from contor.kernel.shapes import is_blank

SMALL_AMOUNT: Final = Decimal(250)
"""EUR gross up to which the buyer need not be named (section 33 UStDV)."""
_BUYER_TAXED: Final = frozenset({"AE", "K"})
"""The buyer owes the tax: both parties' ids are required."""
_BEYOND_SMALL: Final = frozenset({"AE", "K"})
"""Section 33 sentence 3 UStDV: the relief does not hold for these."""


def party_findings(
    seller: tuple[str, Party | None],
    buyer: tuple[str, Party | None],
    categories: Sequence[str],
    small_amount: bool,
    imported: bool = False,
) -> list[Problem]:
    """What is missing of the parties, each given as (name of the master data, party).

    `small_amount`: an invoice up to 250 EUR gross. A party that is unknown is reported where its ident is. `imported`: whoever
    issued it first wrote the addresses; EN 16931 asks for the country alone, and a postal code says where that is.
    """
    problems: list[Problem] = []
    name, party = seller
    if party is not None:
        _name_and_address(name, party, imported, problems)
        outside = "O" in categories
        if not (party.tax_number if outside else party.vat_id or party.tax_number):  # category O shows no VAT id (BR-O-02)
            message = "a seller needs a VAT id or a tax number (section 14 (4) no. 2 UStG)"
            if not outside:
                problems.append(Problem("seller_tax_id_missing", message, f"{name}.vatId"))
            elif not party.register_number and not party.vat_id:
                problems.append(Problem("seller_tax_id_missing", message, f"{name}.taxNumber"))
        needs_vat_id = sorted({"K", "G"} & set(categories))
        if needs_vat_id and not party.vat_id:
            message = f"category {needs_vat_id[0]} needs the seller's VAT id (BR-IC-02, BR-G-02)"
            problems.append(Problem("seller_vat_id_missing", message, f"{name}.vatId"))
    name, party = buyer
    if party is not None:
        if not small_amount or _BEYOND_SMALL & set(categories):
            _name_and_address(name, party, imported, problems)
        _buyer_ids(name, party, categories, problems)
        if not imported and party.vat_id and seller[1] is not None and party.vat_id == seller[1].vat_id:
            message = "is the VAT id of the seller: within one business there is no supply (section 2 (1) UStG; UStAE 2.7)"
            problems.append(Problem("parties_are_one", message, f"{name}.vatId", party.vat_id))
    return problems


def _name_and_address(name: str, party: Party, imported: bool, problems: list[Problem]) -> None:
    """Full name and address (section 14 (4) no. 1 UStG; a postal code of a large recipient stands for the street)."""
    address = party.address
    if is_blank(party.name):
        problems.append(Problem("name_missing", "the full name is required", f"{name}.name"))
    if is_blank(address.city) and not (imported and address.zip):
        problems.append(Problem("address_incomplete", "the city is required", f"{name}.address.city"))
    if is_blank(address.zip) and is_blank(address.street):
        problems.append(Problem("address_incomplete", "street or postal code is required", f"{name}.address.zip"))
    if not address.country:
        problems.append(Problem("address_incomplete", "the country is required", f"{name}.address.country"))


def _buyer_ids(name: str, party: Party, categories: Sequence[str], problems: list[Problem]) -> None:
    if "K" in categories and not party.vat_id:
        message = "an intra-Community supply needs the buyer's VAT id (section 6a UStG, BR-IC-02)"
        problems.append(Problem("buyer_vat_id_missing", message, f"{name}.vatId"))
    elif "AE" in categories and not (party.vat_id or party.tax_number or party.register_number):
        message = "reverse charge needs the buyer's VAT id or tax number (BR-AE-02)"
        problems.append(Problem("buyer_vat_id_missing", message, f"{name}.vatId"))


def xrechnung_findings(seller: tuple[str, Party | None], buyer: tuple[str, Party | None], several_taxes: bool) -> list[Problem]:
    """What XRechnung wants of master data when a buyer reference (BT-10) is given."""
    problems: list[Problem] = []
    if several_taxes:
        message = "several taxes in one row cannot be an e-invoice (BR-CO-04)"
        problems.append(Problem("several_taxes_in_xrechnung", message, "items"))
    name, party = seller
    if party is not None:
        contact = party.contact
        _require(party.address.zip, f"{name}.address.zip", "BR-DE-4", problems)
        _require(party.address.city, f"{name}.address.city", "BR-DE-3", problems)
        _require(contact.name, f"{name}.contact.name", "BR-DE-5", problems)
        _require(contact.phone, f"{name}.contact.phone", "BR-DE-6", problems)
        _require(contact.email, f"{name}.contact.email", "BR-DE-7", problems)
        _require(party.electronic_address or contact.email, f"{name}.electronicAddress", "PEPPOL-EN16931-R020", problems)
    name, party = buyer
    if party is not None:
        _require(party.address.zip, f"{name}.address.zip", "BR-DE-9", problems)
        _require(party.address.city, f"{name}.address.city", "BR-DE-8", problems)
        _require(party.electronic_address or party.contact.email, f"{name}.electronicAddress", "PEPPOL-EN16931-R010", problems)
    return problems


def _require(value: object, path: str, rule: str, problems: list[Problem]) -> None:
    lacks = is_blank(value) if isinstance(value, str) else not value
    if lacks and not any(problem.field == path for problem in problems):
        problems.append(Problem("missing_for_xrechnung", f"XRechnung requires it ({rule})", path))
