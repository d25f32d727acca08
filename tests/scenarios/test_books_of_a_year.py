"""A year of everything that a posting table has a row for, closed month by month: at its end every report ties to the journal, and DATEV,
GDPdU and SAF-T, read back, come to the ledger."""

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

import pytest
from tests.checkers.exported_books import datev_differences, gdpdu_differences, misformed, saf_t_differences
from tests.checkers.posted_lines import Posting, balances, postings
from tests.checkers.reported_books import amount, differences
from tests.factories.direct import Direct
from tests.factories.tenants import a_client, a_tenant
from tests.factories.traders import Trader
from tests.factories.traders_goods import ALL
from tests.factories.year_accountant import Accountant, configure_exports, move_to_lisbon

from contor.commands.billing import store
from contor.commands.demo import SITE, master_data
from contor.runtime.execute import Runtime

D = Decimal
YEAR, SEED = 2026, 11
MONTHS = [dt.date(YEAR, month, 1) for month in range(1, 13)]
FIRST, LAST = f"{YEAR}-01-01", f"{YEAR}-12-31"
RATES = b"Date,USD\n" + b"".join(
    f"{(month + dt.timedelta(days=31)).replace(day=1) - dt.timedelta(days=1)},{D('1.05') + D(place) / 100}\n".encode()
    for place, month in enumerate(MONTHS)
)
"""The ECB's of each month's last day, as the revaluation takes them."""


class Ended(NamedTuple):
    trader: Trader
    keeper: Accountant
    journal: Sequence[Posting]


@pytest.fixture(scope="module")
def year(runtime: Runtime) -> Ended:
    tenant = a_tenant(runtime, client := a_client(runtime))
    master_data(runtime, tenant.caller())
    trader = Trader(tenant, client, {"Authorization": f"Bearer {tenant.token()}"}, SEED)
    api = Direct(trader)
    keeper = Accountant(api, api.until)
    trader.furnish(MONTHS[0])
    store(runtime, tenant.realm, RATES, dt.date(2020, 1, 1))
    for month in MONTHS:
        trader.live(month)
        trader.turn((month + dt.timedelta(days=31)).replace(day=2))
        keeper.close(f"{month:%Y-%m}")
    keeper.reports_are_there()
    configure_exports(api, FIRST)
    return Ended(trader, keeper, postings(api))


def exported(year: Ended, kind: str, first: str = FIRST, last: str = LAST, **options: object) -> Mapping[str, bytes]:
    view, files = year.keeper.export(kind, first, last, **options)
    year.keeper.repeat(view)
    return files


def test_everything_happened(year: Ended) -> None:
    happened = year.trader.happened
    print(happened)
    assert {it.name for it in ALL} <= happened.keys()
    deposits = {f"deposit {method} {group}" for method in ("REMAINDER", "FINAL", "REVERSAL") for group in ("deposits", "memos")}
    assert deposits <= happened.keys()
    others = (
        "credit RETURN",
        "credit GOODWILL",
        "reissue",
        "bounce",
        "revert",
        "self-billing correction",
        "UNCOLLECTABLE_RECEIVABLE",
    )
    assert min(happened[name] for name in (*others, "DISCOUNT", "DOUBTFUL_RECEIVABLE", "BANK_FEE", "OTHER_REVENUE")) > 0, happened
    # taxed on receipt, one-stop shop, deposits, Skonto, exchange, revaluation, deferred income, losses
    used = {it.account for it in year.journal}
    assert {1766, 1761, 1767, 1728, 1718, 8736, 2151, 2661, 2660, 990, 2406, 1576, 1787} <= used
    assert "PAYMENTS_UNASSIGNED" in year.keeper.acknowledged
    assert year.trader.tenant.rows("SELECT id FROM journal_entry WHERE kind = 'TAXED_BEFORE_SUPPLY'")
    assert len(late_months(year)) > 2


def test_every_check_holds(year: Ended) -> None:
    assert year.trader.tenant.unsound() == []


def test_every_report_of_every_month_ties_to_the_journal(year: Ended) -> None:
    assert list(differences(year.keeper, year.journal)) == []


def test_datev_has_the_ledger(year: Ended, shared: Path) -> None:
    files = exported(year, "DATEV", contents=["BATCH", "MASTER_DATA"], periods="CLOSED")
    assert list(datev_differences(files, [it for it in year.journal if it.month[:4] == str(YEAR)])) == []
    assert {name: said for name, content in files.items() if (said := misformed(shared, name, content))} == {}


def test_gdpdu_has_the_books(year: Ended, shared: Path) -> None:
    files = exported(year, "GDPDU")
    mine = [it for it in year.journal if it.month[:4] == str(YEAR)]
    assert list(gdpdu_differences(files, mine, open_at_the_end(year, f"{YEAR}-12"))) == []
    assert misformed(shared, "index.xml", files["index.xml"]) == []


def test_gdpdu_of_months_has_what_was_open_at_their_end(year: Ended) -> None:
    """Also where the bank said later what it had booked in them."""
    for month in late_months(year)[1:3]:
        last = dt.date(YEAR, int(month[-2:]), 28) + dt.timedelta(days=4)
        files = exported(year, "GDPDU", f"{month}-01", f"{last - dt.timedelta(days=last.day)}", trail=False)
        until = [it for it in year.journal if it.month <= month]
        mine = [it for it in until if it.month == month]
        assert list(gdpdu_differences(files, mine, open_at_the_end(year, month), until)) == []


def late_months(year: Ended) -> list[str]:
    """Those of which the bank said something when they were closed."""
    sql = "SELECT DISTINCT to_char(document_date, 'YYYY-MM') AS month FROM journal_entry WHERE kind LIKE 'PAYMENT%%'"
    rows = year.trader.tenant.rows(
        f"{sql} AND document_date < date_trunc('month', posting_date) AND document_date >= %s ORDER BY 1", [FIRST]
    )
    return [row.month for row in rows if row.month < LAST[:7]]


def open_at_the_end(year: Ended, month: str) -> dict[str, Decimal]:
    """By document, as it was reported at the closing, in the document's currency."""
    rows = year.keeper.of_closing("OPEN_ITEMS", month)
    return {row["Beleg"]: amount(row["Offen"]) for row in rows if row["Beleg"]}


@pytest.mark.parametrize("kind", ["SAFT_NO", "SAFT_PT"])
def test_audit_files_have_the_ledger(year: Ended, shared: Path, kind: str) -> None:
    if kind == "SAFT_PT":
        move_to_lisbon(Direct(year.trader), SITE)
    files = exported(year, kind)
    (content,) = [it for name, it in files.items() if name.endswith(".xml")]
    mine = [it for it in year.journal if it.month[:4] == str(YEAR)]
    assert balances(mine)
    assert list(saf_t_differences(kind, content, mine)) == []
    assert misformed(shared, f"{kind}.xml", content) == []
