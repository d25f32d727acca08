"""SETTLEMENT: what payment providers booked. DUNNING: the letters that went out. RUN: what billing runs came to."""

import datetime as dt
from collections.abc import Iterator

from contor.billing.held import RunView, runs_in
from contor.dunning.queries import letters_of
from contor.kernel.money import shown
from contor.payments.settlements import settled_in
from contor.reports.kinds.columns import Heading, Month, percent, report_kind
from contor.runtime.uow import Uow


@report_kind(
    "SETTLEMENT",
    "Abrechnungen der Zahlungsanbieter",
    "Settlements",
    [
        Heading("booking_date", "DATE", "Buchungstag", "Booking date"),
        Heading("account", "TEXT", "Zahlungskonto", "Payment account"),
        Heading("provider", "TEXT", "Anbieter", "Provider"),
        Heading("report", "TEXT", "Abrechnung", "Settlement report"),
        Heading("item", "TEXT", "Nummer des Anbieters", "Provider's number"),
        Heading("type", "TEXT", "Art", "Type"),
        Heading("state", "TEXT", "Stand", "State"),
        Heading("reference", "TEXT", "Bezug", "Reference"),
        Heading("description", "TEXT", "Text", "Description"),
        Heading("payment", "TEXT", "Zahlung", "Payment"),
        Heading("currency", "TEXT", "Währung", "Currency"),
        Heading("gross", "AMOUNT", "Brutto", "Gross", is_summed=True),
        Heading("fee", "AMOUNT", "Gebühr", "Fee", is_summed=True),
        Heading("net", "AMOUNT", "Netto", "Net", is_summed=True),
    ],
)
def settlement_rows(uow: Uow, month: Month) -> Iterator[tuple[object, ...]]:
    """By account and day; net is gross less fee, and moves the balance of the account."""
    for row in settled_in(uow, month.first, month.last):
        yield *row[:11], shown(row.gross, row.currency), shown(row.fee, row.currency), shown(row.net, row.currency)


@report_kind(
    "DUNNING",
    "Mahnungen",
    "Dunning",
    [
        Heading("letter", "TEXT", "Mahnung", "Letter"),
        Heading("run", "TEXT", "Mahnlauf", "Run"),
        Heading("letter_date", "DATE", "Datum", "Date"),
        Heading("customer", "TEXT", "Kunde", "Customer"),
        Heading("company", "TEXT", "Gesellschaft", "Company"),
        Heading("level", "COUNT", "Mahnstufe", "Level"),
        Heading("status", "TEXT", "Stand", "Status"),
        Heading("pay_until", "DATE", "Zahlbar bis", "Pay until"),
        Heading("currency", "TEXT", "Währung", "Currency"),
        Heading("outstanding", "AMOUNT", "Offen", "Outstanding"),
        Heading("costs", "AMOUNT", "Kosten", "Costs"),
        Heading("interest", "AMOUNT", "Zinsen", "Interest"),
        Heading("demand", "AMOUNT", "Gefordert", "Demand"),
    ],
)
def dunning_rows(uow: Uow, month: Month) -> Iterator[tuple[object, ...]]:
    """By day; those that were withdrawn say so."""
    for row in letters_of(uow, month.first, month.last):
        yield *row[:9], *(shown(amount, row.currency) for amount in row[9:])


@report_kind(
    "RUN",
    "Abrechnungsläufe",
    "Billing runs",
    [
        Heading("run", "TEXT", "Lauf", "Run"),
        Heading("status", "TEXT", "Stand", "Status"),
        Heading("cutoff", "INSTANT", "Stichtag", "Cut-off"),
        Heading("completed_at", "INSTANT", "Beendet am", "Completed at"),
        Heading("what", "TEXT", "Angabe", "Figure"),
        Heading("customers", "COUNT", "Kunden", "Customers"),
        Heading("items", "COUNT", "Posten", "Items"),
        Heading("documents", "COUNT", "Belege", "Documents"),
        Heading("currency", "TEXT", "Währung", "Currency"),
        Heading("category", "TEXT", "Steuerkategorie", "Tax category"),
        Heading("rate", "RATE", "Steuersatz", "Tax rate"),
        Heading("net", "AMOUNT", "Netto", "Net"),
        Heading("tax", "AMOUNT", "Steuer", "Tax"),
        Heading("gross", "AMOUNT", "Brutto", "Gross"),
    ],
)
def run_rows(uow: Uow, month: Month) -> Iterator[tuple[object, ...]]:
    """Of each run that was made in the month: its customers by what became of them, and what was previewed and billed, by currency and by
    tax group."""
    start = dt.datetime.combine(month.first, dt.time(), uow.ctx.zone)
    end = dt.datetime.combine(month.last + dt.timedelta(days=1), dt.time(), uow.ctx.zone)
    for run in runs_in(uow, start, end):
        yield from _of_run(run)


def _of_run(run: RunView) -> Iterator[tuple[object, ...]]:
    head = run.run_ident, run.status, run.cutoff, run.completed_at
    for count in run.counts:
        yield *head, f"CUSTOMERS {count.status}", count.customers, count.items, count.documents, *[None] * 6
    for what, sums, taxes in (("PREVIEWED", run.previewed, run.previewed_taxes), ("BILLED", run.billed, run.billed_taxes)):
        for it in sums:
            amounts = (shown(amount, it.currency) for amount in (it.net, it.tax, it.gross))
            yield *head, what, None, None, it.documents, it.currency, None, None, *amounts
        for group in taxes:
            net, tax = shown(group.net, group.currency), shown(group.tax, group.currency)
            tail = group.currency, group.category_code, percent(group.rate), net, tax, net + tax
            yield *head, f"{what} TAX", None, None, None, *tail
