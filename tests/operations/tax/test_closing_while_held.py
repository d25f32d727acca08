"""A month is closed though a register has not answered: what waits for it goes on afterwards, on its own day."""

from collections.abc import Callable

from starlette.testclient import TestClient
from tests.factories.closers import PERIODS, Closer
from tests.factories.tenants import Tenant
from tests.factories.vat_services import FRENCH, Registers
from tests.operations.tax.test_vat_proofs import FOUND, Proving

from contor.commands.demo import master_data


def test_what_is_held_is_acknowledged_and_issued_on_the_day_of_its_proof(
    tenant: Tenant, client: TestClient, bearer: Callable[..., dict[str, str]], registers: Registers
) -> None:
    master_data(tenant.runtime, tenant.caller())
    seller, closer = Proving(tenant, client, bearer(tenant)), Closer(tenant, client, bearer(tenant))
    seller.clock("2026-05-10T10:00")
    seller.furnish()
    registers.down = {"VIES", "EVATR"}
    closer.sell(requestId="sold")
    seller.validates("HOLD")
    assert seller.requests()["status"] == "RECEIVED"
    seller.asks()
    seller.issues()
    seller.clock("2026-06-02T10:00")
    (finding,) = seller.call("GET", f"{PERIODS}/2026-05/closing")["findings"]
    assert (finding["code"], finding["acknowledgeable"], finding["examples"]) == ("DOCUMENT_REQUESTS_HELD", True, ["r-1"])
    closer.begin_to_close("2026-05", status=400)
    closer.close("2026-05", "DOCUMENT_REQUESTS_HELD")
    registers.down, registers.known[FRENCH] = set(), FOUND
    seller.due_again()
    seller.asks()
    seller.issues()
    done = seller.request()
    assert (done["status"], done["errors"]) == ("COMPLETED", [])
    assert seller.call("GET", f"/v2/documents/{done['documentIdent']}")["documentDate"] == "2026-06-02"
    closer.even()
