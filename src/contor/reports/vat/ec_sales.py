"""EC_SALES: the recapitulative statement (Zusammenfassende Meldung, section 18a UStG), by VAT id of the customer and kind of supply."""

import datetime as dt
from collections.abc import Iterator, Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Final, Literal, NamedTuple

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
SUPPLIES: Final[Mapping[str, Supply]] = {"K": "L", "AE-EU": "S"}
"""By tax key. Triangular supplies have no treatment of their own yet: none is reported as one."""


class EcSale(NamedTuple):
    """What one customer was supplied with, exact."""

    vat_id: str
    """As it was printed, without blanks; empty: the document has none, and the statement cannot be filed so."""
    supply: Supply
    base: Decimal


def ec_sales_of(uow: Uow, first: dt.date, last: dt.date) -> list[EcSale]:
    """By VAT id and kind, of the days of tax; reductions count when they happen (section 18a (7) UStG)."""
    found: dict[tuple[str, Supply], Decimal] = {}
    for batch in batches(tax_turns(uow, net_accounts(uow), SUPPLIES, first, last)):
        documents = outlines(uow, {it.document_id for it in batch if it.document_id is not None})
        for it in batch:
            document = documents.get(it.document_id or 0)
            vat_id = "".join((document.vat_id or "").split()).upper() if document is not None else ""
            key = vat_id, SUPPLIES[it.tax_key or ""]
            found[key] = found.get(key, ZERO) + it.amount
    return [EcSale(*key, base) for key, base in sorted(found.items()) if base]


@report_kind(
    "EC_SALES",
    "Zusammenfassende Meldung",
    "EC sales list",
    [
        Heading("country", "TEXT", "Land", "Country"),
        Heading("vat_id", "TEXT", "USt-IdNr.", "VAT id"),
        Heading("supply", "TEXT", "Art (L, S, D)", "Supply (L, S, D)"),
        Heading("base", "AMOUNT", "Bemessungsgrundlage laut Büchern", "Base by the books", is_summed=True),
        Heading("declared", "COUNT", "Zu melden (volle Euro)", "To declare (whole euros)"),
        Heading("finding", "TEXT", "Hinweis", "Finding"),
    ],
)
def ec_rows(uow: Uow, month: Month) -> Iterator[tuple[object, ...]]:
    """Rounded to whole euros commercially, as the statement asks."""
    ledger = tenant_settings(uow).ledger_currency
    missing = month.said(("USt-IdNr. fehlt", "no VAT id"))
    for it in ec_sales_of(uow, month.first, month.last):
        whole = int(it.base.quantize(Decimal(1), ROUND_HALF_UP))
        yield it.vat_id[:2], it.vat_id, it.supply, shown(it.base, ledger), whole, "" if it.vat_id else missing
