"""EC_SALES: the recapitulative statement (Zusammenfassende Meldung, section 18a UStG), by VAT id of the customer and kind of supply; and
which statements of months before are to be corrected."""

import datetime as dt
from collections.abc import Iterator, Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Final, Literal, NamedTuple

from contor.bookkeeping.periods import first_day, last_day
from contor.bookkeeping.reporting import tax_turns
from contor.documents.reporting import outlines
from contor.kernel.money import ZERO, shown
from contor.reports.kinds import Heading, Month, report_kind
from contor.reports.vat.batches import batches
from contor.reports.vat.returned import net_accounts
from contor.runtime.uow import Uow
from contor.settings.queries import tenant_settings

Supply = Literal["L", "S", "D"]
"""Goods (Lieferungen), services (sonstige Leistungen), triangular supplies (Dreiecksgeschäfte)."""
SUPPLIES: Final[Mapping[str, Supply]] = {"K": "L", "AE-EU": "S", "AE-25B": "D"}
"""By tax key."""


class EcSale(NamedTuple):
    """What one customer was supplied with, exact."""

    period: str
    """YYYY-MM of the statement in which it belongs."""
    vat_id: str
    """As it was printed, without blanks; empty: the document has none, and the statement cannot be filed so."""
    supply: Supply
    base: Decimal


def ec_sales_of(
    uow: Uow, first: dt.date, last: dt.date, *, late: bool = False, posted_until: dt.date | None = None
) -> list[EcSale]:
    """By VAT id and kind, of the days of tax; reductions count when they happen (section 18a (7) UStG). `late`: of what was posted on the
    days for months before; `posted_until`: as it stood then."""
    found: dict[tuple[str, str, Supply], Decimal] = {}
    turns = tax_turns(uow, net_accounts(uow), SUPPLIES, first, last, late=late, posted_until=posted_until)
    for batch in batches(turns):
        documents = outlines(uow, {it.document_id for it in batch if it.document_id is not None})
        for it in batch:
            document = documents.get(it.document_id or 0)
            vat_id = "".join((document.vat_id or "").split()).upper() if document is not None else ""
            key = it.period, vat_id, SUPPLIES[it.tax_key or ""]
            found[key] = found.get(key, ZERO) + it.amount
    return [EcSale(*key, base) for key, base in sorted(found.items()) if base]


@report_kind(
    "EC_SALES",
    "Zusammenfassende Meldung",
    "EC sales list",
    [
        Heading("period", "TEXT", "Meldezeitraum", "Statement of"),
        Heading("section", "TEXT", "Abschnitt", "Section"),
        Heading("country", "TEXT", "Land", "Country"),
        Heading("vat_id", "TEXT", "USt-IdNr.", "VAT id"),
        Heading("supply", "TEXT", "Art (L, S, D)", "Supply (L, S, D)"),
        Heading("base", "AMOUNT", "Bemessungsgrundlage laut Büchern", "Base by the books", is_summed=True),
        Heading("declared", "COUNT", "Zu melden (volle Euro)", "To declare (whole euros)"),
        Heading("finding", "TEXT", "Hinweis", "Finding"),
    ],
)
def ec_rows(uow: Uow, month: Month) -> Iterator[tuple[object, ...]]:
    """Rounded to whole euros commercially, as the statement asks. Behind it what was posted in the month for months before: their
    statements are corrected within a month of its being known (section 18a (10) UStG), by what they should have said as a whole."""
    ledger = tenant_settings(uow).ledger_currency
    section = month.said(("Meldung", "Statement"))
    for it in ec_sales_of(uow, month.first, month.last):
        yield _row(month, ledger, section, it, it.base)
    late = ec_sales_of(uow, month.first, month.last, late=True)
    section = month.said(("Berichtigung einer früheren Meldung", "Correction of an earlier statement"))
    for period in dict.fromkeys(it.period for it in late):
        whole = ec_sales_of(uow, first_day(period), last_day(period), posted_until=month.last)
        corrected = {(it.vat_id, it.supply): it.base for it in whole}
        for it in late:
            if it.period == period:
                yield _row(month, ledger, section, it, corrected.get((it.vat_id, it.supply), ZERO))


def _row(month: Month, ledger: str, section: str, sale: EcSale, declared: Decimal) -> tuple[object, ...]:
    whole = int(declared.quantize(Decimal(1), ROUND_HALF_UP))
    finding = "" if sale.vat_id else month.said(("USt-IdNr. fehlt", "no VAT id"))
    return sale.period, section, sale.vat_id[:2], sale.vat_id, sale.supply, shown(sale.base, ledger), whole, finding
