"""Suggestions of a payment: listed by rank, accepted, refused, made anew."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Literal, NamedTuple

import msgspec
from pydantic import Field

from contor.assignment.by_hand.again import match_again
from contor.assignment.by_hand.putting import AssignmentBody, put
from contor.assignment.reasons import ScorePart, require_payment
from contor.assignment.types import Assign, Said
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.money import shown
from contor.kernel.operations import operation
from contor.kernel.shapes import Ident, Money, shape
from contor.payments.changing import locked
from contor.payments.queries import published_payments
from contor.runtime.rows import columns
from contor.runtime.uow import Uow

SuggestionStatus = Literal["OPEN", "ACCEPTED", "REFUSED", "WITHDRAWN"]


@shape
class SuggestionView:
    suggestion_ident: str
    rank: int
    """1: the likeliest."""
    target_type: Literal["DOCUMENT"] = "DOCUMENT"
    target_ident: str
    customer_ident: str
    reason: str
    """Why it was not assigned by itself."""
    amount: Money | None = None
    """What would be assigned; without it nothing can be put there."""
    cash_discount: Money | None = None
    bank_fee: Money | None = None
    """What would be decided to be the charges of banks, so that the open item is closed."""
    score: Decimal | None = None
    scores: tuple[ScorePart, ...] = ()
    note: str = ""
    status: SuggestionStatus
    """OPEN; ACCEPTED: assigned; REFUSED: not offered again; WITHDRAWN: less is left of the open item or the payment by now."""
    payment_assignment_ident: str | None = None
    created_at: dt.datetime
    decided_at: dt.datetime | None = None


@shape
class Suggestions:
    payment_ident: str
    suggestions: tuple[SuggestionView, ...]
    """Open ones by rank, then what became of the others."""


@shape
class Chosen:
    suggestion_idents: Annotated[tuple[Ident, ...], Field(min_length=1, max_length=100)]


@dataclass(frozen=True, slots=True)
class SuggestionsOf:
    payment_ident: str


@dataclass(frozen=True, slots=True)
class Choose:
    payment_ident: str
    body: Chosen


class _Row(NamedTuple):
    ident: str
    payment_ident: str
    rank: int
    document_id: int
    target_ident: str
    customer_ident: str
    reason: str
    amount: Decimal | None
    cash_discount: Decimal | None
    bank_fee: Decimal | None
    score: Decimal | None
    said: str
    status: SuggestionStatus
    assignment_ident: str | None
    created_at: dt.datetime
    decided_at: dt.datetime | None


_COLUMNS = columns(_Row).replace('"said"', "said::text AS said")
_READ = msgspec.json.Decoder(Said, strict=False).decode
MOST = 200
"""Of one payment that are shown."""


@operation("payment_suggestion.list", permission="payments.read", reads=True)
def list_suggestions(uow: Uow, command: SuggestionsOf) -> Suggestions:
    """What a payment may be for."""
    require_payment(uow, command.payment_ident)
    return _answer(uow, command.payment_ident)


@operation("payment_suggestion.accept", permission="payments.write")
def accept_suggestions(uow: Uow, command: Choose) -> Suggestions:
    """Assign the payment as these suggest, all of them or none."""
    rows, problems = _chosen(uow, command), list[Problem]()
    for at, row in enumerate(rows):
        path = f"suggestionIdents[{at}]"
        if row.amount is None:
            message = f"Nothing can be put to {row.target_ident}: assign the payment by hand."
            problems.append(Problem("suggestion_without_amount", message, path, row.ident))
            continue
        suggested = Assign(
            case_ident=row.target_ident,
            amount=row.amount,
            cash_discount=row.cash_discount,
            bank_fee=row.bank_fee,
            document_id=row.document_id,
        )
        body = AssignmentBody(payment_ident=row.payment_ident, target_ident=row.target_ident, amount=row.amount)
        # before what is left is less, by which those that do not fit any more are withdrawn
        _decide(uow, [row.ident], "ACCEPTED")
        try:
            made = put(uow, body, suggested=suggested)
        except Refused as refused:  # raised again below: nothing of it stays
            problems += [Problem(it.code, it.message, path, row.ident) for it in refused.problems]
            continue
        uow.run("UPDATE payment_suggestion SET assignment_ident = %s WHERE ident = %s", (made, row.ident))
    if problems:
        raise Refused(Kind.INVALID, *problems)
    return _answer(uow, command.payment_ident)


@operation("payment_suggestion.refuse", permission="payments.write")
def refuse_suggestions(uow: Uow, command: Choose) -> Suggestions:
    """It is not for these: they are not offered again."""
    _decide(uow, [row.ident for row in _chosen(uow, command)], "REFUSED")
    return _answer(uow, command.payment_ident)


@operation("payment_suggestion.refresh", permission="payments.write")
def refresh_suggestions(uow: Uow, command: SuggestionsOf) -> Suggestions:
    """Match the payment again by what is open now, if nothing of it is assigned; what is clear by now is assigned."""
    of = locked(uow, command.payment_ident)
    if of.status != "OPEN":
        message = f"The payment is {of.status}: only an open one is matched again."
        raise Refused(Kind.ILLEGAL_STATE, Problem("payment_not_open", message))
    match_again(uow, command.payment_ident)
    return _answer(uow, command.payment_ident)


def _chosen(uow: Uow, command: Choose) -> list[_Row]:
    """In the order in which they are named; raises INVALID where one is not open."""
    locked(uow, command.payment_ident)
    wanted = list(dict.fromkeys(command.body.suggestion_idents))
    sql = f"SELECT {_COLUMNS} FROM payment_suggestion WHERE payment_ident = %s AND ident = ANY (%s)"
    found = {row.ident: row for row in uow.all(_Row, sql, (command.payment_ident, wanted))}
    problems = []
    for at, ident in enumerate(wanted):
        path = f"suggestionIdents[{at}]"
        if ident not in found:
            problems.append(Problem("suggestion_unknown", f"The payment has no suggestion {ident!r}.", path, ident))
        elif found[ident].status != "OPEN":
            problems.append(Problem("suggestion_not_open", f"The suggestion is {found[ident].status}.", path, ident))
    if problems:
        raise Refused(Kind.INVALID, *problems)
    return [found[ident] for ident in wanted]


def _decide(uow: Uow, idents: Sequence[str], status: SuggestionStatus) -> None:
    sql = "UPDATE payment_suggestion SET status = %s, decided_at = %s WHERE ident = ANY (%s)"
    uow.run(sql, (status, uow.ctx.now(), list(idents)))
    for ident in idents:
        uow.audit("payment_suggestion", ident, {"status": status})


def _answer(uow: Uow, payment: str) -> Suggestions:
    sql = (
        f"SELECT {_COLUMNS} FROM payment_suggestion WHERE payment_ident = %s"
        " ORDER BY status <> 'OPEN', created_at DESC, rank, ident LIMIT %s"
    )
    currency = published_payments(uow, [payment])[payment].original_amount.currency
    rows = uow.all(_Row, sql, (payment, MOST))
    return Suggestions(payment_ident=payment, suggestions=tuple(_view(row, currency) for row in rows))


def _view(row: _Row, currency: str) -> SuggestionView:
    said = _READ(row.said)

    def amount(value: Decimal | None) -> Decimal | None:
        return None if value is None else shown(value, currency)

    return SuggestionView(
        suggestion_ident=row.ident,
        rank=row.rank,
        target_ident=row.target_ident,
        customer_ident=row.customer_ident,
        reason=row.reason,
        amount=amount(row.amount),
        cash_discount=amount(row.cash_discount),
        bank_fee=amount(row.bank_fee),
        score=row.score,
        scores=tuple(ScorePart(name=name, value=value) for name, value in said.scores),
        note=said.note,
        status=row.status,
        payment_assignment_ident=row.assignment_ident,
        created_at=row.created_at,
        decided_at=row.decided_at,
    )
