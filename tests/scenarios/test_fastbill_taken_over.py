"""An account of FastBill is taken over, from Contor to Contor: killed twice on the way, to the cent, once; and what differs is told."""

import csv
import datetime as dt
import re
import signal
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient
from tests.factories.fastbill import Account as Client
from tests.factories.fastbill import unlimited
from tests.factories.fastbill_source import NOW, Served, served_account
from tests.factories.killed import AT_COUNT
from tests.factories.nests import Nest
from tests.factories.tenants import Tenant, a_client, a_tenant

from contor.api.fastbill.services import SERVICES
from contor.api.fastbill.taking import amount_of
from contor.api.fastbill.voice import FASTBILL
from contor.api.serve import build_named
from contor.commands.demo import master_data
from contor.commands.importing.fastbill import Account, Outcome, address_of, import_account, write
from contor.kernel.errors import Refused
from contor.runtime.execute import Runtime

CHILD = (
    AT_COUNT
    + """
from contor.app import make_runtime
from contor.commands.importing.fastbill import Account, address_of, import_account
from contor.runtime.config import Config

home, dsn, realm, url, email, where, times = sys.argv[1:]
runtime = make_runtime(Config(home=Path(home), outbound_networks="127.0.0.0/8"), dsn)
runtime.database.open()
watch(runtime, where, int(times), "takeover", lambda name: name.startswith("fastbill.take_"))
account = Account(address_of(url), email, sys.stdin.read())
import_account(runtime, account, realm, lambda kind, count: None, lambda seconds, reason: None)
print("it came to its end")
"""
)
TABLES = ("customer", "address", "plan", "plan_option", "coupon", "contract", "draft", "revenue", "expense", "project", "offer")


@pytest.fixture(scope="module")
def served(runtime: Runtime, process_dsn: str) -> Iterator[Served]:
    with served_account(runtime, process_dsn) as made:
        yield made


@pytest.fixture
def target(runtime: Runtime) -> Tenant:
    made = unlimited(a_tenant(runtime, a_client(runtime)))
    master_data(runtime, made.caller())
    found = client_of(made).call("customer.get")["CUSTOMERS"]
    client_of(made).call("customer.delete", {"CUSTOMER_ID": found[0]["CUSTOMER_ID"]})  # the account has one of that number
    made.turn_clock(NOW)
    for counter in made.call("GET", "/billing/configuration/document-numbers/counters").body["_embedded"]:
        said = {name: value for name, value in counter.items() if value is not None and name in ("mask", "suffix", "reset")}
        body = {**said, "prefix": f"N{counter['prefix']}", "lowerLimit": counter["lowerLimit"]}
        answer = made.call("PUT", f"/billing/configuration/document-numbers/counters/{counter['ident']}", body)
        assert answer.status == 200, answer.body
    return made


def client_of(tenant: Tenant) -> Client:
    return Client(tenant, TestClient(build_named(FASTBILL, SERVICES, tenant.runtime), raise_server_exceptions=False))


_CONTRACT = re.compile(r"Vertrag [0-9a-f-]{36}")
"""What a contract is called by is drawn anew."""


def taken(served: Served, target: Tenant, waits: list[float] | None = None) -> Outcome:
    def wait(seconds: float, reason: str) -> None:
        assert waits is not None, reason
        waits.append(seconds)

    account = Account(address_of(served.url), served.account.email, served.account.secret)
    return import_account(target.runtime, account, target.realm, lambda kind, count: None, wait)


def counts(tenant: Tenant) -> dict[str, int]:
    return {name: tenant.rows(f"SELECT count(*) AS n FROM {name}")[0].n for name in (*TABLES, "taken_over")}


def told(outcome: Outcome) -> set[tuple[str, str, str, str]]:
    return {(one.kind, one.field, one.there, one.here) for one in serious(outcome)}


def sound(tenant: Tenant) -> bool:
    assert tenant.unsound() == []
    return True


def billed(tenant: Tenant) -> list[tuple[str, str, Decimal, Decimal, str, str]]:
    """What a run bills: customer, description, net and gross of each row, and when it is supplied."""
    account = client_of(tenant)
    before = {one["INVOICE_ID"] for one in account.call("invoice.get", LIMIT=100)["INVOICES"]}
    bill(tenant)
    new = [one for one in account.call("invoice.get", LIMIT=100)["INVOICES"] if one["INVOICE_ID"] not in before]
    return sorted(
        (
            one["CUSTOMER_NUMBER"],
            _CONTRACT.sub("Vertrag", row["DESCRIPTION"]),
            Decimal(str(row["COMPLETE_NET"])),
            Decimal(str(row["COMPLETE_GROSS"])),
            one["SERVICE_PERIOD_START"],
            one["SERVICE_PERIOD_END"],
        )
        for one in new
        for row in one["ITEMS"]
    )


def bill(tenant: Tenant) -> None:
    answer = tenant.call("POST", "/billingrun")
    assert answer.status < 300, answer.body


def serious(outcome: Outcome) -> list[Any]:
    return [one for one in outcome.findings if one.level != "note"]


def expected(served: Served) -> dict[str, int]:
    """How many of each kind the account has, by what it was filled with."""
    source = served.account.tenant
    issued = Counter(row.document_type for row in source.rows("SELECT document_type FROM document"))
    credits = issued["CREDIT_MEMO"]
    return {
        "Customers": 5,
        "Contacts": 2,
        "Articles": 3,
        "Add-ons": 1,
        "Coupons": 1,
        "Projects": 1,
        "Times": 1,
        "Subscriptions": 7,
        "Estimates": 1,
        "Drafts": 2,
        "Invoices": sum(issued.values()) - credits,
        "Credits": credits,
        "Revenues": 1,
        "Expenses": 1,
    }


def test_killed_twice_everything_is_there_once_and_to_the_cent(
    served: Served, target: Tenant, process_dsn: str, nest: Nest, tmp_path: Path
) -> None:
    home, email = str(target.runtime.config.home), served.account.email
    for where, times in (("within", "9"), ("between", "12")):
        said = (home, process_dsn, target.realm, served.url, email, where, times)
        ended = nest.run(CHILD, *said, heard=served.account.secret.encode())
        assert ended.returncode == -signal.SIGKILL, ended.output + ended.errors
        assert served.account.secret not in ended.output + ended.errors
    before = counts(target)["taken_over"]
    assert before == 8 + 12
    outcome = taken(served, target)
    wanted = expected(served)
    assert {kind: outcome.taken[kind] + outcome.known[kind] + outcome.refused[kind] for kind in wanted} == wanted
    assert sum(outcome.known.values()) == before
    assert told(outcome) == set(), "\n".join(map(str, serious(outcome)))
    once = counts(target)
    assert once["taken_over"] == sum(wanted.values())
    assert sound(target)
    again = taken(served, target)
    assert counts(target) == once
    assert (sum(again.taken.values()), sum(again.known.values())) == (0, sum(wanted.values()))
    assert (again.findings, again.totals) == (outcome.findings, outcome.totals)
    files = target.rows("SELECT number, media_type FROM revenue WHERE sha256 IS NOT NULL")
    claims = target.rows("SELECT d.ident AS number, f.media_type FROM document_file f JOIN document d ON d.id = f.document_id")
    assert len(claims) == target.rows("SELECT count(*) AS n FROM opos_case WHERE opened_on IS NOT NULL")[0].n > 3
    files += claims
    assert len({row.number for row in files}) == len(files) == wanted["Invoices"] + wanted["Credits"]
    assert {row.media_type for row in files} == {"application/pdf"}


def test_what_differs_is_told_and_written(served: Served, target: Tenant, tmp_path: Path) -> None:
    """Something is changed here that was taken: the next run says so, with both amounts, and ends by 1."""
    taken(served, target)
    here = client_of(target)
    (small,) = here.call("article.get", FILTER={"ARTICLE_NUMBER": "large"})["ARTICLES"]
    here.call("article.update", {"ARTICLE_ID": small["ARTICLE_ID"], "UNIT_PRICE": "50.95"})
    (late,) = [one for one in here.call("invoice.get", LIMIT=100)["INVOICES"] if one["INVOICE_TITLE"] == "late"]
    here.call("invoice.setpaid", {"INVOICE_ID": late["INVOICE_ID"], "PAID_DATE": "2026-03-01"})
    before = counts(target)
    outcome = taken(served, target)
    assert counts(target) == before
    assert not outcome.agrees
    new = told(outcome)
    assert ("article", "UNIT_PRICE", "49.95", "50.95") in new
    assert ("invoice", "OUTSTANDING_AMOUNT", f"{late['TOTAL']:.2f}", "0.00") in new
    assert ("customer", "OPEN_AMOUNT", f"{late['TOTAL']:.2f}", "0.00") in new
    path = tmp_path / "differences.csv"
    write(path, outcome)
    with path.open(encoding="utf-8", newline="") as file:
        lines = list(csv.DictReader(file))
    assert len(lines) == len(outcome.findings)
    assert ("article", "large", "49.95", "50.95") in {(one["kind"], one["number"], one["there"], one["here"]) for one in lines}


def test_what_is_open_there_is_paid_here_and_neither_sold_nor_taxed_once_more(served: Served, target: Tenant) -> None:
    taken(served, target)
    here = client_of(target)
    found = {one["INVOICE_TITLE"]: one for one in here.call("invoice.get", FILTER={"TYPE": "outgoing"}, LIMIT=100)["INVOICES"]}
    there = {row.number: row.open for row in served.account.tenant.rows("SELECT ident AS number, balance AS open FROM opos_case")}
    for one in found.values():
        assert amount_of(one["OUTSTANDING_AMOUNT"]) == there[one["INVOICE_NUMBER"]] > 0
    accounts = {row.account for row in target.rows("SELECT DISTINCT account FROM journal_line")}
    assert 9008 in accounts and accounts - {9008} == {account for account in accounts if 10_000 <= account < 70_000}
    part = found["reduced invoice"]
    assert amount_of(part["OUTSTANDING_AMOUNT"]) == amount_of(part["TOTAL"]) - 20
    for title in ("late", "reduced invoice"):
        here.call("invoice.setpaid", {"INVOICE_ID": found[title]["INVOICE_ID"], "PAID_DATE": "2026-03-09"})
    paid = {one["INVOICE_TITLE"]: one for one in here.call("invoice.get", FILTER={"STATE": "paid"}, LIMIT=100)["INVOICES"]}
    assert {title: amount_of(one["OUTSTANDING_AMOUNT"]) for title, one in paid.items()} == {"late": 0, "reduced invoice": 0}
    assert paid["late"]["INVOICE_NUMBER"] in there and paid["late"]["DOCUMENT_URL"]
    new = here.call("invoice.create", {"CUSTOMER_ID": part["CUSTOMER_ID"], "ITEMS": [{"DESCRIPTION": "x", "UNIT_PRICE": "1"}]})
    here.call("invoice.complete", {"INVOICE_ID": new["INVOICE_ID"]})
    assert sound(target)


def test_who_has_an_account_in_the_books_keeps_it(served: Served, target: Tenant) -> None:
    """Of a customer whose account is another one's here all else is taken, and the report says which account he has."""
    here = client_of(target)
    (k1,) = served.account.call("customer.get", FILTER={"CUSTOMER_NUMBER": "K1"})["CUSTOMERS"]
    own = {"CUSTOMER_TYPE": "business", "ORGANIZATION": "Schon da", "ACCOUNT_RECEIVABLE": k1["ACCOUNT_RECEIVABLE"]}
    assert here.call("customer.create", own)["STATUS"] == "success"
    outcome = taken(served, target)
    assert sum(outcome.refused.values()) == 0
    (mine,) = here.call("customer.get", FILTER={"CUSTOMER_NUMBER": "K1"})["CUSTOMERS"]
    differing = ("customer", "ACCOUNT_RECEIVABLE", k1["ACCOUNT_RECEIVABLE"], mine["ACCOUNT_RECEIVABLE"])
    assert differing in told(outcome) and mine["ACCOUNT_RECEIVABLE"] != k1["ACCOUNT_RECEIVABLE"]


def test_it_waits_as_long_as_it_is_asked_to(served: Served, target: Tenant) -> None:
    waits: list[float] = []
    served.app.busy = 2
    outcome = taken(served, target, waits)
    assert waits == [7, 7]
    assert told(outcome) == set()


def test_wrong_credentials_are_refused_without_saying_them(served: Served, target: Tenant) -> None:
    account = Account(address_of(served.url), served.account.email, "no-key-of-anybody")
    with pytest.raises(Refused) as refused:
        import_account(target.runtime, account, target.realm, lambda kind, count: None, lambda seconds, reason: None)
    assert [one.code for one in refused.value.problems] == ["credentials_refused"]
    assert "no-key-of-anybody" not in repr(refused.value) + repr(account)
    assert counts(target)["taken_over"] == 0


CLI = """
import os, sys

environment, arguments = sys.stdin.read().split(chr(0)), sys.argv[1:]
os.environ.update(dict(one.split("=", 1) for one in environment))
sys.argv = ["contor", *arguments]
from contor.cli import main
main()
"""


def test_the_command_tells_all_of_it_and_never_the_key(
    served: Served, target: Tenant, database_url: str, nest: Nest, tmp_path: Path
) -> None:
    report = tmp_path / "differences.csv"
    environment = {
        "CONTOR_HOME": str(target.runtime.config.home),
        "DATABASE_URL": database_url,
        "CONTOR_OUTBOUND_NETWORKS": "127.0.0.0/8",
        "FASTBILL_EMAIL": served.account.email,
        "FASTBILL_API_KEY": served.account.secret,
        "COLUMNS": "200",
    }
    said = "\0".join(f"{name}={value}" for name, value in environment.items()).encode()
    arguments = ("import", "fastbill", "--from", served.url, "--organization", target.realm, "--report", str(report))
    ended = nest.run(CLI, *arguments, heard=said)
    assert ended.returncode == 0, ended.output + ended.errors
    assert re.search(r"Customers\s*│\s*5\s*│\s*5\s*│\s*0\s*│\s*0", ended.output), ended.output
    assert "0 refused" in ended.output and str(report) in ended.output
    assert served.account.secret not in ended.output + ended.errors + report.read_text()
    assert report.read_text().startswith("level,kind,number,name,number here,field,there,here,remark")


def test_what_is_taken_over_is_billed_from_its_next_event_on(served: Served, target: Tenant) -> None:
    """The same intervals cost the same, whoever bills them; what was billed there is not billed again."""
    taken(served, target)
    both = (served.account.tenant, target)
    there, here = (billed(tenant) for tenant in both)
    assert there == here
    assert {number for number, *_ in here} == {"K1", "K2", "K3"}
    # what is paused goes on with the interval behind the last one that was billed
    for tenant in both:
        account = client_of(tenant)
        found = account.call("subscription.get", LIMIT=100)["SUBSCRIPTIONS"]
        (paused,) = [one["SUBSCRIPTION_ID"] for one in found if one["STATUS"] == "inactive"]
        tenant.turn_clock(dt.datetime(2026, 5, 2, 9, tzinfo=dt.UTC))
        assert account.call("subscription.update", {"SUBSCRIPTION_ID": paused, "STATUS": "active"}) == {"STATUS": "success"}
    for tenant in both:
        tenant.turn_clock(dt.datetime(2026, 6, 20, 9, tzinfo=dt.UTC))
    there, here = (billed(tenant) for tenant in both)
    assert there == here
    reduced = [description for _, description, *_ in here if description.startswith("A third off")]
    assert len(reduced) == 2, "four intervals in all, two of which were billed before"
    assert any(number == "K3" and "Large" in description for number, description, *_ in here), "its trial is over"
    assert sound(target)
