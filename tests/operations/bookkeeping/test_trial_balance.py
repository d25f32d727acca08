"""The trial balance of any month is even and is the sum of the postings, whether or not balances are kept; so are accounts."""

from decimal import Decimal
from typing import Any

import pytest
from tests.checkers.tampering import OURS, sentences
from tests.factories.closers import Closer

from contor.bookkeeping.balances import FoldLedger, fold
from contor.runtime.work.tallies import AddUp, add_up

D = Decimal
KEPT = "bookkeeping.kept_balances_are_those_of_the_journal"
KEPT_OF_EACH = "bookkeeping.kept_balances_of_personal_accounts_are_those_of_the_journal"


def shown(closer: Closer, month: str) -> dict[int, tuple[D, D, D, D]]:
    answer = closer.call("GET", f"/v2/trial-balances/{month}")
    assert (answer["opening"], answer["closing"]) == (0, 0)
    assert answer["debit"] == answer["credit"]
    return {
        row["accountNumber"]: (D(str(row["opening"])), D(str(row["debit"])), D(str(row["credit"])), D(str(row["closing"])))
        for row in answer["rows"]
    }


def by_hand(closer: Closer, month: str) -> dict[int, tuple[D, D, D, D]]:
    """From the postings alone."""
    found: dict[int, tuple[D, D, D, D]] = {}
    sql = (
        "SELECT l.account, l.side, l.amount, to_char(e.posting_date, 'YYYY-MM') AS month FROM journal_line l"
        " JOIN journal_entry e ON e.id = l.entry_id"
    )
    for row in closer.tenant.rows(sql):
        if row.month > month:
            continue
        number = 1400 if 10000 <= row.account < 70000 else row.account
        if number in (8400, 8300, 8720) and row.month[:4] < month[:4]:
            number = 9000
        opening, debit, credit, closing = found.get(number, (D(0), D(0), D(0), D(0)))
        signed = row.amount if row.side == "D" else -row.amount
        if row.month < month:
            opening += signed
        elif row.side == "D":
            debit += row.amount
        else:
            credit += row.amount
        found[number] = (opening, debit, credit, closing + signed)
    return {number: row for number, row in found.items() if any(row[:3])}


@pytest.fixture
def two_years(closer: Closer) -> Closer:
    """Sales, payments and a return over the turn of a year."""
    closer.clock("2026-11-20")
    first = closer.sell("1000.00")
    closer.pay("1190.00", first, bookingDate="2026-11-20")
    closer.clock("2026-12-10")
    closer.sell("100.00", rate=7)
    second = closer.sell("200.00")
    closer.clock("2027-01-10")
    closer.credit(second, "50.00")
    closer.pay("5.00", "unknown", bookingDate="2027-01-10")
    return closer


@pytest.mark.parametrize("kept", [False, True])
def test_it_is_what_was_posted(two_years: Closer, kept: bool) -> None:
    if kept:
        assert two_years.tenant.execute(fold, FoldLedger(at_least=1)) == 6
        assert two_years.tenant.execute(fold, FoldLedger(at_least=1)) == 0
        two_years.sell("10.00")  # since then
    for month in ("2026-10", "2026-11", "2026-12", "2027-01", "2027-02"):
        assert shown(two_years, month) == by_hand(two_years, month), month
    two_years.even()


def test_income_begins_anew_with_the_year_and_its_result_is_carried_forward(two_years: Closer) -> None:
    assert shown(two_years, "2026-12")[8400] == (D(-1000), D(0), D(200), D(-1200))
    january = shown(two_years, "2027-01")
    assert january[8400] == (D(0), D(0), D(-50), D(50))
    assert january[9000] == (D(-1300), D(0), D(0), D(-1300))
    assert january[1400] == (D(345), D("-59.50"), D(0), D("285.50"))


def test_it_says_whether_the_month_is_closed(two_years: Closer) -> None:
    assert two_years.call("GET", "/v2/trial-balances/2026-11")["status"] == "OPEN"
    two_years.close("2026-11")
    assert two_years.call("GET", "/v2/trial-balances/2026-11")["status"] == "CLOSED"
    (row,) = [it for it in two_years.call("GET", "/v2/trial-balances/2026-11")["rows"] if it["accountNumber"] == 1400]
    assert (row["personalAccounts"], row["accountType"], row["name"]) == (
        True,
        "ASSET",
        "Forderungen aus Lieferungen und Leistungen",
    )


def page(closer: Closer, path: str) -> list[Any]:
    return list(closer.call("GET", path)["_embedded"])


def test_an_account_shows_each_posting_with_the_balance_after_it(two_years: Closer) -> None:
    path = "/v2/bookingAccounts/8400/EUR/periods"
    assert two_years.call("GET", f"{path}/2026-12") == {
        "accountNumber": 8400,
        "currency": "EUR",
        "period": "2026-12",
        "opening": -1000.0,
        "debit": 0.0,
        "credit": 200.0,
        "closing": -1200.0,
    }
    (one,) = page(two_years, f"{path}/2026-12/postings")
    assert (one["credit"], one["balance"], one["number"]) == (200, -1200, 1)
    own = "/v2/bookingAccounts/10000/EUR/periods/2026-12/postings"
    assert [(it["debit"], it["balance"]) for it in page(two_years, own)] == [(107, 107), (238, 345)]
    # what is searched for keeps its balance
    (found,) = page(two_years, f"{own}?search=number==2")
    assert found["balance"] == 345
    assert [it["balance"] for it in page(two_years, f"{own}?page=1&size=1")] == [345]
    assert two_years.call("GET", "/v2/bookingAccounts/10000/EUR/periods/2027-01")["closing"] == 285.5
    for nowhere in ("8401/EUR", "8400/USD", "10001/EUR", "10000/USD", "x/EUR"):
        two_years.call("GET", f"/v2/bookingAccounts/{nowhere}/periods/2026-12", status=404)
        two_years.call("GET", f"/v2/bookingAccounts/{nowhere}/periods/2026-12/postings", status=404)


def test_pages_say_how_many_there_are_of_this_list(two_years: Closer) -> None:
    """Not how many lines the journal has, or customers there are: who goes on up to `totalPages` comes to no empty page."""
    two_years.call("POST", "/v2/customers", {"customerIdent": "k-9", "customerType": "B2B", "company": "Nirgends GmbH"}, status=201)
    two_years.tenant.execute(add_up, AddUp(anew=True))
    for path, rows in (
        ("/v2/bookingAccounts/8400/EUR/periods/2026-12/postings", 1),
        ("/v2/bookingAccounts/10000/EUR/periods/2026-12/postings", 2),
        ("/v2/trial-balances/2026-12/personal-accounts", 1),
    ):
        for size in (1, 100):
            answer = two_years.call("GET", f"{path}?size={size}")
            pages = rows if size == 1 else 1
            assert (answer["page"]["totalElements"], answer["page"]["totalPages"]) == (rows, pages), path


@pytest.mark.parametrize("kept", ["nothing", "all", "all but the last"])
def test_personal_accounts_are_listed_with_their_balances(two_years: Closer, kept: str) -> None:
    if kept != "nothing":
        two_years.tenant.execute(fold, FoldLedger(at_least=1))
    if kept == "all but the last":
        two_years.clock("2027-02-10")
        two_years.sell("10.00")
        (row,) = page(two_years, "/v2/trial-balances/2027-02/personal-accounts")
        assert [row[name] for name in ("opening", "debit", "credit", "closing")] == [285.5, 11.9, 0, 297.4]
        assert two_years.call("GET", "/v2/bookingAccounts/10000/EUR/periods/2027-02")["closing"] == 297.4
    (row,) = page(two_years, "/v2/trial-balances/2027-01/personal-accounts")
    assert row == {
        "accountNumber": 10000,
        "customerIdent": "muster-handel",
        "currency": "EUR",
        "opening": 345.0,
        "debit": -59.5,
        "credit": 0.0,
        "closing": 285.5,
    }
    assert page(two_years, "/v2/trial-balances/2027-01/personal-accounts?search=customerIdent==nobody") == []
    assert page(two_years, "/v2/trial-balances/2026-10/personal-accounts") == []


def test_the_journal_is_read_entry_by_entry(two_years: Closer) -> None:
    every = page(two_years, "/v2/journal-entries?sort=fiscalYear&sort=journalNumber")
    assert [(it["fiscalYear"], it["journalNumber"]) for it in every] == [
        (2026, 1),
        (2026, 2),
        (2026, 3),
        (2026, 4),
        (2027, 1),
        (2027, 2),
    ]
    first = every[0]
    assert [(it["account"], it["debitCreditIndicator"], it["amount"]) for it in first["lines"]] == [
        (10000, "DEBIT", 1190),
        (8400, "CREDIT", 1000),
        (1776, "CREDIT", 190),
    ]
    assert two_years.call("GET", f"/v2/journal-entries/{first['id']}") == first
    two_years.call("GET", "/v2/journal-entries/1", status=404)
    for search, count in (("businessTransaction==INVOICE", 3), ("period==2026-12", 2), ("bookingDate=ge=2027-01-01", 2)):
        assert len(page(two_years, f"/v2/journal-entries?search={search}")) == count, search


def test_a_kept_balance_that_somebody_changed_is_found(two_years: Closer, database_dsn: str) -> None:
    two_years.tenant.execute(fold, FoldLedger(at_least=1))
    two_years.even()
    changed = f"UPDATE account_month SET debit = debit + 0.01 WHERE month = '2026-12' AND kind = 'D' AND {OURS}"
    (said,) = sentences(database_dsn, two_years.tenant, KEPT, changed)
    assert said == "2026-12, debtors: 345.01 EUR debit, 0.00 EUR credit are kept, 345.00 EUR and 0.00 EUR are posted"
    gone = f"DELETE FROM account_month WHERE month = '2026-11' AND account = 8400 AND {OURS}"
    assert sentences(database_dsn, two_years.tenant, KEPT, gone)
    behind = f"UPDATE ledger_fold SET through = through - 1 WHERE fiscal_year = 2026 AND {OURS}"
    assert sentences(database_dsn, two_years.tenant, KEPT, behind)


def test_a_personal_account_that_somebody_changed_is_found(two_years: Closer, database_dsn: str) -> None:
    two_years.tenant.execute(fold, FoldLedger(at_least=1))
    two_years.even()
    changed = f"UPDATE personal_month SET credit = credit + 0.01 WHERE month = '2026-12' AND {OURS}"
    (said,) = sentences(database_dsn, two_years.tenant, KEPT_OF_EACH, changed)
    assert said == (
        "2026-12, personal account 10000: 345.00 EUR debit, 0.01 EUR credit are kept, 345.00 EUR and 0.00 EUR are posted"
    )
    late = f"UPDATE personal_account SET first_month = '2026-12' WHERE {OURS}"
    (said,) = sentences(database_dsn, two_years.tenant, KEPT_OF_EACH, late)
    assert said == ("personal account 10000: listed from 2026-12 as muster-handel's, posted from 2026-11 as muster-handel's")
    behind = f"UPDATE personal_fold SET through = through - 1 WHERE fiscal_year = 2026 AND {OURS}"
    assert sentences(database_dsn, two_years.tenant, KEPT_OF_EACH, behind)


def test_personal_accounts_are_added_up_month_by_month(two_years: Closer) -> None:
    two_years.tenant.execute(fold, FoldLedger(at_least=1))
    kept = two_years.tenant.rows("SELECT account, currency, month, debit, credit FROM personal_month ORDER BY month")
    assert [(row.account, row.month, row.debit, row.credit) for row in kept] == [
        (10000, "2026-11", D(1190), D(1190)),
        (10000, "2026-12", D(345), D(0)),
        (10000, "2027-01", D("-59.50"), D(0)),
    ]


def test_a_month_whose_books_are_not_even_is_not_closed(two_years: Closer, database_dsn: str) -> None:
    from tests.checkers.tampering import superuser, tampered

    from contor.bookkeeping.closing.close import preview_closing
    from contor.bookkeeping.periods import OnePeriod

    change = f"UPDATE journal_line SET amount = amount + 0.01 WHERE account = 8400 AND amount = 1000 AND {OURS}"
    with superuser(database_dsn) as owner, tampered(owner, two_years.tenant, change) as uow:
        findings = preview_closing(uow, OnePeriod("2026-11")).findings
    # there the clock is the machine's own
    assert [it.message for it in findings if it.code != "PERIOD_NOT_OVER"] == [
        "The trial balance is not even: 0.01 EUR too much is credited."
    ]
