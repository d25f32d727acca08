"""Issue other people's e-invoices again: read each file, create what it needs, ask for the document, and say what became of it.

It needs no server, and shares the work with one that runs: whoever takes a request first issues it, and the importer waits for it.
Seller, number and year are the identity of an invoice: importing it again, in another syntax, or by two importers at once, makes one
document, and a file of a document that was issued here makes none.
"""

import logging
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any, Never

import msgspec

from contor.commands.demo import GROUP, GROUP_DATA
from contor.commands.importing.contents import addresses_of, customer_content, site_content
from contor.commands.importing.options import NO_RATES, content_of
from contor.commands.importing.outcome import ImportOutcome
from contor.commands.importing.own import issued_here, number_taken
from contor.customers.customers import (
    ADDRESSES,
    CUSTOMERS,
    CreateCustomer,
    CustomerCreation,
    create_address,
    create_customer,
)
from contor.documents import issue
from contor.documents.after import PER_JOB, ArchiveDocuments, ReadRequest, RequestState, archive, get_request, supporting_of
from contor.documents.einvoice import (
    BUYER,
    DELIVERY,
    SELLER,
    EInvoice,
    ImportedEInvoice,
    einvoice_of,
    identity_of,
    imported,
    left_out,
    located,
    read_file,
    unlike,
    with_supporting,
)
from contor.documents.queries import documents_of_requests, without_files
from contor.documents.request import RequestDocument, request_document
from contor.documents.types import Party
from contor.kernel.context import EVERYTHING, Caller
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.operations import Operation
from contor.organizations.clock import EnvironmentFound, FindEnvironment, find_environment
from contor.runtime.execute import Runtime, validated
from contor.runtime.resource import Keyed, Resource, Written
from contor.settings.groups import BILLING_GROUPS, CreateGroup, GroupCreation, create_group
from contor.settings.sites import OPERATING_SITES

log = logging.getLogger("contor.importing")

PATIENCE_SECONDS = 60.0
"""How long a request may stay with another worker without any of ours moving, before it is reported as still waiting."""
LOOK_SECONDS = 0.05


Advance = Callable[[str, int], None]
"""Called when so many files more are through a stage."""
READ, ISSUED, KEPT = STAGES = ("Reading", "Issuing", "Making files")
"""Through each of which every file goes; one that is refused is through those that are left."""


@dataclass(frozen=True, slots=True)
class _Taken:
    path: Path
    request_id: str
    is_new: bool
    invoice: EInvoice
    own: str | None = None
    """The number of the document of which it is a file."""


def import_files(
    runtime: Runtime,
    files: Sequence[Path],
    realm: str | None,
    advance: Advance,
    rates: Mapping[str, Decimal] = NO_RATES,
) -> ImportOutcome:
    """Import every file into the tenant of `realm` (default: the demo's); `rates`: units of a currency for one of the
    ledger's, where an invoice says none."""
    tenant = _environment(runtime, realm).tenant_id
    importer = _Importer(runtime, Caller("cli", "import", tenant, permissions=frozenset({EVERYTHING})), rates)
    outcome = ImportOutcome()
    taken: list[_Taken] = []
    for path in files:
        try:
            one = importer.take(path)
        except Refused as refused:
            outcome.refused.append((path, refused.problems))
            advance(READ, len(STAGES))  # it goes through no further stage
            continue
        outcome.sellers[path] = one.invoice.seller.name
        if one.own is None:
            taken.append(one)
        else:
            outcome.known.append((path, one.own))
            outcome.own.add(path)
        advance(READ, 1 if one.own is None else len(STAGES))
    states = importer.issue(tenant, [one.request_id for one in taken], advance)
    for one in taken:
        _tell(outcome, one, states.get(one.request_id))
    issued = {path for path, _ in (*outcome.accepted, *outcome.known)}
    stand = [one for one in taken if one.path in issued]
    advance(ISSUED, len(taken) - sum(one.request_id in states for one in taken))
    advance(KEPT, len(taken) - len(stand))
    importer.archive([one.request_id for one in stand], advance)
    outcome.left_out = importer.compared([one for one in stand if one.is_new], left_out)
    for path, differences in importer.compared([one for one in stand if not one.is_new], unlike):
        (number,) = {number for known, number in outcome.known if known == path}
        outcome.known.remove((path, number))
        outcome.refused.append((path, [number_taken(number, differences)]))
    return outcome


def is_live(runtime: Runtime, realm: str | None) -> bool:
    """Whether the invoices would be issued in production, where nothing is taken out again."""
    return _environment(runtime, realm).environment == "LIVE"


def _environment(runtime: Runtime, realm: str | None) -> EnvironmentFound:
    anyone = Caller("cli", "import", permissions=frozenset({EVERYTHING}))
    return runtime.execute(find_environment, FindEnvironment(realm=realm or demo_realm(runtime)), anyone)


def _tell(outcome: ImportOutcome, taken: _Taken, state: RequestState | None) -> None:
    """Put a file where it belongs; without a state its request still waits."""
    if state is None:
        message = "Another worker holds the request and has not issued it; importing again shows what became of it."
        outcome.refused.append((taken.path, [Problem("still_waiting", message)]))
    elif state.status != "COMPLETED":
        outcome.refused.append((taken.path, located(state.errors, taken.invoice)))
    else:
        (outcome.accepted if taken.is_new else outcome.known).append((taken.path, state.document_ident or ""))


def demo_realm(runtime: Runtime) -> str:
    """The realm of the demo organization; refused where there is none."""
    path = runtime.config.home / "demo.json"
    if not path.exists():
        raise Refused(Kind.NOT_FOUND, Problem("realm_missing", "There is no demo organization; --organization names a realm."))
    return msgspec.json.decode(path.read_bytes(), type=dict[str, str])["realm"]


@contextmanager
def _located(invoice: EInvoice, of: str = "") -> Iterator[None]:
    """Findings of what happens here are told by what the file says."""
    try:
        yield
    except Refused as refused:
        raise Refused(refused.kind, *located(refused.problems, invoice, of)) from refused


class _Importer:
    """Creates what the files need, once each, through the same operations as everyone."""

    def __init__(self, runtime: Runtime, caller: Caller, rates: Mapping[str, Decimal]) -> None:
        self._runtime, self._caller, self._rates = runtime, caller, rates
        self._present: set[tuple[str, ...]] = set()

    def execute(self, operation: Operation[Never, object], command: object) -> Any:
        return self._runtime.execute(operation, command, self._caller)

    def take(self, path: Path) -> _Taken:
        """Ask for the document of a file; raises `Refused` with every reason against it."""
        invoice = read_file(content_of(path))
        known = _Taken(path, identity_of(invoice), is_new=False, invoice=invoice)
        if self._known(known.request_id):
            return known
        with self._runtime.transaction(self._caller, reads=True) as uow:
            own = issued_here(uow, invoice)
        if own is not None:
            return replace(known, own=own)
        with _located(invoice):
            found = imported(invoice, billing_group_ident=GROUP, rates=self._rates)
        self._ensure_group()
        with _located(invoice, SELLER):
            self._ensure_site(found.site)
        self._ensure_customer(found, invoice)
        command = RequestDocument(
            document_type=found.document_type, request=found.request, imported=True, supporting=found.supporting
        )
        with _located(invoice):
            is_new = self._create(request_document, command, lambda: self._known(known.request_id))
        return replace(known, is_new=is_new)

    def issue(self, tenant: int, request_ids: Sequence[str], advance: Advance) -> dict[str, RequestState]:
        """What became of the requests. Those that wait are issued here; those that a running worker holds are waited for, and left
        out when they do not move."""
        states: dict[str, RequestState] = {}
        moved = time.monotonic()
        while True:
            found = issue.drain(self._runtime, tenant)
            for request_id in sorted(set(request_ids) - set(states)):
                state = self.execute(get_request, ReadRequest(request_id=request_id))
                if state.status != "RECEIVED":
                    states[request_id] = state
                    advance(ISSUED, request_ids.count(request_id))
                    found += 1  # what others issue counts as movement, too
            if len(states) == len(set(request_ids)):
                return states
            if found:
                moved = time.monotonic()
            elif time.monotonic() - moved > PATIENCE_SECONDS:
                return states
            time.sleep(LOOK_SECONDS)

    def archive(self, request_ids: Sequence[str], advance: Advance) -> None:
        """Make the files of the documents of these requests, but those that a file worker has made or is making."""
        with self._runtime.transaction(self._caller, reads=True) as uow:
            ids = without_files(uow, request_ids)
        advance(KEPT, len(request_ids) - len(ids))
        for start in range(0, len(ids), PER_JOB):
            try:
                self.execute(archive, ArchiveDocuments(document_ids=tuple(ids[start : start + PER_JOB])))
            except Exception:
                # The documents stand, and the job that their issuing left tries again: the summary must not be lost over it.
                log.exception("files of imported documents could not be made; the worker for files tries them again")
            advance(KEPT, len(ids[start : start + PER_JOB]))

    def compared(
        self, taken: Sequence[_Taken], compare: Callable[[EInvoice, EInvoice], tuple[str, ...]]
    ) -> list[tuple[Path, tuple[str, ...]]]:
        """What `compare` finds between the files and what their documents themselves say; files of which it finds nothing are left out."""
        with self._runtime.transaction(self._caller, reads=True) as uow:
            issued = documents_of_requests(uow, [one.request_id for one in taken])
            given = supporting_of(uow, issued)
            files = {
                document.request_id: with_supporting(einvoice_of(document), given.get(number, ()))
                for number, document in issued.items()
            }
        told = [(one.path, compare(one.invoice, files[one.request_id])) for one in taken if one.request_id in files]
        return [(path, parts) for path, parts in told if parts]

    def _known(self, request_id: str) -> bool:
        return self._finds(get_request, ReadRequest(request_id=request_id))

    def _finds(self, operation: Operation[Never, object], command: object) -> bool:
        try:
            self.execute(operation, command)
        except Refused as refused:
            if refused.kind is Kind.NOT_FOUND:
                return False
            raise
        return True

    def _create(self, operation: Operation[Never, object], command: object, exists: Callable[[], bool]) -> bool:
        """Whether it was made here; False if another importer was faster, which is as good."""
        try:
            self.execute(operation, command)
        except Refused as refused:
            if refused.kind is Kind.CONFLICT and exists():
                return False
            raise
        return True

    def _has(self, stored: Resource, *keys: str) -> bool:
        if (stored.name, *keys) in self._present:
            return True
        if not self._finds(stored.get, Keyed(keys)):
            return False
        self._present.add((stored.name, *keys))
        return True

    def _ensure_group(self) -> None:
        if not self._has(BILLING_GROUPS, GROUP):
            command = CreateGroup(validated(GroupCreation, GROUP_DATA))
            self._create(create_group, command, lambda: self._has(BILLING_GROUPS, GROUP))

    def _ensure_site(self, site: Party) -> None:
        if self._has(OPERATING_SITES, site.ident):
            return
        command = Written((), validated(OPERATING_SITES.creation, site_content(site)))
        self._create(OPERATING_SITES.create, command, lambda: self._has(OPERATING_SITES, site.ident))

    def _ensure_customer(self, found: ImportedEInvoice, invoice: EInvoice) -> None:
        customer, addresses = found.customer, addresses_of(found)
        if not self._has(CUSTOMERS, customer.ident):
            with _located(invoice, BUYER):
                command = CreateCustomer(validated(CustomerCreation, customer_content(found, addresses)))
                if self._create(create_customer, command, lambda: self._has(CUSTOMERS, customer.ident)):
                    return
        for address in addresses:
            keys = (customer.ident, str(address["address_ident"]))
            if not self._has(ADDRESSES, *keys):
                with _located(invoice, DELIVERY if address["address_type"] == "SHIPPING" else BUYER):
                    created = Written((customer.ident,), validated(ADDRESSES.creation, address))
                    self._create(create_address, created, partial(self._has, ADDRESSES, *keys))
