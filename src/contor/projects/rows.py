"""Times as rows of a document: none is lost and none is rounded before it is added up. Pure.

A row says hours where its minutes are hours with at most four decimals (every multiple of three minutes is: 0.05 h), else minutes at a
price for sixty of them (BT-149), so that its amount is price x minutes / 60, rounded once.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Final, Literal, NamedTuple

from contor.kernel.money import ZERO, round_amount
from contor.kernel.partial import Content

HOUR: Final = 60  # minutes
_EXACT: Final = 3  # minutes of which each multiple is an exact number of hours
_LONGEST_NAME: Final = 255
_LONGEST_TEXT: Final = 10_000
Grouping = Literal["TASK", "ENTRY"]


class Worked(NamedTuple):
    """A time that is to be billed."""

    time_id: int
    ident: str
    task_ident: str | None
    date: dt.date
    billable_minutes: int
    comment: str | None
    article_number: str | None


class Terms(NamedTuple):
    """At what a task's times are billed, or those of no task."""

    name: str
    hour_price: Decimal | None
    """Net; None: nobody has said it."""
    vat_rate: Decimal | None
    """Percent; None: it is determined for the supply."""


class Place(NamedTuple):
    """What the rows of a project have in common."""

    currency: str
    country: str
    """Where the work is supplied."""
    cost_center: str | None
    """The customer's (BT-133)."""


class Group(NamedTuple):
    """Times that are one row together."""

    terms: Terms
    times: tuple[Worked, ...]

    @property
    def minutes(self) -> int:
        return sum(time.billable_minutes for time in self.times)


def grouped(times: Iterable[Worked], terms: Mapping[str | None, Terms], by: Grouping) -> list[Group]:
    """A group for each task and article number in the order of their first times, or for each time. `terms`: by task."""
    groups: dict[object, list[Worked]] = {}
    for time in times:
        key: object = time.time_id if by == "ENTRY" else (time.task_ident, time.article_number)
        groups.setdefault(key, []).append(time)
    return [Group(terms[same[0].task_ident], tuple(same)) for same in groups.values()]


def amount(hour_price: Decimal, minutes: int, currency: str) -> Decimal:
    """What so many minutes cost."""
    return round_amount(hour_price * minutes / HOUR, currency)


def row(group: Group, ident: str, place: Place) -> Content:
    """The row of a document request (its plain JSON)."""
    price = group.terms.hour_price or ZERO
    total = str(amount(price, group.minutes, place.currency))
    side = {"net": total}
    days = [time.date for time in group.times]
    made: Content = {
        "ident": ident,
        "category": "SERVICE",
        "name": group.terms.name[:_LONGEST_NAME],
        **_quantity(group.minutes),
        "prices": {"unit": {"net": str(price)}, "original_total": side, "total": side},
        "performance_location": {"country": place.country},
        "service_period": {"start": min(days).isoformat(), "end": max(days).isoformat()},
    }
    if group.terms.vat_rate is not None:
        made["tax_detail"] = {"calculation_basis": "NET", "taxes": [{"rate": str(group.terms.vat_rate)}]}
    if group.times[0].article_number is not None:
        made["article_number"] = group.times[0].article_number
    if place.cost_center is not None:
        made["properties"] = [{"key": "buyerAccountingReference", "value": place.cost_center}]
    if said := _said(group.times):
        made["description"] = said
    return made


def _quantity(minutes: int) -> Content:
    if minutes % _EXACT == 0:
        return {"quantity": str(Decimal(minutes) / HOUR), "quantity_type": "HOUR"}
    return {"quantity": str(minutes), "quantity_type": "MINUTE", "price_base_quantity": str(HOUR)}


def _said(times: Sequence[Worked]) -> str:
    """The comments, each once, in their order; as many of them whole as a row holds."""
    lines: list[str] = []
    for comment in dict.fromkeys(time.comment.strip() for time in times if time.comment and time.comment.strip()):
        if sum(map(len, lines)) + len(lines) + len(comment) > _LONGEST_TEXT:
            break
        lines.append(comment)
    return "\n".join(lines)
