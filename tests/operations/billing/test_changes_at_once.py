"""Changes and runs at once: each comes before or after the others, nothing is billed twice and nothing is forgotten."""

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest
from tests.factories.changed import FEE, begun, change, own_price, papers, seats
from tests.factories.contracts import CONTRACTS
from tests.factories.offices import RUN, Office

from contor.billing.corrections import compare
from contor.billing.runs import run_tenant
from contor.contracts.amend import ChangeContract, change_contract
from contor.contracts.course import quantities_on
from contor.contracts.queries import contract_by_ident
from contor.contracts.terms import ChangeBody, OptionQuantity
from contor.kernel.errors import Refused
from contor.runtime.uow import Uow

D = Decimal


def agree(office: Office, quantity: int) -> None:
    body = ChangeBody(option_quantities=(OptionQuantity(option_ident=FEE, quantity=D(quantity)),))
    office.tenant.execute(change_contract, ChangeContract(contract_ident="v-1", body=body))


def test_changes_and_runs_at_once_come_one_after_the_other(office: Office) -> None:
    begun(office, quantity=2)
    office.clock("2026-04-16T10:00")
    with ThreadPoolExecutor(4) as at_once:
        done = [at_once.submit(agree, office, quantity) for quantity in (3, 4, 5, 6)]
        done += [at_once.submit(run_tenant, office.tenant.runtime, office.tenant.id) for _ in range(3)]
        for one in done:
            one.result()
    office.bill()
    with office.tenant.runtime.transaction(office.tenant.caller(), reads=True) as uow:
        content = contract_by_ident(uow, "v-1").content
    assert content.amended is not None and len(content.amended.steps) == 4
    last = quantities_on(content.amended, content.amended.steps[-1].day)["p-1"][FEE]
    assert content.quantities["p-1"][FEE] == last
    assert sum(net for _, net in papers(office)) == 30 + last * 15


def test_a_change_that_is_sent_twice_under_one_key_is_one(office: Office) -> None:
    begun(office)
    office.clock("2026-04-16T10:00")
    headers = {**office.headers, "Idempotency-Key": "once"}
    for _ in range(2):
        answer = office.client.post(f"{CONTRACTS}/v-1/actions/change", json={"optionQuantities": seats(2)}, headers=headers)
        assert answer.status_code == 200, answer.text
    assert office.tenant.rows("SELECT count(*) AS n FROM contract_change")[0].n == 1


def test_what_fails_between_leaves_nothing(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """A change that takes effect with a run: killed before its items are written, it takes effect with the next run, once."""
    begun(office)
    change(office, optionPrices=own_price("60.00"), effectiveDate="2026-04-16")
    office.clock("2026-04-16T10:00")

    def killed(uow: Uow, *given: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr(compare, "_charge", killed)
        with pytest.raises(KeyboardInterrupt):
            run_tenant(office.tenant.runtime, office.tenant.id)
    assert office.tenant.rows("SELECT status FROM contract_change")[0].status == "PENDING"
    assert papers(office) == [("INVOICE", D(30))]
    office.bill()
    office.bill()
    assert papers(office) == [("INVOICE", D(30)), ("INVOICE", D(15))]


def test_a_price_that_holds_nowhere_is_refused_and_nothing_moves(office: Office) -> None:
    begun(office)
    abroad = [{"optionIdent": FEE, "prices": [{"price": "60.00", "criteria": {"country": "FR"}}]}]
    assert "no price of option" in str(change(office, 400, optionPrices=abroad))
    assert office.tenant.rows("SELECT 1 FROM contract_change") == []
    office.call("POST", RUN, {})
    with pytest.raises(Refused):
        office.tenant.execute(change_contract, ChangeContract(contract_ident="v-1", body=ChangeBody()))


@pytest.mark.parametrize(
    ("fault", "finding"),
    [
        ("UPDATE contract SET content = content #- '{amended,steps,0}'", "contracts.the_time_line_is_what_took_effect"),
        ("UPDATE contract_change SET status = 'WITHDRAWN'", "contracts.the_time_line_is_what_took_effect"),
        ("UPDATE contract SET content = content - 'pending_from'", "contracts.what_is_to_come_is_waited_for"),
        ("UPDATE contract SET next_proposal_at = NULL", "contracts.what_is_to_come_is_waited_for"),
    ],
)
def test_a_time_line_that_lies_is_found(office: Office, fault: str, finding: str) -> None:
    begun(office)
    office.clock("2026-04-16T10:00")
    change(office, optionQuantities=seats(2))
    change(office, optionQuantities=seats(3), effectiveDate="2026-04-20")
    assert office.tenant.unsound() == []
    with office.tenant.runtime.transaction(office.tenant.caller()) as uow:
        uow.run(fault)
    assert finding in {found.check for found in office.tenant.broken()}
