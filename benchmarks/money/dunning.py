"""`dun`: overdue open items of a tenant become letters: previewed, approved, made, by one worker; the files of the letters are made later,
beside it. The floor: one statement that reads each overdue item and writes it, and one that raises its level."""

import datetime as dt
import time
from decimal import Decimal

import psycopg

from benchmarks.issuing import new_tenant
from benchmarks.measure import Result, rss_mb, timed
from contor.customers import tables as customers
from contor.documents import tables as documents
from contor.dunning.base_rates import BASE_RATES, base_rates
from contor.dunning.configuration import PutDunning, put_configuration
from contor.dunning.rules import DunningConfiguration
from contor.dunning.rules.interest import half_year
from contor.dunning.runs import dun_tenant
from contor.kernel.context import Caller
from contor.openitems import tables as openitems
from contor.runtime.execute import Runtime, validated
from contor.runtime.resource import Written
from contor.runtime.uow import Uow

CHUNK = 10_000
EACH = 4
"""Overdue documents of a customer."""
LEVELS = [
    {"days_after": 14, "days_to_pay": 7},
    {"days_after": 14, "days_to_pay": 7, "fee": "5.00", "interest": True},
    {"days_after": 14, "days_to_pay": 7, "fee": "10.00", "interest": True},
]


def dun(runtime: Runtime, dsn: str, postmaster: int, own: int, count: int) -> Result:
    """So many overdue documents, in default by contract: each letter claims a fee and interest."""
    founded, caller = new_tenant(runtime, "bench-dun")
    body = {"levels": [{**LEVELS[1]}, *LEVELS[1:]], "due_date_agreed": True, "first_level_from": "DUE_DATE"}
    runtime.execute(put_configuration, PutDunning(body=validated(DunningConfiguration, body)), caller)
    _newest_rate(runtime, caller)
    for start in range(0, count, CHUNK):
        with runtime.transaction(caller) as uow:
            _store(uow, range(start, min(start + CHUNK, count)))
    with psycopg.connect(dsn, autocommit=True) as owner:
        owner.execute("VACUUM ANALYZE")
    result = Result("dun", count)
    with timed(result, own, postmaster=postmaster):
        run = dun_tenant(runtime, caller)
    result.rss_mb = rss_mb(own)
    done = {one.outcome.value: one.documents for one in run.outcomes}
    assert done == {"DUNNED": count}, done
    with runtime.transaction(caller, reads=True) as uow:
        (claims,) = uow.column(int, "SELECT count(*)::int FROM dunning_claim")
    result.floor_per_s = _floor(runtime, caller, count)
    result.ratio = result.per_s / result.floor_per_s
    letters = sum(one.letters for one in run.letters)
    result.note = f"{letters} letters, {claims} claims in {count / result.per_s:.1f} s of tenant {founded.test.tenant_id}"
    return result


def _newest_rate(runtime: Runtime, caller: Caller) -> None:
    """Base rates up to today, so that interest is claimed on everything."""
    with runtime.transaction(caller, reads=True) as uow:
        at, known = half_year(uow.ctx.today()), base_rates(uow)
    while at not in known:
        rate = {"ident": at.isoformat(), "valid_from": at, "rate": "1.27"}
        runtime.execute(BASE_RATES.create, Written((), validated(BASE_RATES.creation, rate)), caller)
        at = half_year(at - dt.timedelta(days=1))


def _store(uow: Uow, numbers: range) -> None:
    """Documents and their open items as issuing leaves them, without content."""
    now, today = uow.ctx.now(), uow.ctx.today()
    due = today.replace(year=today.year - 1)
    idents = sorted({number // EACH for number in numbers})
    lists: dict[str, object] = {"bank_accounts": [], "tax_classifications": [], "tax_exemptions": [], "properties": []}
    stamps = {"created_at": now, "last_modified_at": now}
    uow.insert(
        customers.customer,
        [
            {"customer_ident": f"d-{one:07}", "id": own, "customer_type": "B2B", "company": "D", **lists, **stamps}
            for one, own in zip(idents, uow.next_ids(len(idents)), strict=True)
        ],
    )
    ids = uow.next_ids(len(numbers))
    amount, common = Decimal("119.00"), {"currency": "EUR", "document_date": due, "due_date": due, "created_at": now}
    uow.insert(
        documents.document,
        [
            {
                "id": own,
                "ident": f"D-{number:07}",
                "document_type": "INVOICE",
                "status": "COMPLETED",
                "billing_group_ident": "external",
                "customer_ident": f"d-{number // EACH:07}",
                "operating_site_ident": "hamburg",
                "tax_date": due,
                "net": Decimal(100),
                "tax": Decimal(19),
                "gross": amount,
                "payable": amount,
                **common,
            }
            for number, own in zip(numbers, ids, strict=True)
        ],
    )
    uow.insert(
        openitems.opos_case,
        [
            {
                "document_id": own,
                "ident": f"D-{number:07}",
                "document_type": "INVOICE",
                "customer_ident": f"d-{number // EACH:07}",
                "opening": amount,
                "balance": amount,
                "ledger_balance": amount,
                "status": "OPEN",
                "is_memo": False,
                "payment_collection": False,
                "number_key": f"D{number:07}",
                **common,
            }
            for number, own in zip(numbers, ids, strict=True)
        ],
    )


def _floor(runtime: Runtime, caller: Caller, count: int) -> float:
    """As many rows of the run again, and levels raised, in three statements of one transaction."""
    began = time.perf_counter()
    with runtime.transaction(caller) as uow:
        uow.run("CREATE TEMPORARY TABLE bench_item ON COMMIT DROP AS SELECT * FROM dunning_item")
        uow.run("UPDATE opos_case SET dunning_level = dunning_level + 1 WHERE status = 'OPEN'")
        uow.run("UPDATE document SET dunning_level = dunning_level + 1")
        took = time.perf_counter() - began
        uow.run("UPDATE opos_case SET dunning_level = dunning_level - 1 WHERE status = 'OPEN'")
        uow.run("UPDATE document SET dunning_level = dunning_level - 1")
    return count / took
