"""JOURNAL: every posting of a month in the order of the journal. TRIAL_BALANCE: opening, turnover and closing of every account."""

from collections.abc import Iterator

from contor.bookkeeping.reporting import NamedAccount, account_names, balances, journal_of
from contor.bookkeeping.types import AccountType
from contor.kernel.money import ZERO, shown
from contor.reports.kinds.columns import Heading, Month, percent, report_kind
from contor.runtime.uow import Uow
from contor.settings.queries import tenant_settings


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


_RESULT = (AccountType.INCOME, AccountType.EXPENSE)


@report_kind(
    "TRIAL_BALANCE",
    "Summen- und Saldenliste",
    "Trial balance",
    [
        Heading("account", "COUNT", "Konto", "Account"),
        Heading("name", "TEXT", "Bezeichnung", "Name"),
        Heading("type", "TEXT", "Kontoart", "Account type"),
        Heading("currency", "TEXT", "Währung", "Currency"),
        Heading("opening", "AMOUNT", "Eröffnung (Soll positiv)", "Opening (debit positive)"),
        Heading("debit", "AMOUNT", "Soll", "Debit", is_summed=True),
        Heading("credit", "AMOUNT", "Haben", "Credit", is_summed=True),
        Heading("closing", "AMOUNT", "Saldo (Soll positiv)", "Closing (debit positive)"),
    ],
)
def balance_rows(uow: Uow, month: Month) -> Iterator[tuple[object, ...]]:
    """Accounts of the result begin each year at nothing; what the years before earned is one line. Personal accounts stand under their
    control account."""
    names, ledger = account_names(uow), tenant_settings(uow).ledger_currency
    earlier = ZERO
    for row in balances(uow, month.first, month.last):
        named = names.get(row.account)
        begins_anew = named is not None and named.type in _RESULT
        opening = row.this_year if begins_anew else row.before + row.this_year
        earlier += row.before if begins_anew else ZERO
        if not (opening or row.debit or row.credit):
            continue
        yield (
            row.account,
            _name(named, month),
            "" if named is None else named.type.value,
            ledger,
            shown(opening, ledger),
            shown(row.debit, ledger),
            shown(row.credit, ledger),
            shown(opening + row.debit - row.credit, ledger),
        )
    if earlier:
        said = month.said(("Ergebnis der Vorjahre", "Result of earlier years"))
        yield None, said, "EQUITY", ledger, shown(earlier, ledger), ZERO, ZERO, shown(earlier, ledger)


def _name(named: NamedAccount | None, month: Month) -> str:
    return "" if named is None else month.said((named.name_de, named.name_en))
