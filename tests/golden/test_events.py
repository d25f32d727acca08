"""Golden events and jobs: what is stored of every fact, and what waits in the queue while another release starts.

Nothing here is rewritten: `make golden` adds the file of a new event, of a new version, of a new form of a job; the older ones stay.
"""

import dataclasses
import re
from pathlib import Path
from typing import Any

import msgspec
import pytest
from tests.checkers.golden_files import GOLDEN, WRITES, laid_out, packed
from tests.factories.golden_company import GoldenCompany
from tests.factories.golden_events import a_fact, events, jobs
from tests.factories.golden_papers import paper, row
from tests.factories.tenants import Tenant, a_client, a_tenant

from contor.documents.after import archive
from contor.kernel.events import event, stored_fields, transient
from contor.kernel.operations import CATALOGUE
from contor.runtime.db import ENCODER
from contor.runtime.execute import Runtime
from contor.runtime.work import jobs as queue
from contor.runtime.work.checking import check_tenant

EVENT_FILES, JOB_FILES = GOLDEN / "events", GOLDEN / "jobs"
FOLLOWING = {operation.name: command for operation, command in jobs()}


def stored(fact: Any) -> bytes:
    return laid_out(ENCODER.encode(stored_fields(fact)))


def kept(path: Path, content: bytes) -> bytes:
    """The content of a file that is written once."""
    if WRITES and not path.is_file():
        path.write_bytes(content)
    assert path.is_file(), f"there is no {path.name}; `make golden` writes it"
    return path.read_bytes()


@pytest.mark.parametrize("kind", events(), ids=lambda kind: kind.name)
def test_an_event_is_stored_as_its_version_says(kind: Any) -> None:
    now = stored(a_fact(kind))
    before = kept(EVENT_FILES / f"{kind.name}.v{kind.version}.json", now)
    assert now == before, f"the stored form of {kind.name} is another: it is a new version of the event"


def test_events_have_their_golden_files_and_no_others() -> None:
    """Those of older versions as well: the outbox holds facts of every version that was ever released."""
    wanted = {f"{kind.name}.v{version}.json" for kind in events() for version in range(1, kind.version + 1)}
    assert {path.name for path in EVENT_FILES.iterdir()} == wanted


@pytest.mark.parametrize("kind", events(), ids=lambda kind: kind.name)
def test_every_stored_field_is_set(kind: Any) -> None:
    fact = stored_fields(a_fact(kind))
    assert fact
    assert [name for name, value in fact.items() if value in (None, (), "")] == []
    assert set(fact) == {field.name for field in dataclasses.fields(kind) if not field.metadata.get("transient")}


def test_another_form_is_seen() -> None:
    """What `test_an_event_is_stored_as_its_version_says` sees: a field more, another type, another name; not what is transient."""

    def form(name: str, **fields: Any) -> bytes:
        made = type("Fact", (), {"__annotations__": fields, "rows": transient()})
        made.__annotations__["rows"] = tuple[Any, ...]
        return stored(a_fact(dataclasses.dataclass(frozen=True, kw_only=True)(made)))

    first = form("first", ids=tuple[int, ...])
    assert first == b'{\n "ids": [\n  101,\n  102\n ]\n}\n'
    others = (form("more", ids=tuple[int, ...], at=str), form("other", ids=tuple[str, ...]), form("named", idents=tuple[int, ...]))
    assert first not in others


def test_an_event_is_declared_once() -> None:
    kind = events()[0]
    with pytest.raises(ValueError, match="declared twice"):
        event(kind.name)(type("Again", (), {"__annotations__": {}}))


# --- jobs ----------------------------------------------------------------------------------------------------------------------


def forms(operation: str) -> list[Path]:
    """The golden files of an operation's jobs, the oldest first."""
    found = JOB_FILES.glob(f"{operation}.v*.json")
    return sorted(found, key=lambda path: int(re.findall(r"\d+", path.name)[-1]))


@pytest.mark.parametrize("operation", sorted(FOLLOWING))
def test_a_job_waits_in_the_form_of_its_last_golden_file(tenant: Tenant, operation: str) -> None:
    with tenant.runtime.transaction(tenant.caller()) as uow:
        queue.enqueue(uow, CATALOGUE[operation], [FOLLOWING[operation]])
        (waiting,) = uow.column(
            bytes,
            "SELECT payload FROM infra.pgqueuer WHERE entrypoint = %s AND convert_from(payload, 'UTF8')::jsonb ->> 'tenant_id' = %s",
            (operation, str(tenant.id)),
        )
        request_id = uow.ctx.caller.request_id
        uow.run("DELETE FROM infra.pgqueuer WHERE payload = %s", (waiting,))
    common = waiting.replace(b'"tenant_id":%d' % tenant.id, b'"tenant_id":1').replace(request_id.encode(), b"r-1")
    common = common.replace(str(tenant.organization_id).encode(), b"00000000-0000-0000-0000-000000000001")
    now, before = laid_out(common), forms(operation)
    if WRITES and (not before or before[-1].read_bytes() != now):
        (JOB_FILES / f"{operation}.v{len(before) + 1}.json").write_bytes(now)
        before = forms(operation)
    assert before[-1].read_bytes() == now, "jobs have another form: `make golden` adds its file; the older ones stay readable"


@pytest.mark.parametrize("path", sorted(JOB_FILES.iterdir()), ids=lambda path: path.name)
def test_a_waiting_job_of_any_form_says_all_that_it_said(path: Path) -> None:
    operation = CATALOGUE[path.name.rsplit(".v", 1)[0]]
    said = msgspec.json.decode(path.read_bytes())["command"]
    command = msgspec.json.decode(ENCODER.encode(said), type=operation.input)
    understood = msgspec.json.decode(ENCODER.encode(command))
    assert {name: understood.get(name) for name in said} == said


def test_a_job_that_waited_during_an_upgrade_is_done(runtime: Runtime) -> None:
    """Each form of the job that files documents, taken from the queue by today's worker."""
    company = GoldenCompany(a_tenant(runtime, a_client(runtime)))
    tenant = company.tenant
    for number, path in enumerate(forms(archive.name), 1):
        ident = company.issue("invoices", paper(f"r-{number}", row("i-1", "10.00")))
        ((document,),) = tenant.rows("SELECT id FROM document WHERE ident = %s", (ident,))
        payload = packed(path.read_bytes()).replace(b"[101,102]", b"[%d]" % document)
        queue.run_job(runtime, archive, payload.replace(b'"tenant_id":1', b'"tenant_id":%d' % tenant.id))
        assert company.call("GET", f"/documents/{ident}")["status"] == "COMPLETED"
    assert check_tenant(runtime, tenant.id) == []
