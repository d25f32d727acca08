"""`billing_run`: due contracts with two recurring options each are proposed, billed and issued by one worker, then by two; one more
customer, whose configuration is broken, is parked and named."""

from decimal import Decimal
from typing import Any

import psycopg

from benchmarks.issuing import floor, new_tenant
from benchmarks.measure import Result, Workers, timed
from contor.catalogue.options import CreateOption, OptionBody, create_option
from contor.catalogue.plans import CreatePlan, PlanBody, create_plan
from contor.commands.demo import CUSTOMER_DATA
from contor.contracts import tables as contracts
from contor.contracts.create import CreateContract, create_contract
from contor.contracts.types import ContractBody, ContractContent
from contor.customers import tables as customers
from contor.customers.customers import CreateCustomer, CustomerCreation, create_customer
from contor.documents.types import Location
from contor.kernel.context import Caller
from contor.runtime.execute import Runtime, validated
from contor.runtime.uow import Uow

CHUNK = 5_000


def catalogue(runtime: Runtime, caller: Caller) -> int:
    """Two options and a plan; its number."""
    for ident, price in (("base", "19.90"), ("support", "5.00")):
        body = {
            "option_ident": ident,
            "name": f"Option {ident}",
            "type": "RECURRING",
            "status": "FINAL",
            "prices": [{"price": price}],
        }
        runtime.execute(create_option, CreateOption(body=validated(OptionBody, body)), caller)
    month = {"value": 1, "unit": "MONTH"}
    linked = [{"option_ident": "base"}, {"option_ident": "support"}]
    phase = {"ident": "p", "name": "Phase", "billing_config": {"billing_interval": month}, "linked_options": linked}
    made = runtime.execute(create_plan, CreatePlan(body=validated(PlanBody, {"name": "Plan", "phases": [phase]})), caller)
    return int(made.plan_id)


def store_contracts(runtime: Runtime, caller: Caller, count: int, first: int = 0) -> None:
    """As many customers, each with a contract that began this month, as their verbs store them. `first`: how many there are."""
    plan_id = catalogue(runtime, caller) if not first else _plan(runtime, caller)
    content = ContractContent(
        invoice_address_ident="a",
        quantities={"p": {"base": Decimal(1), "support": Decimal(1)}},
        language="de",
        tax_location=Location(country="DE"),
        performance_location=Location(country="DE"),
    )
    with runtime.transaction(caller) as uow:
        uow.run("UPDATE plan SET has_contracts = true")
    for start in range(first, first + count, CHUNK):
        with runtime.transaction(caller) as uow:
            _store(uow, range(start, min(start + CHUNK, first + count)), plan_id, content)


def store_a_broken_one(runtime: Runtime, caller: Caller) -> None:
    """A customer in the midst of the others whose option has no price where he is."""
    content = {
        **CUSTOMER_DATA,
        "customer_ident": "k-0000050x",
        "addresses": [{**CUSTOMER_DATA["addresses"][0], "address_ident": "a"}],
    }
    runtime.execute(create_customer, CreateCustomer(validated(CustomerCreation, content)), caller)
    price = {"price": "1.00", "criteria": {"country": "FR"}}
    option = {"option_ident": "far", "name": "Far", "type": "RECURRING", "status": "FINAL", "prices": [price]}
    runtime.execute(create_option, CreateOption(body=validated(OptionBody, option)), caller)
    month = {"value": 1, "unit": "MONTH"}
    phase = {"ident": "p", "name": "P", "billing_config": {"billing_interval": month}, "linked_options": [{"option_ident": "far"}]}
    runtime.execute(
        create_plan, CreatePlan(body=validated(PlanBody, {"plan_ident": "far", "name": "Far", "phases": [phase]})), caller
    )
    body = {
        "contract_ident": "v-far",
        "plan_ident": "far",
        "debtor_ident": "k-0000050x",
        "invoice_address_ident": "a",
        "start_date": runtime.clock().date().replace(day=1).isoformat(),
        "option_quantities": [{"phase_ident": "p", "option_quantity": [{"option_ident": "far"}]}],
    }
    runtime.execute(create_contract, CreateContract(body=validated(ContractBody, body)), caller)


def _plan(runtime: Runtime, caller: Caller) -> int:
    with runtime.transaction(caller, reads=True) as uow:
        return uow.column(int, "SELECT plan_id FROM plan")[0]


def _store(uow: Uow, numbers: range, plan_id: int, content: ContractContent) -> None:
    now, today = uow.ctx.now(), uow.ctx.today()
    (address,) = CUSTOMER_DATA["addresses"][:1]
    ids = uow.next_ids(3 * len(numbers))
    idents = [f"k-{number:07}" for number in numbers]
    count = len(numbers)
    stamps = {"created_at": now, "last_modified_at": now}
    lists: dict[str, Any] = {"bank_accounts": [], "tax_classifications": [], "tax_exemptions": [], "properties": []}
    rows = [
        {
            "customer_ident": ident,
            "id": own,
            "customer_type": "B2B",
            "company": f"Customer {ident}",
            "debtor_account": 100_000_000 + own,
            **lists,
            **stamps,
        }
        for ident, own in zip(idents, ids, strict=False)
    ]
    uow.insert(customers.customer, rows)
    place = {name: address.get(name) for name in ("street", "street_no", "zip", "city", "country")}
    uow.insert(
        customers.address,
        [
            {
                "customer_ident": ident,
                "address_ident": "a",
                "id": own,
                "address_type": "INVOICE",
                "company": f"Customer {ident}",
                **place,
                **stamps,
            }
            for ident, own in zip(idents, ids[count:], strict=False)
        ],
    )
    first = today.replace(day=1)
    uow.insert(
        contracts.contract,
        [
            {
                "contract_id": own,
                "contract_ident": f"v-{ident}",
                "customer_ident": ident,
                "plan_id": plan_id,
                "business_segment_ident": "main",
                "billing_group_ident": "external",
                "signed_on": first,
                "start_on": first,
                "proposed_through": first,
                "next_proposal_at": now.replace(day=1, hour=0),
                "content": content,
                **stamps,
            }
            for ident, own in zip(idents, ids[2 * count :], strict=False)
        ],
    )


def billing_run(runtime: Runtime, dsn: str, environment: dict[str, str], postmaster: int, count: int) -> list[Result]:
    """The same run by one and by two workers, each over contracts of its own tenant; the floor runs before and after both."""
    results = []
    for workers in (1, 2):
        founded, caller = new_tenant(runtime, f"bench-run-{workers}")
        store_contracts(runtime, caller, count)
        store_a_broken_one(runtime, caller)
        with psycopg.connect(dsn, autocommit=True) as owner:
            owner.execute("ANALYZE")  # as autovacuum does within a minute of so many new rows
        before = floor(dsn, 20_000)
        result = Result(f"billing_run_{workers}", count)
        with (
            Workers(environment, workers, "benchmarks.bill", founded.test.tenant_id) as running,
            timed(result, *running.pids, postmaster=postmaster),
        ):
            said = running.work()
        after = floor(dsn, 20_000)
        assert sum(one["documents"] for one in said) == count, said
        assert [customer for one in said for customer in one["parked"]] == ["k-0000050x"], said
        result.rss_mb = max(one["rss_mb"] for one in said)
        if before and after:
            result.floor_per_s = (before + after) / 2
            result.ratio = result.per_s / result.floor_per_s
        result.note = "documents by worker: " + ", ".join(str(one["documents"]) for one in said)
        results.append(result)
    results[1].note += f"; {results[1].per_s / results[0].per_s:.2f} times one worker"
    return results
