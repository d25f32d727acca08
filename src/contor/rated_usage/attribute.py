"""To which aggregation a rated usage belongs: that of its period while it is open; later, as the billing group says, that of the next
open period or a correction of its own (platform API 4.3, accounting reference 9, "late usage").
"""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple
from zoneinfo import ZoneInfo

from contor.catalogue.queries import options_by_ident
from contor.catalogue.rules import version_at
from contor.catalogue.types import Option, Plan
from contor.contracts.calendar import BillingPeriod, instant, period_at
from contor.contracts.course import has_option_in
from contor.contracts.queries import plans_of
from contor.contracts.types import Contract
from contor.kernel.money import ZERO
from contor.rated_usage import tables
from contor.rated_usage.types import AggregationStatus
from contor.runtime.uow import Uow
from contor.settings.queries import days_of_groups, late_usages

MOST_PERIODS = 1200  # a hundred years of months, where no phase to come has the option


class Terms(NamedTuple):
    """What decides where the usages of an option of a contract belong."""

    contract: Contract
    plan: Plan
    option: Option
    is_corrective: bool
    zone: ZoneInfo
    """Of the contract's billing group."""

    def period_of(self, day: dt.date) -> BillingPeriod | None:
        """The period of a day, if the contract has one then."""
        if self.contract.start_on is None:
            return None
        return period_at(self.plan.content, self.contract.start_on, self.contract.end_on, day, self.contract.life)

    def has_option(self, period: BillingPeriod) -> bool:
        """Whether the contract has the option in the period."""
        links = self.plan.phase(period.phase_ident).linked_options
        return any(
            link.option_ident == self.option.option_ident
            and has_option_in(self.contract, period.phase_ident, link, period.start, period.end)
            for link in links
        )

    def refusal(self, period: BillingPeriod | None) -> str | None:
        """Why a period takes no usage of the option; None: it does."""
        if self.contract.end_kind == "CANCELLED":
            return "the contract was cancelled"
        if self.contract.start_on is None:
            return "the contract has not begun"
        if period is None:
            return "lies outside the contract"
        return None if self.has_option(period) else f"the contract does not have the option from {period.start} to {period.end}"


class Times(NamedTuple):
    """When an aggregation closes and when it is billed: two separate delays."""

    closes_at: dt.datetime
    bills_at: dt.datetime


class _Period(NamedTuple):
    """An aggregation that exists."""

    aggregation_ident: str
    period_start: dt.date
    sequence: int
    status: AggregationStatus


def terms_of(uow: Uow, contract: Contract, option_ident: str) -> Terms:
    """The option exists."""
    plan = plans_of(uow, [contract])[contract.contract_id]
    option = options_by_ident(uow, [option_ident])[option_ident]
    days = days_of_groups(uow)
    ended = contract.end_on is not None and contract.end_on <= days.today(
        contract.billing_group_ident
    )  # nothing is carried over into it
    behaviour = late_usages(uow)[contract.billing_group_ident].behaviour
    return Terms(contract, plan, option, ended or behaviour == "CORRECTIVE", days.zone(contract.billing_group_ident))


def times_of(uow: Uow, terms: Terms, period: BillingPeriod) -> Times:
    """Period end and aggregation delay; period end and billing delay."""
    delay = version_at(terms.option, period.start).content.aggregation_delay_in_seconds
    return Times(
        instant(period.end, terms.zone) + dt.timedelta(seconds=delay),
        instant(period.usage_due_on, terms.zone) + dt.timedelta(seconds=period.delay_seconds),
    )


def lock_contracts(uow: Uow, contract_ids: Collection[int]) -> None:
    """Nobody else changes the rated usages of these contracts."""
    uow.lock("rated_usage", [str(number) for number in contract_ids])


def attribute(uow: Uow, terms: Terms, used_on: dt.date) -> str | tuple[None, str]:
    """The ident of the aggregation that takes a usage of a day, made if need be; or (None, why none does). The contract is locked."""
    period = terms.period_of(used_on)
    reason = terms.refusal(period)
    if reason is not None:
        return None, reason
    assert period is not None
    rows = uow.all(
        _Period,
        "SELECT aggregation_ident, period_start, sequence, status FROM rated_usage_aggregation WHERE contract_id = %s"
        " AND option_ident = %s AND period_start >= %s ORDER BY period_start, sequence",
        (terms.contract.contract_id, terms.option.option_ident, period.start),
    )
    known = {row.period_start: row for row in rows if not row.sequence}
    if _is_open(uow, terms, period, known):
        return _own(uow, terms, period, known)
    if not terms.is_corrective:
        following = terms.period_of(period.end)
        for _ in range(MOST_PERIODS):
            if following is None:
                break
            if terms.has_option(following) and _is_open(uow, terms, following, known):
                return _own(uow, terms, following, known)
            following = terms.period_of(following.end)
    return _correction(uow, terms, period, [row for row in rows if row.period_start == period.start])


# helpers in calling order


def _is_open(uow: Uow, terms: Terms, period: BillingPeriod, known: Mapping[dt.date, _Period]) -> bool:
    row = known.get(period.start)
    if row is not None:
        return row.status == "OPEN"
    return times_of(uow, terms, period).closes_at > uow.ctx.now()


def _own(uow: Uow, terms: Terms, period: BillingPeriod, known: Mapping[dt.date, _Period]) -> str:
    row = known.get(period.start)
    return row.aggregation_ident if row is not None else _made(uow, terms, period, 0, times_of(uow, terms, period))


def _correction(uow: Uow, terms: Terms, period: BillingPeriod, rows: Sequence[_Period]) -> str:
    """A further aggregation of a period that is closed: the next run closes it and bills it."""
    if rows and rows[-1].status == "OPEN":  # in the order of their sequence: only the latest can be open
        return rows[-1].aggregation_ident
    times = Times(uow.ctx.now(), instant(uow.ctx.today(), uow.ctx.zone))
    return _made(uow, terms, period, rows[-1].sequence + 1 if rows else 0, times)


def _made(uow: Uow, terms: Terms, period: BillingPeriod, sequence: int, times: Times) -> str:
    number = uow.next_id()
    row = {
        "aggregation_ident": f"ra-{number}",
        "aggregation_id": number,
        "contract_id": terms.contract.contract_id,
        "option_ident": terms.option.option_ident,
        "period_start": period.start,
        "period_end": period.end,
        "sequence": sequence,
        "quantity": ZERO,
        "net_total": ZERO,
        "status": "OPEN",
        "closes_at": times.closes_at,
        "bills_at": times.bills_at,
        "created_at": uow.ctx.now(),
    }
    uow.insert(tables.rated_usage_aggregation, [row])
    return f"ra-{number}"
