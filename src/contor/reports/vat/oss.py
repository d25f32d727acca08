"""OSS: what was supplied to consumers in other member states (section 18j UStG), by country, kind and rate; corrections by the quarter that
they correct; and what was posted late."""

import datetime as dt
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Final, NamedTuple

from contor.bookkeeping.periods import first_day
from contor.bookkeeping.reporting import account_names, tax_turns
from contor.bookkeeping.roles import Role
from contor.documents.reporting import credited_days, outlines
from contor.kernel.money import ZERO, shown
from contor.reports.kinds import Heading, Month, percent, report_kind
from contor.reports.vat.batches import batches
from contor.runtime.uow import Uow
from contor.settings.queries import tenant_settings

_KINDS: Final[Mapping[Role, str]] = {
    Role.TAX_OSS_GOODS: "GOODS",
    Role.TAX_OSS_DIGITAL: "DIGITAL",
    Role.TAX_OSS_SERVICE: "SERVICE",
}


class OssSale(NamedTuple):
    """What is declared of a country."""

    country: str
    kind: str
    rate: Decimal
    corrects: str
    """The quarter that is corrected, as 2026-Q3; empty: a supply of this quarter. Of what is late the quarter to which it belongs, which
    may be this one."""
    base: Decimal
    tax: Decimal


def quarter_of(day: dt.date) -> str:
    """As 2026-Q3."""
    return f"{day.year}-Q{(day.month + 2) // 3}"


def oss_sales(uow: Uow, first: dt.date, last: dt.date, *, late: bool = False) -> list[OssSale]:
    """Of the days of tax. What takes back or reduces a supply of an earlier quarter is a correction of that one (Article 369f of Directive
    2006/112/EC, § 18j (4) UStG: it is declared in the return of the current quarter). `late`: of what was posted on the days for months
    before."""
    roles = {number: account.role for number, account in account_names(uow).items() if account.role in _KINDS}
    found: dict[tuple[str, str, Decimal, str], tuple[Decimal, Decimal]] = {}
    this = quarter_of(last)
    for batch in batches(tax_turns(uow, roles, None, first, last, late=late)):
        ids = {it.document_id for it in batch if it.document_id is not None}
        supplied: dict[int, dt.date] = {number: it.tax_date for number, it in outlines(uow, ids).items()}
        supplied |= credited_days(uow, ids)
        for it in batch:
            role = roles[it.account]
            # rows of one document may have been supplied before its own day
            of = min(quarter_of(supplied.get(it.document_id or 0, last)), quarter_of(first_day(it.period)))
            assert role is not None, "it is one of those three"
            key = it.country or "", _KINDS[role], it.rate or ZERO, of if late or of < this else ""
            base, tax = found.get(key, (ZERO, ZERO))
            found[key] = base + (it.base or ZERO), tax + it.amount
    return [OssSale(*key, *amounts) for key, amounts in sorted(found.items()) if any(amounts)]


@report_kind(
    "OSS",
    "One-Stop-Shop",
    "One-stop shop",
    [
        Heading("quarter", "TEXT", "Besteuerungszeitraum", "Quarter"),
        Heading("section", "TEXT", "Abschnitt", "Section"),
        Heading("country", "TEXT", "Mitgliedstaat des Verbrauchs", "Country of consumption"),
        Heading("kind", "TEXT", "Art", "Kind"),
        Heading("rate", "RATE", "Steuersatz", "Rate"),
        Heading("corrects", "TEXT", "Berichtigt Zeitraum", "Corrects quarter"),
        Heading("base", "AMOUNT", "Bemessungsgrundlage", "Base", is_summed=True),
        Heading("tax", "AMOUNT", "Steuer", "Tax", is_summed=True),
    ],
)
def oss_rows(uow: Uow, month: Month) -> Iterator[tuple[object, ...]]:
    """Of one month; the return of a quarter is the sum of three, and of what came late in them for quarters before. What came late for a
    month of the same quarter is in the report of that month, once that is built anew."""
    ledger = tenant_settings(uow).ledger_currency
    sections = (("Erklärung", "Return"), ("Nachtrag zu früherem Monat", "Late, for an earlier month"))
    for late, words in enumerate(sections):
        for it in oss_sales(uow, month.first, month.last, late=bool(late)):
            amounts = shown(it.base, ledger), shown(it.tax, ledger)
            yield quarter_of(month.last), month.said(words), it.country, it.kind, percent(it.rate), it.corrects, *amounts
