"""A rate changes between invoice and supply: worked example 8 b, and what must not be touched."""

import contextlib
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from tests.factories.catalogue import OPTION
from tests.factories.contracts import CONTRACTS
from tests.factories.desks import ORDERS, a_line
from tests.factories.manual_credits import by_hand
from tests.factories.offices import Office, group
from tests.factories.usages import USAGES, metered, per_unit, usage
from typer.testing import CliRunner

from contor import cli
from contor.kernel.money import counted
from contor.tax import decide, rates

D = Decimal
YEAR = {"value": 1, "unit": "YEAR"}


@pytest.fixture
def before_the_change(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    """Nobody knows yet that the rates will change in July 2020; until it is undone."""
    with monkeypatch.context() as change:
        change.setitem(rates.HISTORY, "DE", rates.HISTORY["DE"][:1])
        decide.by_law.cache_clear()
        yield change
        decide.by_law.cache_clear()


def learn(change: pytest.MonkeyPatch) -> None:
    change.undo()
    decide.by_law.cache_clear()


def correct(office: Office, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setattr("contor.commands.lines.billing.opened", lambda: contextlib.nullcontext(office.tenant.runtime))
    return str(CliRunner().invoke(cli.app, ["billing", "correct-rates", "--organization", office.tenant.realm]).output)


def tax(office: Office) -> D:
    """Of all documents together."""
    return sum((-taxed if kind == "CREDIT_MEMO" else taxed for kind, _, taxed, _ in office.documents()), D(0))


@pytest.mark.parametrize("mode", ["ITEM_BASED", "DOCUMENT_BASED"])
@pytest.mark.parametrize(("partial", "difference"), [(None, "-36.00"), ("MONTH", "-18.00")])
def test_8b_billed_in_advance_at_the_rate_before_the_change(
    office: Office,
    before_the_change: pytest.MonkeyPatch,
    monkeypatch: pytest.MonkeyPatch,
    mode: str,
    partial: str | None,
    difference: str,
) -> None:
    group(office, documentCorrectionMode=mode)
    office.clock("2020-01-02T10:00")
    office.plan("1200.00", billingInterval=YEAR, **({"partialSupply": partial} if partial else {}))
    office.contract(startDate="2020-01-01")
    office.bill()
    assert office.documents() == [("INVOICE", D(1200), D(228), D(1428))]
    learn(before_the_change)
    office.clock("2020-06-30T10:00")
    assert "0 rows of 0 documents" in correct(office, monkeypatch)  # it is not in force yet
    office.clock("2020-07-01T10:00")
    assert f"{'6 rows' if partial else '1 row'} of 1 document " in correct(office, monkeypatch)
    assert "0 rows of 0 documents" in correct(office, monkeypatch)
    assert office.bill()["documents"] == 2
    right = D(228) + D(difference)
    assert sorted(office.documents()[1:]) == [
        ("CREDIT_MEMO", D(1200), D(228), D(1428)),
        ("INVOICE", D(1200), right, D(1200) + right),
    ]
    assert tax(office) - D(228) == D(difference)
    assert "0 rows of 0 documents" in correct(office, monkeypatch)
    assert office.bill()["documents"] == 0
    office.clock("2020-12-31T10:00")
    assert "0 rows of 0 documents" in correct(office, monkeypatch)


def test_what_a_rule_decided_is_compared_with_what_it_says_since(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """And with no other rule: one that is stored later decides nothing that is billed."""
    rule = {"ident": "line", "country": "DE", "variants": [{"applicableFrom": "2019-01-01", "taxRate": "10.9"}]}
    office.call("POST", "/v2/tax/rules", rule, 201)
    office.clock("2020-01-02T10:00")
    office.plan("1200.00", billingInterval=YEAR)
    office.contract(startDate="2020-01-01")
    office.bill()
    assert office.documents() == [("INVOICE", D(1200), D("130.80"), D("1330.80"))]
    office.clock("2020-06-01T10:00")
    office.call("POST", "/v2/tax/rules", rule | {"ident": "more", "itemCategory": "SERVICE"}, 201)
    office.clock("2020-08-01T10:00")
    assert "0 rows of 0 documents" in correct(office, monkeypatch)
    late = {"applicableFrom": "2020-07-01", "taxRate": 5}
    office.call("POST", "/v2/tax/rules/line/variants", late, 409)
    office.call("POST", "/v2/tax/rules/line/variants", late | {"applicableFrom": "2020-09-01"}, 201)
    assert "0 rows of 0 documents" in correct(office, monkeypatch)
    office.call("PUT", "/v2/tax/rules/more", {"country": "DE", "itemCategory": "SERVICE", "enabled": False})
    office.clock("2020-09-01T10:00")
    assert "1 row of 1 document " in correct(office, monkeypatch)
    office.bill()
    assert sorted(office.documents()[1:]) == [
        ("CREDIT_MEMO", D(1200), D("130.80"), D("1330.80")),
        ("INVOICE", D(1200), D(60), D(1260)),
    ]
    assert "0 rows of 0 documents" in correct(office, monkeypatch)


def test_the_agreed_gross_stays(office: Office, before_the_change: pytest.MonkeyPatch, monkeypatch: pytest.MonkeyPatch) -> None:
    """1,190.00 hold 190.00 at 19 %, and 164.14 at 16 %."""
    office.clock("2020-01-02T10:00")
    gross = [{"price": "1190.00", "netGrossIndicator": "GROSS"}]
    office.plan(option={"prices": gross}, billingInterval=YEAR)
    office.contract(startDate="2020-01-01")
    office.bill()
    learn(before_the_change)
    office.clock("2020-08-01T10:00")
    correct(office, monkeypatch)
    office.bill()
    assert sorted(document[1:] for document in office.documents()) == [
        (D(1000), D(190), D(1190)),
        (D(1000), D(190), D(1190)),
        (D("1025.86"), D("164.14"), D(1190)),
    ]


@pytest.mark.parametrize(
    ("last", "found", "taxed"),
    [
        ("2020-06-30", 0, "113.38"),  # completed before the change: 182 of 366 days, 596.72 at 19 %
        ("2020-09-30", 1, "143.74"),  # 274 of 366 days, 898.36 at 16 %
    ],
)
def test_of_a_contract_that_ended_early_what_stands_counts(
    office: Office, before_the_change: pytest.MonkeyPatch, monkeypatch: pytest.MonkeyPatch, last: str, found: int, taxed: str
) -> None:
    office.clock("2020-01-02T10:00")
    office.plan("1200.00", billingInterval=YEAR)
    office.contract(startDate="2020-01-01")
    office.bill()
    office.call("POST", f"{CONTRACTS}/v-1/actions/terminate-extraordinarily", {"terminationDate": last})
    office.bill()
    learn(before_the_change)
    office.clock("2020-10-01T10:00")
    assert f"{counted(found, 'row')} of {counted(found, 'document')} " in correct(office, monkeypatch)
    office.bill()
    assert tax(office) == D(taxed)
    assert "0 rows" in correct(office, monkeypatch)


def test_what_was_billed_with_it_keeps_its_own_rate_and_day(
    office: Office, before_the_change: pytest.MonkeyPatch, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A document is replaced as a whole: a row supplied in January stays at 19 %, allowances follow their option."""
    office.clock("2020-01-02T10:00")
    office.plan("1200.00", billingInterval=YEAR)
    number = office.contract(startDate="2020-01-01")
    given = {"ident": "a-1", "optionIdent": "basic-fee", "name": "For friends", "type": "PERCENTAGE", "percentage": 10}
    office.call("POST", f"{CONTRACTS}/v-1/allowances", given, 201)
    line = {key: value for key, value in a_line(net="100.00").items() if key != "deliveryDate"}
    office.call("POST", f"{CONTRACTS}/v-1/lineItems", [line], 201)
    office.bill()
    assert office.documents() == [("INVOICE", D(1180), D("224.20"), D("1404.20"))]
    learn(before_the_change)
    office.clock("2020-08-01T10:00")
    assert "2 rows of 1 document " in correct(office, monkeypatch)
    office.bill()
    assert sorted(office.documents()[1:]) == [
        ("CREDIT_MEMO", D(1180), D("224.20"), D("1404.20")), ("INVOICE", D(1180), D("191.80"), D("1371.80")),
    ]  # fmt: skip  # 1,080 at 16 %, 100 at 19 %
    assert number and "0 rows" in correct(office, monkeypatch)


def test_beside_usages_only_the_row_is_corrected(
    office: Office, before_the_change: pytest.MonkeyPatch, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was used stays with the item that billed it, in a group that replaces whole documents too."""
    group(office, documentCorrectionMode="DOCUMENT_BASED")
    office.clock("2020-01-02T10:00")
    metered(office, [per_unit("1.00")], "main", "2020-01-01")
    office.call("POST", USAGES, usage("u-1", 10, "2020-01-05"), 201)
    office.clock("2020-02-01T10:00")
    office.plan("1200.00", ident="half", billingInterval={"value": 1, "unit": "HALF_YEAR"})
    office.contract("v-2", "half", startDate="2020-02-01")
    office.bill()
    assert office.documents() == [("INVOICE", D(1210), D("229.90"), D("1439.90"))]
    learn(before_the_change)
    office.clock("2020-08-01T10:00")
    assert "1 row of 1 document " in correct(office, monkeypatch)
    office.bill()
    memo = min(office.documents()[1:])
    assert memo == ("CREDIT_MEMO", D(1200), D(228), D(1428))
    assert tax(office) == D("1.90") + D(192) + D(228)  # usages, the half-year until July 2020, and that until January 2021


def test_what_others_decided_is_named_and_left(
    office: Office, before_the_change: pytest.MonkeyPatch, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.clock("2020-06-02T10:00")
    later = {"deliveryDate": "2020-07-15"}
    lines = [a_line(taxInformation=[{"taxRate": 19}], **later), a_line("l-2", "50.00", deliveryDate="2020-06-30")]
    body = {"orderIdent": "o-1", "debtorOrderDetails": {"debtorIdent": "muster-handel"}, "lineItems": lines}
    office.call("POST", ORDERS, body, 201)
    office.bill()
    learn(before_the_change)
    office.clock("2020-07-20T10:00")
    said = correct(office, monkeypatch)
    assert "0 rows of 0 documents" in said and "its tax was given with the order" in " ".join(said.split())
    assert office.bill()["documents"] == 0


def test_other_tenants_are_not_touched(
    office: Office, new_tenant: Any, before_the_change: pytest.MonkeyPatch, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.clock("2020-01-02T10:00")
    office.plan("1200.00", billingInterval=YEAR, option={"name": OPTION["name"]})
    office.contract(startDate="2020-01-01")
    office.bill()
    learn(before_the_change)
    office.clock("2020-08-01T10:00")
    monkeypatch.setattr("contor.commands.lines.billing.opened", lambda: contextlib.nullcontext(office.tenant.runtime))
    stranger = new_tenant()
    said = CliRunner().invoke(cli.app, ["billing", "correct-rates", "--organization", stranger.realm]).output
    assert "0 rows of 0 documents" in said


@pytest.mark.parametrize("mode", ["ITEM_BASED", "DOCUMENT_BASED"])
def test_what_was_credited_by_hand_is_not_billed_anew(
    office: Office, before_the_change: pytest.MonkeyPatch, monkeypatch: pytest.MonkeyPatch, mode: str
) -> None:
    """Of 1,200.00 by hand 500.00 were taken at 19 %: 700.00 are corrected to 16 %, and nothing is found again."""
    group(office, documentCorrectionMode=mode)
    office.clock("2020-01-02T10:00")
    office.plan("1200.00", billingInterval=YEAR)
    office.contract(startDate="2020-01-01")
    office.bill()
    by_hand(office, (0, "500.00"))
    learn(before_the_change)
    office.clock("2020-07-01T10:00")
    assert "1 row of 1 document " in correct(office, monkeypatch)
    office.bill()
    assert sorted(office.documents()[2:]) == [("CREDIT_MEMO", D(700), D(133), D(833)), ("INVOICE", D(700), D(112), D(812))]
    assert tax(office) == 112
    assert "0 rows of 0 documents" in correct(office, monkeypatch)
    office.call("POST", f"{CONTRACTS}/actions/cancel", {"idents": ["v-1"]}, 204)
    office.bill()
    assert tax(office) == 0
