"""A caller of the FastBill API: his account, requests in JSON and in XML, and what an answer is compared with."""

import base64
import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from starlette.testclient import TestClient
from tests.factories.tenants import Tenant

from contor.api.codec import JSON
from contor.api.fastbill.voice import CONTAINERS, FASTBILL, OF_AUTOMATIC
from contor.organizations.access import pair_secret

URL = FASTBILL.prefix
JSON_CODEC, XML_CODEC = FASTBILL.codecs
_PLACEHOLDER = re.compile(r"\{(\w+)(?::(int|str))?\}")
_TIME = re.compile(r"\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}")

COLLECTS: Final = (
    {"platform": ["POST", "/payment-providers", {"id": 1, "name": "SEPA_FILE"}]},
    {
        "platform": [
            "POST",
            "/merchant-payment-accounts",
            {
                "ident": "bank",
                "name": "House bank",
                "active": True,
                "country": "DE",
                "currency": "EUR",
                "paymentServiceProviderId": 1,
                "iban": "DE75512108001245126199",
                "bic": "SOGEDEFFXXX",
                "paymentCollectionConfig": {"daysAfterDueDate": 0},
                "sepa": {"holderName": "Contor Demo GmbH", "creditorIdentifier": "DE98ZZZ09999999999"},
            },
        ]
    },
    {
        "platform": [
            "POST",
            "/merchant-payment-gateways",
            {"ident": "main", "name": "Main", "accounts": [{"merchantPaymentAccountIdent": "bank", "currency": "EUR"}]},
        ]
    },
)
"""Steps by which an account collects by one gateway, from a bank account by SEPA files."""


@dataclass
class Account:
    """A tenant as FastBill knows it: its e-mail and API key."""

    tenant: Tenant
    http: TestClient
    xml: bool = False
    """Requests are written in XML."""
    kept: dict[str, Any] = field(default_factory=dict)
    """What earlier answers said, by the name of its placeholder."""

    @property
    def email(self) -> str:
        return f"{self.tenant.realm}@test.example"

    @property
    def secret(self) -> str:
        return pair_secret(self.tenant.api_key, self.tenant.api_secret)

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": "Basic " + base64.b64encode(f"{self.email}:{self.secret}".encode()).decode()}

    def post(self, raw: bytes, content_type: str = "application/json", **headers: str) -> Any:
        return self.http.post(URL, content=raw, headers={**self.headers, "Content-Type": content_type, **headers})

    def ask(self, request: Mapping[str, Any], status: int = 200) -> Any:
        """The whole answer, read."""
        codec = XML_CODEC if self.xml else JSON_CODEC
        answer = self.post(codec.write(request), codec.media_type)
        assert answer.status_code == status, answer.text
        assert answer.headers["content-type"] == codec.media_type
        return codec.read(answer.content)

    def call(self, service: str, data: Mapping[str, Any] | None = None, **more: Any) -> Any:
        """The RESPONSE of a service: `call("customer.get", FILTER={...})`."""
        asked = {"SERVICE": service, **({"DATA": data} if data is not None else {}), **more}
        return self.ask(asked)["RESPONSE"]

    def given(self, step: Mapping[str, Any]) -> None:
        """A step before a case: a service (`request`, with what to `keep` of its answer), or a request to `/v2` (`platform`)."""
        if "platform" in step:
            method, path, *body = step["platform"]
            answer = self.tenant.call(method, path, filled(body[0], self.kept) if body else None)
            assert answer.status < 300, answer.body
            said = answer.body
        elif "clock" in step:
            self.tenant.turn_clock(dt.datetime.fromisoformat(step["clock"]))
            return
        else:
            said = self.ask(filled(step["request"], self.kept))["RESPONSE"]
            assert "ERRORS" not in said, said
        for name, path in step.get("keep", {}).items():
            self.kept[name] = _at(said, path)


def unlimited(tenant: Tenant) -> Tenant:
    """The tenant may ask as much as the server lets anybody."""
    with tenant.runtime.transaction(tenant.caller(), directory=True) as uow:
        uow.run("UPDATE directory.environment SET request_plan = 'UNLIMITED' WHERE id = %s", (tenant.id,))
    return tenant


def filled(value: Any, kept: Mapping[str, Any]) -> Any:
    """A request with its placeholders filled: `"{id}"`, or within a text."""
    if isinstance(value, dict):
        return {name: filled(inner, kept) for name, inner in value.items()}
    if isinstance(value, list):
        return [filled(inner, kept) for inner in value]
    if isinstance(value, str):
        if (whole := _PLACEHOLDER.fullmatch(value)) and whole[1] in kept:
            return str(kept[whole[1]]) if whole[2] == "str" else int(kept[whole[1]]) if whole[2] == "int" else kept[whole[1]]
        return _PLACEHOLDER.sub(lambda found: str(kept.get(found[1], found[0])), value)
    return value


def differences(expected: Any, found: Any, kept: Mapping[str, Any], *, xml: bool, path: str = "") -> list[str]:
    """Where an answer is not as expected. Placeholders: `{any}`, `{any:int}`, `{any:str}`, `{time}`, `{url}`, and what was kept. In XML
    everything is text, and what holds nothing is empty."""
    if isinstance(expected, dict) and expected:
        if not isinstance(found, dict):
            return [f"{path}: {found!r} is no object"]
        within = re.sub(r"\[\d+\]$", "", path).rpartition(".")[2]
        thing = CONTAINERS.get(within, within)
        nothing = ("", "0", "0,00", "0.00", "0.0000")
        unsaid = {name for name in OF_AUTOMATIC.get(thing, ()) if xml and _text(expected.get(name)) in nothing}
        differing = (expected.keys() ^ found.keys()) - unsaid
        odd = [f"{path}.{name}: {'not there' if name in expected else 'not expected'}" for name in differing]
        return odd + [
            line
            for name in expected.keys() & found.keys()
            for line in differences(expected[name], found[name], kept, xml=xml, path=f"{path}.{name}")
        ]
    if isinstance(expected, list) and not (xml and not expected):
        if xml and not isinstance(found, list):
            found = [found]
        if not isinstance(found, list) or len(found) != len(expected):
            return [f"{path}: {found!r} has not {len(expected)} members"]
        return [
            line
            for number, (one, other) in enumerate(zip(expected, found, strict=True))
            for line in differences(one, other, kept, xml=xml, path=f"{path}[{number}]")
        ]
    return [] if _alike(expected, found, kept, xml) else [f"{path}: {found!r}, expected {expected!r}"]


def _alike(expected: Any, found: Any, kept: Mapping[str, Any], xml: bool) -> bool:
    if isinstance(expected, str) and (named := _PLACEHOLDER.fullmatch(expected)):
        name, kind = named.groups()
        if kind and not xml and not isinstance(found, {"int": int, "str": str}[kind]):
            return False
        if name == "any":
            return found not in (None, "")
        if name == "time":
            return isinstance(found, str) and _TIME.fullmatch(found) is not None
        if name == "url":
            return isinstance(found, str) and found.startswith(("http://", "https://"))
        return str(found) == str(kept[name])
    if isinstance(expected, str) and isinstance(found, str):
        return filled(expected, kept) == found
    if xml:
        return _text(expected) == _text(found)
    return type(expected) is type(found) and bool(expected == found)


def _text(value: Any) -> str:
    if value is None or value in ([], {}):
        return ""
    return ("1" if value else "0") if isinstance(value, bool) else str(value)


def _at(said: Any, path: str) -> Any:
    for part in path.split("."):
        said = said[int(part)] if part.isdigit() else said[part]
    return said


def read_cases(raw: bytes) -> list[dict[str, Any]]:
    cases: Any = JSON.read(raw)
    return list(cases)
