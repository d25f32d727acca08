"""Read what is used of contracts, and mark what is billed of it."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from contor.runtime.rows import columns
from contor.runtime.uow import Uow
from contor.usage.rate import Key
from contor.usage.types import Usage, UsageStatus


class OpenUsage(NamedTuple):
    """A usage as it is rated, with what it is of."""

    contract_id: int
    option_ident: str
    usage_id: int
    used_on: dt.date
    quantity: Decimal
    started_at: dt.datetime
    ended_at: dt.datetime | None
    tax_location: Mapping[str, str] | None
    performance_location: Mapping[str, str] | None
    description: str | None


class BilledUsage(NamedTuple):
    """A usage as it was rated, with the item that billed it and what became of it."""

    item_id: int
    status: UsageStatus
    usage_id: int
    used_on: dt.date
    quantity: Decimal
    started_at: dt.datetime
    ended_at: dt.datetime | None
    tax_location: Mapping[str, str] | None
    performance_location: Mapping[str, str] | None
    description: str | None


def open_usages(uow: Uow, contract_ids: Collection[int], until: dt.date) -> dict[Key, list[Usage]]:
    """What is recorded and not billed, used before a day, in the order of its start."""
    found: dict[Key, list[Usage]] = defaultdict(list)
    for row in uow.all(
        OpenUsage,
        f"SELECT {columns(OpenUsage)} FROM usage WHERE contract_id = ANY (%s) AND status = 'OPEN' AND used_on < %s"
        " ORDER BY contract_id, option_ident, started_at, usage_id",
        (sorted(contract_ids), until),
    ):
        found[row.contract_id, row.option_ident].append(Usage(*row[2:]))
    return found


class UsedOfItem(NamedTuple):
    """A usage that an item bills, as whoever pays it sees it."""

    item_id: int
    used_on: dt.date
    quantity: Decimal
    description: str | None


def usages_of_items(uow: Uow, item_ids: Collection[int]) -> dict[int, list[UsedOfItem]]:
    """What items bill, in the order of its start, by item; without what is cancelled."""
    found: dict[int, list[UsedOfItem]] = defaultdict(list)
    sql = f"SELECT {columns(UsedOfItem)} FROM usage WHERE item_id = ANY (%s) AND status = 'BILLED' ORDER BY started_at, usage_id"
    for row in uow.all(UsedOfItem, sql, (sorted(item_ids),)):
        found[row.item_id].append(row)
    return found


class OpenDay(NamedTuple):
    """A day on which something was used that is not billed."""

    contract_id: int
    option_ident: str
    used_on: dt.date


def open_days(uow: Uow, contract_ids: Collection[int]) -> list[OpenDay]:
    """In the order of contract, option and day, each once."""
    sql = f"SELECT DISTINCT {columns(OpenDay)} FROM usage WHERE contract_id = ANY (%s) AND status = 'OPEN' ORDER BY 1, 2, 3"
    return uow.all(OpenDay, sql, (sorted(contract_ids),))


class BilledPlace(NamedTuple):
    """Of what a usage is, and the item that billed it."""

    contract_id: int
    option_ident: str
    used_on: dt.date
    item_id: int


def billed_places(uow: Uow, usage_ids: Collection[int]) -> list[BilledPlace]:
    """Of usages that are billed, in their order."""
    sql = f"SELECT {columns(BilledPlace)} FROM usage WHERE usage_id = ANY (%s) ORDER BY usage_id"
    return uow.all(BilledPlace, sql, (list(usage_ids),))


def billed_usages(uow: Uow, item_ids: Collection[int]) -> dict[int, list[tuple[Usage, bool]]]:
    """The usages that items billed, in the order of their start, by item; with whether each is cancelled now."""
    found: dict[int, list[tuple[Usage, bool]]] = defaultdict(list)
    for row in uow.all(
        BilledUsage,
        f"SELECT {columns(BilledUsage)} FROM usage WHERE item_id = ANY (%s) ORDER BY started_at, usage_id",
        (sorted(item_ids),),
    ):
        found[row.item_id].append((Usage(*row[2:]), row.status != "BILLED"))
    return found


def mark_billed(uow: Uow, billed: Sequence[tuple[int, int]]) -> None:
    """(usage, item) of everything that stands on a document now."""
    if billed:
        uow.run(
            "UPDATE usage u SET status = 'BILLED', item_id = x.item FROM unnest(%s::bigint[], %s::bigint[]) AS x(id, item)"
            " WHERE u.usage_id = x.id",
            ([usage for usage, _ in billed], [item for _, item in billed]),
        )
