"""The kind SAFT_PT: the books and documents of a period, record by record."""

from collections.abc import Iterator

from lxml import etree

from contor.bookkeeping.entries import journal_between
from contor.customers.every import all_customers
from contor.documents.period import PeriodDocument, documents_between
from contor.kernel.errors import Kind, Refused
from contor.kernel.money import ZERO
from contor.kernel.shapes import Fields
from contor.reports.exports import Asked, ExportTask, Output
from contor.reports.saf_t import portugal
from contor.reports.saf_t.books import Ledger, LedgerTotal, creditors, entry_name, ledger_of, suppliers_by_account, with_suppliers
from contor.reports.saf_t.configured import configuration_of, frozen_configuration, mark_of, site_of, version_of
from contor.reports.saf_t.numbering import KINDS, Numbered, Signer, numbered
from contor.reports.saf_t.portugal_entries import JOURNAL, invoice, sides, transaction
from contor.reports.saf_t.survey import Sink, Survey, fitting
from contor.reports.saf_t.tree import Node, XmlWriter
from contor.runtime.uow import Uow
from contor.settings.abroad import SafTConfiguration, signing_key_of
from contor.settings.queries import Site

_SELF_BILLED = ("SELF_BILLED", "Self-billing papers are reported in the partner's file.")
_UNNUMBERED = ("NUMBER_WITHOUT_DIGITS", "There is no sequential number in the number of the document.")
_SHARED = ("SERIES_SHARED", "Another counter or year has the same series, in which a number would stand twice: give each its own.")


def prepare(uow: Uow, asked: Asked) -> Fields:
    return frozen_configuration(uow, asked, "PT")[2]


def write(uow: Uow, task: ExportTask, out: Output) -> None:
    configuration, site = configuration_of(task), site_of(uow, task)
    ledger = ledger_of(uow, task)
    if problems := portugal.why_not(site, ledger.currency, task):
        raise Refused(Kind.ILLEGAL_STATE, *problems)
    signer = Signer(signing_key_of(uow, configuration.ident), configuration.key_version)
    survey = Survey()
    for found, _ in _reported(uow, task, site, configuration, out, signer.signs):
        if found.document.document_date >= task.first_day:
            survey.add(found.document, portugal.LONGEST_CODE)
    total = _ledger_total(uow, task)
    out.expect(total.entries + survey.documents)
    name = f"saft-pt-{configuration.taxpayer_number}-{task.first_day.isoformat()}-{task.last_day.isoformat()}.xml"
    with out.file(name, "application/xml") as target, etree.xmlfile(target, encoding="utf-8") as xml:
        xml.write_declaration()
        with xml.element(f"{{{portugal.NAMESPACE}}}AuditFile", nsmap={None: portugal.NAMESPACE}):
            xml.write(portugal.header(site, configuration, task, version_of(task)).element)
            with xml.element(f"{{{portugal.NAMESPACE}}}MasterFiles"):
                for node in _master_files(uow, ledger, survey, configuration):
                    xml.write(node.element)
                    target.rows += 1
            _entries(uow, task, ledger, total, Sink(xml, target, out))
            _documents(uow, task, (site, configuration), survey, signer, Sink(xml, target, out))


def _reported(
    uow: Uow, task: ExportTask, site: Site, configuration: SafTConfiguration, out: Output | None, from_the_first: bool
) -> Iterator[tuple[PeriodDocument, Numbered]]:
    """The documents with their numbers, series by series; those before the period, too, where each signature needs the one before."""
    numbers: dict[int, Numbered] = {}
    series: dict[str, tuple[str | None, int | None]] = {}
    given: set[str] = set()

    def why_not(found: PeriodDocument) -> tuple[str, str] | None:
        document = found.document
        if document.document_type not in KINDS:
            return _SELF_BILLED
        said = configuration.series_of(document.document_type.value)
        number = numbered(document, said["series"] if said else None, found.counter_ident, found.number_year, found.number_value)
        if number is None:
            return _UNNUMBERED
        drawn_from = (found.counter_ident, found.number_year)
        if series.setdefault(number.series, drawn_from) != drawn_from and number.invoice_no != document.ident:
            return _SHARED
        if found.counter_ident is None:  # the caller's own numbers: nobody counted them
            if number.invoice_no in given:
                return _SHARED
            given.add(number.invoice_no)
        numbers[found.id] = number
        return None

    first = min(configuration.valid_from, task.first_day) if from_the_first else task.first_day
    rows = documents_between(uow, first, task.last_day, mark_of(task), by_number=True)
    for found in fitting(rows, out, site.legal_entity, task.first_day, why_not):
        yield found, numbers.pop(found.id)


def _master_files(uow: Uow, ledger: Ledger, survey: Survey, configuration: SafTConfiguration) -> Iterator[Node]:
    if (accounts := portugal.accounts(ledger, configuration)) is not None:
        yield accounts
    yield from portugal.customers(all_customers(uow), ledger)
    yield from portugal.suppliers(creditors(uow), ledger)
    yield from portugal.products(survey)
    if (taxes := portugal.tax_table(survey, configuration)) is not None:
        yield taxes


def _ledger_total(uow: Uow, task: ExportTask) -> LedgerTotal:
    entries, debit, credit = 0, ZERO, ZERO
    for lines in journal_between(uow, task.first_day, task.last_day, task.journal):
        entries += 1
        debits, credits = sides(lines)
        debit += sum((amount for _, amount in debits), ZERO)
        credit += sum((amount for _, amount in credits), ZERO)
    return LedgerTotal(entries, debit, credit)


def _entries(uow: Uow, task: ExportTask, ledger: Ledger, total: LedgerTotal, sink: Sink) -> None:
    space = f"{{{portugal.NAMESPACE}}}"
    with sink.xml.element(f"{space}GeneralLedgerEntries"):
        _sums(sink.xml, total.entries, total)
        if not total.entries:
            return
        with sink.xml.element(f"{space}Journal"):
            for name, value in (("JournalID", JOURNAL), ("Description", "Diário geral")):
                with sink.xml.element(f"{space}{name}"):
                    sink.xml.write(value)
            suppliers = suppliers_by_account(uow)
            for found in journal_between(uow, task.first_day, task.last_day, task.journal):
                lines = with_suppliers(found, suppliers)
                told = [line._replace(account=ledger.told_in(line.account)) for line in lines]
                sink.record(transaction(told, entry_name(lines[0]), lambda number: f"{number:02d}", lines))


def _sums(xml: XmlWriter, count: int, total: LedgerTotal) -> None:
    """The heads of a list of entries or documents."""
    head = Node(portugal.NAMESPACE, "Head")
    head.put("NumberOfEntries", count)
    head.money("TotalDebit", total.debit)
    head.money("TotalCredit", total.credit)
    for element in list(head.element):
        xml.write(element)


def _documents(
    uow: Uow, task: ExportTask, whose: tuple[Site, SafTConfiguration], survey: Survey, signer: Signer, sink: Sink
) -> None:
    site, configuration = whose
    space = f"{{{portugal.NAMESPACE}}}"
    with sink.xml.element(f"{space}SourceDocuments"), sink.xml.element(f"{space}SalesInvoices"):
        _sums(sink.xml, survey.documents, LedgerTotal(survey.documents, survey.debit, survey.credit))
        for found, number in _reported(uow, task, site, configuration, None, signer.signs):
            signature = signer.signature(found.document, number)
            if found.document.document_date < task.first_day:
                continue
            sink.record(invoice(found.document, number, signature, signer.control, configuration))
