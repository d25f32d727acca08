"""`contor import-einvoices`: whoever issues a request, and however often a file comes, the summary says what became of it."""

import contextlib
import dataclasses
import re
import threading
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from lxml import etree
from tests.checkers.waiting import MINUTES
from tests.factories.einvoices.builders import untaxed
from tests.factories.einvoices.examples import of_gross_prices, of_two_rates
from tests.factories.tenants import Tenant
from typer.testing import CliRunner

from contor import cli
from contor.commands.importing import READ, ImportOutcome, import_files, importer, rates_of, told
from contor.documents.after import ArchiveDocuments, archive, get_attachment, list_attachments, reissue
from contor.documents.after.files import ListAttachments, ReadAttachment
from contor.documents.after.reissuing import Reissue, ReissueBody
from contor.documents.einvoice import EInvoice, cii_of, einvoice_of, read_file, ubl_of
from contor.documents.einvoice.model.groups import PaymentInstructions
from contor.documents.einvoice.write.ubl import ubl
from contor.documents.issue.issuing import FailRequest, IssueWaiting, Outcome, fail_request, issue_waiting
from contor.documents.issue.queue import FirstInQueue, first_in_queue
from contor.documents.render import render_pdf
from contor.documents.types import AttachedFile, SupportingDocument
from contor.kernel.errors import Problem
from contor.kernel.shapes import replace


def a_file(folder: Path, number: int) -> Path:
    path = folder / f"invoice-{number}.xml"
    path.write_bytes(ubl_of(replace(of_two_rates(), ident=f"OLD-{number}")))
    return path


def import_(tenant: Tenant, *paths: Path, advance: Callable[[], None] = lambda: None) -> ImportOutcome:
    return import_files(tenant.runtime, paths, tenant.realm, lambda stage, count: advance() if stage == READ else None)


def with_realm(tenant: Tenant) -> Tenant:
    """As the command line names it: an environment has a realm of its own."""
    with tenant.runtime.transaction(tenant.caller(), directory=True) as uow:
        realm = uow.scalar(str, "SELECT realm FROM directory.environment WHERE id = %s", (tenant.id,))
    return dataclasses.replace(tenant, realm=str(realm))


def counts(outcome: ImportOutcome) -> tuple[int, int, int]:
    return len(outcome.accepted), len(outcome.known), len(outcome.refused)


def closed(tenant: Tenant) -> FailRequest:
    """Give up the request that waits longest."""
    (queued,) = tenant.execute(first_in_queue, FirstInQueue(limit=1))
    return FailRequest(queued=queued, errors=(Problem("site_closed", "The site is closed."),))


class SlowWorker:
    """A running worker that has claimed what waits and has not committed yet."""

    def __init__(self, tenant: Tenant, operation: object = issue_waiting, command: object = IssueWaiting(limit=10)) -> None:
        self._tenant, self._operation, self._command = tenant, operation, command
        self._claimed, self.may_commit = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._work)

    def start(self) -> None:
        self._thread.start()
        assert self._claimed.wait(MINUTES)

    def _work(self) -> None:
        command = self._command
        if self._operation is fail_request:
            command = closed(self._tenant)
        self._tenant.execute(self._operation, command, render=self._hold)

    def _hold(self, outcome: Outcome) -> Outcome:
        self._claimed.set()
        assert self.may_commit.wait(MINUTES)
        return outcome

    def stop(self) -> None:
        self.may_commit.set()
        self._thread.join()


def commit_soon(worker: SlowWorker) -> None:
    """Commit when the importer has looked once and found nothing to do."""
    worker.start()
    threading.Timer(0.3, worker.may_commit.set).start()


def test_what_a_running_worker_has_claimed_is_waited_for(tenant: Tenant, tmp_path: Path) -> None:
    worker = SlowWorker(tenant)
    outcome = import_(tenant, a_file(tmp_path, 1), advance=lambda: commit_soon(worker))
    worker.stop()
    assert counts(outcome) == (1, 0, 0)
    assert [number for _, number in outcome.accepted] == [row.ident for row in tenant.rows("SELECT ident FROM document")]
    assert tenant.broken() == []


def test_what_the_other_worker_refuses_is_told_with_its_reason(tenant: Tenant, tmp_path: Path) -> None:
    worker = SlowWorker(tenant, fail_request)
    outcome = import_(tenant, a_file(tmp_path, 1), advance=lambda: commit_soon(worker))
    worker.stop()
    assert [[problem.code for problem in problems] for _, problems in outcome.refused] == [["site_closed"]]
    assert counts(outcome) == (0, 0, 1)


def test_a_worker_that_holds_a_request_for_too_long_is_not_waited_for(
    tenant: Tenant, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importer, "PATIENCE_SECONDS", 0.2)
    worker = SlowWorker(tenant)
    path = a_file(tmp_path, 1)
    outcome = import_(tenant, path, advance=worker.start)
    worker.stop()
    assert [[problem.code for problem in problems] for _, problems in outcome.refused] == [["still_waiting"]]
    assert counts(import_(tenant, path)) == (0, 1, 0)


def test_a_file_that_failed_stays_failed_and_says_why(tenant: Tenant, tmp_path: Path) -> None:
    path = a_file(tmp_path, 1)

    def fail() -> None:
        tenant.execute(fail_request, closed(tenant))

    assert counts(import_(tenant, path, advance=fail)) == (0, 0, 1)
    again = import_(tenant, path)
    assert counts(again) == (0, 0, 1)
    assert [[problem.code for problem in problems] for _, problems in again.refused] == [["site_closed"]]


def test_an_unreadable_file_is_refused_by_name_and_the_others_are_imported(tenant: Tenant, tmp_path: Path) -> None:
    missing, folder, good = tmp_path / "missing.xml", tmp_path / "folder", a_file(tmp_path, 1)
    folder.mkdir()
    outcome = import_(tenant, missing, folder, good)
    assert [path for path, _ in outcome.accepted] == [good]
    assert [(path, [problem.code for problem in problems]) for path, problems in outcome.refused] == [
        (missing, ["file_unreadable"]),
        (folder, ["file_unreadable"]),
    ]


def test_two_importers_at_once_make_one_document_of_a_file(tenant: Tenant, tmp_path: Path) -> None:
    paths = [a_file(tmp_path, number) for number in range(6)]
    found: list[ImportOutcome] = []
    together = threading.Barrier(2)

    def run() -> None:
        together.wait()
        found.append(import_(tenant, *paths))

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [counts(outcome)[2] for outcome in found] == [0, 0], [outcome.refused for outcome in found]
    assert sum(counts(outcome)[0] for outcome in found) == len(paths)
    assert sum(counts(outcome)[1] for outcome in found) == len(paths)
    assert [row.n for row in tenant.rows("SELECT count(*) AS n FROM document")] == [len(paths)]
    assert tenant.broken() == []


def test_a_site_that_another_importer_was_faster_to_create_is_as_good(
    tenant: Tenant, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The look before says that nothing is there; the creation finds it all."""
    first, second = a_file(tmp_path, 1), a_file(tmp_path, 2)
    import_(tenant, first)
    honest, blind = importer._Importer._has, set[tuple[str, ...]]()

    def has(self: object, stored: object, *keys: str) -> bool:
        if keys in blind:
            return honest(self, stored, *keys)  # type: ignore[arg-type]
        blind.add(keys)
        return False

    monkeypatch.setattr(importer._Importer, "_has", has)
    assert counts(import_(tenant, second)) == (1, 0, 0)
    assert len(tenant.rows("SELECT 1 FROM operating_site")) == 1


def paid_in_cash() -> EInvoice:
    invoice = einvoice_of(of_two_rates())
    return replace(invoice, payment=PaymentInstructions(means_code="10", remittance="R-1"))


def test_what_a_document_does_not_take_over_is_told(tenant: Tenant, tmp_path: Path) -> None:
    path = tmp_path / "note.xml"
    path.write_bytes(ubl(paid_in_cash()))
    outcome = import_(tenant, path)
    assert outcome.left_out == [
        (
            path,
            (
                "BT-81 payment means: 10",
                "base of an allowance or charge of the document: 30.09",
                "percentage of an allowance or charge of the document: 10",
            ),
        )
    ]
    assert import_(tenant, path).left_out == []  # told once, when it is issued


def test_numbers_that_a_document_does_not_keep_are_told_and_its_own_is_a_label(tenant: Tenant, tmp_path: Path) -> None:
    original = einvoice_of(of_two_rates())
    lines = tuple(replace(line, ident=f"{number}0") for number, line in enumerate(original.lines, 1))
    path = tmp_path / "numbered.xml"
    path.write_bytes(ubl(replace(original, number="ALT-2025/17", lines=lines)))
    outcome = import_(tenant, path)
    ((_, told_of_it),) = outcome.left_out
    assert told_of_it[0] == "BT-1 number: ALT-2025/17"
    assert {f"line BT-126 identifier: {line.ident}" for line in lines} <= set(told_of_it)
    ((_, number),) = outcome.accepted
    labels = tenant.rows(
        "SELECT l.label FROM document_label l JOIN document d ON d.id = l.document_id WHERE d.ident = %s", (number,)
    )
    assert [row.label for row in labels] == ["ALT-2025/17"]


def test_the_same_invoice_in_another_syntax_or_pdf_is_known(tenant: Tenant, tmp_path: Path) -> None:
    document = replace(of_two_rates(), ident="OLD-7")
    contents = {"a.xml": ubl_of(document), "b.xml": cii_of(document), "c.xml": ubl_of(document).decode().encode("utf-16")}
    contents["c.xml"] = ubl_of(document).decode().replace("encoding='UTF-8'", "encoding='UTF-16'").encode("utf-16")
    contents["d.pdf"] = render_pdf(document, cii_of(document))
    paths = [tmp_path / name for name in contents]
    for path in paths:
        path.write_bytes(contents[path.name])
    outcome = import_(tenant, *paths)
    assert counts(outcome) == (1, 3, 0), outcome.refused
    assert {number for _, number in outcome.known} == {number for _, number in outcome.accepted}
    assert len(tenant.rows("SELECT 1 FROM document")) == 1


@pytest.mark.parametrize("live", [False, True])
def test_a_file_of_a_document_that_was_issued_here_is_known(
    tenant: Tenant, tmp_path: Path, live: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In every syntax; the same number of another seller is another invoice, and other amounts under it are told."""
    tenant = with_realm(tenant.live()) if live else tenant
    ((_, ident),) = import_(tenant, a_file(tmp_path, 1)).accepted
    files: dict[str, bytes] = {}
    for kind in ("PDF", "CII", "UBL"):
        command = ReadAttachment(document_ident=ident, attachment_ident=kind)
        files[kind] = tenant.execute(get_attachment, command).content
        (tmp_path / kind).write_bytes(files[kind])
    own = [tmp_path / kind for kind in files]
    monkeypatch.setattr(cli, "opened", lambda: contextlib.nullcontext(tenant.runtime))
    command_line = ["import-einvoices", *map(str, own), "--yes", "--organization", tenant.realm]
    result = CliRunner().invoke(cli.app, command_line)
    for path in own:
        assert f"{path} is a file of {ident} ({of_two_rates().seller.name})" in result.output, result.output
    assert "0 issued again, 3 known, 0 refused" in result.output
    assert len(tenant.rows("SELECT 1 FROM document")) == len(tenant.rows("SELECT 1 FROM customer")) == 1

    mine = read_file(files["UBL"])
    theirs, changed = tmp_path / "theirs.xml", tmp_path / "changed.xml"
    theirs.write_bytes(ubl(replace(mine, seller=replace(mine.seller, name="Other GmbH", vat_id="DE129273398"))))
    changed.write_bytes(ubl(replace(mine, issue_date=mine.issue_date.replace(day=1))))
    outcome = import_(tenant, changed, theirs)
    assert [path for path, _ in outcome.accepted] == [theirs], outcome.refused
    ((path, (problem,)),) = outcome.refused
    assert (path, problem.code) == (changed, "number_taken")
    assert problem.message.startswith(f"{ident} is another invoice of this seller with the same number and year: BT-2 date is ")
    assert tenant.broken() == []


@pytest.mark.parametrize("at_once", [True, False])
def test_another_invoice_of_the_same_number_is_not_taken_for_known(tenant: Tenant, tmp_path: Path, at_once: bool) -> None:
    """Seller, number and year are the identity; who uses a number twice is told which invoice has it, and what differs."""
    first = replace(of_two_rates(), ident="OLD-8")
    second = replace(of_gross_prices(), ident="OLD-8", document_date=first.document_date)
    paths = [tmp_path / "first.xml", tmp_path / "second.xml", tmp_path / "again.xml"]
    for path, document in zip(paths, (first, second, first), strict=True):
        path.write_bytes(ubl_of(document))
    outcomes = [import_(tenant, *paths)] if at_once else [import_(tenant, path) for path in paths]
    assert [sum(found) for found in zip(*map(counts, outcomes), strict=True)] == [1, 1, 1]
    (((path, (problem,)),),) = [outcome.refused for outcome in outcomes if outcome.refused]
    (number,) = [number for outcome in outcomes for _, number in outcome.accepted]
    assert (path, problem.code) == (paths[1], "number_taken")
    said = f"{number} is another invoice of this seller with the same number and year: BT-109 net is {second.totals.net} here and "
    assert problem.message.startswith(said), problem.message
    assert len(tenant.rows("SELECT 1 FROM document")) == 1


def test_what_comes_with_an_invoice_comes_with_its_document(tenant: Tenant, tmp_path: Path) -> None:
    """Files beside the document's own, and inside of its e-invoices and of those of its reissue; links where they were."""
    link = SupportingDocument(reference="PLAN-1", description="Plan", location="https://example.org/plan.pdf")
    plan = AttachedFile(name="plan.pdf", media_type="application/pdf", content=b"%PDF-1.7")
    odd = AttachedFile(name="a.xml", media_type="application/xml", content=b"<a/>")
    given = (link, *(SupportingDocument(reference=f"R-{n}", file=file) for n, file in enumerate((plan, plan, odd), 1)))
    path = tmp_path / "plans.pdf"
    path.write_bytes(render_pdf(of_two_rates(), cii_of(of_two_rates(), given)))
    outcome = import_(tenant, path)
    ((_, ident),) = outcome.accepted
    ((_, told),) = outcome.left_out
    assert [line.rpartition(": ")[2] for line in told if line.startswith("BT-12")] == ["a.xml"]
    new = tenant.execute(reissue, Reissue(document_ident=ident, body=ReissueBody()))
    (document_id,) = (row.id for row in tenant.rows("SELECT id FROM document WHERE ident = %s", (new.document_ident,)))
    tenant.execute(archive, ArchiveDocuments(document_ids=(document_id,)))
    for number in (ident, new.document_ident):
        files = tenant.execute(list_attachments, ListAttachments(document_ident=number)).attachments
        assert sorted(file.name for file in files if file.type == "ATTACHMENT") == ["3-plan.pdf", "plan.pdf"]
        for kind in ("CII", "UBL", "PDF"):
            file = tenant.execute(get_attachment, ReadAttachment(document_ident=number, attachment_ident=kind))
            says = read_file(file.content).attachments
            assert [(entry.reference, entry.location) for entry in says] == [(it.reference, it.location) for it in given]
            assert [entry.file.content for entry in says if entry.file] == [b"%PDF-1.7"] * 2
    assert tenant.broken() == []


def test_a_pdf_without_an_invoice_and_a_broken_one_are_refused_by_name(tenant: Tenant, tmp_path: Path) -> None:
    plain, broken = tmp_path / "plain.pdf", tmp_path / "broken.pdf"
    whole = render_pdf(of_two_rates(), None)
    plain.write_bytes(whole)
    broken.write_bytes(whole[:2000])
    outcome = import_(tenant, plain, broken)
    assert [[problem.code for problem in problems] for _, problems in outcome.refused] == [
        ["pdf_without_einvoice"],
        ["pdf_unreadable"],
    ]


def test_the_summary_names_every_file(tenant: Tenant, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cli, "opened", lambda: contextlib.nullcontext(tenant.runtime))
    noted, missing = tmp_path / "note.xml", tmp_path / "missing.xml"
    noted.write_bytes(ubl(paid_in_cash()))
    result = CliRunner().invoke(cli.app, ["import-einvoices", str(noted), str(missing), "--organization", tenant.realm])
    assert result.exit_code == 0, result.output
    for said in (
        f"{noted} -> ",
        f"({paid_in_cash().seller.name})",
        "BT-81 payment means",
        "1 issued again, 0 known, 1 refused",
        f"refused {missing}",
        "file_unreadable",
    ):
        assert said in result.output, said


def test_in_production_it_asks_before(tenant: Tenant, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who cannot be asked says --yes."""
    live = tenant.live()
    monkeypatch.setattr(cli, "opened", lambda: contextlib.nullcontext(tenant.runtime))
    command = ["import-einvoices", str(a_file(tmp_path, 1)), "--organization", with_realm(live).realm]
    for answer, options, issued in (("n", [], 0), ("", [], 0), ("y", [], 1), ("", ["--yes"], 1)):
        result = CliRunner().invoke(cli.app, [*command, *options], input=answer)
        assert ("Go on?" in result.output) is not bool(options)
        assert len(live.rows("SELECT ident FROM document")) == issued, (answer, options, result.output)
    assert "1 known" in result.output


def written(data: bytes, *changes: tuple[str, str]) -> bytes:
    """The file with a line for each element, and what was changed in it."""
    root = etree.fromstring(data)
    etree.indent(root)
    text = etree.tostring(root, encoding="unicode")
    for old, new in changes:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text.encode()


def line_of(data: bytes, text: str, start: str = "") -> int:
    """In which line of the file a text stands; with `start`, the last line before it that says so."""
    lines = data.decode().split("\n")
    (found,) = (number for number, line in enumerate(lines, 1) if text in line)
    return found if not start else max(number for number, line in enumerate(lines[:found], 1) if start in line)


def test_a_refusal_says_line_term_what_is_said_and_what_was_expected(tenant: Tenant, tmp_path: Path) -> None:
    """What no reader understands, what no request can hold, what the gate and our master data refuse; in all syntaxes."""
    document = of_two_rates()
    odd = replace(document, items=(document.items[0], replace(document.items[1], name="ODD ROW"), *document.items[2:]))
    address = replace(document.seller.address, city=None, zip=None)
    nowhere = replace(document, seller=replace(document.seller, address=address))
    long = replace(document, seller=replace(document.seller, register_number="HRB 123456789012345678901234567890"))
    expected: dict[Path, tuple[str, str]] = {}

    def broken(name: str, data: bytes, line: int, said: str) -> None:
        path = tmp_path / name
        path.write_bytes(data)
        expected[path] = (f"line {line}: ", said)
        if "cii" in name:
            hybrid = tmp_path / f"{name}.pdf"
            hybrid.write_bytes(render_pdf(document, data))
            expected[hybrid] = (f"factur-x.xml, line {line}: ", said)

    for kind, write in (("ubl", ubl_of), ("cii", cii_of)):
        unit, row = ("unitCode=", "cac:InvoiceLine>") if kind == "ubl" else ("unitCode=", "ram:IncludedSupplyChainTradeLineItem>")
        data = written(write(document))
        payable = next(line for line in data.decode().split("\n") if "PayableAmount" in line).strip()
        data = written(data, (payable, re.sub(">[^<]+<", ">viel<", payable)))
        said = "Payable (BT-115) is not a decimal number, expected is one like 1234.56"
        broken(f"read-{kind}.xml", data, line_of(data, ">viel<"), said)
        lines = written(write(odd)).decode().split("\n")
        at = next(number for number, line in enumerate(lines) if "ODD ROW" in line)
        units = [number for number, line in enumerate(lines) if unit in line and "Quantity" in line and "Basis" not in line]
        number = min(units, key=lambda number: abs(number - at))
        lines[number] = re.sub(">[^<]+<", ">1.1234567<", lines[number])
        data = "\n".join(lines).encode()
        broken(
            f"hold-{kind}.xml",
            data,
            line_of(data, "ODD ROW", f"<{row}"),
            "Quantity (BT-129) is 1.1234567, expected: at most 4 decimals",
        )
        data = written(write(nowhere))
        party, place = (
            ("AccountingSupplierParty", "PostalAddress>") if kind == "ubl" else ("SellerTradeParty", "PostalTradeAddress>")
        )
        after = data.decode().split("\n")
        start = next(number for number, line in enumerate(after) if f"{party}>" in line)
        line = next(number for number, line in enumerate(after[start:], start + 1) if place in line)
        broken(f"gate-{kind}.xml", data, line, "Seller's city (BT-37): the city is required")
        data = written(write(long))
        broken(f"site-{kind}.xml", data, line_of(data, ">HRB 1234567890"), "Seller's registration (BT-30): ")
    outcome = import_(tenant, *expected)
    assert not outcome.accepted and not outcome.known
    for path, problems in outcome.refused:
        place, said = expected[path]
        assert [line for line in map(told, problems) if line.startswith(place) and said in line], (path, [*map(told, problems)])
    assert len(outcome.refused) == len(expected) == 12


def test_a_reason_of_another_category_is_refused_by_name(tenant: Tenant, tmp_path: Path) -> None:
    path = tmp_path / "exempt.xml"
    for code, count in (("VATEX-EU-IC", 0), ("VATEX-EU-132", 1)):
        path.write_bytes(ubl_of(untaxed("E", code, "Steuerfrei")))
        outcome = import_(tenant, path)
        assert len(outcome.accepted) == count
        for _, problems in outcome.refused:
            (line,) = map(told, problems)
            assert "VATEX-EU-IC (BT-121) is no reason of category E: expected is a reason of category E" in line


@pytest.mark.parametrize("wrong", ["DKK", "DKK=", "dkk=7", "DKK=0", "DKK=7.123456", "DKK=-1"])
def test_a_rate_is_a_currency_and_a_number(wrong: str) -> None:
    assert rates_of(["DKK=7.46", "USD=1.085"]) == {"DKK": Decimal("7.46"), "USD": Decimal("1.085")}
    with pytest.raises(ValueError, match="expected is a currency"):
        rates_of([wrong])
