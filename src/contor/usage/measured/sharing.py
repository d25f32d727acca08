"""Which contract of a customer counts an event that names none: of those that count such events, the one that began first and runs then."""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from zoneinfo import ZoneInfo

from contor.catalogue.measures import Measurement
from contor.catalogue.queries import options_by_ident
from contor.contracts.calendar import instant
from contor.contracts.course import has_option_in
from contor.contracts.queries import contracts_of_customers, plans_of
from contor.contracts.types import Contract
from contor.runtime.uow import Uow
from contor.settings.groups import Days
from contor.settings.queries import days_of_groups
from contor.usage.measured.counting import Span
from contor.usage.measured.types import Event

FAR = dt.datetime(9999, 1, 1, tzinfo=dt.UTC)


def shared_spans(uow: Uow, asked: Sequence[tuple[Contract, str]]) -> dict[tuple[int, str], list[Span]]:
    """In which spans an earlier contract of the customer counts what is counted by a measurement, by contract and the measurement's
    code."""
    others = contracts_of_customers(uow, {contract.customer_ident for contract, _ in asked})
    if len(others) <= len({contract.contract_id for contract, _ in asked}):
        customers = [contract.customer_ident for contract in others]
        if len(set(customers)) == len(customers):
            return {}  # each has one contract
    zones = _zones(days_of_groups(uow), others)
    counts: dict[tuple[str, str], list[Contract]] = defaultdict(list)
    for contract, measured in _measuring(uow, others):
        for code in measured:
            counts[contract.customer_ident, code].append(contract)
    return {
        (contract.contract_id, code): _earlier(contract, counts[contract.customer_ident, code], zones) for contract, code in asked
    }


def counting_customers(
    uow: Uow, events: Sequence[Event], before: Mapping[str, Sequence[str]], measurements: Mapping[str, Sequence[Measurement]]
) -> dict[str, str]:
    """Who has the contract that counts an event, by its transaction id, where one of those has it whose place (`before`) the customer
    whom the event names has taken: of all contracts that count such events and run then, the one that began first."""
    told = [event for event in events if event.customer in before]
    if not told:
        return {}
    contracts = contracts_of_customers(uow, {one for event in told for one in (event.customer, *before[event.customer])})
    measuring, zones = _measuring(uow, contracts), _zones(days_of_groups(uow), contracts)
    spans = [(contract, codes, _span(contract, zones)) for contract, codes in measuring]
    found = {}
    for event in told:
        codes = {one.code for one in measurements.get(event.event_name, ())}
        running = [
            (contract.start_on, contract.contract_id, contract.customer_ident)
            for contract, counted, (begin, end) in spans
            if contract.customer_ident in (event.customer, *before[event.customer])
            and codes & counted
            and begin <= event.timestamp < end
        ]
        if running:
            found[event.transaction_id] = min(running)[2]
    return found


# helpers in calling order


def _measuring(uow: Uow, contracts: Sequence[Contract]) -> list[tuple[Contract, set[str]]]:
    """The codes of the measurements that each contract which begins has."""
    plans = plans_of(uow, contracts)
    links = {number: [(p.ident, link) for p in plan.content.phases for link in p.linked_options] for number, plan in plans.items()}
    options = options_by_ident(uow, {link.option_ident for found in links.values() for _, link in found})
    codes = {ident: option.versions[-1].content.measurement for ident, option in options.items()}
    return [
        (
            contract,
            {
                code
                for phase, link in links[contract.contract_id]
                if (code := codes[link.option_ident]) is not None and has_option_in(contract, phase, link, dt.date.min, dt.date.max)
            },
        )
        for contract in contracts
        if contract.start_on is not None and contract.end_kind != "CANCELLED"
    ]


def _span(contract: Contract, zones: Mapping[str, ZoneInfo]) -> Span:
    assert contract.start_on is not None
    zone = zones[contract.billing_group_ident]
    end = FAR if contract.end_on is None else instant(contract.end_on, zone)
    return instant(contract.billing_start_on or contract.start_on, zone), end


def _zones(days: Days, contracts: Sequence[Contract]) -> Mapping[str, ZoneInfo]:
    return {one.billing_group_ident: days.zone(one.billing_group_ident) for one in contracts}


def _earlier(contract: Contract, others: Sequence[Contract], zones: Mapping[str, ZoneInfo]) -> list[Span]:
    assert contract.start_on is not None
    own = (contract.start_on, contract.contract_id)
    found = []
    for other in others:
        if other.start_on is not None and (other.start_on, other.contract_id) < own:
            begin, end = _span(other, zones)
            if begin < end:
                found.append((begin, end))
    return found
