"""Issue other people's e-invoices again: read each file, create what it needs, ask for the document, and say what became of it."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec

from contor.commands.demo import GROUP, GROUP_DATA
from contor.customers.customers import (
    ADDRESSES,
    CUSTOMERS,
    CreateCustomer,
    CustomerCreation,
    create_address,
    create_customer,
)
from contor.documents import worker
from contor.documents.archive import ArchiveDocuments, archive
from contor.documents.einvoice.importing import ImportedEInvoice, imported
from contor.documents.einvoice.read import read_einvoice
from contor.documents.read import ReadRequest, get_request
from contor.documents.request import RequestDocument, request_document
from contor.documents.types import Address, Party
from contor.kernel.context import EVERYTHING, Caller
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.operations import Operation
from contor.runtime.execute import Runtime, validated
from contor.runtime.resource import Keyed, Resource, Written
from contor.settings.billing_groups import BILLING_GROUPS, CreateGroup, GroupCreation, create_group
from contor.settings.sites import OPERATING_SITES

LARGEST = 20 * 1024 * 1024
"""Bytes of an e-invoice that are read."""


@dataclass(slots=True)
class ImportOutcome:
    """What became of each file."""

    accepted: list[tuple[Path, str]] = field(default_factory=list)
    """With the number of the document of our own."""
    known: list[tuple[Path, str]] = field(default_factory=list)
    """Imported before: nothing happened."""
    refused: list[tuple[Path, Sequence[Problem]]] = field(default_factory=list)


def import_files(runtime: Runtime, files: Sequence[Path], realm: str | None, advance: Callable[[], None]) -> ImportOutcome:
    """Import every file into the tenant of `realm` (default: the demo's); `advance` is called after each."""
    tenant = tenant_of_realm(runtime, realm or _demo_realm(runtime))
    caller = Caller("cli", "import", tenant, permissions=frozenset({EVERYTHING}))
    importer = _Importer(runtime, caller)
    outcome = ImportOutcome()
    requested: list[tuple[Path, str]] = []
    for path in files:
        try:
            request_id, is_new = importer.take(path)
            (requested if is_new else outcome.known).append((path, request_id))
        except Refused as refused:
            outcome.refused.append((path, refused.problems))
        advance()
    worker.drain(runtime, tenant)
    for path, request_id in requested:
        state = runtime.execute(get_request, ReadRequest(request_id=request_id), caller)
        if state.status == "COMPLETED":
            outcome.accepted.append((path, state.document_ident or ""))
        else:
            outcome.refused.append((path, state.errors or [Problem("not_issued", f"The request is {state.status}.")]))
    outcome.known = [
        (path, runtime.execute(get_request, ReadRequest(request_id=known), caller).document_ident or known)
        for path, known in outcome.known
    ]
    importer.archive()
    return outcome


def tenant_of_realm(runtime: Runtime, realm: str) -> int:
    """The tenant behind a realm; refused when there is none."""
    with runtime.transaction(Caller("cli", "import"), directory=True, reads=True) as uow:
        found = uow.value("SELECT id FROM directory.environment WHERE realm = %s", (realm,))
    if found is None:
        raise Refused(Kind.NOT_FOUND, Problem("realm_not_found", f"There is no realm {realm!r}."))
    return int(found)


def _demo_realm(runtime: Runtime) -> str:
    path = runtime.config.home / "demo.json"
    if not path.exists():
        raise Refused(Kind.NOT_FOUND, Problem("realm_missing", "There is no demo organization; --organization names a realm."))
    return msgspec.json.decode(path.read_bytes(), type=dict[str, str])["realm"]


class _Importer:
    """Creates what the files need, once each, through the same operations as everyone."""

    def __init__(self, runtime: Runtime, caller: Caller) -> None:
        self._runtime, self._caller = runtime, caller
        self._present: set[tuple[str, ...]] = set()

    def execute(self, operation: Operation[Any, Any], command: Any) -> Any:
        return self._runtime.execute(operation, command, self._caller)

    def take(self, path: Path) -> tuple[str, bool]:
        """(request id, whether it is new) of a file; raises `Refused` with every reason against it."""
        if path.stat().st_size > LARGEST:
            raise Refused(Kind.TOO_LARGE, Problem("file_too_large", f"The file is larger than {LARGEST} bytes."))
        content = path.read_bytes()
        found = imported(read_einvoice(content), source=hashlib.sha256(content).hexdigest(), billing_group_ident=GROUP)
        if self._known(found.request.request_id):
            return found.request.request_id, False
        self._ensure_group()
        self._ensure_site(found.site)
        self._ensure_customer(found)
        self.execute(request_document, RequestDocument(document_type=found.document_type, request=found.request))
        return found.request.request_id, True

    def archive(self) -> None:
        """Render the files of what was issued, if no file worker did."""
        with self._runtime.transaction(self._caller, reads=True) as uow:
            ids = [row.id for row in uow.rows("SELECT id FROM document WHERE status = 'CREATED' ORDER BY id")]
        for start in range(0, len(ids), 20):
            self.execute(archive, ArchiveDocuments(document_ids=tuple(ids[start : start + 20])))

    def _known(self, request_id: str) -> bool:
        try:
            self.execute(get_request, ReadRequest(request_id=request_id))
        except Refused as refused:
            if refused.kind is Kind.NOT_FOUND:
                return False
            raise
        return True

    def _has(self, stored: Resource, *keys: str) -> bool:
        if (stored.name, *keys) in self._present:
            return True
        try:
            self.execute(stored.get, Keyed(keys))
        except Refused as refused:
            if refused.kind is Kind.NOT_FOUND:
                return False
            raise
        self._present.add((stored.name, *keys))
        return True

    def _ensure_group(self) -> None:
        if not self._has(BILLING_GROUPS, GROUP):
            self.execute(create_group, CreateGroup(validated(GroupCreation, GROUP_DATA)))

    def _ensure_site(self, site: Party) -> None:
        if self._has(OPERATING_SITES, site.ident):
            return
        content = {
            "ident": site.ident,
            "name": (site.trading_name or site.name)[:255],
            "company_name": site.name[:255],
            "address": _plain(site.address),
            "vat_id": site.vat_id,
            "tax_number": site.tax_number,
            "register_number": site.register_number,
            "register_court": site.register_court,
            "managing_directors": list(site.managing_directors),
            "contact": _plain(site.contact),
            "bank_accounts": [_plain(account) for account in site.bank_accounts],
            "electronic_address": _plain(site.electronic_address) if site.electronic_address else None,
            "small_business": site.small_business,
        }
        self.execute(OPERATING_SITES.create, Written((), validated(OPERATING_SITES.creation, content)))

    def _ensure_customer(self, found: ImportedEInvoice) -> None:
        customer = found.customer
        addresses = [_address(found.invoice_address_ident, "INVOICE", customer.address)]
        if found.shipping_address_ident and found.shipping_address:
            addresses.append(_address(found.shipping_address_ident, "SHIPPING", found.shipping_address))
        if not self._has(CUSTOMERS, customer.ident):
            content = {
                "customer_ident": customer.ident,
                "customer_type": customer.customer_type or "B2B",
                "company": customer.name[:255],
                "email": customer.contact.email,
                "phone": customer.contact.phone,
                "vat_id": customer.vat_id,
                "tax_number": customer.tax_number,
                "electronic_address": _plain(customer.electronic_address) if customer.electronic_address else None,
                "bank_accounts": [_plain(account) for account in customer.bank_accounts],
                "addresses": addresses,
            }
            self.execute(create_customer, CreateCustomer(validated(CustomerCreation, content)))
            return
        for address in addresses:
            if not self._has(ADDRESSES, customer.ident, address["address_ident"]):
                self.execute(create_address, Written((customer.ident,), validated(ADDRESSES.creation, address)))


def _address(ident: str, kind: str, address: Address) -> dict[str, Any]:
    return {
        "address_ident": ident,
        "address_type": kind,
        "street": address.street,
        "street_no": address.street_no,
        "address_addition": address.addition,
        "zip": address.zip,
        "city": address.city,
        "state": address.state,
        "country": address.country,
    }


def _plain(value: Any) -> Mapping[str, Any]:
    made: Mapping[str, Any] = msgspec.to_builtins(value)
    return made
