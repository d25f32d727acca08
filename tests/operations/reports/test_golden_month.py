"""A month of everything that a VAT return can hold, by hand."""

from decimal import Decimal

from tests.factories.cases import decide
from tests.factories.reported import Reported

D = Decimal
MONTH = "2026-10"


def untaxed(category: str, code: str | None, text: str) -> list[dict[str, object]]:
    said = {"exemptionReasonCode": code} if code else {}
    return [{"rate": 0, "categoryCode": category, **said, "exemptionReasonText": text}]


def a_month(company: Reported) -> None:
    company.sell("2026-10-02", "1000.55")
    company.sell("2026-10-03", "200.30", taxes=[{"rate": 7, "categoryCode": "S"}])
    company.sell("2026-10-05", "500.75", "paris", taxes=untaxed("AE", "VATEX-EU-AE", "Reverse charge"),
                 performanceLocation={"country": "FR"})
    company.sell("2026-10-06", "300.40", "paris", category="PHYSICAL_PRODUCT", deliveryDate="2026-10-06",
                 taxes=untaxed("K", "VATEX-EU-IC", "Innergemeinschaftliche Lieferung"), performanceLocation={"country": "FR"})


def test_a_month(company: Reported) -> None:
    a_month(company)
    for row in company.read("VAT", MONTH):
        print(row)
    for kind in ("OPEN_ITEMS", "AGEING", "JOURNAL", "TRIAL_BALANCE", "EC_SALES", "OSS", "REVENUE", "SETTLEMENT", "DUNNING", "RUN"):
        rows = company.read(kind, MONTH)
        print(kind, len(rows), rows[:3])
    assert 0
