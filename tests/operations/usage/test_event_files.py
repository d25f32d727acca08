"""Files of events: taken in parts, resumed where somebody was killed, every finding by its line."""

import pytest
from tests.factories.metered import measured, priced, subscribed
from tests.factories.offices import Office
from tests.factories.usages import billed_net
from tests.factories.worked import jobs_done

from contor.kernel.files import FileContent
from contor.runtime.query import ListQuery, PageRequest
from contor.usage.measured import (
    GoOn,
    ImportView,
    ListFindings,
    OneImport,
    StartImport,
    get_import,
    go_on,
    imports,
    list_findings,
    start_import,
)

HEAD = "transactionId;eventName;timestamp;customerId;n"


def started(office: Office, *lines: str) -> ImportView:
    file = FileContent(name="events.csv", media_type="text/csv", content="\n".join([HEAD, *lines]).encode())
    made: ImportView = office.tenant.execute(start_import, StartImport(file))
    return made


def line(number: int) -> str:
    return f"t-{number};call;2026-05-{2 + number % 20:02}T10:00:00Z;muster-handel;1"


def test_a_file_is_taken_in_parts_and_resumed_after_a_kill(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second part dies after its events were written; the job is tried again."""
    monkeypatch.setattr(imports, "PART", 10)
    measured(office)
    priced(office, "each", "calls", model="PER_UNIT", price=1)
    subscribed(office, "v-1", [("each", 1)])
    made = started(office, *[line(number) for number in range(25)])
    (row,) = office.tenant.rows("SELECT id FROM usage_import")
    office.tenant.execute(go_on, GoOn(import_id=row.id))

    def dying(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr(imports, "_keep", dying)
        office.tenant.execute(go_on, GoOn(import_id=row.id))
    half = office.tenant.execute(get_import, OneImport(ident=made.ident))
    assert (half.status, half.lines_done, half.created) == ("RUNNING", 10, 10)
    assert office.tenant.rows("SELECT count(*) AS n FROM usage_event")[0].n == 10
    jobs_done(office.tenant, "usage_import.go_on")
    whole = office.tenant.execute(get_import, OneImport(ident=made.ident))
    assert (whole.status, whole.lines, whole.lines_done, whole.created, whole.known, whole.refused) == ("DONE", 25, 25, 25, 0, 0)
    office.tenant.execute(go_on, GoOn(import_id=row.id))
    office.clock("2026-06-02T10:00")
    office.bill()
    assert billed_net(office) == 25


def test_a_file_that_is_taken_twice_counts_once(office: Office) -> None:
    measured(office)
    for _ in range(2):
        started(office, line(1), line(2))
    jobs_done(office.tenant, "usage_import.go_on")
    rows = office.tenant.rows("SELECT created, known FROM usage_import ORDER BY id")
    assert [(row.created, row.known) for row in rows] == [(2, 0), (0, 2)]


def test_every_finding_by_its_line(office: Office) -> None:
    measured(office)
    wrong = ["t-2;call;soon;nobody;x", 't-3;call;2026-05-02;muster-handel;"1', "t-4;call;2001-05-02;muster-handel;x", ";;;;"]
    made = started(office, line(1), *wrong, line(5))
    jobs_done(office.tenant, "usage_import.go_on")
    page = office.tenant.execute(list_findings, ListFindings(made.ident, ListQuery(None, (), PageRequest(100, 0))))
    assert [(one.line, one.field, one.code) for one in page.items] == [
        (3, "timestamp", "instant_expected"),
        (3, "customerId", "customer_unknown"),
        (4, "line", "line_unreadable"),
        (5, "timestamp", "usage_too_late"),
        (5, "properties.n", "event_value_missing"),
        (6, "timestamp", "instant_expected"),
        (6, "customerId", "customer_unknown"),
        (6, "transaction_id", "text_too_short"),
        (6, "event_name", "text_too_short"),
    ]
    done = office.tenant.execute(get_import, OneImport(ident=made.ident))
    assert (done.created, done.refused) == (2, 4)
