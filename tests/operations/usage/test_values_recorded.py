"""Values that are sent many at once: refused together where a contract does not exist, recorded once each."""

from tests.factories.offices import D, Office
from tests.factories.worked import jobs_done

VALUES = "/v2/usages/actions/record-values"


def value(quantity: str, contract: str = "v-1", at: str = "2026-05-09T10:00:00+02:00", option: str = "power") -> dict[str, str]:
    return {"contractIdent": contract, "optionIdent": option, "quantity": quantity, "measuredAt": at}


def test_values_are_recorded_once_however_often_they_are_sent(meter: Office) -> None:
    sent = {"values": [value("40"), value("60.5", at="2026-05-09T11:00:00+02:00")]}
    for _ in range(2):
        meter.call("POST", VALUES, sent, 202)
        jobs_done(meter.tenant, "usage.record_waiting_value")
    found = meter.call("GET", "/v2/usages/pageable")["_embedded"]
    assert sorted(D(str(one["unitQuantity"])) for one in found) == [D("40"), D("60.5")]
    meter.clock("2026-06-01T10:00")
    meter.bill()
    assert [net for _, net, *_ in meter.documents()] == [D("17.07")]  # 100 at 0.17, half a unit at 0.13: 17.065
    assert meter.tenant.broken() == []


def test_all_are_refused_where_a_contract_does_not_exist(meter: Office) -> None:
    values = [value("40"), value("1", "v-7"), value("1", "v-8")]
    assert meter.findings("POST", VALUES, {"values": values}) == ["values[1].contractIdent", "values[2].contractIdent"]
    assert meter.findings("POST", VALUES, {"values": []}) == ["values"]
    assert jobs_done(meter.tenant, "usage.record_waiting_value") == 0
    assert meter.call("GET", "/v2/usages/pageable")["_embedded"] == []
