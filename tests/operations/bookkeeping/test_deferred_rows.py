"""Which rows are deferred, by what credits take them back, and what planted changes the checks find."""

from decimal import Decimal
from functools import partial

import pytest
from tests.checkers.tampering import OURS, sentences, superuser
from tests.factories.closers import Closer
from tests.factories.companies import a_row_of

from contor.bookkeeping.closing import complete
from contor.bookkeeping.deferral import at_closing, list_deferred_income
from contor.bookkeeping.deferral.deferred_income import ListDeferredIncome
from contor.kernel.errors import Kind, Refused
from contor.runtime.query import ListQuery

D = Decimal
YEAR = ("2026-03-15", "2027-03-14")
DEFERRED, REVENUE, REDUCTION = 990, 8400, 8720


def rows(closer: Closer, search: str = "") -> list[dict[str, object]]:
    path = f"/v2/deferred-income?search={search}" if search else "/v2/deferred-income"
    return list(closer.call("GET", path)["_embedded"])


def amounts(closer: Closer) -> list[tuple[object, object, object]]:
    return [(it["net"], it["deferred"], it["remaining"]) for it in rows(closer)]


def test_without_the_setting_nothing_is_deferred(closer: Closer) -> None:
    closer.sell("1200.00", YEAR)
    closer.clock("2026-04-01")
    closer.close("2026-03")
    assert closer.moved(DEFERRED) == {}
    assert rows(closer) == []
    closer.even()


def test_the_first_closing_that_defers_looks_at_all_that_was_booked_before(closer: Closer) -> None:
    """As at the end of the year: what belongs to later months than the one that is closed."""
    closer.sell("1200.00", YEAR)
    closer.clock("2026-05-01")
    closer.close("2026-03")
    closer.defer_income()
    closer.close("2026-04")
    # 1,200.00 less March 55.89 and April 98.63
    assert closer.moved(DEFERRED) == {"2026-04": D("-1045.48")}
    assert closer.moved(REVENUE) == {"2026-03": D("-1200.00"), "2026-04": D("1045.48")}
    closer.even()


def test_what_is_switched_off_defers_nothing_new_and_is_released_all_the_same(closer: Closer) -> None:
    closer.defer_income()
    closer.sell("1200.00", YEAR)
    closer.clock("2026-04-02")
    closer.close("2026-03")
    closer.call("PATCH", "/v2/tenant-settings", {"deferredIncome": None})
    closer.sell("1200.00", ("2026-05-01", "2026-12-31"))
    closer.clock("2026-05-01")
    closer.close("2026-04")
    assert closer.moved(DEFERRED) == {"2026-03": D("-1144.11"), "2026-04": D("98.63")}
    closer.defer_income()
    closer.clock("2026-06-01")
    closer.close("2026-05")  # 8 months of 150.00 or so: those after May
    assert closer.moved(DEFERRED)["2026-05"] == D("101.92") - D("1048.16")
    closer.even()


def test_a_credit_takes_back_what_was_deferred_though_nothing_new_is(closer: Closer) -> None:
    closer.defer_income()
    number = closer.sell("1200.00", YEAR)
    closer.clock("2026-04-02")
    closer.close("2026-03")
    closer.call("PATCH", "/v2/tenant-settings", {"deferredIncome": None})
    closer.credit(number, "700.00")
    late = closer.sell("600.00", ("2026-05-01", "2026-10-31"))
    closer.credit(late, "100.00")
    closer.clock("2026-05-10")
    closer.close("2026-04")
    closer.credit(number, "500.00")
    closer.clock("2026-06-02")
    closer.close("2026-05")
    # April: 98.63 released, and of the 1,045.48 that are left 609.87 taken back; May: 42.47 and 393.14. The late sale is earned at once.
    assert closer.moved(DEFERRED) == {"2026-03": D("-1144.11"), "2026-04": D("708.50"), "2026-05": D("435.61")}
    closer.even()
    # what was taken back is not taken back again; of the late sale 500.00 are left, from July on 123 of 184 days
    closer.defer_income()
    closer.clock("2026-07-02")
    closer.close("2026-06")
    assert sum(closer.moved(DEFERRED).values()) == D("-334.24")
    closer.even()


def closed_by_an_older_release(closer: Closer, database_dsn: str, monkeypatch: pytest.MonkeyPatch, month: str) -> None:
    """One that left credits alone while nothing new was deferred."""
    with monkeypatch.context() as older:
        older.setattr(complete, "take_back", lambda *_: [])
        closer.close(month)
    with superuser(database_dsn) as owner:
        owner.execute(f"UPDATE posting_period SET took_back = false WHERE month = '{month}' AND tenant_id = {closer.tenant.id}")


def test_a_month_that_an_older_release_closed_is_judged_by_what_that_one_looked_at(
    closer: Closer, database_dsn: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    closer.defer_income()
    number = closer.sell("1200.00", YEAR)
    closer.clock("2026-04-02")
    closer.close("2026-03")
    closer.call("PATCH", "/v2/tenant-settings", {"deferredIncome": None})
    closer.credit(number, "700.00")
    closer.clock("2026-05-02")
    closed_by_an_older_release(closer, database_dsn, monkeypatch, "2026-04")
    assert closer.moved(DEFERRED) == {"2026-03": D("-1144.11"), "2026-04": D("98.63")}
    closer.even()
    # of this release the same would be wrong
    name = "bookkeeping.deferred_income_is_that_of_the_documents"
    now = f"UPDATE posting_period SET took_back = true WHERE month = '2026-04' AND {OURS}"
    assert sentences(database_dsn, closer.tenant, name, now) == [
        "row 1 of document {}: what the closing of 2026-04 deferred is not what the document says".format(
            closer.tenant.rows("SELECT max(id) AS id FROM document")[0].id
        ),
        "2026-04: 0 rows were deferred, by the documents 1",
    ]
    # the next one takes back what is not earned yet: of 943.56 after May 393.14 are left
    closer.clock("2026-06-02")
    closer.close("2026-05")
    assert closer.moved(DEFERRED)["2026-05"] == D("101.92") + D("550.42")
    closer.even()
    # and nothing twice, whoever closes next
    closer.clock("2026-07-02")
    closer.close("2026-06")
    closer.defer_income()
    closer.clock("2026-08-02")
    closer.close("2026-07")
    assert closer.moved(DEFERRED) == {
        "2026-03": D("-1144.11"),
        "2026-04": D("98.63"),
        "2026-05": D("652.34"),
        "2026-06": D("41.10"),
        "2026-07": D("42.46"),
    }
    closer.even()


def test_a_document_before_its_period_defers_all_and_one_after_it_nothing(closer: Closer) -> None:
    closer.defer_income()
    closer.sell("300.00", ("2026-04-01", "2026-06-30"))
    closer.sell("300.00", ("2025-12-01", "2026-03-31"))
    closer.sell("300.00")
    closer.clock("2026-04-02")
    closer.close("2026-03")
    assert amounts(closer) == [(300, 300, 300)]
    assert closer.moved(REVENUE) == {"2026-03": D("-600.00")}
    closer.even()


def test_a_credit_in_full_releases_all_that_is_left(closer: Closer) -> None:
    closer.defer_income()
    number = closer.sell("1200.00", YEAR)
    closer.clock("2026-05-02")
    closer.close("2026-03")
    closer.credit(number, "1200.00")
    closer.clock("2026-06-01")
    closer.close("2026-04")
    closer.close("2026-05")
    # of May nothing is left: 101.92 of the invoice, and as much taken back
    assert closer.moved(REVENUE) == {"2026-03": D("-55.89"), "2026-04": D("-98.63"), "2026-05": D("154.52")}
    assert sum(closer.moved(DEFERRED).values()) == 0
    assert amounts(closer) == [(1200, 1144.11, 943.56), (-1200, -943.56, -943.56)]
    parts = {(it["period"], it["amount"]) for it in rows(closer)[0]["schedule"] if it["period"] > "2026-05"}  # type: ignore[attr-defined, index]
    back = {(it["period"], -it["amount"]) for it in rows(closer)[1]["schedule"]}  # type: ignore[attr-defined, index]
    assert parts == back
    closer.even()


def test_credits_in_parts_leave_the_row_spread_as_what_is_left(closer: Closer) -> None:
    closer.defer_income()
    number = closer.sell("1000.00", ("2026-03-01", "2026-06-30"))
    closer.clock("2026-04-02")
    closer.close("2026-03")
    for net in ("333.33", "333.33", "333.34"):
        closer.credit(number, net)
    closer.clock("2026-07-01")
    for month in ("2026-04", "2026-05", "2026-06"):
        closer.close(month)
    assert sum(closer.moved(DEFERRED).values()) == 0
    assert closer.moved(REVENUE).keys() == {"2026-03", "2026-04"}
    assert sum(closer.moved(REVENUE).values()) == 0
    closer.even()


def test_a_price_reduction_takes_its_part_of_later_months_back(closer: Closer) -> None:
    closer.defer_income()
    number = closer.sell("300.00", ("2026-03-01", "2026-05-31"))
    closer.credit(number, "30.00", properties=[{"key": "reason", "value": "GOODWILL"}])
    closer.clock("2026-06-01")
    for month in ("2026-03", "2026-04", "2026-05"):
        closer.close(month)
    assert closer.moved(REVENUE) == {"2026-03": D("-101.09"), "2026-04": D("-97.82"), "2026-05": D("-101.09")}
    assert sum(closer.moved(REDUCTION).values()) == D("30.00")
    assert set(closer.moved(REDUCTION)) == {"2026-03", "2026-04", "2026-05"}
    closer.even()


GOODWILL = [{"key": "reason", "value": "GOODWILL"}]
REDUCED_THEN_CREDITED = [
    # 300.00 are 101.09, 97.82, 101.09; less 30.00 they are 90.98, 88.04, 90.98
    ("270.00", {"2026-03": "-101.09", "2026-04": "101.09"}, {"2026-03": "10.11", "2026-04": "-10.11"}, 0),
    # a half: 150.00 are 50.55, 48.91, 50.54; less 15.00 they are 45.49, 44.02, 45.49
    (
        "135.00",
        {"2026-03": "-101.09", "2026-04": "1.63", "2026-05": "-50.54"},
        {"2026-03": "10.11", "2026-04": "-0.16", "2026-05": "5.05"},
        -135,
    ),
]


@pytest.mark.parametrize(("credited", "revenue", "reduced", "left"), REDUCED_THEN_CREDITED)
def test_a_credit_after_a_price_reduction_leaves_both_accounts_what_is_left(
    closer: Closer, credited: str, revenue: dict[str, str], reduced: dict[str, str], left: int
) -> None:
    closer.defer_income()
    number = closer.sell("300.00", ("2026-03-01", "2026-05-31"))
    closer.credit(number, "30.00", properties=GOODWILL)
    closer.clock("2026-04-02")
    closer.close("2026-03")
    closer.credit(number, credited)
    closer.clock("2026-06-01")
    closer.close("2026-04")
    closer.close("2026-05")
    assert closer.moved(REVENUE) == {month: D(amount) for month, amount in revenue.items()}
    assert closer.moved(REDUCTION) == {month: D(amount) for month, amount in reduced.items()}
    assert sum(closer.moved(REVENUE).values()) + sum(closer.moved(REDUCTION).values()) == left
    assert sum(closer.moved(DEFERRED).values()) == 0
    # what is taken back of the reduction stands behind the rows of the credit
    assert [(it["position"], it["account"]) for it in rows(closer)] == [(1, 8400), (1, 8720), (1, 8400), (2, 8720)]
    closer.even()


def test_reductions_and_credits_in_turn_end_at_nothing_on_each_account(closer: Closer) -> None:
    closer.defer_income()
    number = closer.sell("1000.00", ("2026-03-01", "2026-12-31"))
    closer.credit(number, "33.33", properties=GOODWILL)
    closer.clock("2026-04-02")
    closer.close("2026-03")
    closer.credit(number, "100.01")
    closer.credit(number, "66.67", properties=GOODWILL)
    closer.clock("2026-05-02")
    closer.close("2026-04")
    closer.credit(number, "799.99")
    closer.clock("2026-09-01")
    for month in ("2026-05", "2026-06", "2026-07", "2026-08"):
        closer.close(month)
    assert set(closer.moved(REVENUE)) == set(closer.moved(REDUCTION)) == {"2026-03", "2026-04", "2026-05"}
    assert [sum(closer.moved(account).values()) for account in (REVENUE, REDUCTION, DEFERRED)] == [0, 0, 0]
    closer.even()


def test_what_an_older_release_took_back_of_a_reduced_row_is_judged_as_it_did(
    closer: Closer, database_dsn: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It took back what was left on the account of revenue alone."""
    closer.defer_income()
    number = closer.sell("300.00", ("2026-03-01", "2026-05-31"))
    closer.credit(number, "30.00", properties=GOODWILL)
    closer.clock("2026-04-02")
    closer.close("2026-03")
    closer.credit(number, "200.00")
    closer.clock("2026-05-01")
    with monkeypatch.context() as older:
        older.setattr(at_closing, "deferrals_of", partial(at_closing.deferrals_of, on_each_account=False))
        closer.close("2026-04")
    with superuser(database_dsn) as owner:
        owner.execute(f"UPDATE posting_period SET took_back = false WHERE tenant_id = {closer.tenant.id}")
    closer.even()
    name = "bookkeeping.deferred_income_is_that_of_the_documents"
    now = f"UPDATE posting_period SET took_back = true WHERE month = '2026-04' AND {OURS}"
    assert len(sentences(database_dsn, closer.tenant, name, now)) == 3  # both rows of the credit, and how many there are
    closer.credit(number, "70.00")
    closer.clock("2026-06-01")
    closer.close("2026-05")
    assert sum(closer.moved(DEFERRED).values()) == 0
    closer.even()


def test_rows_are_deferred_on_their_own_accounts_and_cost_centres_after_allowances(closer: Closer) -> None:
    closer.defer_income()
    service = {"servicePeriod": {"start": "2026-04-01", "end": "2026-04-30"}}
    items = [
        {**a_row_of("100.00"), **service, "properties": [{"key": "costCentre", "value": "north"}]},
        {**a_row_of("100.00"), "ident": "i-2", **service},
        {**a_row_of("50.00", 7), "ident": "i-3", **service},
        {**a_row_of("80.00"), "ident": "i-4"},
    ]
    off = [{"ident": "a-1", "type": "ALLOWANCE", "name": "Jubilee", "percentage": 10}]
    closer.document(items=items, allowancesCharges=off)
    closer.clock("2026-04-02")
    closer.close("2026-03")
    found = [(it["account"], it.get("costCentre"), it["deferred"]) for it in rows(closer)]
    assert found == [(8400, "north", 90), (8400, None, 90), (8300, None, 45)]
    assert closer.moved(DEFERRED) == {"2026-03": D("-225.00")}
    closer.even()


def test_what_is_in_foreign_currency_is_deferred_in_that_of_the_ledger(closer: Closer) -> None:
    closer.defer_income()
    row = {**a_row_of("100.00"), "servicePeriod": {"start": "2026-04-01", "end": "2026-05-31"}}
    closer.document(currency="USD", items=[row], exchangeRate={"rate": "1.0850", "source": "ECB", "date": "2026-03-13"})
    closer.clock("2026-06-01")
    for month in ("2026-03", "2026-04", "2026-05"):
        closer.close(month)
    # 119.00 USD are 109.68 EUR, 19.00 of tax 17.51, revenue is the rest
    assert closer.moved(DEFERRED) == {"2026-03": D("-92.17"), "2026-04": D("45.33"), "2026-05": D("46.84")}
    closer.even()


def test_rows_are_found_by_what_they_say(closer: Closer) -> None:
    closer.defer_income()
    number = closer.sell("300.00", ("2026-04-01", "2026-06-30"))
    closer.sell("100.00", ("2026-04-01", "2026-04-30"))
    closer.clock("2026-04-02")
    closer.close("2026-03")
    assert len(rows(closer, "releasedThrough=ge=2026-05")) == 1
    assert len(rows(closer, f"documentIdent=={number}")) == 1
    assert len(rows(closer, "deferredIn==2026-03;customerIdent==muster-handel")) == 2
    assert rows(closer, "account==8300") == []


@pytest.mark.parametrize(
    ("change", "check"),
    [
        ("UPDATE deferred_part SET amount = amount + 0.01 WHERE month = '2026-04' AND", "released_to_the_cent"),
        ("UPDATE deferred_part SET amount = amount + 0.01 WHERE month = '2026-04' AND", "booked_as_it_is_kept"),
        ("UPDATE deferred_row SET deferred = deferred - 0.01 WHERE", "released_to_the_cent"),
        ("UPDATE deferred_row SET net = net + 0.01 WHERE", "that_of_the_documents"),
        ("DELETE FROM deferred_row WHERE", "that_of_the_documents"),
        ("UPDATE deferred_row SET account = 8300 WHERE", "booked_as_it_is_kept"),
        ("DELETE FROM journal_entry WHERE kind = 'DEFERRED_INCOME_RELEASED' AND", "booked_as_it_is_kept"),
        ("UPDATE journal_line SET amount = amount + 0.01 WHERE account = 990 AND side = 'D' AND", "booked_as_it_is_kept"),
    ],
)
def test_a_cent_that_somebody_moved_is_found(closer: Closer, database_dsn: str, change: str, check: str) -> None:
    closer.defer_income()
    closer.sell("300.00", ("2026-04-01", "2026-06-30"))
    closer.clock("2026-05-01")
    closer.close("2026-03")
    closer.close("2026-04")
    closer.even()
    name = f"bookkeeping.deferred_income_is_{check}"
    assert sentences(database_dsn, closer.tenant, name, f"{change} {OURS}")


def test_deferred_income_is_shown_to_who_reads_the_books(closer: Closer) -> None:
    command = ListDeferredIncome(ListQuery())
    with pytest.raises(Refused) as refused:
        closer.tenant.runtime.execute(list_deferred_income, command, closer.tenant.caller("settings.read"))
    assert refused.value.kind is Kind.FORBIDDEN
