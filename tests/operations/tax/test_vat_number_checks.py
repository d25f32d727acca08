"""VAT numbers are confirmed over the API: the answer is kept as proof, whatever the service says; nothing is asked within a transaction."""

import datetime as dt
import hashlib
import time
from typing import Any

import pytest
from tests.factories.tenants import Tenant
from tests.factories.vat_services import AUSTRIAN, DUTCH, FRENCH, OURS, Registers

from contor.commands.demo import master_data
from contor.customers.vat_ids import Held
from contor.tax.vat_numbers import jobs, valid_vat_ids, worker
from contor.tax.vat_numbers.enquiries import FIRST_PAUSE

CUSTOMER = {
    "customerIdent": "dupont",
    "customerType": "B2B",
    "company": "Dupont SARL",
    "vatId": FRENCH,
    "addresses": [
        {"addressIdent": "a", "addressType": "INVOICE", "street": "1 Rue Neuve", "zip": "75001", "city": "Paris", "country": "FR"}
    ],
}
CHECKS = "/customers/dupont/vat-number-checks"


@pytest.fixture
def selling(tenant: Tenant) -> Tenant:
    """Has an operating site with a German VAT id, and a French customer."""
    master_data(tenant.runtime, tenant.caller())
    assert tenant.call("POST", "/customers", CUSTOMER).status == 201
    return tenant


def asked(tenant: Tenant, body: Any = None, path: str = CHECKS) -> dict[str, Any]:
    """A check, once the worker has looked."""
    made = tenant.call("POST", path, body)
    assert (made.status, made.body["status"]) == (202, "REQUESTED"), made.body
    ident = made.body["vatNumberCheckIdent"]
    pending = tenant.call("GET", f"{path}/{ident}")
    assert (pending.body["status"], pending.headers.get("retry-after")) == ("REQUESTED", "1")
    worker.look(tenant.runtime, tenant.id)
    found: dict[str, Any] = tenant.call("GET", f"{path}/{ident}").body
    return found


def test_what_the_register_says_is_kept_as_proof_byte_for_byte(selling: Tenant, registers: Registers) -> None:
    registers.known[FRENCH] = ("Dupont SARL", "1 RUE NEUVE\n75001 PARIS")
    found = asked(selling)
    assert (found["status"], found["provider"], found.get("code")) == ("VALID", "VIES", None)
    assert (found.get("requesterVatId"), found.get("consultationNumber")) == (OURS, "WAPIAAAAZ8Cq1x2b")
    assert (found["name"], found["address"]) == ("Dupont SARL", "1 RUE NEUVE\n75001 PARIS")
    assert found["asked"] == {"name": "Dupont SARL", "street": "1 Rue Neuve", "postalCode": "75001", "city": "Paris"}
    assert found["matches"] == {
        "name": "VALID",
        "street": "NOT_PROCESSED",
        "postalCode": "NOT_PROCESSED",
        "city": "NOT_SUPPORTED",
    }
    assert found.get("sha256") == hashlib.sha256(registers.answered[0]).hexdigest()
    assert selling.http is not None
    answer = selling.http.get(
        f"/v2{CHECKS}/{found['vatNumberCheckIdent']}/answer", headers={"Authorization": f"Bearer {selling.token()}"}
    )
    assert answer.content == registers.answered[0]
    assert registers.asked[0][1]["requesterNumber"] == OURS[2:]
    assert [one["vatNumberCheckIdent"] for one in selling.call("GET", CHECKS).body["_embedded"]] == [found["vatNumberCheckIdent"]]
    assert selling.broken() == []


def test_a_proof_never_changes(selling: Tenant, registers: Registers) -> None:
    registers.known[FRENCH] = ("Dupont SARL", "-")
    first = asked(selling)
    registers.known.clear()
    second = asked(selling)
    assert (first["status"], second["status"], second.get("consultationNumber")) == ("VALID", "INVALID", None)
    assert selling.call("GET", f"{CHECKS}/{first['vatNumberCheckIdent']}").body == first
    listed = selling.call("GET", f"{CHECKS}?search=status==VALID").body["_embedded"]
    assert listed == [first]
    with pytest.raises(Exception, match="permission denied"), selling.runtime.transaction(selling.caller()) as uow:
        uow.run("UPDATE vat_number_check SET status = 'VALID'")
    assert selling.broken() == []


def test_evatr_is_asked_where_vies_cannot_answer(selling: Tenant, registers: Registers) -> None:
    registers.known[FRENCH] = ("Dupont SARL", "-")
    registers.codes[FRENCH] = "MS_UNAVAILABLE"
    found = asked(selling)
    assert (found["status"], found["provider"], found.get("code")) == ("VALID", "EVATR", "evatr-0000")
    assert (found.get("consultationNumber"), found["matches"]["name"], found["matches"]["postalCode"]) == (
        "a1b2c3d4",
        "VALID",
        "NOT_SUPPORTED",
    )
    listed = selling.call("GET", CHECKS).body["_embedded"]
    assert [(one["provider"], one["status"], one.get("code")) for one in listed] == [
        ("EVATR", "VALID", "evatr-0000"),
        ("VIES", "UNAVAILABLE", "MS_UNAVAILABLE"),
    ]
    assert [one.get("reason") for one in listed][1] == "the register of the member state does not answer"
    assert selling.broken() == []


@pytest.mark.parametrize(
    ("code", "status", "said"),
    [("evatr-2002", "INVALID", ("2030-01-01", None)), ("evatr-2006", "INVALID", ("2010-01-01", "2020-12-31"))],
)
def test_evatr_alone_is_asked_where_somebody_wants_it(
    selling: Tenant, registers: Registers, code: str, status: str, said: tuple[str, str | None]
) -> None:
    registers.codes[FRENCH] = code
    found = asked(selling, {"provider": "EVATR"})
    assert (found["status"], found.get("code"), found.get("validFrom"), found.get("validUntil")) == (status, code, *said)
    assert [service for service, _ in registers.asked] == ["EVATR"]


@pytest.mark.parametrize(
    ("down", "codes", "raw", "status", "code"),
    [
        ({"VIES", "EVATR"}, {}, None, "UNAVAILABLE", "ANSWER_UNREADABLE"),
        (set(), {FRENCH: "evatr-2005"}, b'{"actionSucceed": false}', "UNAVAILABLE", "ANSWER_UNREADABLE"),
        ({"EVATR"}, {FRENCH: "INVALID_REQUESTER_INFO"}, None, "UNAVAILABLE", "ANSWER_UNREADABLE"),
        ({"EVATR"}, {FRENCH: "INVALID_INPUT"}, None, "INVALID", "INVALID_INPUT"),
        (set(), {}, b"x" * 70_000, "UNAVAILABLE", "NO_ANSWER"),
    ],
)
def test_a_service_that_is_down_says_nothing_of_the_number(
    selling: Tenant, registers: Registers, down: set[str], codes: dict[str, str], raw: bytes | None, status: str, code: str
) -> None:
    registers.down, registers.codes, registers.raw = down, codes, raw
    found = asked(selling)
    assert (found["status"], found.get("code")) == (status, code)
    assert selling.broken() == []


def test_what_a_register_says_is_kept_whatever_signs_it_has(selling: Tenant, registers: Registers) -> None:
    registers.raw = (
        f'{{"valid": true, "countryCode": "FR", "vatNumber": "{FRENCH[2:]}", "requestIdentifier": "W\\u0000{"1" * 2_000}",'
        ' "name": "Du\\u0000pont\\u202e", "address": "1 Rue\\nParis"}'
    ).encode()
    found = asked(selling)
    assert (found["status"], found["name"], found["address"]) == ("VALID", "Du\ufffdpont\ufffd", "1 Rue\nParis")
    assert found["consultationNumber"] == f"W\ufffd{'1' * 998}"
    registers.raw = b'{"actionSucceed": false, "errorWrappers": [{"error": "\\u0000"}]}'
    registers.down = {"EVATR"}
    assert asked(selling)["status"] == "UNAVAILABLE"
    assert selling.broken() == []


def test_a_service_that_does_not_answer_is_waited_for_within_bounds(
    selling: Tenant, registers: Registers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "SECONDS", 0.3)
    registers.seconds = 5
    began = time.monotonic()
    found = asked(selling)
    assert time.monotonic() - began < 4  # two services, one after the other
    assert (found["status"], found.get("code")) == ("UNAVAILABLE", "NO_ANSWER")
    assert found.get("reason") == "EVATR gives no answer: There was no whole answer within 0.3 s."
    assert found.get("sha256") is None


def test_nobody_is_asked_about_wrong_check_digits(selling: Tenant, registers: Registers) -> None:
    assert selling.call("PUT", "/customers/dupont", {"company": "Dupont SARL", "vatId": "FR40303265046"}).status == 200
    found = asked(selling)
    assert (found["status"], found["provider"], found.get("code")) == ("INVALID", "OFFLINE", "FORM_OR_CHECK_DIGITS")
    assert (found.get("reason"), registers.asked) == ("its check digits are wrong", [])
    assert selling.broken() == []


def test_everything_that_is_wrong_with_a_request_is_said(selling: Tenant, registers: Registers) -> None:
    def refused(body: Any, customer: str = "dupont") -> list[str]:
        answer = selling.call("POST", f"/customers/{customer}/vat-number-checks", body)
        assert answer.status == 400, answer.body
        return sorted(one["fieldName"] for one in answer.body["errors"])

    assert refused({"vatId": DUTCH}) == ["vatId"]
    assert refused({"vatId": "CHE123456788"}) == ["vatId", "vatId"]
    assert refused({"vatId": "FR"}) == ["vatId"]
    assert refused({"provider": "NOBODY"}) == ["provider"]
    assert refused({"provider": "EVATR"}, "muster-handel") == ["provider"]
    assert selling.call("PUT", "/customers/dupont", {"company": "Dupont SARL"}).status == 200
    assert refused(None) == ["vatId"]
    assert selling.call("POST", "/customers/none/vat-number-checks").status == 404
    assert selling.call("GET", f"{CHECKS}/none").status == 404
    assert selling.call("GET", f"{CHECKS}/none/answer").status == 404
    assert registers.asked == []


def test_the_number_of_an_address_is_asked_about_too(selling: Tenant, registers: Registers) -> None:
    registers.known[AUSTRIAN] = ("Dupont Wien", "-")
    address = {"addressType": "INVOICE", "addressIdent": "wien", "city": "Wien", "country": "AT", "vatId": AUSTRIAN}
    assert selling.call("POST", "/customers/dupont/addresses", address).status == 201
    assert asked(selling, {"vatId": AUSTRIAN})["status"] == "VALID"


def test_who_asks_twice_waits_for_one_answer(selling: Tenant, registers: Registers) -> None:
    first, second = (selling.call("POST", CHECKS).body["vatNumberCheckIdent"] for _ in range(2))
    worker.look(selling.runtime, selling.id)
    assert (first, len([one for one in registers.asked if one[0] == "VIES"])) == (second, 1)


def test_without_a_vat_id_of_ours_there_is_no_consultation_number(tenant: Tenant, registers: Registers) -> None:
    registers.known[FRENCH] = ("Dupont SARL", "-")
    assert tenant.call("POST", "/customers", CUSTOMER).status == 201
    found = asked(tenant)
    assert (found["status"], found.get("requesterVatId"), found.get("consultationNumber")) == ("VALID", None, None)


def test_checks_of_others_are_none(selling: Tenant, new_tenant: Any, registers: Registers) -> None:
    ident = asked(selling)["vatNumberCheckIdent"]
    other = new_tenant()
    assert other.call("POST", "/customers", CUSTOMER).status == 201
    assert other.call("GET", f"{CHECKS}/{ident}").status == 404
    assert other.call("GET", CHECKS).body["_embedded"] == []
    assert selling.call("POST", CHECKS, permissions=("customers.read",)).status == 403
    assert selling.call("POST", "/vat-number-checks/actions/check-all", permissions=("customers.read",)).status == 403
    assert selling.call("GET", CHECKS, permissions=("settings.read",)).status == 403


def test_all_numbers_are_checked_by_a_job_with_progress(
    selling: Tenant, registers: Registers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "AT_ONCE", 2)
    registers.known = {FRENCH: ("Dupont SARL", "-"), "DE129273398": ("Muster Handel GmbH", "-")}
    for number, vat_id in enumerate((AUSTRIAN, DUTCH, "CHE123456788")):
        body = {"customerIdent": f"c{number}", "company": f"C {number}", "vatId": vat_id}
        assert selling.call("POST", "/customers", body).status == 201
    registers.codes[DUTCH] = "INVALID_INPUT"
    made = selling.call("POST", "/vat-number-checks/actions/check-all")
    assert (made.status, made.body["status"], made.body["total"], made.body["done"]) == (202, "RUNNING", 4, 0)
    assert selling.call("POST", "/vat-number-checks/actions/check-all").status == 409
    worker.look(selling.runtime, selling.id)
    job = selling.call("GET", f"/vat-number-checks/jobs/{made.body['jobIdent']}").body
    counts = {name: job[name] for name in ("status", "total", "done", "valid", "invalid", "unavailable")}
    assert counts == {"status": "COMPLETED", "total": 4, "done": 4, "valid": 2, "invalid": 2, "unavailable": 0}
    assert selling.call("GET", "/vat-number-checks/jobs/none").status == 404
    assert selling.call("POST", "/vat-number-checks/actions/check-all").status == 202
    assert selling.broken() == []


def test_a_job_asks_again_where_nobody_answered(selling: Tenant, registers: Registers) -> None:
    registers.down = {"VIES", "EVATR"}
    job = selling.call("POST", "/vat-number-checks/actions/check-all").body["jobIdent"]
    at = worker.look(selling.runtime, selling.id)
    assert at is not None and 0 < (at - selling.runtime.clock()).total_seconds() <= FIRST_PAUSE
    assert selling.call("GET", f"/vat-number-checks/jobs/{job}").body["done"] == 0
    for _ in range(2):
        with selling.runtime.transaction(selling.caller()) as uow:
            uow.run("UPDATE vat_number_enquiry SET try_at = %s", (uow.runtime.clock(),))
        worker.look(selling.runtime, selling.id)
    found = selling.call("GET", f"/vat-number-checks/jobs/{job}").body
    assert (found["status"], found["done"], found["unavailable"]) == ("COMPLETED", 2, 2)


def test_a_number_that_the_customer_has_no_more_is_not_asked_about(selling: Tenant, registers: Registers) -> None:
    ident = selling.call("POST", CHECKS).body["vatNumberCheckIdent"]
    assert selling.call("PUT", "/customers/dupont", {"company": "Dupont SARL", "vatId": AUSTRIAN}).status == 200
    worker.look(selling.runtime, selling.id)
    assert (registers.asked, selling.call("GET", f"{CHECKS}/{ident}").status) == ([], 404)
    assert selling.broken() == []


def test_whoever_determines_taxes_learns_what_is_known_of_the_day(selling: Tenant, registers: Registers) -> None:
    def known(day: str) -> bool | None:
        with selling.runtime.transaction(selling.caller(), reads=True) as uow:
            found = valid_vat_ids(uow, ["dupont", "muster-handel"], dt.date.fromisoformat(day))
        return found.get(Held("dupont", FRENCH))

    assert known("2026-05-10") is None
    registers.known[FRENCH] = ("Dupont SARL", "-")
    asked(selling)
    assert known("2026-05-10") is True
    registers.codes[FRENCH] = "evatr-2006"  # it was valid from 2010 to 2020
    asked(selling, {"provider": "EVATR"})
    assert [known(day) for day in ("2009-12-31", "2010-01-01", "2020-12-31", "2021-01-01")] == [False, True, True, False]
    registers.down = {"VIES", "EVATR"}
    asked(selling)
    assert known("2021-01-01") is False  # what nobody answers changes nothing


def test_a_long_queue_lets_others_have_their_turn(selling: Tenant, registers: Registers, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "TURN_SECONDS", 0)
    ident = selling.call("POST", CHECKS).body["vatNumberCheckIdent"]
    at = worker.look(selling.runtime, selling.id)
    assert at is not None and (registers.asked, selling.call("GET", f"{CHECKS}/{ident}").body["status"]) == ([], "REQUESTED")
    monkeypatch.undo()
    worker.look(selling.runtime, selling.id)
    assert selling.call("GET", f"{CHECKS}/{ident}").body["status"] == "INVALID"
