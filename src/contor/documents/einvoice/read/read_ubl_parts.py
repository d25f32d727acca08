"""UBL 2.1 into the model: parties, supporting documents and lines. Pure."""

import binascii
from base64 import b64decode

from contor.documents.einvoice.model import (
    UBL_INVOICE,
    AllowanceOrCharge,
    Classification,
    Cursor,
    Identifier,
    InvoiceLine,
    InvoicePeriod,
    ItemAttribute,
    PartyContact,
    PostalAddress,
    TradeParty,
    country_of_file,
    read_references,
)
from contor.documents.einvoice.write import CREDITOR_SCHEME
from contor.documents.types import AttachedFile, SupportingDocument
from contor.kernel.shapes import replace

_PLACES = {
    "cac:PartyTaxScheme/cbc:CompanyID": "VAT id",
    "cac:PartyLegalEntity/cbc:CompanyID": "registration",
    "cbc:EndpointID": "electronic address",
    "cac:Contact": "contact",
}
"""What a party says more; where it says none, its own place counts."""


def identifier(found: Cursor | None) -> Identifier | None:
    if found is None or not found.own():
        return None
    return Identifier(value=found.own(), scheme=found.attribute("schemeID"))


def attached_file(found: Cursor | None) -> AttachedFile | None:
    """BT-125."""
    if found is None:
        return None
    try:
        # XML may break the lines of base64, `validate` takes no white space
        content = b64decode("".join(found.own().split()), validate=True)
    except (binascii.Error, ValueError):
        found.refuse("einvoice_element_invalid", "Attached file (BT-125) is not base64", ".")
        content = b""
    return AttachedFile(
        name=found.attribute("filename") or "",
        media_type=found.attribute("mimeCode") or "",
        content=content,
    )


def supporting_document(found: Cursor) -> SupportingDocument:
    """BG-24."""
    return SupportingDocument(
        reference=found.must("cbc:ID", "Supporting document (BT-122)"),
        description=found.text("cbc:DocumentDescription"),
        location=found.text("cac:Attachment/cac:ExternalReference/cbc:URI"),
        file=attached_file(found.one("cac:Attachment/cbc:EmbeddedDocumentBinaryObject")),
    )


def party(root: Cursor, path: str, role: str, is_seller: bool) -> TradeParty:
    """BG-4 or BG-7. A buyer has no tax number in EN 16931; one that is written is not read."""
    found = root.one(path)
    if found is None:
        root.must(path, f"{role} (BG-4, BG-7)")
        return TradeParty(name="", address=PostalAddress(country=""))
    numbers = (identifier(number) for number in found.all("cac:PartyIdentification/cbc:ID"))
    contact = found.one("cac:Contact")
    for place, what in _PLACES.items():
        found.place(place, f"{role}'s {what}")
    schemes = [
        (tax.text("cbc:CompanyID"), scheme)
        for tax in found.all("cac:PartyTaxScheme")
        if (scheme := tax.text("cac:TaxScheme/cbc:ID")) == "VAT" or is_seller
    ]
    return TradeParty(
        name=found.must("cac:PartyLegalEntity/cbc:RegistrationName", f"{role}'s name (BT-27, BT-44)"),
        address=address(found, "cac:PostalAddress", f"{role}'s"),
        trading_name=found.text("cac:PartyName/cbc:Name"),
        identifiers=tuple(number for number in numbers if number and number.scheme != CREDITOR_SCHEME),
        legal_registration=identifier(found.one("cac:PartyLegalEntity/cbc:CompanyID")),
        vat_id=next((number for number, scheme in schemes if scheme == "VAT"), None),
        tax_number=next((number for number, scheme in schemes if scheme != "VAT"), None) if is_seller else None,
        legal_information=found.text("cac:PartyLegalEntity/cbc:CompanyLegalForm"),
        endpoint=identifier(found.one("cbc:EndpointID")),
        contact=_contact(contact, role) if contact is not None else None,
    )


def address(parent: Cursor, path: str, whose: str) -> PostalAddress:
    found = parent.one(path)
    if found is None:
        parent.must(path, f"{whose} address (BG-5, BG-8, BG-12, BG-15)")
        return PostalAddress(country="")
    return PostalAddress(
        country=country_of_file(found.must("cac:Country/cbc:IdentificationCode", f"{whose} country (BT-40, BT-55, BT-69, BT-80)")),
        line_1=found.text("cbc:StreetName", f"{whose} street"),
        line_2=found.text("cbc:AdditionalStreetName"),
        line_3=found.text("cac:AddressLine/cbc:Line"),
        city=found.text("cbc:CityName", f"{whose} city"),
        post_code=found.text("cbc:PostalZone", f"{whose} postal code"),
        subdivision=found.text("cbc:CountrySubentity", f"{whose} subdivision"),
    )


def _contact(found: Cursor, role: str) -> PartyContact | None:
    contact = PartyContact(
        name=found.text("cbc:Name"),
        phone=found.text("cbc:Telephone", f"{role}'s phone"),
        email=found.text("cbc:ElectronicMail", f"{role}'s e-mail address"),
    )
    return None if contact == PartyContact() else contact


def line(row: Cursor, credit: bool, above: InvoiceLine | None = None) -> InvoiceLine:
    """BG-25, with its sub-lines (XRechnung extension), which are taxed as the line `above` them where they do not say it."""
    quantity = "cbc:CreditedQuantity" if credit else "cbc:InvoicedQuantity"
    units = row.one(quantity)
    base = row.one("cac:Price/cbc:BaseQuantity")
    tax = "cac:Item/cac:ClassifiedTaxCategory"
    taxed_above = above if above is not None and row.one(tax) is None else None
    made = InvoiceLine(
        ident=row.must("cbc:ID", "Line's id (BT-126)"),
        net=row.amount("cbc:LineExtensionAmount", "Line's net (BT-131)"),
        name=row.must("cac:Item/cbc:Name", "Item's name (BT-153)"),
        category=taxed_above.category if taxed_above else row.must(f"{tax}/cbc:ID", "Line's VAT category (BT-151)"),
        rate=taxed_above.rate if taxed_above else row.decimal(f"{tax}/cbc:Percent", "Line's VAT rate (BT-152)"),
        quantity=row.decimal(quantity, "Quantity (BT-129)"),
        unit=units.attribute("unitCode") if units is not None else None,
        price=row.decimal("cac:Price/cbc:PriceAmount", "Price (BT-146)"),
        discount=row.decimal("cac:Price/cac:AllowanceCharge/cbc:Amount", "Price discount (BT-147)"),
        gross_price=row.decimal("cac:Price/cac:AllowanceCharge/cbc:BaseAmount", "Gross price (BT-148)"),
        price_base=row.decimal("cac:Price/cbc:BaseQuantity", "Base quantity (BT-149)"),
        price_base_unit=base.attribute("unitCode") if base is not None else None,
        note="\n".join(note.own() for note in row.all("cbc:Note") if note.own()) or None,
        period=period(row.one("cac:InvoicePeriod")),
        allowances=tuple(allowance(part) for part in row.all("cac:AllowanceCharge")),
        description=row.text("cac:Item/cbc:Description"),
        seller_item_id=row.text("cac:Item/cac:SellersItemIdentification/cbc:ID"),
        buyer_item_id=row.text("cac:Item/cac:BuyersItemIdentification/cbc:ID"),
        standard_item_id=identifier(row.one("cac:Item/cac:StandardItemIdentification/cbc:ID")),
        classifications=tuple(
            Classification(code=code.own(), list_id=code.attribute("listID") or "", list_version=code.attribute("listVersionID"))
            for code in row.all("cac:Item/cac:CommodityClassification/cbc:ItemClassificationCode")
        ),
        origin_country=country_of_file(row.text("cac:Item/cac:OriginCountry/cbc:IdentificationCode") or "") or None,
        attributes=tuple(
            ItemAttribute(
                name=extra.must("cbc:Name", "Attribute's name (BT-160)"),
                value=extra.must("cbc:Value", "Attribute's value (BT-161)"),
            )
            for extra in row.all("cac:Item/cac:AdditionalItemProperty")
        ),
        place=row.line(),
        **read_references(row, UBL_INVOICE.row, UBL_INVOICE),
    )
    below = tuple(line(sub, credit, made) for sub in row.all("cac:SubInvoiceLine"))
    return replace(made, sub_lines=below) if below else made


def period(found: Cursor | None) -> InvoicePeriod | None:
    """BG-14, BG-26."""
    if found is None:
        return None
    start = found.date("cbc:StartDate", "Start of the period (BT-73, BT-134)")
    end = found.date("cbc:EndDate", "End of the period (BT-74, BT-135)")
    return InvoicePeriod(start=start, end=end) if start or end else None


def allowance(part: Cursor) -> AllowanceOrCharge:
    """BG-20, BG-21, BG-27, BG-28."""
    return AllowanceOrCharge(
        is_charge=part.truth("cbc:ChargeIndicator", "Charge indicator (BG-20, BG-21, BG-27, BG-28)"),
        amount=part.amount("cbc:Amount", "Amount of the allowance or charge (BT-92, BT-99, BT-136, BT-141)"),
        base=part.decimal("cbc:BaseAmount", "Base amount"),
        percentage=part.decimal("cbc:MultiplierFactorNumeric", "Percentage"),
        reason=part.text("cbc:AllowanceChargeReason"),
        reason_code=part.text("cbc:AllowanceChargeReasonCode"),
        category=part.text("cac:TaxCategory/cbc:ID"),
        rate=part.decimal("cac:TaxCategory/cbc:Percent", "VAT rate (BT-96, BT-103)"),
        place=part.line(),
    )
