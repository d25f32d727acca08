"""Golden documents: every type and every field, as it is requested, stored, answered and sent.

`tests/golden/documents/v<version>/` keeps the snapshots and the waiting requests of that version as the first release of it stored
them; they are never rewritten. `make golden` rewrites the others, and adds the folder of a new version.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from isal import isal_zlib
from tests.checkers.golden_files import GOLDEN, WRITES, laid_out, none_left_over, packed, same_as_golden
from tests.checkers.set_fields import fields_of, set_in
from tests.factories.golden_company import GoldenCompany
from tests.factories.golden_issue import Golden, issue_all
from tests.factories.golden_papers import PAPERS
from tests.factories.tenants import a_client, a_tenant

from contor.documents.amounts import amount_errors
from contor.documents.einvoice import cii_of, ubl_of, why_no_xml
from contor.documents.queries import frozen, requested
from contor.documents.render import render_pdf
from contor.documents.tables import document_queue, document_request
from contor.documents.types import Document, DocumentRequest, DocumentType, versions, with_number
from contor.documents.types.frozen import VERSION
from contor.runtime.db import ENCODER
from contor.runtime.execute import Runtime
from contor.runtime.work.checking import check_tenant

DOCUMENTS = GOLDEN / "documents"
TAKEN_OVER = {
    "number": "FB/1024",
    "customerIdent": "c-full",
    "documentDate": "2026-03-02",
    "dueDate": "2026-03-16",
    "rows": [
        {"description": "Work", "net": "100.00", "vatRate": 19},
        {"description": "Book", "net": "10.00", "vatRate": 7, "quantity": 2, "unitPrice": "5.00"},
    ],
    "paid": "19.00",
    "openedOn": "2026-11-01",
}
NAMES = [body["requestId"] for _, body in PAPERS]


def kept_snapshots() -> list[Path]:
    return sorted(DOCUMENTS.glob("v*/*.frozen.json"))


@pytest.fixture(scope="module")
def company(runtime: Runtime) -> GoldenCompany:
    return GoldenCompany(a_tenant(runtime, a_client(runtime)))


@pytest.fixture(scope="module")
def made(company: GoldenCompany) -> Iterator[dict[str, Golden]]:
    yield issue_all(company)
    assert check_tenant(company.tenant.runtime, company.tenant.id) == []


def parts(name: str) -> dict[str, bytes]:
    """A golden file's parts, each as it was sent or stored."""
    raw = msgspec.json.decode((DOCUMENTS / f"{name}.json").read_bytes(), type=dict[str, msgspec.Raw])
    return {part: packed(bytes(content)) for part, content in raw.items()}


@pytest.mark.parametrize("name", NAMES)
def test_a_document_is_what_its_golden_file_says(made: dict[str, Golden], name: str) -> None:
    document = made[name]
    content = {part: msgspec.Raw(getattr(document, part)) for part in ("requested", "waiting", "frozen", "answered")}
    same_as_golden(f"documents/{name}.json", laid_out(msgspec.json.encode(content)))
    same_as_golden(f"documents/{name}.cii.xml", document.cii)
    same_as_golden(f"documents/{name}.ubl.xml", document.ubl)


def test_a_new_version_gets_its_folder_and_a_new_document_its_files_once(made: dict[str, Golden]) -> None:
    folder = DOCUMENTS / f"v{VERSION}"
    if WRITES:
        folder.mkdir(exist_ok=True)
        for name, document in made.items():
            if (folder / f"{name}.frozen.json").exists():
                continue
            (folder / f"{name}.frozen.json").write_bytes(laid_out(document.frozen))
            (folder / f"{name}.waiting.json").write_bytes(laid_out(document.waiting))
    assert {path.name.removesuffix(".frozen.json") for path in folder.glob("*.frozen.json")} >= set(NAMES)


def test_every_golden_file_is_of_a_document(made: dict[str, Golden]) -> None:
    xml = {f"{name}.{kind}.xml" for name, document in made.items() for kind in ("cii", "ubl") if getattr(document, kind)}
    none_left_over("documents", {f"{name}.json" for name in NAMES} | xml)


def test_every_type_has_a_golden_document() -> None:
    found = {versions.read(parts(name)["frozen"]).document_type for name in NAMES}
    assert found == set(DocumentType)
    methods = {versions.read(parts(name)["frozen"]).final_invoice_method for name in NAMES}
    assert methods == {None, "REMAINDER", "FINAL", "REVERSAL"}


def test_a_document_of_another_system_is_what_its_golden_file_says(made: dict[str, Golden], company: GoldenCompany) -> None:
    claim = company.call("POST", "/opening-claims", TAKEN_OVER, 201)
    (row,) = company.tenant.rows("SELECT snapshot FROM document_content WHERE document_id = %s", (claim["documentId"],))
    same_as_golden("claims/opening-claim.json", laid_out(isal_zlib.decompress(row.snapshot)))


def test_every_field_of_a_frozen_document_is_set_in_a_golden_one() -> None:
    claim = versions.read(packed((GOLDEN / "claims" / "opening-claim.json").read_bytes()))
    assert fields_of(Document) - set_in([claim, *(versions.read(parts(name)["frozen"]) for name in NAMES)]) == set()


def test_the_number_is_read_from_the_header(made: dict[str, Golden]) -> None:
    """It is drawn after the snapshot is stored, but where the caller gave it."""
    assert {versions.read(document.frozen).ident for document in made.values()} == {"", "EX-2026-1"}
    assert frozen("RE-1", isal_zlib.compress(made["invoice"].frozen)).ident == "RE-1"


def test_every_field_of_a_request_is_set_in_a_golden_one() -> None:
    read = msgspec.json.Decoder(DocumentRequest).decode
    assert fields_of(DocumentRequest) - set_in(read(parts(name)["waiting"]) for name in NAMES) == set()


# --- older documents, and newer ones -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", kept_snapshots(), ids=lambda path: f"{path.parent.name} {path.name}")
def test_a_document_of_an_older_version_stays_readable(path: Path) -> None:
    """All of it: written again it says the same, it adds up, and its files can be made."""
    stored = packed(path.read_bytes())
    version = versions.version_of(stored)
    assert f"v{version}" == path.parent.name
    document = versions.read(stored)
    assert ENCODER.encode(document) == (stored if version == VERSION else versions.upgraded(stored, version))
    assert amount_errors(document) == []
    numbered = with_number(document, "RE-1")
    if why_no_xml(numbered):
        cii = None
    else:
        cii, ubl = cii_of(numbered), ubl_of(numbered)
        assert b"RE-1" in cii
        assert b"RE-1" in ubl
    assert render_pdf(numbered, cii).startswith(b"%PDF")


def test_documents_from_before_versions_are_of_the_first() -> None:
    (path,) = [path for path in kept_snapshots() if path.parent.name == "v1" and path.name == "invoice.frozen.json"]
    stored = packed(path.read_bytes())
    before = stored.replace(b'"version":1,', b"", 1)
    assert (versions.version_of(before), len(stored) - len(before)) == (1, len('"version":1,'))
    assert versions.read(before) == versions.read(stored)


def test_every_older_version_has_its_step() -> None:
    assert set(versions.UPGRADES) == set(range(1, VERSION))
    assert {path.parent.name for path in kept_snapshots()} == {f"v{version}" for version in range(1, VERSION + 1)}


def test_an_older_form_is_taken_through_its_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if in a version 0 the note had been a text of several lines with another name."""
    stored = parts("invoice")["frozen"]
    older = stored.replace(b'"version":1', b'"version":0', 1).replace(b'"note":"Danke!"', b'"lines":["Danke","!"]')
    assert older.count(b'"lines"') == 2  # the one of the totals as well

    def step(content: versions.Content) -> versions.Content:
        lines: Any = content.pop("lines")
        return {**content, "note": "".join(lines)}

    monkeypatch.setattr(versions, "UPGRADES", {0: step})
    assert versions.read(older) == versions.read(stored)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'"environment":', b'"surprise":1,"environment":'),
        (b'"seller":{', b'"seller":{"surprise":1,'),
        (b'"contact":{', b'"contact":{"surprise":1,'),
        (b'"items":[{', b'"items":[{"surprise":1,'),
        (b'"taxes":[{', b'"taxes":[{"surprise":1,'),
        (b'"totals":{', b'"totals":{"surprise":1,'),
    ],
)
def test_a_field_that_is_unknown_is_refused_by_name(old: bytes, new: bytes) -> None:
    stored = parts("invoice")["frozen"]
    changed = stored.replace(old, new, 1)
    assert changed != stored
    with pytest.raises(msgspec.ValidationError, match="unknown field `surprise`"):
        versions.read(changed)


def test_a_document_of_a_later_version_is_refused_as_such() -> None:
    later = parts("invoice")["frozen"].replace(b'"version":1', b'"version":%d' % (VERSION + 1), 1)
    with pytest.raises(versions.UnreadableVersion, match=f"of version {VERSION + 1}; this release reads up to {VERSION}"):
        versions.read(later)


# --- requests that wait while another release starts ------------------------------------------------------------------------------


def put(company: GoldenCompany, path: str, request_id: str, payload: bytes) -> None:
    """A request as an older release left it in the queue."""
    kind = path.removesuffix("s").replace("-", "_").upper()
    with company.tenant.runtime.transaction(company.tenant.caller()) as uow:
        number = uow.next_id()
        row = {
            "request_id": request_id,
            "id": number,
            "document_type": kind,
            "customer_ident": requested_customer(payload),
            "received_at": uow.ctx.now(),
            "actor": "key:test",
            "small_business": False,
            "payload": isal_zlib.compress(payload),
        }
        uow.insert(document_request, [row])
        uow.insert(document_queue, [{"id": number, "request_id": request_id}])


def requested_customer(payload: bytes) -> str:
    return str(msgspec.json.decode(payload)["customer_detail"]["customer_ident"])


@pytest.mark.parametrize("version", range(1, VERSION + 1))
def test_requests_that_an_older_release_accepted_are_issued(runtime: Runtime, made: dict[str, Golden], version: int) -> None:
    company = GoldenCompany(a_tenant(runtime, a_client(runtime)))
    with runtime.transaction(company.tenant.caller()) as uow:
        uow.run("UPDATE operating_site SET legal_entity = ''")  # sites of then count together

    def issue(path: str, body: dict[str, Any]) -> str:
        name = body["requestId"]
        put(company, path, name, packed((DOCUMENTS / f"v{version}" / f"{name}.waiting.json").read_bytes()))
        return company.drained(name)

    read = msgspec.json.Decoder(DocumentRequest).decode  # what was left out then may be said today

    def then(name: str) -> DocumentRequest:
        return read((DOCUMENTS / f"v{version}" / f"{name}.waiting.json").read_bytes())

    again = issue_all(company, issue)
    # a request that says more today became another document then: only that it is issued is asked of it
    asked = [name for name in NAMES if then(name) == read(parts(name)["waiting"])]
    assert len(asked) > len(NAMES) / 2
    assert again.keys() == set(NAMES)
    assert {name: again[name].frozen for name in asked} == {name: made[name].frozen for name in asked}
    assert check_tenant(company.tenant.runtime, company.tenant.id) == []


def test_a_request_that_cannot_be_read_waits_and_the_next_is_issued(runtime: Runtime) -> None:
    company = GoldenCompany(a_tenant(runtime, a_client(runtime)))
    payload = parts("invoice-taxed-abroad")["waiting"]
    put(company, "invoices", "newer", payload.replace(b"{", b'{"surprise":1,', 1))
    put(company, "invoices", "sound", payload.replace(b"invoice-taxed-abroad", b"sound"))
    company.drained("sound")
    state = company.call("GET", "/documents/requests/newer")
    assert (state["status"], [error["code"] for error in state["errors"]]) == ("RECEIVED", ["internal_error"]), state
    assert check_tenant(company.tenant.runtime, company.tenant.id) == []
    with pytest.raises(msgspec.ValidationError, match="unknown field `surprise`"):
        requested(isal_zlib.compress(payload.replace(b"{", b'{"surprise":1,', 1)))
