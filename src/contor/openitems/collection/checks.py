"""What must hold of what is collected."""

import datetime as dt
from collections.abc import Collection, Iterable
from decimal import Decimal
from typing import NamedTuple

from contor.documents.after import in_place_of
from contor.documents.matters import credits_over
from contor.kernel.checks import check
from contor.openitems.collection.promise import collectable_cases
from contor.openitems.collection.rules import why_given_up
from contor.payments.intents import promises_of, unsettled
from contor.runtime.integrity import in_pages, said_last
from contor.runtime.uow import Uow


class _Prebooked(NamedTuple):
    document_id: int
    ident: str
    prebooked: Decimal


class _Task(NamedTuple):
    ident: str
    status: str
    intent_ident: str | None


@check("openitems.prebooked_is_what_is_under_way")
def prebooked(uow: Uow) -> Iterable[str]:
    """Of each case as much is prebooked as its intents promise."""
    sql = "SELECT document_id, ident, prebooked FROM opos_case WHERE document_id > %s"
    for rows in in_pages(uow, _Prebooked, sql, "document_id"):
        promised: dict[int, Decimal] = {}
        for it in promises_of(uow, [row.document_id for row in rows]):
            promised[it.document_id] = promised.get(it.document_id, Decimal(0)) + it.amount
        for row in rows:
            if row.prebooked != (expected := promised.get(row.document_id, Decimal(0))):
                yield f"case {row.ident}: {row.prebooked} are prebooked, {expected} are under way"


class _Changed(NamedTuple):
    document_id: int
    changed_at: dt.datetime


@check("openitems.no_more_is_moved_than_is_left")
def left(uow: Uow) -> Iterable[str]:
    """What waits to be handed on, or is to be tried again, is at most what is left of its case. So was what is under way, when it was
    handed on. Nothing is moved for a document that was issued anew, and nothing collected of what is doubtful or was handed over."""
    last = ""
    while rows := unsettled(uow, last, 1000):
        last = rows[-1].ident
        ids = {row.document_id for row in rows}
        cases, replaced, changed = collectable_cases(uow, ids), in_place_of(uow, ids), _changed(uow, ids)
        for row in rows:
            rest = cases[row.document_id].left * (1 if row.type == "CHARGE" else -1)
            at = changed.get(row.document_id)
            waits = row.status in ("CREATED", "FAILED") or row.handed_on is None
            if row.amount > rest and (waits or at is None or at < (row.handed_on or at)):
                yield f"intent {row.ident}: {row.amount} are to be moved for {row.document_ident}, of which {rest} are left"
            given_up = (
                why_given_up(cases[row.document_id]) if row.type == "CHARGE" and row.status in ("CREATED", "FAILED") else None
            )
            if given_up is not None:
                yield f"intent {row.ident}: it waits to be handed on. {given_up.message}"
            if row.document_id in replaced:
                yield f"intent {row.ident}: it moves money for {row.document_ident}, which was replaced"


def _changed(uow: Uow, ids: Collection[int]) -> dict[int, dt.datetime]:
    """When each of these was moved or credited last."""
    credits = credits_over(uow, ids)
    sql = (
        "SELECT document_id, max(at) AS changed_at FROM (SELECT document_id, created_at AS at FROM opos_movement"
        " WHERE document_id = ANY (%(all)s) UNION ALL SELECT document_id, created_at FROM opos_case"
        " WHERE document_id = ANY (%(credits)s)) x GROUP BY document_id"
    )
    by_credit = sorted({it.credit_id for it in credits})
    found = dict(uow.all(_Changed, sql, {"all": [*ids, *by_credit], "credits": by_credit}))
    for it in credits:
        times = [found[number] for number in (it.credit_id, it.credited_id) if number in found]
        found[it.credited_id] = max(times)
    return {number: found[number] for number in ids if number in found}


@check("openitems.a_task_is_done_by_an_intent")
def tasks(uow: Uow) -> Iterable[str]:
    """What is DONE became an intent, nothing else did; how a task stands is what the trail said of it last."""
    said = said_last(uow, "payment_intent_task", "status")
    for row in uow.all(_Task, "SELECT ident, status, intent_ident FROM payment_intent_task ORDER BY ident"):
        if (row.status == "DONE") != (row.intent_ident is not None):
            yield f"task {row.ident}: {row.status}, but its intent is {row.intent_ident or 'none'}"
        if said.get(row.ident) != row.status:
            yield f"task {row.ident}: {row.status} is stored, the trail says {said.get(row.ident) or 'nothing'}"
