"""Hand-made documents of every kind, with amounts worked out by hand (accounting reference, worked examples)."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal as D

from contor.documents.types import (
    Address,
    AmountSides,
    BankAccount,
    CashDiscount,
    Contact,
    DepositDeduction,
    DepositGroup,
    Document,
    DocumentAllowanceCharge,
    DocumentExtra,
    DocumentItem,
    DocumentType,
    ElectronicAddress,
    ExchangeRate,
    LedgerCurrency,
    Party,
    PaymentInformation,
    PaymentTerm,
    Period,
    PostTaxItem,
    Prepaid,
    Property,
    RelatedDocument,
    Tax,
    TaxGroup,
    Totals,
    UnitPriceSides,
)

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
AUSTRIAN = replace(CUSTOMER, ident="c-at", name="Wiener Handel GmbH", vat_id="ATU37675002", address=Address(street="Ring", street_no="3", zip="1010", city="Wien", country="AT"))  # fmt: skip
SWISS = replace(CUSTOMER, ident="c-ch", name="Zürcher AG", vat_id=None, address=Address(street="Quai", street_no="5", zip="8001", city="Zürich", country="CH"))  # fmt: skip

LEITWEG = "04011000-12345-34"


def sides(net: str, tax: str) -> AmountSides:
    return AmountSides(net=D(net), tax=D(tax), gross=D(net) + D(tax))


def item(position: int, net: str, tax: str = "0.00", rate: str = "19", category: str = "S", quantity: str = "1", **more: object) -> DocumentItem:
    """A row over the whole net; `unit` is the net price of one unit."""
    unit = more.pop("unit", None) or abs(D(net)) / D(quantity)
    original = more.pop("original", None) or sides(net, tax)
    values: dict[str, object] = {
        "position": position,
        "ident": f"i-{position}",
        "category": "SERVICE",
        "name": f"Leistung {position}",
        "quantity": D(quantity),
        "quantity_type": "PC",
        "unit_code": "H87",
        "unit": UnitPriceSides(net=D(unit), gross=D(unit)),  # type: ignore[arg-type]
        "original_total": original,
        "total": sides(net, tax),
        "taxes": (Tax(rate=D(rate), category_code=category),),  # type: ignore[arg-type]
        "basis": "NET",
        "is_credit": D(net) < 0,
    }
    return DocumentItem(**(values | more))  # type: ignore[arg-type]


def group(base: str, tax: str, rate: str = "19", category: str = "S", **more: str) -> TaxGroup:
    return TaxGroup(category_code=category, rate=D(rate), basis="NET", base=D(base), amount=D(tax), gross=D(base) + D(tax), **more)  # type: ignore[arg-type]


def totals(lines: str, tax: str, allowances: str = "0.00", charges: str = "0.00", prepaid: str = "0.00", rounding: str = "0.00") -> Totals:
    net = D(lines) - D(allowances) + D(charges)
    gross = net + D(tax)
    return Totals(
        lines=D(lines), allowances=D(allowances), charges=D(charges), net=net, tax=D(tax), gross=gross,
        prepaid=D(prepaid), rounding=D(rounding), payable=gross - D(prepaid) + D(rounding),
    )  # fmt: skip


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
    return paper((item(1, "100.00", "19.00"),), (group("100.00", "19.00"),), totals("100.00", "19.00"), **more)


def untaxed(category: str, code: str | None, text: str | None, **more: object) -> Document:
    return paper(
        (item(1, "250.00", rate="0", category=category),),
        (group("250.00", "0.00", "0", category, exemption_reason_code=code, exemption_reason_text=text),),  # type: ignore[arg-type]
        totals("250.00", "0.00"),
        **more,
    )


def of_two_rates(**more: object) -> Document:
    """Worked example 2: two rates and 10 % off the whole document."""
    parts = tuple(
        DocumentAllowanceCharge(
            ident="d-1", type="ALLOWANCE", name="Jubiläumsrabatt", net=D(net), tax=D(tax), gross=D(net) + D(tax),
            category_code="S", rate=D(rate), percentage=D(10),
        )
        for net, tax, rate in (("3.01", "0.57", "19"), ("1.51", "0.11", "7"))
    )  # fmt: skip
    rows = (item(1, "30.09", "5.72", quantity="3", unit="10.03"), item(2, "15.15", "1.06", "7", quantity="3", unit="5.05"))
    return paper(
        rows,
        (group("27.08", "5.15"), group("13.64", "0.95", "7")),
        totals("45.24", "6.10", allowances="4.52"),
        allowances_charges=parts,
        **more,
    )


def of_gross_prices() -> Document:
    """Worked example 1: three rows of 9.99 gross; no net reaches 29.97."""
    rows = tuple(
        item(n, net, str(D("9.99") - D(net)), unit="8.3949579832", basis="GROSS") for n, net in enumerate(("8.40", "8.39", "8.39"), 1)
    )
    return paper(rows, (replace(group("25.18", "4.79"), basis="GROSS"),), totals("25.18", "4.79"), buyer_reference=LEITWEG)


def with_everything() -> Document:
    """Extras on a row, price per 100, a credit row, periods, orders, Skonto, vouchers, prepayment, rounding, ship-to."""
    rows = (
        item(
            1, "27.00", "5.13", quantity="3", unit="10", original=sides("30.00", "5.70"), description="Webhosting\nPaket L", article_number="H-1",
            extras=(DocumentExtra(ident="x-1", name="Gutschein 10 %", total=sides("-3.50", "-0.67")), DocumentExtra(ident="x-2", name="Eilzuschlag", total=sides("0.50", "0.10"))),
            service_period=Period(start=dt.date(2026, 10, 1), end=dt.date(2026, 10, 31)),
        ),
        item(2, "12.35", "2.35", quantity="1234.5678", unit="1.0001", price_base_quantity=D(100), quantity_type="KWH", unit_code="KWH", delivery_date=dt.date(2026, 11, 3)),
        item(3, "-5.00", "-0.95", quantity="2", unit="2.50", service_period=Period(start=dt.date(2026, 9, 1), end=dt.date(2026, 9, 30))),
    )  # fmt: skip
    return paper(
        rows, (group("34.35", "6.53"),), totals("34.35", "6.53", prepaid="15.00", rounding="0.02"),
        supply_on_document_date=False, buyer_reference=LEITWEG, purchase_order_reference="B-77", contract_reference="V-1", note="Danke für Ihren Auftrag!",
        post_tax_items=(PostTaxItem(ident="p-1", name="Gutscheinkarte", amount=D("-5.00")),),
        prepaid=(Prepaid(reference="Kasse", date=dt.date(2026, 11, 1), amount=D("10.00")),),
        payment_term=PaymentTerm(period_in_days=14, cash_discount=(CashDiscount(days=10, percentage=D(2)), CashDiscount(days=5, percentage=D("3.5")))),
        shipping_address=Address(street="Lager", street_no="9", zip="27568", city="Bremerhaven", country="DE"),
        payment_information=PaymentInformation(payment_reference="RF18 0001"), environment="TEST",
    )  # fmt: skip


DEPOSITS = (
    DepositDeduction(ident="AR-1", document_date=dt.date(2026, 8, 1), received_on=dt.date(2026, 8, 10), groups=(DepositGroup(category_code="S", rate=D(19), net=D("3000.00"), tax=D("570.00"), gross=D("3570.00")),)),
    DepositDeduction(ident="AR-2", document_date=dt.date(2026, 9, 1), received_on=dt.date(2026, 9, 9), groups=(DepositGroup(category_code="S", rate=D(19), net=D("1000.00"), tax=D("190.00"), gross=D("1190.00")),)),
)  # fmt: skip


def final(method: str) -> Document:
    """Worked example 3."""
    work = item(1, "10000.00", "1900.00", name="Bauleistung")
    if method == "REMAINDER":
        rows = (
            work,
            item(2, "-3000.00", "-570.00", name="Abzüglich Anzahlung AR-1", deposit_ident="AR-1"),
            item(3, "-1000.00", "-190.00", name="Abzüglich Anzahlung AR-2", deposit_ident="AR-2"),
        )
        amounts, taxes = totals("6000.00", "1140.00"), (group("6000.00", "1140.00"),)
    else:
        rows, amounts, taxes = (work,), totals("10000.00", "1900.00", prepaid="4760.00"), (group("10000.00", "1900.00"),)
    return paper(
        rows, taxes, amounts, final_invoice_method=method, deposits=DEPOSITS if method != "REVERSAL" else (),
        related=(reference("AR-1", DocumentType.DEPOSIT_INVOICE), reference("AR-2", DocumentType.DEPOSIT_INVOICE)), buyer_reference=LEITWEG,
    )  # fmt: skip


def in_dollars(**more: object) -> Document:
    """Worked example 10."""
    rate = ExchangeRate(rate=D("1.0850"), date=dt.date(2026, 11, 1))
    return paper(
        (item(1, "1000.00", "190.00"),), (group("1000.00", "190.00"),), totals("1000.00", "190.00"), currency="USD", language="en",
        ledger=LedgerCurrency(currency="EUR", exchange_rate=rate, tax=D("175.12"), gross=D("1096.77")), **more,
    )  # fmt: skip


def of_three_years_ago(days: int) -> Document:
    """Only rows that cancel each other: 0.00."""
    rows = (item(1, "100.00", "19.00"), item(2, "-100.00", "-19.00"))
    return paper(rows, (group("0.00", "0.00"),), totals("0.00", "0.00"), document_date=dt.date(2026, 11, days))


PARTNER = replace(CUSTOMER, ident="p-1", name="Partner Vertrieb GmbH", tax_number="60/123/45678", contact=Contact(name="Petra Part", phone="0421 998877", email="p@partner.example"), bank_accounts=(BankAccount(iban="DE75512108001245126199"),))  # fmt: skip
SMALL = replace(SITE, ident="kleinladen", name="Kleinladen Inh. K. Klein", vat_id=None, register_number=None, register_court=None, managing_directors=(), small_business=True)  # fmt: skip
MANDATE = (
    Property(key="mandateReference", value="M-77"),
    Property(key="creditorIdentifier", value="DE98ZZZ09999999999"),
    Property(key="debitedAccount", value="DE75512108001245126199"),
)
SEVERAL_RATES_EXEMPT = "Steuerbefreiung für Kleinunternehmer nach § 19 UStG"

PAPERS: dict[str, Document] = {
    "380": simple(),
    "380 XRechnung": simple(buyer_reference=LEITWEG),
    "380 English": simple(language="en", environment="TEST"),
    "380 two rates, allowance": of_two_rates(),
    "380 two rates, allowance, XRechnung": of_two_rates(buyer_reference=LEITWEG),
    "380 gross prices": of_gross_prices(),
    "380 everything": with_everything(),
    "380 zero": of_three_years_ago(20),
    "380 direct debit": simple(buyer_reference=LEITWEG, payment_information=PaymentInformation(payment_type="SEPA_DIRECT_DEBIT"), properties=MANDATE),
    "380 card": simple(buyer_reference=LEITWEG, payment_information=PaymentInformation(payment_type="CREDIT_CARD")),
    "380 voucher pays": paper((item(1, "100.00", "19.00"),), (group("100.00", "19.00"),), totals("100.00", "19.00", prepaid="50.00"), post_tax_items=(PostTaxItem(ident="p", name="Gutschein", amount=D("-50.00")),)),
    "380 REMAINDER": final("REMAINDER"),
    "380 REMAINDER at 16 %": paper(
        (item(1, "10000.00", "1900.00"), item(2, "-3000.00", "-480.00", "16", deposit_ident="AR-1")), (group("10000.00", "1900.00"), group("-3000.00", "-480.00", "16")),
        totals("7000.00", "1420.00"), deposits=DEPOSITS[:1], final_invoice_method="REMAINDER", buyer_reference=LEITWEG),
    "380 FINAL": final("FINAL"),
    "380 REVERSAL": final("REVERSAL"),
    "380 USD": in_dollars(),
    "380 USD XRechnung": in_dollars(buyer_reference=LEITWEG),
    "381": simple(document_type=DocumentType.CREDIT_MEMO, related=(reference("RE-2026-000001"),), ident="GS-1"),
    "381 XRechnung": of_two_rates(document_type=DocumentType.CREDIT_MEMO, related=(reference("RE-2026-000001"),), buyer_reference=LEITWEG, purchase_order_reference="B-1"),
    "384": simple(document_type=DocumentType.DEPOSIT_INVOICE_CORRECTION, related=(reference("AR-1", DocumentType.DEPOSIT_INVOICE),)),
    "384 allowance XRechnung": of_two_rates(document_type=DocumentType.DEPOSIT_INVOICE_CORRECTION, related=(reference("AR-1"),), buyer_reference=LEITWEG),
    "386": simple(document_type=DocumentType.DEPOSIT_INVOICE),
    "326": simple(document_type=DocumentType.DEPOSIT_INVOICE, buyer_reference=LEITWEG),
    "389": simple(document_type=DocumentType.SELF_BILLING_INVOICE, customer=PARTNER),
    "389 XRechnung": simple(document_type=DocumentType.SELF_BILLING_INVOICE, customer=PARTNER, buyer_reference=LEITWEG),
    "389 small partner": untaxed("E", None, SEVERAL_RATES_EXEMPT, document_type=DocumentType.SELF_BILLING_INVOICE, customer=replace(PARTNER, vat_id=None, small_business=True)),
    "261": simple(document_type=DocumentType.SELF_BILLING_INVOICE_CORRECTION, customer=PARTNER, related=(reference("GU-1", DocumentType.SELF_BILLING_INVOICE),)),
    "AE": untaxed("AE", "VATEX-EU-AE", "Steuerschuldnerschaft des Leistungsempfängers", customer=AUSTRIAN),
    "AE domestic": untaxed("AE", "VATEX-EU-AE", "Steuerschuldnerschaft des Leistungsempfängers", customer=replace(CUSTOMER, vat_id=None, tax_number="71/222/33333"), buyer_reference=LEITWEG),
    "K": untaxed("K", "VATEX-EU-IC", "Steuerfreie innergemeinschaftliche Lieferung", customer=AUSTRIAN, buyer_reference=LEITWEG),
    "G": untaxed("G", "VATEX-EU-G", "Steuerfreie Ausfuhrlieferung", customer=SWISS, shipping_address=SWISS.address),
    "E": untaxed("E", "VATEX-EU-132-1I", "Steuerfrei nach § 4 Nr. 21 UStG", buyer_reference=LEITWEG),
    "O": untaxed("O", "VATEX-EU-O", "Nicht steuerbar", buyer_reference=LEITWEG),
    "Z": untaxed("Z", None, None),
    "small business": untaxed("E", None, SEVERAL_RATES_EXEMPT, seller=SMALL, buyer_reference=LEITWEG),
    "OSS": paper((item(1, "8.32", "1.67", "20"),), (group("8.32", "1.67", "20", country="FR"),), totals("8.32", "1.67"), customer=replace(CUSTOMER, vat_id=None, address=Address(street="Rue", zip="75001", city="Paris", country="FR"))),
}  # fmt: skip
"""By what they are."""
