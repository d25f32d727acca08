"""A month with one of everything that a VAT return has a number for, computed by hand.

| day | what | Kz | base | tax |
|---|---|---|---|---|
| 2  | service 19 %, 1,000.55 | 81 | 1,000.55 | 190.10 |
| 3  | service 7 %, 200.30 | 86 | 200.30 | 14.02 |
| 4  | service 16 %, 50.00, supplied in October 2020 | 35/36 of then | 50.00 | 8.00 |
| 5  | service to a business in France, 500.75 | 21 | 500.75 | |
| 6  | goods to a business in France, 300.40 | 41 | 300.40 | |
| 7  | goods to Switzerland, 80.00 | 43 | 80.00 | |
| 8  | service to a business in Switzerland, 90.00 | 45 | 90.00 | |
| 9  | construction, section 13b, 400.00 | 60 | 400.00 | |
| 10 | exempt (section 4 no. 21), 60.00 | 48 | 60.00 | |
| 11 | digital service to a consumer in France, 100.00 at 20 % | 45, OSS | 100.00 | 20.00 |
| 12 | Skonto 2 % on the document of day 2: 23.81 gross, 20.01 + 3.80 | 81 | -20.01 | -3.80 |
| 13 | discount of 10.00 on the service to France | 21 | -10.00 | |
| 14 | a sale of 238.00 gross is lost: 200.00 + 38.00 | 81, 50 | 0.00 | 0.00 |
| 15 | deposit of 119.00 received: 100.00 + 19.00 | 81 | 100.00 | 19.00 |
"""

from decimal import Decimal
from typing import Any

import pytest
from tests.factories.cases import decide
from tests.factories.reported import Reported

D = Decimal
MONTH = "2026-10"


def untaxed(category: str, code: str | None = None, text: str = "Steuerfrei") -> dict[str, Any]:
    said = {"exemptionReasonCode": code} if code else {}
    return {"taxes": [{"rate": 0, "categoryCode": category, **said, "exemptionReasonText": text}]}


FRANCE, SWISS = {"performanceLocation": {"country": "FR"}}, {"performanceLocation": {"country": "CH"}}
GOODS = {"category": "PHYSICAL_PRODUCT"}


def a_month(company: Reported) -> dict[str, str]:
    """The numbers of its documents, by the day."""
    sell = company.sell
    made = {
        "2": sell("2026-10-02", "1000.55"),
        "3": sell("2026-10-03", "200.30", taxes=[{"rate": 7, "categoryCode": "S"}]),
        "4": sell("2026-10-04", "50.00", taxes=[{"rate": 16, "categoryCode": "S"}], deliveryDate="2020-10-01"),
        "5": sell("2026-10-05", "500.75", "paris", **untaxed("AE", "VATEX-EU-AE"), **FRANCE),
        "6": sell("2026-10-06", "300.40", "paris", **untaxed("K", "VATEX-EU-IC"), **FRANCE, **GOODS, deliveryDate="2026-10-06"),
        "7": sell("2026-10-07", "80.00", "zuerich", **untaxed("G", "VATEX-EU-G"), **SWISS, **GOODS),
        "8": sell("2026-10-08", "90.00", "zuerich", **untaxed("O", "VATEX-EU-O"), **SWISS),
        "9": sell("2026-10-09", "400.00", **untaxed("AE", "VATEX-EU-AE")),
        "10": sell("2026-10-10", "60.00", **untaxed("E", None, "Steuerfrei nach § 4 Nr. 21 UStG")),
        "11": sell("2026-10-11", "100.00", "lyon", category="DIGITAL_PRODUCT", taxes=[{"rate": 20, "categoryCode": "S"}], **FRANCE),
    }
    company.turn("2026-10-12")
    decide(company, made["2"], "CASH_DISCOUNT", amount="23.81")
    company.turn("2026-10-13")
    decide(company, made["5"], "DISCOUNT", amount="10.00")
    lost = sell("2026-10-14", "200.00")
    decide(company, lost, "UNCOLLECTABLE_RECEIVABLE")
    deposit = sell("2026-10-15", "100.00", kind="deposit-invoices")
    company.paid("2026-10-15", "119.00", deposit)
    return made


@pytest.fixture
def month(company: Reported) -> Reported:
    a_month(company)
    return company


def test_every_line_of_the_return_is_what_was_computed_by_hand(month: Reported) -> None:
    rows = {row["Number"]: row for row in month.read("VAT", MONTH) if row["Section"] == "Return"}
    said = {
        number: (row["Base by the books"], row["Base to declare"], row["Tax by the books"], row["Tax to declare"])
        for number, row in rows.items()
        if any(row[name] not in ("", "0", "0.00") for name in ("Base by the books", "Tax by the books"))
    }
    assert said == {
        "81": ("1080.54", "1080", "205.30", "205.20"),
        "86": ("200.30", "200", "14.02", "14.00"),
        "21": ("490.75", "490", "", ""),
        "41": ("300.40", "300", "", ""),
        "43": ("80.00", "80", "", ""),
        "45": ("190.00", "190", "", ""),
        "60": ("400.00", "400", "", ""),
        "48": ("60.00", "60", "", ""),
        "50": ("200.00", "200", "", ""),
        "OSS": ("100.00", "100", "20.00", "20.00"),
        "83": ("", "", "219.32", "219.20"),
    }


def test_what_was_supplied_in_an_earlier_month_is_named_with_it(month: Reported) -> None:
    """Its return is to be corrected (section 153 AO)."""
    late = [row for row in month.read("VAT", MONTH) if row["Section"] != "Return"]
    assert [(it["Return of"], it["Number"], it["Base by the books"], it["Tax by the books"]) for it in late] == [
        ("2020-10", "35", "50.00", "8.00")
    ]
    then = {row["Number"]: row for row in month.read("VAT", "2020-10")}
    assert (then["35"]["Base to declare"], then["35"]["Tax to declare"]) == ("50", "8.00")


def test_the_recapitulative_statement_is_by_vat_id_and_kind(month: Reported) -> None:
    rows = [(it["VAT id"], it["Supply (L, S, D)"], it["To declare (whole euros)"]) for it in month.read("EC_SALES", MONTH)]
    assert rows == [("FR83404833048", "L", "300"), ("FR83404833048", "S", "491")]


def test_the_one_stop_shop_is_by_country_and_rate(month: Reported) -> None:
    rows = [tuple(row.values()) for row in month.read("OSS", MONTH)]
    assert rows == [("2026-Q4", "Return", "FR", "DIGITAL", "20", "", "100.00", "20.00")]


def test_revenue_is_that_of_its_accounts(month: Reported) -> None:
    by_account: dict[str, Decimal] = {}
    for row in month.read("REVENUE", MONTH):
        by_account[row["Account"]] = by_account.get(row["Account"], D(0)) + D(row["Revenue, net"])
    assert by_account == {
        "8400": D("1200.55"),
        "8300": D("200.30"),
        "8340": D("50.00"),
        "8336": D("500.75"),
        "8125": D("300.40"),
        "8120": D("80.00"),
        "8338": D("90.00"),
        "8337": D("400.00"),
        "8100": D("60.00"),
        "8331": D("100.00"),
        "8736": D("-20.01"),
        "8700": D("-10.00"),
    }


def test_the_trial_balance_is_even_and_the_journal_is_its_turnover(month: Reported) -> None:
    balance = month.read("TRIAL_BALANCE", MONTH)
    journal = month.report("JOURNAL", MONTH)
    sums = {it["column"]: D(str(it["amount"])) for it in journal["sums"]}
    debit, credit = (sum(D(row[side]) for row in balance) for side in ("Debit", "Credit"))
    assert sums == {"debit": debit, "credit": credit}
    assert debit == credit
    assert sum(D(row["Closing (debit positive)"]) for row in balance) == 0
    (lines,) = month.tenant.rows("SELECT count(*) AS n FROM journal_line")
    assert journal["rows"] == lines.n


def test_what_is_open_is_what_the_books_say(month: Reported) -> None:
    report = month.report("OPEN_ITEMS", MONTH)
    (control,) = [row for row in month.read("TRIAL_BALANCE", MONTH) if row["Account"] == "1400"]
    (total,) = report["sums"]
    assert (total["column"], D(str(total["amount"]))) == ("ledger_balance", D(control["Closing (debit positive)"]))
    assert D(control["Closing (debit positive)"]) == D("2980.31")
    month.sound()
