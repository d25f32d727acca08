"""Take events as they are told, each once. What comes after its period was counted is counted again."""

import datetime as dt
import re
from collections.abc import Mapping, Sequence

from contor.catalogue.measures import Measurement, measurements_of_events
from contor.contracts.queries import contracts_by_ident_unlocked
from contor.contracts.types import Contract
from contor.customers.queries import known_customers
from contor.customers.standing import taken_over
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.operations import Reference, operation
from contor.kernel.shapes import shape
from contor.runtime.copying import copy_new
from contor.runtime.uow import Uow
from contor.settings.queries import late_usages
from contor.usage.events import EventsCameLate
from contor.usage.measured import tables
from contor.usage.measured.remembered import Since, counted_since
from contor.usage.measured.sharing import counting_customers
from contor.usage.measured.types import NUMBER, Event, EventBatch, EventsTaken, Value

MOST_FINDINGS = 200
_NUMBER = re.compile(NUMBER)
_COLUMNS = ("transaction_id", "customer_ident", "contract_id", "event_name", "occurred_at", "properties", "created_at")
Row = tuple[str, str, int | None, str, dt.datetime, Mapping[str, Value], dt.datetime]


@shape
class RecordEvents:
    body: EventBatch


@operation(
    "usage_event.record",
    permission="contracts.write",
    refers=(
        Reference("events.customer", "customer_unknown", known_customers),
        Reference("events.contract", "contract_unknown", contracts_by_ident_unlocked),
    ),
)
def record_events(uow: Uow, command: RecordEvents) -> EventsTaken:
    """Up to a thousand events, all or none; one that was told before by the same transaction id stays as it was."""
    events = command.body.events
    judged = Judged(uow, events)
    problems = [problem for index, event in enumerate(events) for problem in judged.findings(event, f"events[{index}].")]
    if problems:
        raise Refused(Kind.INVALID, *problems[:MOST_FINDINGS])
    created = judged.store(events)
    uow.audit("usage_event", events[0].transaction_id, {"recorded": created})  # one entry for all
    return EventsTaken(created=created, known=len(events) - created)


class Judged:
    """What is known of what events name, looked up once for many."""

    def __init__(self, uow: Uow, events: Sequence[Event]) -> None:
        self.uow = uow
        self.customers = known_customers(uow, {event.customer for event in events})
        self.before = taken_over(uow, self.customers)
        named = {event.contract for event in events if event.contract is not None}
        self.contracts: Mapping[str, Contract] = contracts_by_ident_unlocked(uow, named) if named else {}
        self.measurements: dict[str, list[Measurement]] = {}
        for one in measurements_of_events(uow, {event.event_name for event in events}):
            self.measurements.setdefault(one.event_name, []).append(one)
        today = uow.ctx.today()
        since = min((rule.oldest(today) for rule in late_usages(uow).values()), default=dt.date.min)
        self.oldest = dt.datetime.combine(since, dt.time(), uow.ctx.zone)

    def findings(self, event: Event, path: str) -> list[Problem]:
        """Everything that is wrong with an event."""
        if self._is_fine(event):
            return []
        problems = []
        if event.customer not in self.customers:
            problems.append(Problem("customer_unknown", "does not exist", f"{path}customer", event.customer))
        if event.timestamp < self.oldest:
            message = f"is late: events before {self.oldest.date()} are not taken any more"
            problems.append(Problem("usage_too_late", message, f"{path}timestamp", event.timestamp))
        if event.contract is not None:
            contract = self.contracts.get(event.contract)
            if contract is None:
                problems.append(Problem("contract_unknown", "does not exist", f"{path}contract", event.contract))
            elif contract.customer_ident not in (event.customer, *self.before.get(event.customer, ())):
                problems.append(Problem("contract_of_other_customer", "is of another customer", f"{path}contract", event.contract))
        for one in self.measurements.get(event.event_name, ()):
            if one.property is not None and not _has_value(one, event):
                wants = "a value" if one.aggregation == "UNIQUE_COUNT" else "a number"
                message = f"is no {wants[2:]}, which the measurement {one.code} counts"
                problems.append(Problem("event_value_missing", message, f"{path}properties.{one.property}"[:255]))
        return problems

    def store(self, events: Sequence[Event]) -> int:
        """Keep those that are new; how many. All of them are without findings."""
        now, contracts = self.uow.ctx.now(), self.contracts
        rows: dict[str, Row] = {}
        merged = counting_customers(self.uow, [one for one in events if one.contract is None], self.before, self.measurements)
        for event in events:
            contract = contracts[event.contract] if event.contract is not None else None
            number = contract.contract_id if contract is not None else None
            # who counts it: one whose place the customer took may have the contract
            customer = contract.customer_ident if contract is not None else merged.get(event.transaction_id, event.customer)
            row = (event.transaction_id, customer, number, event.event_name, event.timestamp, event.properties or {}, now)
            rows.setdefault(event.transaction_id, row)  # of two with one id the first one counts
        # in one order for all callers
        created = copy_new(self.uow, tables.usage_event, _COLUMNS, [rows[ident] for ident in sorted(rows)])
        if created:
            self._tell_late(list(rows.values()))
        return created

    # helpers in calling order

    def _is_fine(self, event: Event) -> bool:
        """The quick look at what is nearly always fine."""
        if event.customer not in self.customers or event.timestamp < self.oldest or event.contract is not None:
            return False
        return all(one.property is None or _has_value(one, event) for one in self.measurements.get(event.event_name, ()))

    def _tell_late(self, rows: Sequence[Row]) -> None:
        spans: dict[tuple[str, str], tuple[dt.datetime, dt.datetime]] = {}
        for _, customer, _, name, at, _, _ in rows:
            first, last = spans.get((customer, name), (at, at))
            spans[customer, name] = (min(first, at), max(last, at))
        levels = {name for name, found in self.measurements.items() if any(one.aggregation == "WEIGHTED_SUM" for one in found)}
        asked = [Since(customer, name, *span, name in levels) for (customer, name), span in sorted(spans.items())]
        for late in counted_since(self.uow, asked):
            self.uow.emit(
                EventsCameLate(contract_id=late.contract_id, option_ident=late.option_ident, period_start=late.period_start)
            )


def _has_value(measurement: Measurement, event: Event) -> bool:
    value = event.properties.get(measurement.property or "") if event.properties else None
    if measurement.aggregation == "UNIQUE_COUNT":
        return value is not None
    if isinstance(value, bool) or value is None:
        return False
    return _NUMBER.fullmatch(value) is not None if isinstance(value, str) else True
