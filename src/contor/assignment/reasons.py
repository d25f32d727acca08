"""Why each payment was assigned, suggested or left: kept for good, and shown with the payment and its assignments."""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import msgspec

from contor.assignment import tables
from contor.assignment.types import Rule, Said
from contor.kernel.operations import operation
from contor.kernel.shapes import shape
from contor.payments.queries import published_payments
from contor.runtime.rows import columns
from contor.runtime.uow import Uow, not_found


class Decided(NamedTuple):
    payment_ident: str
    rule: Rule
    said: Said


@shape
class ScorePart:
    """What a score is made of: `amount`, `payer` (the account is known), `name`, `unique` (no other open item has the amount), `near` (the
    due date); `total`."""

    name: str
    value: str


@shape
class MatchingDecision:
    rule: Rule
    reason: str | None = None
    """Why it was not assigned by itself."""
    text: str = ""
    """What of the payment was read."""
    numbers: tuple[str, ...] = ()
    """Numbers of documents, and of dunning letters, that were found in it."""
    note: str = ""
    regex_matching_strategy_ident: str | None = None
    """The expression of the account that found it."""
    payment_assignment_idents: tuple[str, ...] = ()
    """Those that were made."""
    scores: tuple[ScorePart, ...] = ()
    decided_at: dt.datetime


@shape
class PaymentDecisions:
    payment_ident: str
    decisions: tuple[MatchingDecision, ...]
    """In their order."""


@dataclass(frozen=True, slots=True)
class DecisionsOf:
    payment_ident: str


class _Row(NamedTuple):
    payment_ident: str
    rule: str
    said: str
    created_at: dt.datetime


_READ = msgspec.json.Decoder(Said, strict=False).decode
MOST = 200
"""Of one payment that are shown, the latest."""


def keep_reasons(uow: Uow, decided: Sequence[Decided]) -> None:
    now = uow.ctx.now()
    columns_ = ("id", "payment_ident", "rule", "said", "created_at")
    rows = [
        (number, it.payment_ident, it.rule.value, it.said, now)
        for it, number in zip(decided, uow.next_ids(len(decided)), strict=True)
    ]
    uow.insert(tables.payment_decision, [dict(zip(columns_, row, strict=True)) for row in rows])


@operation("payment_decision.list", permission="payments.read", reads=True)
def list_decisions(uow: Uow, command: DecisionsOf) -> PaymentDecisions:
    """Everything that was decided of a payment."""
    require_payment(uow, command.payment_ident)
    found = decisions_of(uow, [command.payment_ident])
    return PaymentDecisions(payment_ident=command.payment_ident, decisions=tuple(found.get(command.payment_ident, ())))


def require_payment(uow: Uow, ident: str) -> None:
    """Raises NOT_FOUND."""
    if ident not in published_payments(uow, [ident]):
        raise not_found("payment", ident)


def decisions_of(uow: Uow, payments: Collection[str]) -> dict[str, list[MatchingDecision]]:
    """By ident of the payment, in their order."""
    rows = uow.all(
        _Row,
        f"SELECT {columns(_Row, 'd')} FROM unnest(%s::text[]) k(ident) CROSS JOIN LATERAL (SELECT id, payment_ident, rule,"
        " said::text AS said, created_at FROM payment_decision WHERE payment_ident = k.ident ORDER BY id DESC LIMIT %s) d ORDER BY d.id",
        (sorted(set(payments)), MOST),
    )
    found: dict[str, list[MatchingDecision]] = {}
    for row in rows:
        found.setdefault(row.payment_ident, []).append(_view(row))
    return found


def _view(row: _Row) -> MatchingDecision:
    said = _READ(row.said)
    return MatchingDecision(
        rule=Rule(row.rule),
        reason=said.reason.value if said.reason else None,
        text=said.text,
        numbers=said.numbers,
        note=said.note,
        regex_matching_strategy_ident=said.strategy,
        payment_assignment_idents=said.assignments,
        scores=tuple(ScorePart(name=name, value=value) for name, value in said.scores),
        decided_at=row.created_at,
    )
