"""`entitlements`: what a customer may use, asked of an installation that keeps a million entitlements: over HTTP, as callers do."""

import http.client
import os
import random
import subprocess
import sys
import threading
from collections.abc import Sequence

import psycopg

from benchmarks import curve
from benchmarks.filling import insertion
from benchmarks.issuing import new_tenant, token_of
from benchmarks.measure import Parts, Result, fill, rss_mb, timed
from contor.runtime.execute import Runtime
from contor.runtime.schema import METADATA

FEATURES = 10
CALLERS = 4
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


def entitlements(
    runtime: Runtime, serving: tuple[dict[str, str], int], servers: tuple[str, str, int], count: int, asked: int
) -> Result:
    """`count` entitlements of a tenant, ten to a contract, one contract to a customer; `asked`: how many answers. `serving`: environment
    and port of the API, `servers`: owner's and superuser's address of the database, its process id."""
    (environment, port), (dsn, admin_dsn, postmaster) = serving, servers
    founded, caller = new_tenant(runtime, "bench-entitled")
    with psycopg.connect(admin_dsn, dbname="contor", autocommit=True) as owner:
        owner.execute("SELECT set_config('contor.tenant_id', %s, false)", (str(caller.tenant_id),))
        owner.execute("SET synchronous_commit = off")
        owner.execute("SET session_replication_role = replica")  # what a row refers to is not looked up
        owner.execute(insertion(METADATA.tables["feature"], FEATURE, FEATURES, FEATURES))
        owner.execute(insertion(METADATA.tables["entitlement"], ENTITLEMENT, count, count))
    command = [sys.executable, "-m", "contor.cli", "serve"]
    process = subprocess.Popen(command, env={**environment, "PGAPPNAME": "bench-api"}, stderr=subprocess.DEVNULL)
    try:
        curve.until_served(port)
        token = token_of(("127.0.0.1", port), founded.test.realm, founded.test.api_key, founded.test.api_secret)
        _ask(port, token, [*range(200)])
        result = Result("entitlement_state", asked)
        chosen = random.Random(1)
        parts = Parts(dsn, postmaster, {"api": [process.pid]})
        with timed(result, os.getpid()):
            _ask(port, token, [chosen.randrange(count // FEATURES) for _ in range(asked)])
        fill(result, parts.taken()["api"])
        result.rss_mb = rss_mb(process.pid)
        result.note = f"{FEATURES} features of {count} entitlements; wanted: 2,000 a second on two cores, that is at most 1 CPU s"
        return result
    finally:
        process.terminate()
        process.wait(20)


def _ask(port: int, token: str, customers: Sequence[int]) -> None:
    """By several connections at once, each as fast as it is answered."""
    failed: list[str] = []

    def one(numbers: Sequence[int]) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port)
        for number in numbers:
            connection.request("GET", f"/v2/customers/k-{number}/entitlements", headers={"Authorization": f"Bearer {token}"})
            answer = connection.getresponse()
            body = answer.read()
            if answer.status != 200 or body.count(b'"featureIdent"') != FEATURES:
                failed.append(body.decode())
                return

    threads = [threading.Thread(target=one, args=(customers[start::CALLERS],)) for start in range(CALLERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failed, failed[0]
