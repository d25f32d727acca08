"""Contracts get what their plan and options give of features, and it is written down on which days they have it.

What plan and options give is copied when a contract gets them: what is assigned later changes no contract. It is written at the end of the
transaction that changes something: of the past nothing changes any more, so that what was answered stays answered.
"""

import datetime as dt
import itertools
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from contor.catalogue.queries import options_by_ident, plans_by_id
from contor.contracts.calendar import FOREVER, instant
from contor.contracts.course import plan_ids_of
from contor.contracts.events import (
    ContractsAmended,
    ContractsCancelled,
    ContractsCreated,
    ContractsEnded,
    ContractsLifeChanged,
    ContractsStarted,
    OptionsAdded,
)
from contor.contracts.queries import contracts_by_id, plans_of
from contor.contracts.types import Contract
from contor.entitlements import tables
from contor.entitlements.events import EntitlementsChanged
from contor.entitlements.queries import ANY_FEATURE, SpanRow, assigned_to, copied_to, features_by_ident, overrides_of, spans_after
from contor.entitlements.spans import COPIED, Copied, course_of, sources_of, spans_of
from contor.entitlements.types import END, Override, Source
from contor.kernel.events import on
from contor.runtime.query.reading import has_any
from contor.runtime.transaction import gather
from contor.runtime.uow import Uow
from contor.settings.queries import days_of_groups

TURNING = "entitlement_turns"
"""The name of the work that tells what changes by itself."""
_Fact = (
    ContractsCreated
    | ContractsStarted
    | ContractsEnded
    | ContractsCancelled
    | ContractsAmended
    | ContractsLifeChanged
    | OptionsAdded
)


class Wanted(NamedTuple):
    """A span as it is to be stored: a row without its number."""

    contract_ident: str
    feature_ident: str
    value: str
    source: Source
    source_ident: str
    valid_from: dt.datetime
    valid_until: dt.datetime


class Planned(NamedTuple):
    """What a contract gives from now on, and when that changes next by itself, or has to be looked at again."""

    contract: Contract
    spans: list[Wanted]
    turns_at: dt.datetime | None


@on(ContractsCreated)
def created(uow: Uow, fact: ContractsCreated) -> None:
    if has_any(uow, ANY_FEATURE):
        gather(uow, settle, [(number, True) for number in fact.contract_ids])


def changed(uow: Uow, fact: _Fact) -> None:
    """What runs otherwise gives on other days."""
    if has_any(uow, ANY_FEATURE):
        gather(uow, settle, [(number, False) for number in fact.contract_ids])


for _cause in (ContractsStarted, ContractsEnded, ContractsCancelled, ContractsAmended, ContractsLifeChanged, OptionsAdded):
    on(_cause)(changed)


def settle(uow: Uow, found: Sequence[tuple[int, bool]]) -> None:
    """Write what contracts give from now on; whether they are new. Emits where that is something else than a moment before."""
    numbers = {number for number, _ in found}
    uow.lock("entitlements", map(str, numbers))
    contracts = contracts_by_id(uow, numbers)
    new = {number for number, is_new in found if is_new}
    idents = [contract.contract_ident for contract in contracts.values()]
    copied: dict[str, Copied] = {contracts[number].contract_ident: {} for number in new}
    copied |= copied_to(uow, idents)
    _copy(uow, [one for one in contracts.values() if one.contract_ident in copied], copied)
    before = spans_after(uow, idents, uow.ctx.now())
    planned = planned_of(uow, contracts.values(), copied, overrides_of(uow, idents))
    _write(uow, before, planned)
    _write_turns(uow, planned)
    was, now = given_at(before, uow.ctx.now()), given_at([span for one in planned for span in one.spans], uow.ctx.now())
    if differing := [ident for ident in idents if was.get(ident) != now.get(ident)]:
        uow.emit(EntitlementsChanged(contract_idents=tuple(differing)))


def planned_of(
    uow: Uow, contracts: Collection[Contract], copied: Mapping[str, Copied], overrides: Mapping[str, Sequence[Override]]
) -> list[Planned]:
    """What contracts give from now on, of what was copied to them and said of them alone, by ident."""
    named = {feature for given in copied.values() for values in given.values() for feature in values}
    features = features_by_ident(uow, named | {one.feature_ident for said in overrides.values() for one in said})
    plans, days, now = plans_of(uow, contracts), days_of_groups(uow), uow.ctx.now()
    found = []
    for contract in contracts:
        group, ident = contract.billing_group_ident, contract.contract_ident
        course = course_of(contract, plans[contract.contract_id], days.today(group))
        zone = days.zone(group)
        spans = [
            Wanted(ident, span.feature_ident, *span.given, max(instant(span.start, zone), now), until)
            for span in spans_of(course.stretches, copied.get(ident, {}), overrides.get(ident, ()), features)
            if (until := END if span.end == FOREVER else instant(span.end, zone)) > now
        ]
        bounds = {bound for span in spans for bound in span[-2:] if now < bound < END}
        if course.known_until is not None:
            bounds.add(instant(course.known_until, zone))
        found.append(Planned(contract, spans, min(bounds, default=None)))
    return found


def given_at(spans: Collection[SpanRow] | Collection[Wanted], moment: dt.datetime) -> dict[str, dict[str, str]]:
    """Contract: feature, value."""
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for span in spans:
        if span.valid_from <= moment < span.valid_until:
            found[span.contract_ident][span.feature_ident] = span.value
    return found


# helpers in calling order


def _copy(uow: Uow, contracts: Collection[Contract], copied: dict[str, Copied]) -> None:
    """Copy what plans and options give that contracts have got since the last time; `copied` says so afterwards."""
    plans = plans_by_id(uow, {number for contract in contracts for number in plan_ids_of(contract)})
    missing: dict[str, list[tuple[Source, str]]] = {}
    for contract in contracts:
        sources = sources_of(contract, [plans[number] for number in sorted(plan_ids_of(contract))])
        missing[contract.contract_ident] = sorted(sources - copied[contract.contract_ident].keys())
    wanted = set(itertools.chain(*missing.values()))
    given = {source: assigned_to(uow, source, {ident for kind, ident in wanted if kind == source}) for source in COPIED}
    _of_products(uow, given["OPTION"])
    rows = [
        {
            "contract_ident": contract,
            "source": source,
            "source_ident": ident,
            "given": given[source][ident],
            "created_at": uow.ctx.now(),
        }
        for contract, sources in missing.items()
        for source, ident in sources
    ]
    uow.insert(tables.contract_feature, rows)
    for contract_ident, further in missing.items():
        new = {(source, ident): given[source][ident] for source, ident in further}
        copied[contract_ident] = {**copied[contract_ident], **new}


def _of_products(uow: Uow, given: dict[str, dict[str, str]]) -> None:
    """What options give of what they do not say themselves: as their products do."""
    products = {ident: option.versions[-1].content.product_ident for ident, option in options_by_ident(uow, given).items()}
    found = assigned_to(uow, "PRODUCT", {product for product in products.values() if product is not None})
    for ident, product in products.items():
        if product is not None:
            given[ident] = {**found[product], **given[ident]}


def _write(uow: Uow, before: Sequence[SpanRow], planned: Sequence[Planned]) -> None:
    """What is given now and goes on as before keeps its row, with its end where it is now; what is no more ends now; what is to come is
    written as it is known now."""
    now, left = uow.ctx.now(), dict[tuple[object, ...], Wanted]()
    for span in itertools.chain(*(one.spans for one in planned)):
        left[*span[:5], None if span.valid_from == now else span.valid_from] = span
    gone, ends = list[int](), list[tuple[int, dt.datetime]]()
    for row in before:
        is_running = row.valid_from <= now
        key = (*row[1:6], None if is_running else row.valid_from)
        same = left.get(key)
        if same is not None and (is_running or same.valid_until == row.valid_until):
            del left[key]
            if same.valid_until != row.valid_until:
                ends.append((row.entitlement_id, same.valid_until))
        elif row.valid_from < now:
            ends.append((row.entitlement_id, now))
        else:  # it never was: what is to come is written anew, and of one instant the last change counts
            gone.append(row.entitlement_id)
    if gone:
        uow.run("DELETE FROM entitlement WHERE entitlement_id = ANY (%s)", (gone,))
    if ends:
        uow.run(
            "UPDATE entitlement e SET valid_until = x.until FROM unnest(%s::bigint[], %s::timestamptz[]) AS x(id, until)"
            " WHERE e.entitlement_id = x.id",
            ([number for number, _ in ends], [until for _, until in ends]),
        )
    owners = {one.contract.contract_ident: one.contract.customer_ident for one in planned}
    further = [*left.values()]
    rows = [
        {"entitlement_id": number, **span._asdict(), "customer_ident": owners[span.contract_ident]}
        for number, span in zip(uow.next_ids(len(further)), further, strict=True)
    ]
    uow.insert(tables.entitlement, rows)


def _write_turns(uow: Uow, planned: Sequence[Planned]) -> None:
    uow.run("DELETE FROM entitlement_turn WHERE contract_ident = ANY (%s)", ([one.contract.contract_ident for one in planned],))
    turns = [{"contract_ident": one.contract.contract_ident, "at": one.turns_at} for one in planned if one.turns_at is not None]
    uow.insert(tables.entitlement_turn, turns)
    if turns:
        uow.mark(TURNING)
