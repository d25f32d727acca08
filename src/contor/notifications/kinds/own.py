"""What is told of the books and of the notifications themselves; facts of packages beside this one are known by their names alone."""

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Protocol

from contor.documents.queries import idents_by_id
from contor.notifications.events import RoutesPaused
from contor.notifications.kinds.declared import notified
from contor.notifications.types import Notice
from contor.runtime.uow import Uow


@notified(
    RoutesPaused, {"notificationRoute.paused": "A route failed so often that nothing is sent there until it is active again."}
)
def routes_paused(uow: Uow, fact: RoutesPaused) -> Iterator[Notice]:
    return (Notice("notificationRoute.paused", f"notification-route:{ident}", {"routeIdent": ident}) for ident in fact.route_idents)


class ClosedPeriod(Protocol):
    """`posting_period.closed`."""

    month: str
    """YYYY-MM."""
    last_day: dt.date


class CreatedReports(Protocol):
    """`report.created`."""

    report_idents: Sequence[str]


class CrossedThreshold(Protocol):
    """`oss_threshold.crossed`."""

    document_ids: Sequence[int]
    years: Sequence[int]
    """Parallel."""


@notified("posting_period.closed", {"postingPeriod.closed": "A month of the books was closed for good."})
def period_closed(uow: Uow, fact: ClosedPeriod) -> Iterator[Notice]:
    yield Notice("postingPeriod.closed", f"posting-period:{fact.month}", {"period": fact.month, "lastDay": fact.last_day})


@notified("report.created", {"report.created": "A report of a period is there."})
def report_created(uow: Uow, fact: CreatedReports) -> Iterator[Notice]:
    return (Notice("report.created", f"report:{ident}", {"reportIdent": ident}) for ident in fact.report_idents)


@notified("oss_threshold.crossed", {"ossThreshold.crossed": "Distance sales within the Union are taxed where they go from now on."})
def threshold_crossed(uow: Uow, fact: CrossedThreshold) -> Iterator[Notice]:
    idents = idents_by_id(uow, fact.document_ids)
    for number, year in zip(fact.document_ids, fact.years, strict=True):
        yield Notice(
            "ossThreshold.crossed", "oss-threshold", {"year": year, "documentId": number, "documentIdent": idents.get(number)}
        )
