"""Parts of hand-made documents: parties, rows, tax groups, totals."""

import datetime as dt
from decimal import Decimal

from contor.documents.types import (
    Address,
    AmountSides,
    BankAccount,
    Contact,
    Document,
    DocumentItem,
    DocumentType,
    ElectronicAddress,
    Party,
    Property,
    RelatedDocument,
    Tax,
    TaxGroup,
    Totals,
    UnitPriceSides,
)
from contor.kernel.shapes import replace

SITE = Party(
    ident="hamburg",
    name="Contor Demo GmbH",
    address=Address(street="Speicherstraße", street_no="1", zip="20457", city="Hamburg", country="DE"),
    vat_id="DE136695976",
    tax_number="22/815/08154",
    register_number="HRB 123456",
    register_court="Amtsgericht Hamburg",
    managing_directors=("Ada König", "Max Möller"),
    contact=Contact(name="Buchhaltung", phone="+49 40 1234567", email="rechnung@contor.example"),
    electronic_address=ElectronicAddress(scheme="EM", identifier="rechnung@contor.example"),
    bank_accounts=(BankAccount(iban="DE02120300000000202051", bic="BYLADEM1001", bank_name="DKB"),),
)
CUSTOMER = Party(
    ident="c-1",
    name="Kunde & Söhne <AG>",
    address=Address(street="Am Markt", street_no="7a", addition="Hinterhaus", zip="28195", city="Bremen", country="DE"),
    vat_id="DE129273398",
    contact=Contact(name="Frau Ämter", email="eingang@kunde.example"),
)
AUSTRIAN = replace(
    CUSTOMER,
    ident="c-at",
    name="Wiener Handel GmbH",
    vat_id="ATU37675002",
    address=Address(street="Ring", street_no="3", zip="1010", city="Wien", country="AT"),
)
SWISS = replace(
    CUSTOMER,
    ident="c-ch",
    name="Zürcher AG",
    vat_id=None,
    address=Address(street="Quai", street_no="5", zip="8001", city="Zürich", country="CH"),
)

LEITWEG = "04011000-12345-34"


def sides(net: str, tax: str) -> AmountSides:
    return AmountSides(net=Decimal(net), tax=Decimal(tax), gross=Decimal(net) + Decimal(tax))


def item(
    position: int, net: str, tax: str = "0.00", rate: str = "19", category: str = "S", quantity: str = "1", **more: object
) -> DocumentItem:
    """A row over the whole net; `unit` is the net price of one unit."""
    unit = more.pop("unit", None) or abs(Decimal(net)) / Decimal(quantity)
    original = more.pop("original", None) or sides(net, tax)
    values: dict[str, object] = {
        "position": position,
        "ident": f"i-{position}",
        "category": "SERVICE",
        "name": f"Leistung {position}",
        "quantity": Decimal(quantity),
        "quantity_type": "PC",
        "unit_code": "H87",
        "unit": UnitPriceSides(net=Decimal(unit), gross=Decimal(unit)),  # type: ignore[arg-type]
        "original_total": original,
        "total": sides(net, tax),
        "taxes": (Tax(rate=Decimal(rate), category_code=category),),  # type: ignore[arg-type]
        "basis": "NET",
        "is_credit": Decimal(net) < 0,
    }
    return DocumentItem(**(values | more))  # type: ignore[arg-type]


def group(base: str, tax: str, rate: str = "19", category: str = "S", **more: str) -> TaxGroup:
    return TaxGroup(
        category_code=category,
        rate=Decimal(rate),
        basis="NET",
        base=Decimal(base),
        amount=Decimal(tax),
        gross=Decimal(base) + Decimal(tax),
        **more,
    )  # type: ignore[arg-type]


def totals(
    lines: str, tax: str, allowances: str = "0.00", charges: str = "0.00", prepaid: str = "0.00", rounding: str = "0.00"
) -> Totals:
    net = Decimal(lines) - Decimal(allowances) + Decimal(charges)
    gross = net + Decimal(tax)
    return Totals(
        lines=Decimal(lines),
        allowances=Decimal(allowances),
        charges=Decimal(charges),
        net=net,
        tax=Decimal(tax),
        gross=gross,
        prepaid=Decimal(prepaid),
        rounding=Decimal(rounding),
        payable=gross - Decimal(prepaid) + Decimal(rounding),
    )


def paper(items: tuple[DocumentItem, ...], taxes: tuple[TaxGroup, ...], sums: Totals, **more: object) -> Document:
    values: dict[str, object] = {
        "ident": "RE-2026-000001",
        "document_type": DocumentType.INVOICE,
        "request_id": "r-1",
        "environment": "LIVE",
        "billing_group_ident": "external",
        "currency": "EUR",
        "language": "de",
        "document_date": dt.date(2026, 11, 20),
        "due_date": dt.date(2026, 12, 4),
        "tax_date": dt.date(2026, 11, 20),
        "created_at": dt.datetime(2026, 11, 20, 9, tzinfo=dt.UTC),
        "seller": SITE,
        "customer": CUSTOMER,
        "operating_site_ident": "hamburg",
        "customer_ident": "c-1",
        "items": items,
        "taxes": taxes,
        "totals": sums,
        "supply_on_document_date": True,
    }
    return Document(**(values | more))  # type: ignore[arg-type]


def reference(ident: str, kind: DocumentType = DocumentType.INVOICE) -> RelatedDocument:
    return RelatedDocument(ident=ident, document_type=kind, document_date=dt.date(2026, 10, 1))


def simple(**more: object) -> Document:
    """One row over 100.00 at 19 %, and what the test changes of it."""
    return replace(paper((item(1, "100.00", "19.00"),), (group("100.00", "19.00"),), totals("100.00", "19.00")), **more)  # type: ignore[arg-type]


def untaxed(category: str, code: str | None, text: str | None, **more: object) -> Document:
    return paper(
        (item(1, "250.00", rate="0", category=category),),
        (group("250.00", "0.00", "0", category, exemption_reason_code=code, exemption_reason_text=text),),  # type: ignore[arg-type]
        totals("250.00", "0.00"),
        **more,
    )


PARTNER = replace(
    CUSTOMER,
    ident="p-1",
    name="Partner Vertrieb GmbH",
    tax_number="60/123/45678",
    contact=Contact(name="Petra Part", phone="0421 998877", email="p@partner.example"),
    bank_accounts=(BankAccount(iban="DE75512108001245126199"),),
)
SMALL = replace(
    SITE,
    ident="kleinladen",
    name="Kleinladen Inh. K. Klein",
    vat_id=None,
    register_number=None,
    register_court=None,
    managing_directors=(),
    small_business=True,
)
MANDATE = (
    Property(key="mandateReference", value="M-77"),
    Property(key="creditorIdentifier", value="DE98ZZZ09999999999"),
    Property(key="debitedAccount", value="DE75512108001245126199"),
)
SMALL_BUSINESS_TEXT = "Steuerbefreiung für Kleinunternehmer nach § 19 UStG"
