"""Income of later months is deferred when a month is closed, and released with each month after (posting table row 30)."""

from decimal import Decimal

from tests.factories.closers import Closer

D = Decimal
YEAR = ("2026-03-15", "2027-03-14")
RELEASED = ["98.63", "101.92", "98.63", "101.92", "101.92", "98.63", "101.92", "98.63", "101.92", "101.92", "92.05", "46.02"]
MONTHS = [f"2026-{month:02}" for month in range(4, 13)] + ["2027-01", "2027-02", "2027-03"]
DEFERRED, REVENUE = 990, 8400


def test_the_worked_example_to_the_cent(closer: Closer) -> None:
    closer.defer_income()
    closer.sell("1200.00", YEAR)
    closer.clock("2027-04-01")
    for month in ["2026-03", *MONTHS]:
        closer.close(month)
    assert closer.moved(REVENUE) == {"2026-03": D("-55.89"), **{of: -D(part) for of, part in zip(MONTHS, RELEASED, strict=True)}}
    assert closer.moved(DEFERRED) == {"2026-03": D("-1144.11"), **{of: D(part) for of, part in zip(MONTHS, RELEASED, strict=True)}}
    (row,) = closer.call("GET", "/v2/deferred-income")["_embedded"]
    assert (row["net"], row["deferred"], row["released"], row["remaining"]) == (1200, 1144.11, 1144.11, 0)
    assert [(it["period"], it["released"]) for it in row["schedule"]] == [(month, True) for month in MONTHS]
    closer.even()
