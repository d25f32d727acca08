"""Make usages of the events of a period when it is billed, and again where events came late. What the events come to is recorded as one
usage of each group; what comes later is a further usage of the difference, or takes the place of the former one where it is less.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple
from zoneinfo import ZoneInfo

from contor.catalogue.measures import Measurement, measurements_by_code
from contor.catalogue.rules import version_at
from contor.catalogue.types import Option
from contor.contracts.calendar import instant
from contor.contracts.types import Contract
from contor.kernel.money import AMOUNT_LIMIT, ZERO
from contor.runtime.uow import Uow
from contor.usage import tables
from contor.usage.events import UsagesRecorded
from contor.usage.measured.counting import Wanted, counting, how_many
from contor.usage.measured.remembered import Count, Key, counted_before, remember
from contor.usage.measured.sharing import shared_spans
from contor.usage.measured.types import Counted

MOST = AMOUNT_LIMIT - Decimal("0.0001")
"""No document bills more of anything."""
TRANSACTION = "transactionId"
"""The property of a usage that is one event."""
_COLUMNS = (
    "usage_id",
    "usage_ident",
    "contract_id",
    "option_ident",
    "quantity",
    "started_at",
    "used_on",
    "description",
    "properties",
    "counted_for",
    "created_at",
)


class Period(NamedTuple):
    """A period of an option of a contract that is measured by events."""

    contract: Contract
    option: Option
    start: dt.date
    end: dt.date
    zone: ZoneInfo
    """Of the contract's billing group."""

    @property
    def by_event(self) -> bool:
        """Whether each event has a price of its own: a fixed part, a least or a most."""
        prices = version_at(self.option, self.start).content.usage_prices
        return any(one.fixed_price is not None or one.minimum is not None or one.maximum is not None for one in prices)

    @property
    def key(self) -> Key:
        return self.contract.contract_id, self.option.option_ident, self.start


class _Stood(NamedTuple):
    """A usage that sums up events."""

    contract_id: int
    option_ident: str
    counted_for: dt.date
    usage_id: int
    status: str
    quantity: Decimal
    properties: Sequence[Mapping[str, str]] | None


class _Many(NamedTuple):
    contract_id: int
    option_ident: str
    events: int


class Recounted(NamedTuple):
    """What became of usages that sum up events."""

    more: frozenset[int]
    """Contracts with new usages."""
    withdrawn: tuple[int, ...]
    """Usages that are no more, of which some are billed."""


def measured_by(uow: Uow, options: Iterable[Option]) -> dict[str, Measurement]:
    """The measurement of each option that has one, by the option's ident."""
    codes = {option.option_ident: code for option in options if (code := option.versions[-1].content.measurement) is not None}
    found = measurements_by_code(uow, set(codes.values()))
    return {ident: found[code] for ident, code in codes.items()}


def collect(uow: Uow, periods: Sequence[Period], measurements: Mapping[str, Measurement]) -> Recounted:
    """Count the events of these periods, which are over, and make usages of them; other options are left out. The caller has locked the
    customers."""
    measured = [period for period in periods if period.option.option_ident in measurements]
    if not measured:
        return Recounted(frozenset(), ())
    by_key = {period.key: period for period in measured}
    wanted = _wanted(uow, list(by_key.values()), measurements)
    counted = _counted(uow, wanted, measurements, {key for key, period in by_key.items() if period.by_event})
    stood = _stood(uow, by_key)
    rows, withdrawn, more = list[list[object]](), list[_Stood](), set[int]()
    for key, period in by_key.items():
        measurement = measurements[period.option.option_ident]
        made, gone = _differences(period, measurement, counted.get(key, ()), stood.get(key, ()))
        withdrawn += gone
        rows += made
        if made or gone:
            more.add(period.contract.contract_id)
    if withdrawn:
        ids = [one.usage_id for one in withdrawn]
        uow.run("UPDATE usage SET status = 'CANCELLED' WHERE usage_id = ANY (%s)", (ids,))
    now = uow.ctx.now()
    numbers = uow.next_ids(len(rows))
    uow.copy(tables.usage, _COLUMNS, [(number, f"events.{number}", *row, now) for number, row in zip(numbers, rows, strict=True)])
    if more:
        uow.emit(UsagesRecorded(contract_ids=tuple(sorted(more)), counted=True))
    remember(
        uow,
        [
            Count(key, period.end, period.contract.customer_ident, measurements[key[1]].event_name, wanted[key].span, events)
            for key, period in by_key.items()
            for events in [sum(one.events for one in counted.get(key, ()))]
        ],
    )
    return Recounted(frozenset(more), tuple(one.usage_id for one in withdrawn if one.status == "BILLED"))


def miscounted(uow: Uow, periods: Sequence[Period], measurements: Mapping[str, Measurement]) -> list[Key]:
    """Of the periods before these, those of which there are more events by now than were counted: some were being written just then."""
    measured = [period for period in periods if period.option.option_ident in measurements]
    if not measured:
        return []
    found = counted_before(uow, [period.key for period in measured])
    known = {(period.contract.contract_id, period.option.option_ident): period for period in measured}
    before = [known[row.contract_id, row.option_ident]._replace(start=row.period_start, end=row.period_end) for row in found]
    now = _numbers(uow, _wanted(uow, before, measurements), measurements)
    return [(*key, row.period_start) for row in found if now.get(key := (row.contract_id, row.option_ident), 0) != row.events]


# helpers in calling order


def _wanted(uow: Uow, periods: Sequence[Period], measurements: Mapping[str, Measurement]) -> dict[Key, Wanted]:
    shared = shared_spans(uow, [(period.contract, measurements[period.option.option_ident].code) for period in periods])
    found = {}
    for period in periods:
        contract, zone = period.contract, period.zone
        code = measurements[period.option.option_ident].code
        assert contract.start_on is not None, "no period of it is billed"
        found[period.key] = Wanted(
            contract.contract_id,
            period.option.option_ident,
            contract.customer_ident,
            instant(contract.billing_start_on or contract.start_on, zone),
            (instant(period.start, zone), instant(period.end, zone)),
            tuple(shared.get((contract.contract_id, code), ())),
        )
    return found


def _counted(
    uow: Uow, wanted: Mapping[Key, Wanted], measurements: Mapping[str, Measurement], by_event: Collection[Key]
) -> dict[Key, list[Counted]]:
    found: dict[Key, list[Counted]] = defaultdict(list)
    for each in (False, True):
        some = {key: one for key, one in wanted.items() if (key in by_event) is each}
        for measurement, start, asked in _alike(some, measurements):
            for row in uow.all(Counted, *counting(measurement, asked, each=each)):
                found[row.contract_id, row.option_ident, start].append(row)
    return found


def _numbers(uow: Uow, wanted: Mapping[Key, Wanted], measurements: Mapping[str, Measurement]) -> dict[tuple[int, str], int]:
    found = {}
    for measurement, _, asked in _alike(wanted, measurements):
        for row in uow.all(_Many, *how_many(measurement, asked)):
            found[row.contract_id, row.option_ident] = row.events
    return found


def _alike(
    wanted: Mapping[Key, Wanted], measurements: Mapping[str, Measurement]
) -> list[tuple[Measurement, dt.date, list[Wanted]]]:
    """Those of one measurement and one first day, which are counted at once."""
    alike: dict[tuple[str, dt.date], list[Wanted]] = defaultdict(list)
    by_code = {measurement.code: measurement for measurement in measurements.values()}
    for (_, option, start), one in wanted.items():
        alike[measurements[option].code, start].append(one)
    return [(by_code[code], start, alike[code, start]) for code, start in sorted(alike)]


def _stood(uow: Uow, keys: Iterable[Key]) -> dict[Key, list[_Stood]]:
    found: dict[Key, list[_Stood]] = defaultdict(list)
    for row in uow.all(
        _Stood,
        "SELECT u.contract_id, u.option_ident, u.counted_for, u.usage_id, u.status, u.quantity, u.properties FROM usage u"
        " JOIN unnest(%s::bigint[], %s::text[], %s::date[]) AS x(contract, option, start)"
        " ON u.contract_id = x.contract AND u.option_ident = x.option AND u.counted_for = x.start"
        " WHERE u.counted_for IS NOT NULL AND u.status IN ('OPEN', 'BILLED') ORDER BY u.usage_id",
        tuple([list(column) for column in zip(*keys, strict=True)]),
    ):
        found[row.contract_id, row.option_ident, row.counted_for].append(row)
    return found


def _differences(
    period: Period, measurement: Measurement, counted: Sequence[Counted], stood: Sequence[_Stood]
) -> tuple[list[list[object]], list[_Stood]]:
    """Further usages, and those that are no more."""
    names = _names(period, measurement)
    before: dict[tuple[str | None, ...], list[_Stood]] = defaultdict(list)
    for row in stood:
        said = {one["key"]: one["value"] for one in row.properties or ()}
        before[tuple([said.get(name) for name in names])].append(row)
    rows, gone = list[list[object]](), list[_Stood]()
    for one in counted:
        had = before.pop(tuple(one.group), [])
        quantity = min(max(one.quantity or ZERO, ZERO), MOST)
        more = quantity - sum((row.quantity for row in had), ZERO)
        if more < ZERO:
            gone += had
            more = quantity
        if more > ZERO:
            rows.append(_usage(period, measurement, one, more))
    for had in before.values():
        gone += had  # no event of the group counts any more
    return rows, gone


def _names(period: Period, measurement: Measurement) -> tuple[str, ...]:
    """By what the groups are told apart."""
    return (*measurement.groups, TRANSACTION) if period.by_event else measurement.groups


def _usage(period: Period, measurement: Measurement, one: Counted, quantity: Decimal) -> list[object]:
    since, until = instant(period.start, period.zone), instant(period.end, period.zone)
    # a level that holds on from before is of the first day
    at = min(max(one.last_at, since), until)
    names = _names(period, measurement)
    said = [{"key": name, "value": value} for name, value in zip(names, one.group, strict=True) if value is not None]
    return [
        period.contract.contract_id,
        period.option.option_ident,
        quantity,
        at,
        at.astimezone(period.zone).date(),
        ", ".join(f"{entry['key']}: {entry['value']}" for entry in said if entry["key"] != TRANSACTION)[:255] or None,
        said or None,
        period.start,
    ]
