"""An account of FastBill is taken over, from Contor to Contor: killed twice on the way, to the cent, once; and what differs is told."""

import signal
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.factories.fastbill import unlimited
from tests.factories.fastbill_source import NOW, Served, served_account
from tests.factories.nests import Nest
from tests.factories.tenants import Tenant, a_client, a_tenant

from contor.commands.demo import master_data
from contor.commands.importing.fastbill import Account, Outcome, address_of, import_account
from contor.runtime.execute import Runtime

CHILD = """
import os, signal, sys
from pathlib import Path
from contor.app import make_runtime
from contor.commands.importing.fastbill import Account, address_of, import_account
from contor.runtime.config import Config
from contor.runtime.uow import Uow

home, dsn, realm, url, email, where, times = sys.argv[1:]
runtime = make_runtime(Config(home=Path(home), outbound_networks="127.0.0.0/8"), dsn)
runtime.database.open()
left = int(times)

def counted():
    global left
    left -= 1
    if not left:
        os.kill(os.getpid(), signal.SIGKILL)

audit, execute = Uow.audit, runtime.execute

def audited(uow, kind, ident, change=None):
    audit(uow, kind, ident, change)
    if where == "within" and kind == "takeover":
        counted()

def executed(operation, *arguments, **more):
    answer = execute(operation, *arguments, **more)
    if where == "between" and operation.name.startswith("fastbill.take_"):
        counted()
    return answer

Uow.audit, runtime.execute = audited, executed
account = Account(address_of(url), email, sys.stdin.read())
import_account(runtime, account, realm, lambda kind, count: None, lambda seconds, reason: None)
print("it came to its end")
"""
TABLES = ("customer", "address", "plan", "plan_option", "coupon", "contract", "draft", "revenue", "expense", "project", "offer")


@pytest.fixture(scope="module")
def served(runtime: Runtime, process_dsn: str) -> Iterator[Served]:
    with served_account(runtime, process_dsn) as made:
        yield made


@pytest.fixture
def target(runtime: Runtime) -> Tenant:
    made = unlimited(a_tenant(runtime, a_client(runtime)))
    master_data(runtime, made.caller())
    made.turn_clock(NOW)
    return made


def taken(served: Served, target: Tenant, waits: list[float] | None = None) -> Outcome:
    def wait(seconds: float, reason: str) -> None:
        assert waits is not None, reason
        waits.append(seconds)

    account = Account(address_of(served.url), served.account.email, served.account.secret)
    return import_account(target.runtime, account, target.realm, lambda kind, count: None, wait)


def counts(tenant: Tenant) -> dict[str, int]:
    return {name: tenant.rows(f"SELECT count(*) AS n FROM {name}")[0].n for name in (*TABLES, "taken_over")}


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
        "Subscriptions": 5,
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
    assert before == 8 + 12 - 8 + 4 or before >= 8
    outcome = taken(served, target)
    wanted = expected(served)
    assert {kind: outcome.taken[kind] + outcome.known[kind] + outcome.refused[kind] for kind in wanted} == wanted
    assert sum(outcome.known.values()) == before
    assert serious(outcome) == []
