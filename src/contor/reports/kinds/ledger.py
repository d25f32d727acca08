"""JOURNAL: every posting of a month in the order of the journal. TRIAL_BALANCE: opening, turnover and closing of every account."""

from collections.abc import Iterator

from contor.bookkeeping.balances import OneTrialBalance, get_trial_balance
from contor.bookkeeping.reporting import account_names, deferred_at, journal_of
from contor.kernel.money import shown
from contor.reports.kinds.columns import Heading, Month, percent, report_kind
from contor.runtime.uow import Uow


@report_kind(
    "JOURNAL",
    "Journal",
    "Journal",
    [
        Heading("fiscal_year", "COUNT", "Geschäftsjahr", "Fiscal year"),
        Heading("journal_number", "COUNT", "Journalnummer", "Journal number"),
        Heading("posting_date", "DATE", "Buchungsdatum", "Posting date"),
        Heading("document_date", "DATE", "Belegdatum", "Document date"),
        Heading("tax_date", "DATE", "Steuerdatum", "Tax date"),
        Heading("kind", "TEXT", "Vorgang", "Transaction"),
        Heading("document", "TEXT", "Beleg", "Document"),
        Heading("text", "TEXT", "Buchungstext", "Text"),
        Heading("account", "COUNT", "Konto", "Account"),
        Heading("debit", "AMOUNT", "Soll", "Debit", is_summed=True),
        Heading("credit", "AMOUNT", "Haben", "Credit", is_summed=True),
        Heading("currency", "TEXT", "Währung", "Currency"),
        Heading("tax_key", "TEXT", "Steuerschlüssel", "Tax key"),
        Heading("tax_rate", "RATE", "Steuersatz", "Tax rate"),
        Heading("tax_base", "AMOUNT", "Bemessungsgrundlage", "Tax base"),
        Heading("party", "TEXT", "Kunde", "Customer"),
        Heading("cost_centre", "TEXT", "Kostenstelle", "Cost centre"),
        Heading("country", "TEXT", "Land der Besteuerung", "Country of taxation"),
        Heading("foreign_amount", "AMOUNT", "Fremdwährungsbetrag", "Foreign amount"),
        Heading("foreign_currency", "TEXT", "Fremdwährung", "Foreign currency"),
        Heading("reversal_of", "COUNT", "Storno von", "Reversal of"),
        Heading("reference", "TEXT", "Bezug", "Reference"),
        Heading("posted_at", "INSTANT", "Gebucht am", "Posted at"),
        Heading("actor", "TEXT", "Bearbeiter", "Posted by"),
    ],
)
def journal_rows(uow: Uow, month: Month) -> Iterator[tuple[object, ...]]:
    """A negative amount is a reversal on its own side (Generalumkehr)."""
    for row in journal_of(uow, month.first, month.last):
        amount = shown(row.amount, row.currency)
        yield (
            row.fiscal_year,
            row.journal_number,
            row.posting_date,
            row.document_date,
            row.tax_date,
            row.kind,
            row.document_ident,
            row.text,
            row.account,
            amount if row.side == "D" else None,
            amount if row.side == "C" else None,
            row.currency,
            row.tax_key,
            None if row.tax_rate is None else percent(row.tax_rate),
            None if row.tax_base is None else shown(row.tax_base, row.currency),
            row.party,
            row.cost_centre,
            row.country,
            None if row.foreign_amount is None or row.foreign_currency is None else shown(row.foreign_amount, row.foreign_currency),
            row.foreign_currency,
            row.reversal_of,
            row.reference,
            row.posted_at,
            row.actor,
        )


@report_kind(
    "TRIAL_BALANCE",
    "Summen- und Saldenliste",
    "Trial balance",
    [
        Heading("account", "COUNT", "Konto", "Account"),
        Heading("name", "TEXT", "Bezeichnung", "Name"),
        Heading("type", "TEXT", "Kontoart", "Account type"),
        Heading("currency", "TEXT", "Währung", "Currency"),
        Heading("opening", "AMOUNT", "Eröffnung (Soll positiv)", "Opening (debit positive)", is_summed=True),
        Heading("debit", "AMOUNT", "Soll", "Debit", is_summed=True),
        Heading("credit", "AMOUNT", "Haben", "Credit", is_summed=True),
        Heading("closing", "AMOUNT", "Saldo (Soll positiv)", "Closing (debit positive)", is_summed=True),
    ],
)
def balance_rows(uow: Uow, month: Month) -> Iterator[tuple[object, ...]]:
    """As the trial balance of the books: personal accounts under their control account."""
    names, found = account_names(uow), get_trial_balance(uow, OneTrialBalance(month.period))
    for row in found.rows:
        named = names.get(row.account_number)
        amounts = (shown(amount, found.currency) for amount in (row.opening, row.debit, row.credit, row.closing))
        name = row.name if named is None else month.said((named.name_de, named.name_en))
        yield row.account_number, name, "" if row.account_type is None else row.account_type.value, found.currency, *amounts


@report_kind(
    "DEFERRED_INCOME",
    "Passive Rechnungsabgrenzung",
    "Deferred income",
    [
        Heading("document", "TEXT", "Beleg", "Document"),
        Heading("position", "COUNT", "Position", "Row"),
        Heading("customer", "TEXT", "Kunde", "Customer"),
        Heading("account", "COUNT", "Erlöskonto", "Account of revenue"),
        Heading("cost_centre", "TEXT", "Kostenstelle", "Cost centre"),
        Heading("currency", "TEXT", "Währung", "Currency"),
        Heading("net", "AMOUNT", "Netto", "Net"),
        Heading("period_start", "DATE", "Leistung von", "Service from"),
        Heading("period_end", "DATE", "Leistung bis", "Service until"),
        Heading("deferred_in", "TEXT", "Abgegrenzt in", "Deferred in"),
        Heading("deferred", "AMOUNT", "Abgegrenzt", "Deferred", is_summed=True),
        Heading("released_before", "AMOUNT", "Früher aufgelöst", "Released before", is_summed=True),
        Heading("released", "AMOUNT", "In diesem Monat aufgelöst", "Released in this month", is_summed=True),
        Heading("remaining", "AMOUNT", "Rest", "Remaining", is_summed=True),
        Heading("released_through", "TEXT", "Letzter Monat", "Last month"),
    ],
)
def deferred_rows(uow: Uow, month: Month) -> Iterator[tuple[object, ...]]:
    """What closings deferred until the end of the month (section 250 (2) HGB), with what it and the months before release of it."""
    for row in deferred_at(uow, month.period):
        head, tail = row[:6], (row.deferred, row.released_before, row.released, row.remaining)
        days = row.period_start, row.period_end, row.deferred_in
        amounts = (shown(amount, row.currency) for amount in tail)
        yield *head, shown(row.net, row.currency), *days, *amounts, row.released_through
