"""Files of events: taken in parts by jobs, with progress, and every finding by its line. A part is one transaction: who is killed in it has
not begun it, and an event that is told again happened once."""

import itertools
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import BinaryIO, Final

from contor.customers.queries import known_customers
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.events import after
from contor.kernel.files import FileContent
from contor.kernel.operations import operation
from contor.kernel.shapes import shape
from contor.runtime.execute import validated
from contor.runtime.uow import Uow, not_found
from contor.usage.events import UsageFileTaken
from contor.usage.measured import tables
from contor.usage.measured.lines import COLUMNS, Columns, Line, columns_of, instant_of, lines_of
from contor.usage.measured.sending import Judged
from contor.usage.measured.taken import ImportRow, ImportView, import_named, view_of
from contor.usage.measured.types import Event

PART: Final = 5000
"""Lines of one transaction."""
Names = Callable[[Uow, Collection[str]], Mapping[str, str]]
"""The customer's ident, by the name that stands in a file; what names none is left out."""
NAMED: Final[dict[str, Names]] = {"": lambda uow, idents: {ident: ident for ident in known_customers(uow, idents)}}
"""By who reads them: a dialect has ids of its own. Empty: idents."""


@dataclass(frozen=True, slots=True)
class StartImport:
    file: FileContent
    named_by: str = ""


@shape
class GoOn:
    import_id: int


@operation("usage_import.start", permission="contracts.write")
def start_import(uow: Uow, command: StartImport) -> ImportView:
    """Keep a file of events, which jobs take from now on. What is wrong with its first line is refused at once."""
    content = command.file.content
    columns = columns_of(content.partition(b"\n")[0])
    if not isinstance(columns, Columns):
        raise Refused(Kind.INVALID, *columns)
    number, ident, now = uow.next_id(), uow.new_ident(), uow.ctx.now()
    lines = content.count(b"\n") - (1 if content.endswith(b"\n") else 0)
    row = {
        "ident": ident,
        "id": number,
        "file_name": command.file.name[:255],
        "sha256": uow.runtime.blobs.put(uow.ctx.tenant_id, content),
        "status": "WAITING",
        "lines": lines,
        "named_by": command.named_by,
        "created_at": now,
        "last_modified_at": now,
    }
    uow.insert(tables.usage_import, [row])
    uow.audit("usage_import", ident, {"started": command.file.name[:255], "lines": lines})
    uow.emit(UsageFileTaken(import_id=number))
    return view_of(import_named(uow, ident))


def _next(fact: UsageFileTaken) -> list[GoOn]:
    return [GoOn(import_id=fact.import_id)]


@after(UsageFileTaken, _next)
@operation("usage_import.go_on", permission="contracts.write")
def go_on(uow: Uow, command: GoOn) -> ImportView:
    """Take the next lines of a file; of one that is taken nothing changes."""
    row = _locked(uow, command.import_id)
    if row.status == "DONE":
        return view_of(row)
    with uow.runtime.blobs.reading(uow.ctx.tenant_id, row.sha256) as file:
        first = file.readline()
        columns = columns_of(first)
        assert isinstance(columns, Columns), "it was read when the file came"
        position = row.bytes_done or len(first)
        file.seek(position)
        raw = list(itertools.islice(_read(file), PART))
    lines = list(lines_of(columns, ((row.lines_done + 2 + index, line) for index, line in enumerate(raw))))
    events, findings = _judged(uow, lines, NAMED[row.named_by])
    created = _stored(uow, [event for _, event in events])
    _keep(uow, command.import_id, findings)
    is_done = len(raw) < PART
    uow.run(
        "UPDATE usage_import SET status = %s, bytes_done = %s, lines_done = lines_done + %s, created = created + %s,"
        " known = known + %s, refused = refused + %s, last_modified_at = %s WHERE id = %s",
        (
            "DONE" if is_done else "RUNNING",
            position + sum(map(len, raw)),
            len(raw),
            created,
            len(events) - created,
            len({line for line, _ in findings}),
            uow.ctx.now(),
            command.import_id,
        ),
    )
    uow.audit("usage_import", row.ident, {"taken": len(raw)})
    if not is_done:
        uow.emit(UsageFileTaken(import_id=command.import_id))
    return view_of(import_named(uow, row.ident))


# helpers in calling order


def _locked(uow: Uow, number: int) -> ImportRow:
    ident = uow.scalar(str, "SELECT ident FROM usage_import WHERE id = %s FOR UPDATE", (number,))
    if ident is None:
        raise not_found("usage_import", number)
    return import_named(uow, ident)


def _read(file: BinaryIO) -> Iterator[bytes]:
    while line := file.readline():
        yield line


Found = tuple[int, Problem]
"""Line, and what is wrong with it."""


def _judged(uow: Uow, lines: Sequence[Line], names: Names) -> tuple[list[tuple[int, Event]], list[Found]]:
    findings: list[Found] = [(line.number, line.problem) for line in lines if line.problem is not None]
    named = names(uow, {line.values["customerId"] for line in lines if line.values})
    there = known_customers(uow, set(named.values()))
    known = {name: ident for name, ident in named.items() if ident in there}
    read: list[tuple[int, Event]] = []
    for line in lines:
        if not line.values:
            continue
        event, problems = _event(line.values, known)
        findings += [(line.number, problem) for problem in problems]
        if event is not None and not problems:
            read.append((line.number, event))
    if not read:
        return [], findings
    judged = Judged(uow, [event for _, event in read])
    fine = []
    for number, event in read:
        problems = judged.findings(event, "")
        findings += [(number, problem) for problem in problems]
        if not problems:
            fine.append((number, event))
    return fine, findings


def _event(values: Mapping[str, str], known: Mapping[str, str]) -> tuple[Event | None, list[Problem]]:
    at, customer = instant_of(values["timestamp"]), known.get(values["customerId"])
    problems = []
    if at is None:
        problems.append(Problem("instant_expected", "is no point in time such as 2026-05-12T10:00:00Z", "timestamp"))
    if customer is None:
        problems.append(Problem("customer_unknown", "does not exist", "customerId"))
    sent = {
        "transaction_id": values["transactionId"],
        "event_name": values["eventName"],
        "customer": customer or "-",
        "timestamp": at.isoformat() if at is not None else "2000-01-01T00:00:00+00:00",
        "properties": {name: value for name, value in values.items() if name not in COLUMNS and value},
    }
    try:
        made: Event = validated(Event, sent)
    except Refused as refused:
        return None, [*problems, *refused.problems]
    return made, problems


def _stored(uow: Uow, events: Sequence[Event]) -> int:
    return Judged(uow, events).store(events) if events else 0


def _keep(uow: Uow, import_id: int, findings: Sequence[Found]) -> None:
    columns = ("finding_id", "import_id", "line", "field", "code", "message")
    numbers = uow.next_ids(len(findings))
    uow.copy(
        tables.usage_import_finding,
        columns,
        [
            (number, import_id, line, (problem.field or "")[:255], problem.code, problem.message[:500])
            for number, (line, problem) in zip(numbers, sorted(findings, key=lambda found: found[0]), strict=True)
        ],
    )
