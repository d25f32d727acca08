"""CII D16B into the model: parties, supporting documents and lines. Pure."""

from dataclasses import replace

from contor.documents.einvoice.model import (
    CII,
    AllowanceOrCharge,
    Classification,
    Cursor,
    InvoiceLine,
    InvoicePeriod,
    ItemAttribute,
    PartyContact,
    PostalAddress,
    TradeParty,
    country_of_file,
    read_references,
)
from contor.documents.einvoice.read.read_ubl_parts import attached_file, identifier
from contor.documents.types import SupportingDocument

DATE = "udt:DateTimeString"
_STATUS = "ram:AssociatedDocumentLineDocument/ram:LineStatusReasonCode"
_GROUP, _INFORMATION = "GROUP", "INFORMATION"
"""BT-X-8 of profile EXTENDED: the line is the sum of others, or only explains."""

_PLACES = {
    "ram:SpecifiedTaxRegistration/ram:ID": "VAT id",
    "ram:SpecifiedLegalOrganization/ram:ID": "registration",
    "ram:URIUniversalCommunication/ram:URIID": "electronic address",
    "ram:DefinedTradeContact": "contact",
}
"""What a party says more; where it says none, its own place counts."""


def supporting_document(found: Cursor) -> SupportingDocument:
    """BG-24."""
    return SupportingDocument(
        reference=found.must("ram:IssuerAssignedID", "Supporting document (BT-122)"),
        description=found.text("ram:Name"),
        location=found.text("ram:URIID"),
        file=attached_file(found.one("ram:AttachmentBinaryObject")),
    )


def party(parent: Cursor, path: str, role: str, is_seller: bool) -> TradeParty:
    """BG-4 or BG-7. A buyer has no tax number in EN 16931; one that is written is not read."""
    found = parent.one(path)
    if found is None:
        parent.must(path, f"{role} (BG-4, BG-7)")
        return TradeParty(name="", address=PostalAddress(country=""))
    numbers = (identifier(number) for number in (*found.all("ram:ID"), *found.all("ram:GlobalID")))
    taxes = [
        identifier(number)
        for number in found.all("ram:SpecifiedTaxRegistration/ram:ID")
        if is_seller or number.attribute("schemeID") == "VA"
    ]
    endpoint = found.one("ram:URIUniversalCommunication/ram:URIID")
    contact = found.one("ram:DefinedTradeContact")
    for place, what in _PLACES.items():
        found.place(place, f"{role}'s {what}")
    return TradeParty(
        name=found.must("ram:Name", f"{role}'s name (BT-27, BT-44)"),
        address=address(found, "ram:PostalTradeAddress", f"{role}'s"),
        trading_name=found.text("ram:SpecifiedLegalOrganization/ram:TradingBusinessName"),
        identifiers=tuple(number for number in numbers if number),
        legal_registration=identifier(found.one("ram:SpecifiedLegalOrganization/ram:ID")),
        vat_id=next((number.value for number in taxes if number and number.scheme == "VA"), None),
        tax_number=next((number.value for number in taxes if number and number.scheme != "VA"), None) if is_seller else None,
        legal_information=found.text("ram:Description"),
        endpoint=identifier(endpoint),
        contact=_contact(contact, role) if contact is not None else None,
    )


def address(parent: Cursor, path: str, whose: str) -> PostalAddress:
    found = parent.one(path)
    if found is None:
        parent.must(path, f"{whose} address (BG-5, BG-8, BG-12, BG-15)")
        return PostalAddress(country="")
    return PostalAddress(
        country=country_of_file(found.must("ram:CountryID", f"{whose} country (BT-40, BT-55, BT-69, BT-80)")),
        line_1=found.text("ram:LineOne", f"{whose} street"),
        line_2=found.text("ram:LineTwo"),
        line_3=found.text("ram:LineThree"),
        city=found.text("ram:CityName", f"{whose} city"),
        post_code=found.text("ram:PostcodeCode", f"{whose} postal code"),
        subdivision=found.text("ram:CountrySubDivisionName", f"{whose} subdivision"),
    )


def period(found: Cursor | None) -> InvoicePeriod | None:
    """BG-14, BG-26."""
    if found is None:
        return None
    start = found.date(f"ram:StartDateTime/{DATE}", "Start of the period (BT-73, BT-134)")
    end = found.date(f"ram:EndDateTime/{DATE}", "End of the period (BT-74, BT-135)")
    return InvoicePeriod(start=start, end=end) if start or end else None


def allowance(part: Cursor) -> AllowanceOrCharge:
    """BG-20, BG-21, BG-27, BG-28."""
    return AllowanceOrCharge(
        is_charge=part.truth("ram:ChargeIndicator/udt:Indicator", "Charge indicator (BG-20, BG-21, BG-27, BG-28)"),
        amount=part.amount("ram:ActualAmount", "Amount of the allowance or charge (BT-92, BT-99, BT-136, BT-141)"),
        base=part.decimal("ram:BasisAmount", "Base amount"),
        percentage=part.decimal("ram:CalculationPercent", "Percentage"),
        reason=part.text("ram:Reason"),
        reason_code=part.text("ram:ReasonCode"),
        category=part.text("ram:CategoryTradeTax/ram:CategoryCode"),
        rate=part.decimal("ram:CategoryTradeTax/ram:RateApplicablePercent", "VAT rate (BT-96, BT-103)"),
        place=part.line(),
    )


def logistics_charge(part: Cursor) -> AllowanceOrCharge:
    """Freight and the like of profile EXTENDED (BG-X-42): a charge of the document (BG-21)."""
    return AllowanceOrCharge(
        is_charge=True,
        amount=part.amount("ram:AppliedAmount", "Amount of the logistics charge (BT-X-272)"),
        reason=part.text("ram:Description"),
        category=part.text("ram:AppliedTradeTax/ram:CategoryCode"),
        rate=part.decimal("ram:AppliedTradeTax/ram:RateApplicablePercent", "VAT rate of the logistics charge (BT-X-274)"),
        place=part.line(),
    )


def lines(rows: list[Cursor]) -> tuple[InvoiceLine, ...]:
    """BG-25 in the file's order; a row that names a parent becomes a sub-line of it (XRechnung extension)."""
    rows = [row for row in rows if row.text(_STATUS) != _INFORMATION]  # a line that only explains is told as not read
    children: dict[str, list[Cursor]] = {}
    idents = {row.text("ram:AssociatedDocumentLineDocument/ram:LineID") for row in rows}
    top: list[Cursor] = []
    for row in rows:
        parent = row.text("ram:AssociatedDocumentLineDocument/ram:ParentLineID")
        if parent is None:
            top.append(row)
        elif parent in idents:
            children.setdefault(parent, []).append(row)
        else:
            row.refuse("einvoice_element_invalid", "The line names a parent line that does not exist", "ram:ParentLineID", parent)
            top.append(row)

    def with_children(row: Cursor, above: frozenset[str], parent: InvoiceLine | None) -> InvoiceLine:
        line = _line(row, parent)
        if line.ident in above:
            row.refuse("einvoice_element_invalid", "The line is its own parent line", "ram:ParentLineID", line.ident)
            return line
        below = children.get(line.ident, [])
        return (
            replace(line, sub_lines=tuple(with_children(child, above | {line.ident}, line) for child in below)) if below else line
        )

    placed: set[str | None] = set()
    waiting = list(top)
    while waiting:
        ident = waiting.pop().text("ram:AssociatedDocumentLineDocument/ram:LineID")
        if ident not in placed:
            placed.add(ident)
            waiting += children.get(ident or "", [])
    for row in rows:  # a line that is above itself stands below no other: it would be lost
        if (ident := row.text("ram:AssociatedDocumentLineDocument/ram:LineID")) not in placed:
            row.refuse("einvoice_element_invalid", "The line is its own parent line", "ram:ParentLineID", ident)
    return tuple(with_children(row, frozenset(), None) for row in top)


def _contact(found: Cursor, role: str) -> PartyContact | None:
    contact = PartyContact(
        name=found.text("ram:PersonName") or found.text("ram:DepartmentName"),
        phone=found.text("ram:TelephoneUniversalCommunication/ram:CompleteNumber", f"{role}'s phone"),
        email=found.text("ram:EmailURIUniversalCommunication/ram:URIID", f"{role}'s e-mail address"),
    )
    return None if contact == PartyContact() else contact


def _line(row: Cursor, above: InvoiceLine | None) -> InvoiceLine:
    """A line is taxed as the one `above` it where it does not say its tax."""
    agreement, settlement = "ram:SpecifiedLineTradeAgreement/ram:", "ram:SpecifiedLineTradeSettlement/ram:"
    net_price, gross_price = f"{agreement}NetPriceProductTradePrice/ram:", f"{agreement}GrossPriceProductTradePrice/ram:"
    product, quantity = "ram:SpecifiedTradeProduct/ram:", "ram:SpecifiedLineTradeDelivery/ram:BilledQuantity"
    document = "ram:AssociatedDocumentLineDocument/ram:"
    tax = f"{settlement}ApplicableTradeTax/ram:"
    base_path = next((f"{price}BasisQuantity" for price in (net_price, gross_price) if row.text(f"{price}BasisQuantity")), "")
    base = row.one(base_path) if base_path else None
    units = row.one(quantity)
    # a line that groups others may leave their taxes to them
    grouped = row.text(_STATUS) == _GROUP or (above is not None and bool(above.category))
    taxed_above = above if grouped and row.one(f"{tax}CategoryCode") is None else None
    net = f"{settlement}SpecifiedTradeSettlementLineMonetarySummation/ram:LineTotalAmount"
    return InvoiceLine(
        ident=row.must(f"{document}LineID", "Line's id (BT-126)"),
        net=row.amount(net, "Line's net (BT-131)"),
        name=row.must(f"{product}Name", "Item's name (BT-153)"),
        category=(taxed_above.category if taxed_above else row.text(f"{tax}CategoryCode") or "")
        if grouped
        else row.must(f"{tax}CategoryCode", "Line's VAT category (BT-151)"),
        rate=taxed_above.rate if taxed_above else row.decimal(f"{tax}RateApplicablePercent", "Line's VAT rate (BT-152)"),
        quantity=row.decimal(quantity, "Quantity (BT-129)"),
        unit=units.attribute("unitCode") if units is not None else None,
        price=row.decimal(f"{net_price}ChargeAmount", "Price (BT-146)"),
        discount=row.decimal(f"{gross_price}AppliedTradeAllowanceCharge/ram:ActualAmount", "Price discount (BT-147)"),
        gross_price=row.decimal(f"{gross_price}ChargeAmount", "Gross price (BT-148)"),
        price_base=row.decimal(base_path, "Base quantity (BT-149)") if base_path else None,
        price_base_unit=base.attribute("unitCode") if base is not None else None,
        note=row.text(f"{document}IncludedNote/ram:Content"),
        period=period(row.one(f"{settlement}BillingSpecifiedPeriod")),
        allowances=tuple(allowance(part) for part in row.all(f"{settlement}SpecifiedTradeAllowanceCharge")),
        description=row.text(f"{product}Description"),
        seller_item_id=row.text(f"{product}SellerAssignedID"),
        buyer_item_id=row.text(f"{product}BuyerAssignedID"),
        standard_item_id=identifier(row.one(f"{product}GlobalID")),
        classifications=tuple(
            Classification(code=code.own(), list_id=code.attribute("listID") or "", list_version=code.attribute("listVersionID"))
            for code in row.all(f"{product}DesignatedProductClassification/ram:ClassCode")
        ),
        origin_country=country_of_file(row.text(f"{product}OriginTradeCountry/ram:ID") or "") or None,
        attributes=tuple(
            ItemAttribute(
                name=extra.must("ram:Description", "Attribute's name (BT-160)"),
                value=extra.must("ram:Value", "Attribute's value (BT-161)"),
            )
            for extra in row.all(f"{product}ApplicableProductCharacteristic")
        ),
        place=row.line(),
        **read_references(row, CII.row, CII),
    )
