"""`entitlements`: what a customer may use, asked of an installation that keeps a million entitlements: over HTTP, by callers of `/v2` and
of fynn."""

import random
from collections.abc import Iterator, Sequence

import psycopg

from benchmarks.filling import TABLES, insertion
from benchmarks.fynn.serving import Client, answers, measured, served
from benchmarks.issuing import new_tenant, token_of
from benchmarks.measure import Parts, Result, rss_mb
from contor.organizations.access import bearer_secret
from contor.runtime.execute import Runtime
from contor.runtime.schema import METADATA

FEATURES = 10
CALLERS = 16
"""Connections that ask at once."""
_IDENT = "'v-' || (g - 1) / 10"
ENTITLEMENT = {
    "entitlement_id": "g",
    "contract_ident": _IDENT,
    "customer_ident": "'k-' || (g - 1) / 10",
    "feature_ident": "'f-' || g % 10",
    "value": "(g % 100)::text",
    "source": "'PLAN'",
    "source_ident": "'basic'",
    "valid_from": "timestamptz '2020-01-01'",
    "valid_until": "timestamptz '9999-12-31 00:00+00'",
}
FEATURE = {
    "ident": "'f-' || g % 10",
    "feature_id": "g",
    "name": "'Feature ' || g",
    "type": "'QUANTITY'",
    "status": "'ACTIVE'",
    "choices": "'[]'",
}


CUSTOMER = {"id": "g + 10000000", "customer_ident": "'k-' || g - 1", "debtor_account": "1000000 + g"}
CONTRACT = {
    **TABLES["contract"][1],
    "contract_id": "g + 20000000",
    "contract_ident": "'v-' || g - 1",
    "customer_ident": "'k-' || g - 1",
}


def entitlements(
    runtime: Runtime,
    environment: dict[str, str],
    servers: int,
    databases: tuple[str, str, int],
    count: int,
    asked: int,
) -> Iterator[Result]:
    """`count` entitlements of a tenant, ten to a contract, one contract to a customer; `asked`: how many answers. `servers`: API
    processes; `databases`: owner's and superuser's address of the database, its process id."""
    dsn, admin_dsn, postmaster = databases
    founded, caller = new_tenant(runtime, "bench-entitled")
    key = founded.test.api_key, founded.test.api_secret
    with psycopg.connect(admin_dsn, dbname="contor", autocommit=True) as owner:
        owner.execute("SELECT set_config('contor.tenant_id', %s, false)", (str(caller.tenant_id),))
        owner.execute("SET synchronous_commit = off")
        owner.execute("SET session_replication_role = replica")  # what a row refers to is not looked up
        people = count // FEATURES
        for table, given, rows in (
            ("feature", FEATURE, FEATURES),
            ("customer", CUSTOMER, people),
            ("contract", CONTRACT, people),
            ("entitlement", ENTITLEMENT, count),
        ):
            owner.execute(insertion(METADATA.tables[table], given, rows, rows))
    with served(environment, api=servers) as (port, pids):
        token = token_of(("127.0.0.1", port), founded.test.realm, *key)
        uuids = _uuids(port, bearer_secret(*key))
        for name, path, known, bearer in (
            ("entitlement_state", "/v2/customers/{}/entitlements", None, token),
            ("entitlement_state_fynn", "/fynn/entitlement/state?customer={}", None, bearer_secret(*key)),
            ("entitlement_state_fynn_id", "/fynn/entitlement/state?customer={}", uuids, bearer_secret(*key)),
        ):
            chosen = random.Random(1)
            names = known or [f"k-{chosen.randrange(people)}" for _ in range(asked)]
            paths = [path.format(names[turn % len(names)]) for turn in range(asked)]
            _ask(port, bearer, paths[:400])
            note = f"{FEATURES} features of {count} entitlements; {servers} API processes; wanted: 2,000 a second on two cores"
            result = Result(name, asked, note=note)
            with measured(result, lambda: Parts(dsn, postmaster, pids), ["api"]):
                _ask(port, bearer, paths)
            result.rss_mb = max(map(rss_mb, pids["api"]))
            yield result


def _uuids(port: int, bearer: str) -> list[str]:
    """The ids by which some customers are known."""
    client = Client(port, bearer)
    return [client.call("GET", f"/fynn/entitlement/state?customer=k-{number}")["customer"] for number in range(200)]


def _ask(port: int, token: str, paths: Sequence[str]) -> None:
    """By several connections at once, each as fast as it is answered."""
    for status, body in answers(port, token, paths, CALLERS):
        assert status == 200 and body.count(b'"feature') >= FEATURES, body
