"""What a batch of customers is billed by: one query for each kind of fact."""

import datetime as dt
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

import msgspec

from contor.billing.minimum import minimums_of
from contor.billing.outcome import BillNext
from contor.billing.papers import Taxed
from contor.billing.proposal import World
from contor.billing.split import FIVE, Switches
from contor.billing.types import BillableRow, Header, Holder, Item
from contor.catalogue.queries import adaptation_values, options_by_ident
from contor.catalogue.types import Plan
from contor.contracts.queries import allowances_of
from contor.contracts.types import Contract
from contor.documents.rules import alpha2
from contor.documents.types import Location
from contor.kernel.money import ZERO
from contor.kernel.shapes import replace
from contor.runtime.uow import Uow
from contor.settings.queries import group_terms
from contor.tax.determine import Determined, Supply, determine

_READ_ROW = msgspec.json.Decoder(BillableRow).decode
_tax = lru_cache(maxsize=4096)(determine)
BLOCK = 1000

_LEFT_OUT = """customer_ident NOT IN (SELECT customer_ident FROM billing_parking UNION ALL SELECT customer_ident FROM customer
        WHERE %(all)s AND billing_stop IS NOT NULL AND billing_stop <> 'false'::jsonb
          AND coalesce((billing_stop ->> 'until')::date, 'infinity') >= %(today)s)"""
"""Those that are parked, and those for whom billing is stopped: few, so they are looked up once for a batch."""
_CHOSEN = f"""customer_ident > %(after)s AND (%(only)s::text[] IS NULL OR customer_ident = ANY (%(only)s)) AND {_LEFT_OUT}"""
_CLAIM = f"""
SELECT c.customer_ident FROM (
  SELECT customer_ident FROM (
    (SELECT DISTINCT customer_ident FROM contract
      WHERE next_proposal_at < %(cutoff)s AND {_CHOSEN} ORDER BY customer_ident LIMIT %(candidates)s)
    UNION
    (SELECT DISTINCT customer_ident FROM billable_item
      WHERE processing_status IN ('NOT_STARTED', 'PENDING_RETRY') AND processing_at < %(cutoff)s AND {_CHOSEN}
        AND (NOT %(all)s OR looked_on IS NULL OR looked_on < %(today)s) ORDER BY customer_ident LIMIT %(candidates)s)
  ) u ORDER BY customer_ident LIMIT %(candidates)s
) c
WHERE pg_try_advisory_xact_lock(hashtextextended('billing:' || c.customer_ident, %(tenant)s))
LIMIT %(limit)s
"""
"""`looked_on`: an item whose document is too small is looked at once a day, or when something joins it."""


def claim(uow: Uow, command: BillNext) -> list[str]:
    """Customers with something due, locked until the end of the transaction; those that another worker holds are left to it. Those
    whose billing is stopped are left out, unless they are asked for by name."""
    only = None if command.only is None else list(command.only)
    if only is not None:
        uow.lock("billing", only)
    wanted = {
        "cutoff": command.cutoff, "after": command.after, "candidates": command.limit * 4, "limit": command.limit, "only": only,
        "all": not command.is_asked_for, "tenant": uow.ctx.tenant_id, "today": command.cutoff.astimezone(uow.ctx.zone).date(),
    }  # fmt: skip
    return [row.customer_ident for row in uow.rows(_CLAIM, wanted)]


def open_items(uow: Uow, customers: Sequence[str], cutoff: dt.datetime) -> list[Any]:
    """Stored items that are due."""
    return uow.rows(
        "SELECT *, content::text AS row FROM billable_item WHERE customer_ident = ANY (%s)"
        " AND processing_status IN ('NOT_STARTED', 'PENDING_RETRY') AND processing_at < %s ORDER BY item_id",
        (list(customers), cutoff),
    )


def credited_documents(uow: Uow, items: Collection[int]) -> dict[int, str]:
    """The numbers of the documents on which items were billed."""
    if not items:
        return {}
    rows = uow.rows(
        "SELECT i.item_id, d.ident FROM billable_item i JOIN document d ON d.tenant_id = i.tenant_id AND d.id = i.document_id"
        " WHERE i.item_id = ANY (%s)",
        (sorted(items),),
    )
    return {row.item_id: row.ident for row in rows}


def item_of(row: Any, holder: Holder, credited: str | None) -> Item:
    """A stored item with what its contract or order says today."""
    content, header = _READ_ROW(row.row), holder.header
    if content.operating_site_ident is not None:
        header = header._replace(operating_site_ident=content.operating_site_ident)
    return Item(
        row.item_id, row.contract_id, holder.ident, holder.segment_ident, header, row.origin_type, row.origin_ident, row.kind,
        row.period_start, row.period_end, row.sequence, row.type, row.business_case, row.processing_at, content, credited,
        row.related_item_id, False, row.of_order,
    )  # fmt: skip


Reader = Callable[[Uow, Collection[int]], Mapping[int, Holder]]
READERS: list[Reader] = []
"""Who else than contracts holds items: packages above register how to read them."""


def holders(uow: Uow, numbers: Collection[int]) -> dict[int, Holder]:
    """The orders among these numbers."""
    return {number: holder for reader in READERS for number, holder in reader(uow, numbers).items()} if numbers else {}


def number_source(uow: Uow) -> Iterator[int]:
    """Internal ids, fetched in blocks."""
    while True:
        yield from uow.next_ids(BLOCK)


def switches_of(uow: Uow) -> dict[str, Switches]:
    """How each billing group splits and dates its documents."""
    rows = uow.rows(
        "SELECT billing_group_ident, splitting_config, contract_document_date_determination AS dated, issue_zero, minimum_amounts"
        " FROM billing_group"
    )
    return {
        row.billing_group_ident: Switches(
            **{name: bool((row.splitting_config or {}).get(name)) for name in FIVE},
            by_period=row.dated == "BILLING_PERIOD",
            issue_zero=row.issue_zero,
            minimums=minimums_of(row.minimum_amounts),
        )
        for row in rows
    }


class Taxes:
    """The tax of items, for the customers of a batch."""

    def __init__(self, uow: Uow, customers: Collection[str]) -> None:
        rows = uow.rows('SELECT ident, address, small_business, vat_id, tax_number, "default" FROM operating_site ORDER BY ident')
        self._sites = {row.ident: row for row in rows}
        self._default = next((row for row in rows if row.default), None)
        found = uow.rows(
            "SELECT customer_ident, customer_type, vat_id, small_business, self_billing_agreement_on FROM customer"
            " WHERE customer_ident = ANY (%s)",
            (sorted(customers),),
        )
        self._customers: Mapping[str, Any] = {row.customer_ident: row for row in found}
        self._uow, self._countries = uow, dict[tuple[str, str], str]()

    def of(self, item: Item, today: dt.date) -> Taxed:
        """The tax that was ordered; else that of the day on which the item's supply is completed."""
        if given := item.row.taxes:
            rate = sum([tax.rate for tax in given], ZERO)
            return Taxed(item, Determined(rate, given[0].category_code or ("S" if rate else "Z"), given[0].exemption_reason_code))
        site = self._sites.get(item.header.operating_site_ident or "", self._default)
        if site is None:
            return Taxed(item, Determined(ZERO, "S", problem="there is no operating site"))
        customer, row = self._customers[item.header.customer_ident], item.row
        here = alpha2(site.address.get("country") or "DE") or "DE"
        if item.business_case.startswith("SELF_BILLED"):
            return self._of_partner(item, customer, site, here, row.tax_date or today)
        country = alpha2(row.tax_location.country) or row.tax_location.country
        return Taxed(
            item,
            _tax(
                Supply(
                    here, site.small_business, customer.customer_type, customer.vat_id, country, row.tax_code, row.tax_scheme,
                    row.supply_category or row.category, row.tax_date or today,
                )
            ),
        )  # fmt: skip

    def _of_partner(self, item: Item, customer: Any, site: Any, here: str, day: dt.date) -> Taxed:
        """The partner supplies us: its status and country decide the tax, the place is ours (section 3a (2) UStG)."""
        row, there = item.row, self._country(item.header)
        place = Location(country=here)
        item = item._replace(row=replace(row, tax_location=place, performance_location=place))
        ours = site.vat_id or site.tax_number
        found = _tax(Supply(there, customer.small_business, "B2B", ours, here, row.tax_code, row.tax_scheme, row.category, day))
        agreed = customer.self_billing_agreement_on
        if not row.total or item.related_item_id is not None:
            return Taxed(item, found)
        if customer.customer_type == "B2C":
            found = found._replace(problem="a private person has no commission billed: it supplies as no business")
        elif agreed is None or agreed > self._uow.ctx.today():
            found = found._replace(problem="self-billing is not agreed with the partner (section 14 (2) sentence 2 UStG)")
        return Taxed(item, found)

    def _country(self, header: Header) -> str:
        """Of the address that invoices show."""
        key = (header.customer_ident, header.invoice_address_ident)
        if key not in self._countries:
            found = self._uow.value("SELECT country FROM address WHERE customer_ident = %s AND address_ident = %s", key)
            self._countries[key] = alpha2(found or "DE") or "DE"
        return self._countries[key]


def world_of(uow: Uow, contracts: Collection[Contract], plans: Mapping[int, Plan], next_id: Callable[[], int]) -> World:
    """Options, indices and allowances of these contracts, and the terms of the billing groups."""
    named = {link.option_ident for plan in plans.values() for phase in plan.content.phases for link in phase.linked_options}
    indices = adaptation_values(uow, {c.price_adaptation_ident for c in contracts if c.price_adaptation_ident is not None})
    return World(options_by_ident(uow, named), indices, uow.ctx.zone, next_id, allowances_of(uow, contracts), group_terms(uow))


def first_open_day(uow: Uow) -> dt.date:
    closed = uow.value("SELECT closed_through FROM tenant_setting")
    return closed + dt.timedelta(days=1) if closed else dt.date.min
