"""`usage_in`: usages by batches of ten thousand, with all checks. `usage_rating`: usages of many contracts rated for their bills."""

import datetime as dt
import random
import time
from decimal import Decimal

from benchmarks.billing import store_contracts
from benchmarks.issuing import new_tenant
from benchmarks.measure import Result, rss_mb, timed, tree_cpu
from contor.catalogue.options import CreateOption, OptionBody, create_option
from contor.catalogue.plans import LinkOption, link_option
from contor.catalogue.queries import options_by_ident
from contor.catalogue.types import LinkedOption
from contor.documents.types import Location
from contor.kernel.context import Caller
from contor.runtime.execute import Runtime, adapter, validated
from contor.usage.queries import open_usages
from contor.usage.rate import rate
from contor.usage.record import RecordUsages, record_usages
from contor.usage.types import UsageBatch

BATCH = 10_000
CONTRACTS = 1_000
OPTION = {
    "option_ident": "power",
    "name": "Power",
    "type": "USAGE",
    "status": "FINAL",
    "quantity_type": "KWH",
    "use_pooling": True,
    "usage_prices": [{"pricing_model": "TIER_PRICE", "price_tiers": [{"quantity": 100, "price": "0.17"}, {"price": "0.13"}]}],
}


def _bodies(first: int, count: int, started: dt.datetime) -> dict[str, list[dict[str, object]]]:
    """Usages as a client sends them, after the JSON was read."""
    chance = random.Random(first)
    text = started.isoformat()
    return {
        "usages": [
            {
                "usageIdent": f"u-{number}",
                "contractIdent": f"v-k-{number % CONTRACTS:07}",
                "optionIdent": "power",
                "startDate": text,
                "unitQuantity": Decimal(chance.randrange(1, 9999)) / 100,
            }
            for number in range(first, first + count)
        ]
    }


def usages(runtime: Runtime, postmaster: int, pid: int, count: int) -> list[Result]:
    """Both tasks, one process."""
    _, caller = new_tenant(runtime, "bench-usages")
    store_contracts(runtime, caller, CONTRACTS)
    runtime.execute(create_option, CreateOption(body=validated(OptionBody, OPTION)), caller)
    body = LinkedOption(option_ident="power", enable_for_all_contracts=True)
    runtime.execute(link_option, LinkOption(plan_ident=_plan(runtime, caller), phase_ident="p", body=body), caller)
    return [_in(runtime, caller, postmaster, pid, count), _rating(runtime, caller, pid, count)]


def _plan(runtime: Runtime, caller: Caller) -> str:
    with runtime.transaction(caller, reads=True) as uow:
        return uow.column(str, "SELECT plan_ident FROM plan")[0]


def _in(runtime: Runtime, caller: Caller, postmaster: int, pid: int, count: int) -> Result:
    result, shape = Result("usage_in", count), adapter(UsageBatch)
    started = dt.datetime.now(dt.UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    left_out = 0.0
    began = time.perf_counter()
    cpu_left_out = 0.0
    with timed(result, postmaster, pid):
        for first in range(0, count, BATCH):
            paused, cpu = time.perf_counter(), tree_cpu(pid)
            content = _bodies(first, min(BATCH, count - first), started)
            left_out += time.perf_counter() - paused
            cpu_left_out += tree_cpu(pid) - cpu
            batch = shape.validate_python(content, by_alias=True, by_name=False)
            made = runtime.execute(record_usages, RecordUsages(body=batch), caller)
            assert made.created == len(batch.usages)
    result.per_s = count / (time.perf_counter() - began - left_out)
    result.cpu_s_per_1000 -= cpu_left_out / count * 1000
    result.rss_mb = rss_mb(pid)
    result.note = "shape, checks and storage, without reading the JSON"
    return result


def _rating(runtime: Runtime, caller: Caller, pid: int, count: int) -> Result:
    result = Result("usage_rating", count)
    until, home = dt.datetime.now(dt.UTC).date() + dt.timedelta(days=2), Location(country="DE")
    rated = 0
    with runtime.transaction(caller, reads=True) as uow:
        ids = uow.column(int, "SELECT contract_id FROM contract ORDER BY contract_id")
        content = options_by_ident(uow, ["power"])["power"].versions[0].content
        with timed(result, pid):
            for start in range(0, len(ids), 50):
                for members in open_usages(uow, ids[start : start + 50], until).values():
                    rows = rate(content, members, home, None, uow.ctx.zone)
                    assert not isinstance(rows, str)
                    rated += sum(len(row.usages) for row in rows)
    assert rated == count, rated
    result.rss_mb = rss_mb(pid)
    result.note = "read from the database and priced, pooled by contract"
    return result
