"""The kind SAFT_NO: the books and documents of a period, record by record."""

from collections.abc import Iterator, Sequence

from lxml import etree

from contor.bookkeeping.entries import journal_between
from contor.customers.every import all_customers
from contor.documents.period import PeriodDocument, documents_between
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.money import ZERO, exponent
from contor.kernel.shapes import Fields
from contor.reports.exports import Asked, ExportTask, FileWriter, Output
from contor.reports.saf_t import norway
from contor.reports.saf_t.books import Ledger, LedgerTotal, creditors, entry_name, ledger_of, suppliers_by_account, with_suppliers
from contor.reports.saf_t.configured import configuration_of, frozen_configuration, mark_of, site_of, version_of
from contor.reports.saf_t.norway_entries import invoice, tax_of_line, tax_of_row, transaction
from contor.reports.saf_t.survey import Sink, Survey, fitting
from contor.reports.saf_t.tree import Node, XmlWriter
from contor.runtime.uow import Uow
from contor.settings.queries import Site

_SPACE = f"{{{norway.NAMESPACE}}}"


def prepare(uow: Uow, asked: Asked) -> Fields:
    return frozen_configuration(uow, asked, "NO")[2]


def write(uow: Uow, task: ExportTask, out: Output) -> None:
    configuration, site = configuration_of(task), site_of(uow, task)
    ledger = ledger_of(uow, task)
    if exponent(ledger.currency) > 2:
        message = f"books are kept in {ledger.currency}, whose amounts have more than two decimals"
        raise Refused(Kind.ILLEGAL_STATE, Problem("saf_t_currency_too_fine", message, "kind"))
    sales, purchases = Survey(), Survey()
    for found in _reported(uow, task, site, out):
        (purchases if found.document.is_self_billing else sales).add(found.document, norway.LONGEST_CODE, tax_of_row)
    both = Survey({**purchases.products, **sales.products}, {**purchases.taxes, **sales.taxes}, {**purchases.units, **sales.units})
    total = _ledger_total(uow, task, site, both)
    out.expect(total.entries + sales.documents + purchases.documents)
    name = f"saft-no-{configuration.taxpayer_number}-{task.first_day.isoformat()}-{task.last_day.isoformat()}.xml"
    with out.file(name, "application/xml") as target, etree.xmlfile(target, encoding="utf-8") as xml:
        xml.write_declaration()
        with xml.element(f"{_SPACE}AuditFile", nsmap={None: norway.NAMESPACE}):
            xml.write(norway.header(site, configuration, task, ledger.currency, version_of(task)).element)
            with xml.element(f"{_SPACE}MasterFiles"):
                _within(xml, "GeneralLedgerAccounts", norway.accounts(ledger), target)
                _within(xml, "Customers", norway.customers(all_customers(uow), ledger), target)
                _within(xml, "Suppliers", norway.suppliers(creditors(uow), ledger), target)
                for node in (norway.tax_table(both.taxes, configuration), norway.units(both), norway.products(both)):
                    if node is not None:
                        xml.write(node.element)
            _entries(uow, task, ledger, (site, total), Sink(xml, target, out))
            _documents(uow, task, site, (sales, purchases), Sink(xml, target, out))


def _reported(uow: Uow, task: ExportTask, site: Site, out: Output | None) -> Iterator[PeriodDocument]:
    rows = documents_between(uow, task.first_day, task.last_day, mark_of(task))
    return fitting(rows, out, site.legal_entity, task.first_day, lambda found: None)


def _ledger_total(uow: Uow, task: ExportTask, site: Site, survey: Survey) -> LedgerTotal:
    """The sums of the entries; and their taxes, which the tax table says."""
    entries, debit, credit = 0, ZERO, ZERO
    for lines in journal_between(uow, task.first_day, task.last_day, task.journal):
        entries += 1
        for line in lines:
            if line.side == "D":
                debit += line.amount
            else:
                credit += line.amount
            if (tax := tax_of_line(line, site.address["country"])) is not None:
                survey.taxes.setdefault(tax)
    return LedgerTotal(entries, debit, credit)


def _within(xml: XmlWriter, name: str, nodes: Iterator[Node], target: FileWriter) -> None:
    """A list of records; without one there is no list."""
    first = next(nodes, None)
    if first is None:
        return
    with xml.element(f"{_SPACE}{name}"):
        xml.write(first.element)
        target.rows += 1
        for node in nodes:
            xml.write(node.element)
            target.rows += 1


def _entries(uow: Uow, task: ExportTask, ledger: Ledger, known: tuple[Site, LedgerTotal], sink: Sink) -> None:
    site, total = known
    with sink.xml.element(f"{_SPACE}GeneralLedgerEntries"):
        _sums(sink.xml, total)
        if not total.entries:
            return
        with sink.xml.element(f"{_SPACE}Journal"):
            for name, value in (("JournalID", "GL"), ("Description", "Hovedbok"), ("Type", "GL")):
                with sink.xml.element(f"{_SPACE}{name}"):
                    sink.xml.write(value)
            suppliers = suppliers_by_account(uow)
            for found in journal_between(uow, task.first_day, task.last_day, task.journal):
                lines = with_suppliers(found, suppliers)
                told = [line._replace(account=ledger.told_in(line.account)) for line in lines]
                sink.record(transaction(told, entry_name(lines[0]), lines, site.address["country"]))


def _sums(xml: XmlWriter, total: LedgerTotal) -> None:
    head = Node(norway.NAMESPACE, "Head")
    head.put("NumberOfEntries", total.entries)
    head.money("TotalDebit", total.debit)
    head.money("TotalCredit", total.credit)
    for element in list(head.element):
        xml.write(element)


def _documents(uow: Uow, task: ExportTask, site: Site, surveys: Sequence[Survey], sink: Sink) -> None:
    sales, purchases = surveys
    if not sales.documents and not purchases.documents:
        return
    with sink.xml.element(f"{_SPACE}SourceDocuments"):
        for name, survey, wanted in (("SalesInvoices", sales, False), ("PurchaseInvoices", purchases, True)):
            if not survey.documents:
                continue
            with sink.xml.element(f"{_SPACE}{name}"):
                debit, credit = (survey.credit, survey.debit) if wanted else (survey.debit, survey.credit)
                _sums(sink.xml, LedgerTotal(survey.documents, debit, credit))
                for found in _reported(uow, task, site, None):
                    if found.document.is_self_billing is wanted:
                        sink.record(invoice(found.document))
