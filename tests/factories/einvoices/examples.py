"""The documents of the worked examples, and one that has everything."""

import datetime as dt
from decimal import Decimal

from tests.factories.einvoices.builders import LEITWEG, group, item, paper, reference, sides, totals

from contor.documents.types import (
    Address,
    CashDiscount,
    DepositDeduction,
    DepositGroup,
    Document,
    DocumentAllowanceCharge,
    DocumentExtra,
    DocumentType,
    ExchangeRate,
    LedgerCurrency,
    PaymentInformation,
    PaymentTerm,
    Period,
    PostTaxItem,
    Prepaid,
)
from contor.kernel.shapes import replace


def of_two_rates(**more: object) -> Document:
    """Worked example 2: two rates and 10 % off the whole document."""
    parts = tuple(
        DocumentAllowanceCharge(
            ident="d-1",
            type="ALLOWANCE",
            name="Jubiläumsrabatt",
            net=Decimal(net),
            tax=Decimal(tax),
            gross=Decimal(net) + Decimal(tax),
            category_code="S",
            rate=Decimal(rate),
            percentage=Decimal(10),
        )
        for net, tax, rate in (("3.01", "0.57", "19"), ("1.51", "0.11", "7"))
    )
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
        item(n, net, str(Decimal("9.99") - Decimal(net)), unit="8.3949579832", basis="GROSS")
        for n, net in enumerate(("8.40", "8.39", "8.39"), 1)
    )
    return paper(rows, (replace(group("25.18", "4.79"), basis="GROSS"),), totals("25.18", "4.79"), buyer_reference=LEITWEG)


def with_everything() -> Document:
    """Extras on a row, price per 100, a credit row, periods, orders, Skonto, vouchers, prepayment, rounding, ship-to."""
    rows = (
        item(
            1,
            "27.00",
            "5.13",
            quantity="3",
            unit="10",
            original=sides("30.00", "5.70"),
            description="Webhosting\nPaket L",
            article_number="H-1",
            extras=(
                DocumentExtra(ident="x-1", name="Gutschein 10 %", total=sides("-3.50", "-0.67")),
                DocumentExtra(ident="x-2", name="Eilzuschlag", total=sides("0.50", "0.10")),
            ),
            service_period=Period(start=dt.date(2026, 10, 1), end=dt.date(2026, 10, 31)),
        ),
        item(
            2,
            "12.35",
            "2.35",
            quantity="1234.5678",
            unit="1.0001",
            price_base_quantity=Decimal(100),
            quantity_type="KWH",
            unit_code="KWH",
            delivery_date=dt.date(2026, 11, 3),
        ),
        item(
            3,
            "-5.00",
            "-0.95",
            quantity="2",
            unit="2.50",
            service_period=Period(start=dt.date(2026, 9, 1), end=dt.date(2026, 9, 30)),
        ),
    )
    return paper(
        rows,
        (group("34.35", "6.53"),),
        totals("34.35", "6.53", prepaid="15.00", rounding="0.02"),
        supply_on_document_date=False,
        buyer_reference=LEITWEG,
        purchase_order_reference="B-77",
        contract_reference="V-1",
        note="Danke für Ihren Auftrag!",
        post_tax_items=(PostTaxItem(ident="p-1", name="Gutscheinkarte", amount=Decimal("-5.00")),),
        prepaid=(Prepaid(reference="Kasse", date=dt.date(2026, 11, 1), amount=Decimal("10.00")),),
        payment_term=PaymentTerm(
            period_in_days=14,
            cash_discount=(CashDiscount(days=10, percentage=Decimal(2)), CashDiscount(days=5, percentage=Decimal("3.5"))),
        ),
        shipping_address=Address(street="Lager", street_no="9", zip="27568", city="Bremerhaven", country="DE"),
        payment_information=PaymentInformation(payment_reference="RF18 0001"),
        environment="TEST",
    )


DEPOSITS = (
    DepositDeduction(
        ident="AR-1",
        document_date=dt.date(2026, 8, 1),
        received_on=dt.date(2026, 8, 10),
        groups=(
            DepositGroup(
                category_code="S", rate=Decimal(19), net=Decimal("3000.00"), tax=Decimal("570.00"), gross=Decimal("3570.00")
            ),
        ),
    ),
    DepositDeduction(
        ident="AR-2",
        document_date=dt.date(2026, 9, 1),
        received_on=dt.date(2026, 9, 9),
        groups=(
            DepositGroup(
                category_code="S", rate=Decimal(19), net=Decimal("1000.00"), tax=Decimal("190.00"), gross=Decimal("1190.00")
            ),
        ),
    ),
)


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
        rows,
        taxes,
        amounts,
        final_invoice_method=method,
        deposits=DEPOSITS if method != "REVERSAL" else (),
        related=(reference("AR-1", DocumentType.DEPOSIT_INVOICE), reference("AR-2", DocumentType.DEPOSIT_INVOICE)),
        buyer_reference=LEITWEG,
    )


def in_dollars(**more: object) -> Document:
    """Worked example 10."""
    rate = ExchangeRate(rate=Decimal("1.0850"), date=dt.date(2026, 11, 1))
    return paper(
        (item(1, "1000.00", "190.00"),),
        (group("1000.00", "190.00"),),
        totals("1000.00", "190.00"),
        currency="USD",
        language="en",
        ledger=LedgerCurrency(currency="EUR", exchange_rate=rate, tax=Decimal("175.12"), gross=Decimal("1096.77")),
        **more,
    )


def of_nothing() -> Document:
    """Only rows that cancel each other: 0.00."""
    rows = (item(1, "100.00", "19.00"), item(2, "-100.00", "-19.00"))
    return paper(rows, (group("0.00", "0.00"),), totals("0.00", "0.00"), document_date=dt.date(2026, 11, 19))
