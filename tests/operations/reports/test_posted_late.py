"""What is posted in a month with the tax date of one before: each return names it with the period that it corrects. And what is taxed so
little that its tax is 0.00 is declared all the same."""

from decimal import Decimal
from typing import Any

import pytest
from tests.factories.cases import decide
from tests.factories.reported import Reported

D = Decimal
FRANCE = {"performanceLocation": {"country": "FR"}}
SERVICE = {"taxes": [{"rate": 0, "categoryCode": "AE", "exemptionReasonCode": "VATEX-EU-AE"}], **FRANCE}
GOODS = {
    "taxes": [{"rate": 0, "categoryCode": "K", "exemptionReasonCode": "VATEX-EU-IC"}],
    "category": "PHYSICAL_PRODUCT",
    **FRANCE,
}
DIGITAL = {"taxes": [{"rate": 20, "categoryCode": "S"}], "category": "DIGITAL_PRODUCT", **FRANCE}


@pytest.fixture
def november(company: Reported) -> Reported:
    company.sell("2026-10-05", "1000.00", "paris", **SERVICE)
    company.sell("2026-10-06", "50.00", "lyon", **DIGITAL)
    company.sell("2026-11-03", "200.40", "paris", **SERVICE, deliveryDate="2026-10-30")
    company.sell("2026-11-04", "300.30", "paris", **GOODS, deliveryDate="2026-09-29")
    company.sell("2026-11-05", "40.00", "lyon", **DIGITAL, deliveryDate="2026-10-31")
    company.sell("2026-11-06", "70.00", "lyon", **DIGITAL, deliveryDate="2026-09-30")
    company.sell("2026-11-09", "10.60", "paris", **SERVICE)
    company.sound()
    return company


def stated(company: Reported, month: str) -> list[tuple[Any, ...]]:
    columns = ("Statement of", "Section", "Supply (L, S, D)", "Base by the books", "To declare (whole euros)")
    return [tuple(row[name] for name in columns) for row in company.read("EC_SALES", month)]


def test_an_earlier_statement_is_corrected_by_what_it_should_have_said(november: Reported) -> None:
    """Section 18a (10) UStG: the difference by the books, and the whole sum that the corrected statement declares."""
    late = "Correction of an earlier statement"
    assert stated(november, "2026-11") == [
        ("2026-11", "Statement", "S", "10.60", "11"),
        ("2026-09", late, "L", "300.30", "300"),
        ("2026-10", late, "S", "200.40", "1200"),
    ]
    assert stated(november, "2026-10") == [("2026-10", "Statement", "S", "1200.40", "1200")]


def test_what_came_later_still_is_not_in_a_correction(november: Reported) -> None:
    """The report of November says what October should have said by the end of November."""
    november.sell("2026-12-01", "5.00", "paris", **SERVICE, deliveryDate="2026-10-30")
    assert stated(november, "2026-11")[-1][3:] == ("200.40", "1200")
    assert stated(november, "2026-12") == [("2026-10", "Correction of an earlier statement", "S", "5.00", "1205")]


def test_it_comes_to_the_late_lines_of_the_return(november: Reported) -> None:
    rows = november.read("VAT", "2026-11")
    late = [(it["Return of"], it["Number"], it["Base by the books"]) for it in rows if it["Section"] != "Return"]
    assert late == [
        ("2026-09", "41", "300.30"),
        ("2026-09", "45", "70.00"),
        ("2026-09", "OSS", "70.00"),
        ("2026-10", "21", "200.40"),
        ("2026-10", "45", "40.00"),
        ("2026-10", "OSS", "40.00"),
    ]


def test_the_one_stop_shop_names_the_quarter_to_which_it_belongs(november: Reported) -> None:
    """That of September is declared in the fourth quarter, as a correction of the third; that of October is one of the fourth."""
    late, own = "Late, for an earlier month", "Return"
    assert [tuple(row.values()) for row in november.read("OSS", "2026-11")] == [
        ("2026-Q4", late, "FR", "DIGITAL", "20", "2026-Q3", "70.00", "14.00"),
        ("2026-Q4", late, "FR", "DIGITAL", "20", "2026-Q4", "40.00", "8.00"),
    ]
    assert [tuple(row.values()) for row in november.read("OSS", "2026-10")] == [
        ("2026-Q4", own, "FR", "DIGITAL", "20", "", "90.00", "18.00")
    ]


def test_a_tax_of_nothing_is_declared_with_its_base(company: Reported) -> None:
    """0.02 at 19 % bear 0.00; number 81 is what is taxed at 19 %, whatever it bears, less what is taken off it."""
    company.sell("2026-10-05", "0.02")
    company.sell("2026-10-05", "0.04", taxes=[{"rate": 7, "categoryCode": "S"}])
    company.sell("2026-10-06", "100.00")
    lost = company.sell("2026-10-07", "0.01")
    decide(company, lost, "DISCOUNT")
    rows = {row["Number"]: row for row in company.read("VAT", "2026-10") if row["Section"] == "Return"}
    assert {key: (rows[key]["Base by the books"], rows[key]["Tax by the books"]) for key in ("81", "86")} == {
        "81": ("100.02", "19.00"),
        "86": ("0.04", "0.00"),
    }
    company.sound()
