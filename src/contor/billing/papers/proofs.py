"""Items that bear no tax because of the customer's VAT id, where the tenant wants it confirmed: billed by the proof that is there, taxed as
those of a consumer, or left waiting. The registers are asked by a worker of their own, never in a transaction that bills.

Source: section 6a (1) sentence 1 no. 4, section 3a (2) UStG.
"""

import datetime as dt
from collections.abc import Collection, Sequence

from contor.billing.items import VAT_PROOF_AWAITED, Item
from contor.billing.papers.distance import LeftOut, Origin
from contor.billing.papers.quotes import with_quotes
from contor.billing.papers.taxes import Taxes
from contor.billing.papers.types import TaxedItem
from contor.customers.vat_ids import Held, shown_vat_ids
from contor.runtime.uow import Uow
from contor.tax.vat_numbers import InGroup, ask_for, state_of, verdicts


def taxes_of(
    uow: Uow, customers: Collection[str], items: Sequence[tuple[Item, dt.date]], left_out: LeftOut = frozenset()
) -> tuple[list[TaxedItem], frozenset[Origin]]:
    """The items of these customers with the tax that they bear: by the tenant's rules and law, by the provider of their country, by what is
    known of VAT ids; and which of them were counted towards the threshold of distance sales. Beside each item the day on which it is
    billed; `left_out`: see `at_destination`."""
    taxes, days = Taxes(uow, customers), [day for _, day in items]
    rows = taxes.of(items, left_out)
    return with_proofs(uow, taxes, with_quotes(uow, taxes, rows, days), days), taxes.counted


def with_proofs(uow: Uow, taxes: Taxes, rows: Sequence[TaxedItem], days: Sequence[dt.date]) -> list[TaxedItem]:
    """The items with the tax that they bear by what is known of the VAT ids; `days`: beside each, the day on which it is billed."""
    found = list(rows)
    depending = _depending(uow, taxes, rows)
    if not depending:
        return found
    judged = verdicts(uow, depending.values())
    ask_for(uow, [one.number for one in depending.values() if judged[one].kind == "AWAITED"], "ISSUE")
    anew = []
    for place, one in depending.items():
        verdict, row = judged[one], rows[place]
        if verdict.kind == "AWAITED":
            found[place] = row._replace(tax=row.tax._replace(problem=verdict.reason), awaits=VAT_PROOF_AWAITED)
        elif not row.item.row.taxes and verdict.kind != "NOT_NEEDED":
            anew.append((place, (row.item, days[place], verdict.has_vat_id)))
        elif not verdict.has_vat_id:  # who ordered says which tax, and is not corrected in silence
            ordered = f"it was ordered without tax (category {row.tax.category_code}), and such a customer is taxed as a consumer"
            found[place] = row._replace(tax=row.tax._replace(problem=f"{verdict.reason}; {ordered}"))
    for (place, _), row in zip(anew, taxes.by_vat_id([asked for _, asked in anew]), strict=True):
        found[place] = row
    return found


def _depending(uow: Uow, taxes: Taxes, rows: Sequence[TaxedItem]) -> dict[int, InGroup]:
    """By the place of each row that bears no tax because of a VAT id of another member state, that number."""
    places = [place for place, row in enumerate(rows) if _may_depend(row)]
    if not places:
        return {}
    headers = [rows[place].item.header for place in places]
    shown = shown_vat_ids(uow, {(header.customer_ident, header.invoice_address_ident) for header in headers})
    found: dict[int, InGroup] = {}
    for place, header in zip(places, headers, strict=True):
        vat_id = shown.get((header.customer_ident, header.invoice_address_ident))
        # within the country nobody asks: the tax is owed by the recipient whoever confirms its number (section 13b UStG)
        if vat_id is not None and state_of(vat_id) not in (None, taxes.seller_country(header)):
            found[place] = InGroup(Held(header.customer_ident, vat_id), header.billing_group_ident)
    return found


def _may_depend(row: TaxedItem) -> bool:
    """What takes back, or stands for what was billed, has the tax of then; what a partner supplies has that of the partner."""
    item = row.item
    if (
        row.tax.problem is not None
        or row.awaits is not None
        or row.tax.category_code not in ("K", "AE")
        or item.business_case.startswith("SELF_BILLED")
    ):
        return False
    return item.type == "DEBIT" and item.related_item_id is None and item.row.credited_row is None
