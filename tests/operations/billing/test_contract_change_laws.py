"""Any changes of a contract within one interval: what is billed together is what its time line costs, to the cent, whatever is billed
between them and in whatever order their days are agreed.
"""

import datetime as dt
import random
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pytest
from tests.factories.changed import FEE, change, papers
from tests.factories.offices import Office

D = Decimal
BEGIN, END = dt.date(2026, 4, 1), dt.date(2026, 7, 1)
QUARTER = {"value": 1, "unit": "QUARTER"}


def cents(amount: Decimal) -> Decimal:
    return amount.quantize(D("0.01"), ROUND_HALF_UP)


def costs(quantity: int, price: Decimal, said: list[tuple[dt.date, int | None, Decimal | None]]) -> Decimal:
    """Each run of equal days by its share of the quarter, rounded once; by hand."""
    whole, total, begun, now = (END - BEGIN).days, D(0), BEGIN, (quantity, price)
    for number in range(whole + 1):
        day = BEGIN + dt.timedelta(days=number)
        terms = now
        for since, many, much in sorted(said, key=lambda it: it[0]):  # the sort keeps the order of one day
            if since == day:
                terms = (many if many is not None else terms[0], much if much is not None else terms[1])
        if terms != now or day == END:
            total += cents(now[0] * now[1] * (day - begun).days / whole)
            begun, now = day, terms
    return total


@pytest.mark.parametrize("seed", range(6))
def test_what_is_billed_is_what_the_time_line_costs(office: Office, seed: int) -> None:
    chance = random.Random(seed)
    price = D(chance.randrange(1_000, 9_999)) / 100
    office.plan(str(price), billingInterval=QUARTER)
    office.clock("2026-04-01T10:00")
    office.contract(startDate="2026-04-01", quantity=2)
    office.contract("v-2", startDate="2026-04-01", quantity=2)
    office.bill()
    said: list[tuple[dt.date, int | None, Decimal | None]] = []
    today = BEGIN
    for _ in range(7):
        today = min(today + dt.timedelta(days=chance.randrange(0, 14)), dt.date(2026, 6, 30))
        office.clock(f"{today}T10:00")
        day = today if chance.random() < 0.5 else BEGIN + dt.timedelta(days=chance.randrange(0, (today - BEGIN).days + 1))
        many = chance.randrange(1, 6) if chance.random() < 0.7 else None
        much = D(chance.randrange(1_000, 9_999)) / 100 if many is None or chance.random() < 0.5 else None
        body = a_body(many, much, day)
        change(office, **body)
        said.append((day, many, much))
        if chance.random() < 0.6:
            office.bill()
            assert sum(net for _, net in papers(office)) == costs(2, price, said) + cents(2 * price)
    office.bill()
    # the other contract agrees to the same on one day, the latest days first; of one day in the order in which they were agreed
    for day, many, much in sorted(said, key=lambda it: it[0], reverse=True):
        change(office, ident="v-2", **a_body(many, much, day))
    office.bill()
    assert sum(net for _, net in papers(office)) == 2 * costs(2, price, said)
    (due,) = office.tenant.rows("SELECT sum(net) FILTER (WHERE document_type = 'INVOICE') AS billed FROM document")
    assert due.billed > 0


def a_body(many: int | None, much: Decimal | None, day: dt.date) -> dict[str, Any]:
    quantities = [{"optionIdent": FEE, "quantity": many}] if many is not None else []
    prices = [{"optionIdent": FEE, "prices": [{"price": str(much)}]}] if much is not None else []
    return {"optionQuantities": quantities, "optionPrices": prices, "effectiveDate": day.isoformat()}


@pytest.mark.parametrize("seed", range(3))
def test_whatever_is_given_back_every_account_of_it_agrees(office: Office, seed: int) -> None:
    """Credits of every type, ends and plans at random: the checks find nothing, and no document takes back more than was billed."""
    chance = random.Random(seed)
    office.plan("30.00")
    office.plan("75.00", ident="large", billingInterval=QUARTER)
    office.clock("2026-04-01T10:00")
    office.contract(startDate="2026-04-01", quantity=2)
    office.bill()
    today, plan = BEGIN, "basic"
    for _ in range(8):
        today += dt.timedelta(days=chance.randrange(1, 12))
        office.clock(f"{today}T10:00")
        kind = chance.choice(["PRO_RATA", "FULL", "LAST_INVOICED", "NONE"])
        fee, other = f"{plan}-fee", {"basic": "large", "large": "basic"}[plan]
        if chance.random() < 0.3:
            body: dict[str, Any] = {"planIdent": other, "optionMappings": [{"optionIdent": fee, "becomes": f"{other}-fee"}]}
            plan = other
        else:
            body = {"optionQuantities": [{"optionIdent": fee, "quantity": chance.randrange(1, 6)}]}
        change(office, **body, creditType=kind)
        if chance.random() < 0.7:
            office.bill()
    office.bill()
    assert sum(net for _, net in papers(office)) >= 0
    office.call("POST", "/v2/contracts/v-1/actions/terminate-extraordinarily", {"terminationDate": today.isoformat()})
    office.bill()
    assert sum(net for _, net in papers(office)) >= 0
    office.call("POST", "/v2/contracts/actions/cancel", {"idents": ["v-1"]}, 204)
    office.bill()
    assert sum(net for _, net in papers(office)) == 0
