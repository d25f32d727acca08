"""Whether an open item is dunned, and whether it is collected by itself."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from contor.documents.matters import lock_matters
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.operations import operation
from contor.kernel.shapes import Text255, Until, shape
from contor.openitems.events import CollectionEnabled, DunningBlockChanged
from contor.openitems.queries import CaseView, OneCase, case_id, view_of_case
from contor.runtime.rows import columns
from contor.runtime.uow import Uow


@shape
class DunningBlockBody:
    blocked: bool
    reason: Text255 | None = None
    """Required of a block."""
    until: Until = None
    """The last day of the block; without it, it stands until it is lifted."""


@dataclass(frozen=True, slots=True)
class ChangeBlock:
    opos_case_ident: str
    body: DunningBlockBody


class _Case(NamedTuple):
    ident: str
    balance: Decimal
    payment_collection: bool


@operation("opos_case.change_dunning_block", permission="bookkeeping.write")
def change_dunning_block(uow: Uow, command: ChangeBlock) -> CaseView:
    """Block a case for dunning, because of a dispute or a promise to pay, or lift that. A block with a last day lifts itself: it is
    compared with today wherever it matters."""
    number, body = case_id(uow, command.opos_case_ident), command.body
    lock_matters(uow, [number])  # whoever is about to collect it commits first, or sees the block
    case = _locked(uow, number)
    problems = _why_not(body, uow.ctx.today())
    if problems:
        raise Refused(Kind.INVALID, *problems)
    if body.blocked and not case.balance:
        raise Refused(Kind.ILLEGAL_STATE, Problem("opos_case_already_closed", f"Case {case.ident} is closed: it is not dunned."))
    reason, until = (body.reason, body.until) if body.blocked else (None, None)
    _set(uow, {number: case.ident}, body.blocked, reason, until)
    return view_of_case(uow, number)


def block_dunning(uow: Uow, cases: Mapping[int, str], reason: str) -> None:
    """Nobody duns these (ident by document) before a person lifts it. Who calls holds them."""
    _set(uow, cases, True, reason, None)


@operation("opos_case.enable_collection", permission="bookkeeping.write")
def enable_collection(uow: Uow, command: OneCase) -> CaseView:
    """Let a case be collected by itself again, also where what was tried for it has ended for good."""
    number = case_id(uow, command.opos_case_ident)
    case = _locked(uow, number)
    if not case.payment_collection:
        uow.run("UPDATE opos_case SET payment_collection = true WHERE document_id = %s", (number,))
        uow.audit("opos_case", case.ident, {"payment_collection": True})
    uow.emit(CollectionEnabled(document_ids=(number,)))  # also where what was tried had ended for good
    return view_of_case(uow, number)


def _set(uow: Uow, cases: Mapping[int, str], blocked: bool, reason: str | None, until: dt.date | None) -> None:
    """Write it for these, ident by document, with the trail that says it."""
    if not cases:
        return
    uow.run(
        "UPDATE opos_case SET dunning_block = %s, dunning_block_reason = %s, dunning_block_until = %s WHERE document_id = ANY (%s)",
        (blocked, reason, until, sorted(cases)),
    )
    for ident in cases.values():
        uow.audit("opos_case", ident, {"dunning_block": blocked, "reason": reason, "until": until})
    uow.emit(DunningBlockChanged(document_ids=tuple(sorted(cases))))


def _locked(uow: Uow, number: int) -> _Case:
    row = uow.first(_Case, f"SELECT {columns(_Case)} FROM opos_case WHERE document_id = %s FOR UPDATE", (number,))
    assert row is not None  # its ident was found by it
    return row


def _why_not(body: DunningBlockBody, today: dt.date) -> list[Problem]:
    problems = []
    if body.blocked and not body.reason:
        problems.append(Problem("dunning_block_without_reason", "A block says its reason.", "reason"))
    if body.blocked and body.until is not None and body.until < today:
        problems.append(Problem("dunning_block_is_over", "The last day of a block is not before today.", "until", body.until))
    if not body.blocked:
        problems += [
            Problem("dunning_block_lifted", "What is lifted has neither a reason nor a last day.", name, value)
            for name, value in (("reason", body.reason), ("until", body.until))
            if value is not None
        ]
    return problems
