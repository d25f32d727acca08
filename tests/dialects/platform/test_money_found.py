"""Every field of every list of money finds what has its value, and nothing else."""

import datetime as dt
import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, Final

import pytest
from starlette.testclient import TestClient
from tests.checkers.listed import items_of, plain_values
from tests.factories.companies import day_here
from tests.factories.creditors import AT_ONCE, OUR_IBAN, Creditor
from tests.factories.settlements import Moved, Settled, stripe_file
from tests.factories.statements import BankLine, BankPaper, Reader
from tests.factories.tenants import a_tenant

from contor.api.platform.routes.money import MONEY_ROUTES
from contor.api.route import Route
from contor.commands.demo import master_data
from contor.dunning.runs.work import look as dun
from contor.openitems.collection.runs.work import look as go_on
from contor.runtime.execute import Runtime

LISTS = [row for row in MONEY_ROUTES if row.filterable is not None]
MASKED: Final = {"iban", "counterpart.iban"}
"""Shown masked: found by the whole number alone."""


class _All(Creditor, Settled):
    """A company that collects, is paid, settles and reminds."""


@pytest.fixture(scope="module")
def mover(runtime: Runtime, http: TestClient) -> Creditor:
    """A tenant with some of each thing that is listed."""
    tenant = a_tenant(runtime, http)
    master_data(runtime, tenant.caller())
    made = _All(tenant, http, {"Authorization": f"Bearer {tenant.token()}"})
    made.furnish()
    made.account("ok", displayName="Visa", iban="DE02120300000000202051")
    made.account("fail-AM04", paymentMethod="CREDIT_CARD", paymentCardType="VISA")
    bank = "/v2/merchant-payment-accounts/bank"
    target = {"host": "127.0.0.1", "userName": "us", "hostKey": KEY}
    made.call("POST", f"{bank}/file-targets", {"ident": "own", "password": "x", **target}, 201)
    source = {"ident": "s", "type": "SFTP", "format": "MT940", "credentials": [{"name": "password", "value": "x"}]}
    made.call("POST", "/v2/payment-providers/1/settlement-sources", {**source, **target}, 201)
    made.call("POST", "/v2/payment-providers/1/settlement-sources", {"ident": "u", "type": "UPLOAD", "format": "CAMT"}, 201)
    form = {"columns": {"bookingDate": "Datum", "amount": "Betrag"}}
    made.call("POST", f"{bank}/statement-mappings", {"ident": "own", "name": "Own", "form": form}, 201)
    made.call("POST", "/v2/payment-categories", {"name": "RENT"}, 201)
    made.open_bank(ident="giro", iban=OUR_IBAN, bic="SOGEDEFFXXX")
    link = {"ident": "own", "merchantPaymentAccountIdent": "giro", "provider": "SIMULATED", "alias": "Ours"}
    made.call("POST", "/v2/open-banking-accounts", link, 201)
    rule = {"ident": "r", "priority": 1, "jsonataExpression": "false", "resultingPaymentCategoryName": "RENT", "description": "d"}
    made.call("POST", f"{bank}/payment-transaction-categorization-rules", rule, 201)
    regex = {"ident": "x", "regularExpression": "x", "targetType": "DOCUMENT", "replaceWith": "y"}
    made.call("POST", "/v2/regex-matching-strategies", regex, 201)
    made.call("POST", "/v2/billing/configuration/dunning", {"levels": [{"daysAfter": 1, "fee": "5.00"}]}, 201)
    collected, paid, open_, doubtful = (made.document(**AT_ONCE) for _ in range(4))
    made.intend(collected, statementDescriptor="Club")
    made.submit()
    made.pay("119.00", paid, customerSpecificIdent="muster-handel", valueDate="2026-01-02", counterpart={"name": "Kunde"})
    made.pay("12.00", "nothing", endToEndIdent="E-1", mandateReference="M-1")
    made.call("POST", f"/v2/opos-cases/{doubtful}/decisions", {"type": "DOUBTFUL_RECEIVABLE", "note": "d"}, 201)
    made.call("POST", "/v2/opos-cases/clearing-runs", {"customerIdent": "muster-handel", "currency": "EUR"}, 201)
    made.call("PUT", f"/v2/opos-cases/{open_}/dunning-block", {"blocked": True, "reason": "b"})
    day = dt.date(2026, 11, 2)
    Reader(made).send(BankPaper(Decimal(0), day, [BankLine(Decimal(10), day, reference="A1")]).camt())
    made.open_provider()
    made.upload(stripe_file(Moved("charge", "119.00", "1.66"), day="2026-11-02"))
    for path, look in (("collection", go_on), ("dunning", dun)):
        made.call("POST", f"/v2/{path}-runs", {}, 201)
        look(runtime, tenant.id)
    return made


EMPTY: Final = {
    "/v2/opos-cases/clearing-runs/{clearingRunIdent}/items",
    "/v2/payment-intent-tasks",
    "/v2/payment-files",
    "/v2/dunning-runs/{runIdent}/items",
    "/v2/dunning-handovers",
    "/v2/dunning-letters",
    "/v2/dunning-claims",
    "/v2/deferred-income",
}
"""Of which this company has none."""
KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIMd2bHG6U10Fp+x6IRLPxFII3NdJD2ImJWVYEUaLMLZE"


def paths_of(mover: Creditor, row: Route) -> str:
    tenant = mover.tenant
    owned = {
        "merchantPaymentAccountIdent": "psp" if "settlement" in row.path else "bank",
        "paymentProviderId": "1",
        "oposCaseIdent": tenant.rows("SELECT ident FROM opos_case WHERE doubtful")[0].ident,
        "clearingRunIdent": tenant.rows("SELECT ident FROM clearing_run")[0].ident,
        "accountNumber": "10000",
        "accountCurrency": "EUR",
        "period": day_here()[:7],
        "runIdent": tenant.rows(f"SELECT run_ident FROM {'dunning' if 'dunning' in row.path else 'collection'}_run")[0].run_ident,
    }
    return re.sub(r"\{(\w+)\}", lambda match: str(owned[match.group(1)]), row.path)


def value_of(thing: Any, name: str) -> Any:
    for part in name.split("."):
        thing = thing.get(part) if isinstance(thing, dict) else None
    return thing


def said(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return f"'{value}'" if isinstance(value, str) else str(value)


def cases(mover: Creditor, row: Route, path: str) -> Iterator[tuple[str, Any]]:
    assert row.filterable is not None
    things = mover.call("GET", f"{path}?size=100")
    rows = things if isinstance(things, list) else things["_embedded"]
    for name in plain_values(items_of(row)):
        if name in MASKED or row.filterable.find(name) is None:
            continue
        for value in list({said(value): value for thing in rows if (value := value_of(thing, name)) is not None}.values())[:2]:
            yield name, value


@pytest.mark.parametrize("row", LISTS, ids=lambda row: row.path)
def test_what_has_a_value_is_found_by_it(mover: Creditor, row: Route) -> None:
    path, seen = paths_of(mover, row), set[str]()
    for name, value in cases(mover, row, path):
        seen.add(name)
        answers = {}
        for sign in ("==", "!="):
            answer = mover.client.get(path, params={"search": f"{name}{sign}{said(value)}", "size": 100}, headers=mover.headers)
            assert answer.status_code == 200, (name, value, answer.text)
            body = answer.json()
            answers[sign] = [value_of(thing, name) for thing in (body if isinstance(body, list) else body["_embedded"])]
        assert set(map(said, answers["=="])) == {said(value)}, (name, value, answers["=="])
        assert said(value) not in set(map(said, answers["!="])), (name, value)
    assert seen or row.path in EMPTY
