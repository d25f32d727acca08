"""How a tenant is reported abroad, over the API: judged by the format of its country, one for a company and day; keys are never shown."""

from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from tests.factories.tenants import Tenant

from contor.settings.abroad import signing_key_of

PATH = "/billing/configuration/saf-t"
FLAG = "/billing/configuration/tenant/polish-credit-memo"
PORTUGAL: dict[str, Any] = {
    "ident": "pt",
    "country": "PT",
    "taxpayerNumber": "501442600",
    "softwareCertificate": "0",
    "productId": "Contor/Contor",
    "series": [{"documentType": "INVOICE", "series": "A2026", "validationCode": "AAJFJ3PV"}],
    "taxonomyReference": "S",
    "accountGroups": [{"accountFrom": 1, "accountTo": 99999, "code": "1"}],
    "taxCodes": [{"categoryCode": "S", "rate": 19, "code": "NOR"}],
    "validFrom": "2026-01-01",
}
NORWAY: dict[str, Any] = {"ident": "no", "country": "NO", "taxpayerNumber": "988077917", "validFrom": "2026-01-01"}


def a_key(bits: int = 1024) -> str:
    key = rsa.generate_private_key(65537, bits)
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def said(answer: Any) -> list[tuple[str, str]]:
    return sorted((entry["fieldName"], entry["error"]) for entry in answer.body["errors"])


def test_a_configuration_is_created_read_changed_and_deleted(tenant: Tenant) -> None:
    made = tenant.call("POST", PATH, PORTUGAL)
    assert made.status == 201
    assert made.body["series"] == PORTUGAL["series"]
    assert made.body["keyVersion"] == 1
    assert tenant.call("GET", f"{PATH}/pt").body == made.body
    assert [one["ident"] for one in tenant.call("GET", PATH).body["_embedded"]] == ["pt"]
    changed = tenant.call("PUT", f"{PATH}/pt", {**PORTUGAL, "softwareCertificate": "2893", "validTo": "2026-12-31"})
    assert changed.status == 200
    assert (changed.body["softwareCertificate"], changed.body["validTo"]) == ("2893", "2026-12-31")
    assert tenant.call("DELETE", f"{PATH}/pt").status == 204
    assert tenant.call("GET", f"{PATH}/pt").status == 404


def test_every_finding_is_said_at_once(tenant: Tenant) -> None:
    wrong = {
        **PORTUGAL,
        "taxpayerNumber": "501442601",
        "softwareCertificate": "none",
        "productId": "Contor",
        "series": [{"documentType": "INVOICE", "series": "A"}, {"documentType": "INVOICE", "series": "A"}],
        "accountGroups": [{"accountFrom": 2, "accountTo": 1, "code": "1000"}],
        "taxCodes": [{"categoryCode": "E", "code": "TOO-LONG-FOR-IT", "exemptionCode": "M07"}],
        "validTo": "2025-12-31",
    }
    answer = tenant.call("POST", PATH, wrong)
    assert answer.status == 400
    assert [field for field, _ in said(answer)] == [
        "accountGroups[0].accountTo",
        "accountGroups[0].code",
        "productId",
        "series[1].documentType",
        "series[1].series",
        "softwareCertificate",
        "taxCodes[0].code",
        "taxCodes[0].exemptionCode",
        "taxpayerNumber",
        "validTo",
    ]


def test_what_only_another_country_has_is_refused(tenant: Tenant) -> None:
    wrong = {
        **NORWAY,
        "taxonomyReference": "S",
        "signingKey": "x",
        "series": PORTUGAL["series"],
        "accountGroups": [{"accountFrom": 1, "accountTo": 2, "code": "19"}],
    }
    assert [field for field, _ in said(tenant.call("POST", PATH, wrong))] == [
        "accountGroups[0].category",
        "series",
        "signingKey",
        "taxonomyReference",
    ]
    poland = {
        **NORWAY,
        "country": "PL",
        "taxpayerNumber": "5260250274",
        "productId": "a/b",
        "productTaxpayerNumber": "1",
        "accountGroups": [{"accountFrom": 1, "accountTo": 2, "code": "19", "category": "x"}],
        "taxCodes": [{"categoryCode": "E", "code": "1", "exemptionCode": "M07", "exemptionReason": "Isento"}],
        "keyVersion": 2,
    }
    assert [field for field, _ in said(tenant.call("POST", PATH, poland))] == [
        "accountGroups",
        "accountGroups[0].category",
        "keyVersion",
        "productId",
        "productTaxpayerNumber",
        "taxCodes",
        "taxCodes[0].exemptionCode",
    ]
    assert tenant.call("POST", PATH, {**NORWAY, "country": "RO"}).status == 400
    assert said(tenant.call("POST", PATH, {**NORWAY, "operatingSiteIdent": "nowhere"}))[0][0] == "operatingSiteIdent"


def test_one_counts_for_a_company_and_day(tenant: Tenant) -> None:
    assert tenant.call("POST", PATH, {**NORWAY, "validTo": "2026-06-30"}).status == 201
    twice = tenant.call("POST", PATH, {**NORWAY, "ident": "no-2", "validFrom": "2026-06-30"})
    assert twice.status == 409
    assert tenant.call("POST", PATH, {**NORWAY, "ident": "no-2", "validFrom": "2026-07-01"}).status == 201
    assert tenant.call("POST", PATH, PORTUGAL).status == 201


def test_a_signing_key_is_sealed_kept_and_never_shown(tenant: Tenant) -> None:
    key = a_key()
    made = tenant.call("POST", PATH, {**PORTUGAL, "signingKey": key})
    assert made.status == 201
    assert "signingKey" not in made.body
    stored = tenant.rows("SELECT signing_key FROM saf_t_configuration")[0].signing_key
    assert key not in stored
    told = str(tenant.rows("SELECT change::text AS said FROM audit_entry WHERE subject_kind = 'saf_t_configuration'"))
    assert (key in told, stored in told, '"signing_key": "(sealed)"' in told) == (False, False, True)
    assert tenant.call("PUT", f"{PATH}/pt", {**PORTUGAL, "keyVersion": 2}).status == 200  # what is not said again stays
    with tenant.runtime.transaction(tenant.caller()) as uow:
        assert signing_key_of(uow, "pt") == key


@pytest.mark.parametrize("key", ["x", a_key(2048)])
def test_a_key_that_gives_another_signature_is_refused(tenant: Tenant, key: str) -> None:
    answer = tenant.call("POST", PATH, {**PORTUGAL, "signingKey": key})
    assert answer.status == 400
    assert [field for field, _ in said(answer)] == ["signingKey"]


def test_the_polish_layout_is_switched_on_and_off(tenant: Tenant) -> None:
    assert tenant.call("GET", FLAG).body == {"polishCreditMemo": False}
    for value in (True, True, False):
        answer = tenant.call("POST", FLAG, {"polishCreditMemo": value})
        assert (answer.status, answer.body) == (200, {"polishCreditMemo": value})
        assert tenant.call("GET", FLAG).body == {"polishCreditMemo": value}
    assert tenant.call("POST", FLAG, {}).status == 400
    rows = tenant.rows("SELECT change FROM audit_entry WHERE operation = 'polish_credit_memo.set' ORDER BY id")
    assert [row.change and row.change["after"] for row in rows if row.change] == [
        {"polish_credit_memo": True},
        {"polish_credit_memo": False},
    ]
