"""Exports as objects: asked for, made by a worker, repeatable, with what was left out; nothing of another tenant."""

import csv
import hashlib
import io
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from tests.factories.exports import an_export, asked_export, files_of, made_export
from tests.factories.posted import a_request, post
from tests.factories.tenants import Tenant

from contor.bookkeeping.entries import count_between, journal_between
from contor.documents.issue import worker
from contor.kernel.context import EVERYTHING
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.shapes import shape
from contor.reports.exports import (
    KINDS,
    Asked,
    ExportKind,
    ExportTask,
    ListExports,
    OneExport,
    OneExportFile,
    Output,
    create_export,
    delete_export,
    export_kind,
    get_export,
    get_export_file,
    list_exports,
    make_waiting,
    output,
    repeat_export,
)
from contor.runtime.query import ListQuery
from contor.runtime.uow import Ending, Uow


@shape
class Lines:
    word: str = "line"
    failing: str | None = None


def prepare(uow: Uow, asked: Asked) -> Mapping[str, Any]:
    if asked.options.word == "no":
        raise Refused(Kind.INVALID, Problem("word_unfit", "is not a word for lines", "options.word", "no"))
    return {"word": asked.options.word}


def write(uow: Uow, task: ExportTask, out: Output) -> None:
    """Each line of the journal in a row."""
    if task.options.failing == "refused":
        raise Refused(Kind.ILLEGAL_STATE, Problem("nothing_fits", "Nothing of it can be written."))
    if task.options.failing == "fault":
        raise ZeroDivisionError
    out.expect(count_between(uow, task.first_day, task.last_day, task.journal))
    with out.file("lines.csv", "text/csv") as file:
        for lines in journal_between(uow, task.first_day, task.last_day, task.journal):
            for line in lines:
                file.write(f"{task.frozen['word']};{line.account};{line.amount}\n".encode())
                file.rows += 1
                out.advance()
            out.leave_out("NO_PICTURE", "The entry has no picture.", f"={lines[0].journal_number}")


export_kind(ExportKind(name="LINES", options=Lines, prepare=prepare, write=write))
YEAR = {"first_day": "2020-01-01", "last_day": "2099-12-31"}


@pytest.fixture
def booked(furnished: Tenant) -> Tenant:
    return issued(furnished, 1)


def issued(tenant: Tenant, number: int) -> Tenant:
    post(tenant, a_request(number))
    worker.drain(tenant.runtime, tenant.id)
    return tenant


def test_an_export_waits_is_made_and_says_everything(booked: Tenant) -> None:
    waiting = asked_export(booked, "LINES", **YEAR, word="row")
    assert (waiting.status, waiting.files, waiting.sha256, waiting.options) == ("QUEUED", (), None, {"word": "row"})
    with pytest.raises(Refused) as refused:
        booked.execute(get_export_file, OneExportFile(waiting.export_ident, "lines.csv"))
    assert refused.value.kind is Kind.NOT_READY
    view = made_export(booked, waiting.export_ident)
    files = files_of(booked, view)
    assert files == {
        "lines.csv": b"row;10000;35.7000\nrow;8400;30.0000\nrow;1776;5.7000\n",
        "left-out.csv": b"reason;subject;message\r\nNO_PICTURE;'=1;The entry has no picture.\r\n",
    }
    assert (view.status, view.rows, view.done, view.requested_by) == ("DONE", 3, 3, "key:test")
    assert [(one.reason, one.count, one.examples) for one in view.left_out] == [("NO_PICTURE", 1, ("=1",))]
    listing = "".join(f"{hashlib.sha256(files[file.name]).hexdigest()}  {file.name}\n" for file in view.files)
    assert view.sha256 == hashlib.sha256(listing.encode()).hexdigest()
    assert [(file.name, file.rows, file.size) for file in view.files] == [
        ("lines.csv", 3, len(files["lines.csv"])),
        ("left-out.csv", 1, len(files["left-out.csv"])),
    ]
    assert booked.broken() == []


def test_it_is_of_the_journal_as_it_was_when_it_was_asked_for(booked: Tenant) -> None:
    waiting = asked_export(booked, "LINES", **YEAR)
    issued(booked, 2)
    made = made_export(booked, waiting.export_ident)
    assert made.rows == 3
    assert an_export(booked, "LINES", **YEAR)[0].rows == 6
    again = booked.execute(repeat_export, OneExport(export_ident=waiting.export_ident))
    assert again.status == "QUEUED"
    same = made_export(booked, waiting.export_ident)
    assert (same.status, same.sha256, same.reasons) == ("DONE", made.sha256, ())
    assert same.repeated_at is not None


def test_a_repetition_that_comes_out_otherwise_says_so(booked: Tenant) -> None:
    view, _ = an_export(booked, "LINES", **YEAR)
    kind = KINDS["LINES"]
    KINDS["LINES"] = ExportKind(name="LINES", options=Lines, prepare=prepare, write=lambda uow, task, out: None)
    try:
        booked.execute(repeat_export, OneExport(export_ident=view.export_ident))
        again = made_export(booked, view.export_ident)
    finally:
        KINDS["LINES"] = kind
    assert [reason.code for reason in again.reasons] == ["export_file_differs", "export_file_differs"]
    assert (again.status, again.sha256, len(again.files)) == ("DONE", view.sha256, 2)


def test_what_forbids_it_fails_it(booked: Tenant) -> None:
    view = made_export(booked, asked_export(booked, "LINES", **YEAR, failing="refused").export_ident)
    assert (view.status, [reason.code for reason in view.reasons]) == ("FAILED", ["nothing_fits"])
    assert booked.broken() == []


def test_a_fault_of_ours_is_tried_again_and_given_up(booked: Tenant) -> None:
    waiting = asked_export(booked, "LINES", **YEAR, failing="fault")
    for _ in range(3):
        with pytest.raises(ZeroDivisionError):
            make_waiting(booked.runtime, booked.caller())
        assert booked.execute(get_export, OneExport(export_ident=waiting.export_ident)).status == "RUNNING"
    view = made_export(booked, waiting.export_ident)
    assert (view.status, [reason.code for reason in view.reasons]) == ("FAILED", ["export_given_up"])


def test_who_is_asked_to_end_leaves_it_to_the_next_one(booked: Tenant, monkeypatch: pytest.MonkeyPatch) -> None:
    waiting = asked_export(booked, "LINES", **YEAR)
    monkeypatch.setattr(output, "STEP", 1)
    for _ in range(4):  # more often than a fault of ours is borne
        with monkeypatch.context() as ending:
            ending.setattr(booked.runtime, "go_on", _stop_within(booked.runtime.go_on))
            with pytest.raises(Ending):
                make_waiting(booked.runtime, booked.caller())
        assert booked.execute(get_export, OneExport(export_ident=waiting.export_ident)).status == "QUEUED"
    assert made_export(booked, waiting.export_ident).status == "DONE"
    arriving = list((booked.runtime.config.home / "blobs" / str(booked.id)).glob(".arriving*"))
    assert arriving == []


def _stop_within(go_on: Callable[[], None]) -> Callable[[], None]:
    """It goes on once, up to the first row."""
    calls = iter([go_on])

    def stop() -> None:
        if (known := next(calls, None)) is None:
            raise Ending
        known()

    return stop


def test_one_process_at_a_time_makes_them(booked: Tenant) -> None:
    asked_export(booked, "LINES", **YEAR)
    with booked.runtime.transaction(booked.caller(), reads=True) as other:
        other.lock("exports", ["making"])
        assert not make_waiting(booked.runtime, booked.caller())
    assert make_waiting(booked.runtime, booked.caller())


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ({"kind": "NONE"}, {("export_kind_unknown", "kind"), ("period_missing", "period")}),
        ({"kind": "LINES", "period": "2026-10", "from": "2026-10-01"}, {("period_said_twice", "period")}),
        ({"kind": "LINES", "from": "2026-10-01"}, {("period_missing", "to")}),
        ({"kind": "LINES", "from": "2026-10-02", "to": "2026-10-01"}, {("period_reversed", "to")}),
        ({"kind": "LINES", "period": "0001-10"}, {("period_out_of_range", "period")}),
        ({"kind": "LINES", "period": "2026-10", "options": {"word": "no"}}, {("word_unfit", "options.word")}),
        ({"kind": "NONE", "from": "2026-10-02", "to": "1026-10-01"}, None),
    ],
)
def test_everything_wrong_with_a_request_is_said_at_once(tenant: Tenant, body: dict[str, Any], found: Any) -> None:
    with pytest.raises(Refused) as refused:
        tenant.execute(create_export, {"body": {{"from": "first_day", "to": "last_day"}.get(k, k): v for k, v in body.items()}})
    said = {(problem.code, problem.field) for problem in refused.value.problems}
    wanted = found or {("export_kind_unknown", "kind"), ("period_out_of_range", "to"), ("period_reversed", "to")}
    assert said == wanted
    assert tenant.rows("SELECT ident FROM export") == []


def test_options_that_the_kind_does_not_know_are_named(tenant: Tenant) -> None:
    with pytest.raises(Refused) as refused:
        asked_export(tenant, "LINES", period="2026-10", words="x", word=1)
    assert sorted(str(problem.field) for problem in refused.value.problems) == ["options.word", "options.words"]


def test_another_tenant_sees_nothing_of_it(booked: Tenant, new_tenant: Callable[[], Tenant]) -> None:
    view, _ = an_export(booked, "LINES", **YEAR)
    other, one = new_tenant(), OneExport(export_ident=view.export_ident)
    for operation, command in (
        (get_export, one),
        (delete_export, one),
        (repeat_export, one),
        (get_export_file, OneExportFile(view.export_ident, "lines.csv")),
    ):
        with pytest.raises(Refused) as refused:
            other.execute(operation, command)
        assert refused.value.kind is Kind.NOT_FOUND
    assert other.execute(list_exports, ListExports(ListQuery())).items == ()


def test_who_only_reads_asks_for_none(booked: Tenant) -> None:
    reader = booked.caller("bookkeeping.read")
    with pytest.raises(Refused) as refused:
        booked.runtime.execute(create_export, {"body": {"kind": "LINES", "period": "2026-10"}}, reader)
    assert refused.value.kind is Kind.FORBIDDEN
    assert EVERYTHING not in reader.permissions


def test_one_that_is_deleted_is_gone_and_can_be_asked_for_again(booked: Tenant) -> None:
    view, before = an_export(booked, "LINES", **YEAR)
    booked.execute(delete_export, OneExport(export_ident=view.export_ident))
    with pytest.raises(Refused):
        booked.execute(get_export, OneExport(export_ident=view.export_ident))
    again, after = an_export(booked, "LINES", **YEAR)
    assert (again.sha256, after) == (view.sha256, before)


def test_what_was_left_out_is_read_back_as_it_was_said(booked: Tenant) -> None:
    _, files = an_export(booked, "LINES", **YEAR)
    (head, row) = list(csv.reader(io.StringIO(files["left-out.csv"].decode()), delimiter=";"))
    assert (head, row) == (["reason", "subject", "message"], ["NO_PICTURE", "'=1", "The entry has no picture."])


def test_a_file_that_is_gone_is_found(booked: Tenant) -> None:
    view, _ = an_export(booked, "LINES", **YEAR)
    name = view.files[0].sha256
    path = booked.runtime.config.home / "blobs" / str(booked.id) / name[:2] / name
    path.unlink()
    assert [finding.check for finding in booked.broken()] == ["exports.files_are_kept"]
    with pytest.raises(Refused) as refused:
        booked.execute(get_export_file, OneExportFile(view.export_ident, "lines.csv"))
    assert refused.value.kind is Kind.DAMAGED
