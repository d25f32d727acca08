"""The demo organization: everything in place, so that a document can be posted at once."""

import json
import os
import uuid
from collections.abc import Mapping
from pathlib import Path

import msgspec

from contor.api.fynn.voice import MOUNT
from contor.kernel.context import EVERYTHING, Caller
from contor.kernel.errors import Kind, Problem, Refused
from contor.organizations.access import bearer_secret, pair_secret
from contor.organizations.environments import ChoosePlan, choose_plan
from contor.organizations.found import FoundOrganization, found_organization
from contor.organizations.organizations import UpdateOrganization, update_organization
from contor.organizations.types import OrganizationPatch
from contor.runtime.execute import Runtime

REALM = "demo"
DEMO = "demo.json"
"""In the home: how the demo organization is reached."""
EMAIL = "rechnung@contor-demo.example"
GROUP, CUSTOMER, ADDRESS, SITE = "external", "muster-handel", "zentrale", "hamburg"

SITE_DATA: dict[str, object] = {
    "ident": SITE,
    "name": "Contor Demo",
    "company_name": "Contor Demo GmbH",
    "address": {"street": "Steinstraße", "street_no": "7", "zip": "20095", "city": "Hamburg", "country": "DE"},
    "vat_id": "DE136695976",
    "tax_number": "22/815/08154",
    "register_number": "HRB 123456",
    "register_court": "Amtsgericht Hamburg",
    "managing_directors": ["Die Geschäftsführung"],
    "contact": {"name": "Rechnungsstelle", "phone": "+49 40 123456-0", "email": EMAIL},
    "bank_accounts": [{"iban": "DE02120300000000202051", "bic": "BYLADEM1001", "bank_name": "Deutsche Kreditbank Berlin"}],
    "electronic_address": {"scheme": "EM", "identifier": EMAIL},
    "default": True,
}
GROUP_DATA: dict[str, object] = {
    "billing_group_ident": GROUP,
    "name": "External billing",
    "billing": "EXTERNAL_BILLING",
    "locale_configuration": [
        {"country": "DE", "regions": [{"languages": ["de", "en"]}], "default_language": "de", "fallback_language": "en"}
    ],
    "business_segments": [{"segment_ident": "main", "name": "Main"}],
}
CUSTOMER_DATA: dict[str, object] = {
    "customer_ident": CUSTOMER,
    "customer_type": "B2B",
    "company": "Muster Handel GmbH",
    "email": "einkauf@muster-handel.example",
    "phone": "+49 30 654321-0",
    "language": "de",
    "currency": "EUR",
    "vat_id": "DE129273398",
    "addresses": [
        {
            "address_ident": ADDRESS,
            "address_type": "INVOICE",
            "company": "Muster Handel GmbH",
            "street": "Beispielallee",
            "street_no": "12",
            "zip": "10115",
            "city": "Berlin",
            "country": "DE",
        }
    ],
}


def master_data(runtime: Runtime, caller: Caller) -> None:
    """Site, external billing group and a German business customer of one tenant."""
    from contor.customers.customers import CreateCustomer, CustomerCreation, create_customer
    from contor.runtime.execute import validated
    from contor.runtime.resource import Written
    from contor.settings.groups import CreateGroup, GroupCreation, create_group
    from contor.settings.sites import OPERATING_SITES

    runtime.execute(OPERATING_SITES.create, Written((), validated(OPERATING_SITES.creation, SITE_DATA)), caller)
    runtime.execute(create_group, CreateGroup(validated(GroupCreation, GROUP_DATA)), caller)
    runtime.execute(create_customer, CreateCustomer(validated(CustomerCreation, CUSTOMER_DATA)), caller)


def furnish(runtime: Runtime) -> Path:
    """Create the demo organization once, and write how to reach it to `demo.json` in the home. Refused where LIVE business is done."""
    path = runtime.config.home / DEMO
    base_url = runtime.config.base_url
    if path.exists():
        known = msgspec.json.decode(path.read_bytes(), type=dict[str, str])
        made = {**known, **_pair(runtime, known)}
        now = {**made, "base_url": base_url, **_fynn(base_url, known["api_key"], known["api_secret"])}
        if now != known:
            _write(path, now)
        return path
    _refuse_production(runtime)
    founder = Caller("cli", "demo", permissions=frozenset({EVERYTHING}))
    command = FoundOrganization(
        name="Contor Demo GmbH",
        address_line1="Steinstraße 7",
        zip="20095",
        town="Hamburg",
        email=EMAIL,
        request_plan="UNLIMITED",  # who measures it is not held back
        realm=_free_realm(runtime),
        key_name="demo",
    )
    founded = runtime.execute(found_organization, command, founder)
    caller = Caller("cli", "demo", founded.test.tenant_id, permissions=frozenset({EVERYTHING}))
    master_data(runtime, caller)
    _write(
        path,
        {
            "base_url": base_url,
            "organization_id": founded.organization_id,
            "api_key": founded.test.api_key,
            "api_secret": founded.test.api_secret,
            "fastbill_email": EMAIL,
            "fastbill_api_key": pair_secret(founded.test.api_key, founded.test.api_secret),
            **_fynn(base_url, founded.test.api_key, founded.test.api_secret),
            "realm": founded.test.realm,
            "billing_group_ident": GROUP,
            "customer_ident": CUSTOMER,
            "invoice_address_ident": ADDRESS,
        },
    )
    return path


def _fynn(base_url: str, api_key: str, api_secret: str) -> dict[str, object]:
    """How clients of fynn reach the demo."""
    return {"fynn_base_url": f"{base_url}{MOUNT}", "fynn_token": bearer_secret(api_key, api_secret)}


def _pair(runtime: Runtime, known: Mapping[str, str]) -> dict[str, object]:
    """How FastBill clients reach a demo that was made before they could."""
    if "fastbill_api_key" in known:
        return {}
    number = known["organization_id"]
    owner = Caller("cli", "demo", organization_id=uuid.UUID(number), permissions=frozenset({EVERYTHING}))
    runtime.execute(update_organization, UpdateOrganization(number, OrganizationPatch(email=EMAIL)), owner)
    runtime.execute(choose_plan, ChoosePlan(known["realm"], "UNLIMITED"), owner)
    return {"fastbill_email": EMAIL, "fastbill_api_key": pair_secret(known["api_key"], known["api_secret"])}


def _refuse_production(runtime: Runtime) -> None:
    with runtime.transaction(Caller("cli", "demo"), directory=True, reads=True) as uow:
        live = uow.scalar(str, "SELECT realm FROM directory.environment WHERE environment = 'LIVE' ORDER BY id LIMIT 1")
    if live is not None:
        message = f"This database does LIVE business (realm {live}); the demo goes into a database of its own."
        raise Refused(Kind.ILLEGAL_STATE, Problem("database_is_live", message))


def _free_realm(runtime: Runtime) -> str:
    """`demo`, unless a demo whose file was lost has it."""
    with runtime.transaction(Caller("cli", "demo"), directory=True, reads=True) as uow:
        taken = set(uow.column(str, "SELECT realm FROM directory.environment WHERE realm LIKE 'demo%%'"))
    return next(name for name in (REALM, *(f"{REALM}-{n}" for n in range(2, 1000))) if name not in taken)


def _write(path: Path, content: dict[str, object]) -> None:
    """Readable by its owner only: it holds a secret."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_suffix(".new")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(content, file, indent=2)
    temporary.replace(path)  # never half of it, for who reads meanwhile
