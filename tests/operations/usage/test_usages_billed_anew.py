"""Usages of a document that is taken back and billed anew: what corrects their period waits for that, within the same run."""

from tests.factories.contracts import CONTRACTS, a_contract
from tests.factories.offices import D, Office, group
from tests.factories.usages import USAGES, cancel, usage

from contor.billing.runs import run_tenant


def test_a_period_is_rated_again_behind_what_was_carried_over_from_it(meter: Office) -> None:
    group(meter, documentCorrectionMode="DOCUMENT_BASED")
    meter.call("POST", CONTRACTS, a_contract("v-2", optionQuantities=[]), 201)
    meter.call("POST", USAGES, usage("u-1", 100), 201)
    meter.clock("2026-06-16T10:00")
    meter.bill()
    batch = [usage("l-1", 10), usage("u-2", 10, "2026-06-15"), usage("other", 10, "2026-06-15", contractIdent="v-2")]
    meter.call("POST", f"{USAGES}/actions/batch", {"usages": batch}, 201)
    meter.clock("2026-07-02T10:00")
    meter.bill()
    assert cancel(meter, "u-1") == ["CREDITED"]
    meter.call("POST", f"{CONTRACTS}/actions/cancel", {"idents": ["v-2"]}, 204)  # it stands on the document of June, too
    meter.clock("2026-07-04T10:00")
    run_tenant(meter.tenant.runtime, meter.tenant.id)
    # 10 in May and 10 in June; beside 100 in May the 10 were cheaper
    assert sum(net if kind == "INVOICE" else -net for kind, net, _, _ in meter.documents()) == D("3.40")
    assert [found for found in meter.tenant.broken() if found.check.startswith("billing.")] == []
