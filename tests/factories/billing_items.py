"""Billable items, with their tax: what the pure rules of billing work on."""

import datetime as dt
import itertools
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from contor.billing.items import BillableRow, Header, Item
from contor.billing.papers import TaxedItem
from contor.documents.types import Location
from contor.kernel.shapes import replace
from contor.settings.groups import Days
from contor.tax.supply import Determined

GERMANY = Location(country="DE")
HEADER = Header("c-1", "group", "home", None, "site", "EUR", "en", "BANK_TRANSFER", None, None, None)
JANUARY = (dt.date(2026, 1, 1), dt.date(2026, 2, 1))
_NUMBERS = itertools.count(1)
BERLIN = ZoneInfo("Europe/Berlin")


def days_on(day: dt.date, **own: str) -> Days:
    """It is noon of a day in Berlin; `own`: zones of billing groups."""
    noon = dt.datetime.combine(day, dt.time(12), BERLIN)
    return Days(noon, BERLIN, {group: ZoneInfo(zone) for group, zone in own.items()})


def a_row(total: str = "10", **values: Any) -> BillableRow:
    """One piece of a service for the whole of January 2026, net."""
    row = BillableRow(
        name="Fee",
        category="SERVICE",
        quantity=Decimal(1),
        quantity_type="PC",
        unit_price=Decimal(total),
        total=Decimal(total),
        basis="NET",
        tax_location=GERMANY,
        performance_location=GERMANY,
        service_start=JANUARY[0],
        service_end=JANUARY[1],
        tax_date=dt.date(2026, 1, 31),
    )
    return replace(row, **values)


def an_item(total: str = "10", *, row: dict[str, Any] | None = None, header: dict[str, Any] | None = None, **values: Any) -> Item:
    """A recurring debit of contract v-1, due when its period begins."""
    item = Item(
        item_id=next(_NUMBERS),
        contract_id=1,
        contract_ident="v-1",
        segment_ident="segment",
        header=HEADER._replace(**(header or {})),
        origin_type="OPTION",
        origin_ident="fee",
        kind="RECURRING",
        period_start=JANUARY[0],
        period_end=JANUARY[1],
        sequence=0,
        type="DEBIT",
        business_case="PURCHASE",
        processing_at=dt.datetime(2026, 1, 1, tzinfo=dt.UTC),
        row=a_row(total, **(row or {})),
    )
    return item._replace(**values)


def a_reduction(total: str, **values: Any) -> Item:
    """A credit that an order gives."""
    return an_item(total, **{"type": "CREDIT", "kind": "LINE_ITEM", "origin_type": "LINE_ITEM", "of_order": True, **values})


def taxed(item: Item, rate: str = "19", category: str = "S") -> TaxedItem:
    return TaxedItem(item, Determined(Decimal(rate), category))
