"""Claims as rows: made by letters, moved by what is paid, waived and taken back."""

import datetime as dt
from collections.abc import Collection, Sequence
from decimal import Decimal
from typing import Literal, NamedTuple

from contor.dunning import tables
from contor.dunning.events import Claimed, ClaimsMade, ClaimsSettled
from contor.runtime.rows import columns
from contor.runtime.uow import Uow

ClaimKind = Literal["FEE", "FLAT", "INTEREST", "RETURN_COST"]
ClaimStatus = Literal["OPEN", "PAID", "WAIVED"]
MoveKind = Literal["PAYMENT", "WAIVER"]


class Claim(NamedTuple):
    """A claim that is to be made."""

    letter_id: int | None
    """None: no letter makes it."""
    document_id: int
    document_ident: str
    customer_ident: str
    kind: str
    amount: Decimal
    currency: str
    booked: bool
    claimed_on: dt.date


class ClaimRow(NamedTuple):
    """A claim as it is stored."""

    claim_ident: str
    claim_id: int
    letter_id: int | None
    document_id: int
    document_ident: str
    customer_ident: str
    kind: ClaimKind
    amount: Decimal
    currency: str
    booked: bool
    claimed_on: dt.date
    status: ClaimStatus
    paid: Decimal
    waived: Decimal
    created_at: dt.datetime

    @property
    def open(self) -> Decimal:
        """What is neither paid nor waived."""
        return self.amount - self.paid - self.waived

    def is_asked_for_by(self, letter_id: int) -> bool:
        """Whether a letter that shows its document asks for it: it is its own, or was there before."""
        return self.letter_id == letter_id or self.claim_id < letter_id


class Move(NamedTuple):
    """What is to happen to a claim; what is taken back is negative."""

    claim: ClaimRow
    kind: MoveKind
    amount: Decimal
    booked_on: dt.date
    payment_ident: str | None = None
    note: str | None = None
    reversal_of: int | None = None


SELECT = f"SELECT {columns(ClaimRow)} FROM dunning_claim WHERE "
_COLUMNS = ("claim_ident", "claim_id", *Claim._fields, "status", "created_at")


def made_claims(uow: Uow, claims: Sequence[Claim]) -> list[str]:
    """Store what is claimed; what is booked at once is said to the books. Answers their idents."""
    if not claims:
        return []
    now, numbers = uow.ctx.now(), uow.next_ids(len(claims))
    rows = [(f"mc-{number}", number, *claim, "OPEN", now) for number, claim in zip(numbers, claims, strict=True)]
    uow.copy(tables.dunning_claim, _COLUMNS, rows)
    booked = [
        Claimed(
            claim_ident=f"mc-{number}",
            customer_ident=claim.customer_ident,
            document_id=claim.document_id,
            document_ident=claim.document_ident,
            is_interest=claim.kind == "INTEREST",
            amount=claim.amount,
            booked_on=claim.claimed_on,
            booked=True,
        )
        for number, claim in zip(numbers, claims, strict=True)
        if claim.booked
    ]
    if booked:
        uow.emit(ClaimsMade(claim_idents=tuple(one.claim_ident for one in booked), claims=tuple(booked)))
    return [f"mc-{number}" for number in numbers]


def locked_claims(uow: Uow, idents: Collection[str]) -> list[ClaimRow]:
    """Those that exist, the oldest first; nobody else moves them until the commit."""
    return uow.all(ClaimRow, f"{SELECT}claim_ident = ANY (%s) ORDER BY claim_id FOR UPDATE", (sorted(idents),))


def open_claims(uow: Uow, document_id: int) -> list[ClaimRow]:
    """What is open of the claims on a document, the oldest first; nobody else moves them until the commit."""
    return uow.all(ClaimRow, f"{SELECT}document_id = %s AND status = 'OPEN' ORDER BY claim_id FOR UPDATE", (document_id,))


def owed_on(uow: Uow, document_ids: Collection[int]) -> dict[int, list[ClaimRow]]:
    """By document the claims on it of which something is open, the oldest first; without those that have none."""
    found: dict[int, list[ClaimRow]] = {}
    if document_ids:
        # what is settled is left out here: by the status an index would be walked that knows nothing of the documents
        rows = uow.all(ClaimRow, f"{SELECT}document_id = ANY (%s)", (sorted(document_ids),))
        for row in sorted(rows, key=lambda row: row.claim_id):
            if row.status == "OPEN":
                found.setdefault(row.document_id, []).append(row)
    return found


def move_claims(uow: Uow, moves: Sequence[Move]) -> None:
    """Let the moves happen: what is left of the claims, their status, and the fact that the books act on."""
    if not moves:
        return
    now = uow.ctx.now()
    uow.insert(
        tables.dunning_claim_move,
        [
            {
                "move_id": number,
                "claim_ident": move.claim.claim_ident,
                "kind": move.kind,
                "amount": move.amount,
                "payment_ident": move.payment_ident,
                "note": move.note,
                "booked_on": move.booked_on,
                "created_at": now,
                "reversal_of": move.reversal_of,
            }
            for move, number in zip(moves, uow.next_ids(len(moves)), strict=True)
        ],
    )
    for move in moves:
        paid, waived = (move.amount, 0) if move.kind == "PAYMENT" else (0, move.amount)
        uow.run(
            "UPDATE dunning_claim SET paid = paid + %(paid)s, waived = waived + %(waived)s, status = CASE"
            " WHEN amount > paid + %(paid)s + waived + %(waived)s THEN 'OPEN' WHEN waived + %(waived)s > 0 THEN 'WAIVED' ELSE 'PAID' END"
            " WHERE claim_ident = %(ident)s",
            {"paid": paid, "waived": waived, "ident": move.claim.claim_ident},
        )
        uow.audit("dunning_claim", move.claim.claim_ident, {move.kind.lower(): move.amount, "payment": move.payment_ident})
    settled = tuple(_settled(move) for move in moves)
    uow.emit(ClaimsSettled(claim_idents=tuple(dict.fromkeys(one.claim_ident for one in settled)), settled=settled))
    if back := [move.claim.claim_ident for move in moves if move.kind == "PAYMENT" and move.amount < 0]:
        # a letter that is withdrawn was none: what it claimed, and money had paid, is not owed again when that goes
        sql = (
            "SELECT c.claim_ident FROM dunning_claim c JOIN dunning_letter l ON l.tenant_id = c.tenant_id AND l.letter_id = c.letter_id"
            " WHERE c.claim_ident = ANY (%s) AND c.status = 'OPEN' AND l.status = 'WITHDRAWN'"
        )
        waive_named(uow, uow.column(str, sql, (back,)), "its letter was withdrawn")


def _settled(move: Move) -> Claimed:
    claim = move.claim
    return Claimed(
        claim_ident=claim.claim_ident,
        customer_ident=claim.customer_ident,
        document_id=claim.document_id,
        document_ident=claim.document_ident,
        is_interest=claim.kind == "INTEREST",
        amount=move.amount,
        booked_on=move.booked_on,
        booked=claim.booked,
        payment_ident=move.payment_ident,
    )


def waive_open(uow: Uow, letter_id: int, note: str) -> None:
    """Waive what is open of a letter's claims."""
    _waive(uow, uow.all(ClaimRow, f"{SELECT}letter_id = %s AND status = 'OPEN' ORDER BY claim_id FOR UPDATE", (letter_id,)), note)


def waive_named(uow: Uow, idents: Collection[str], note: str) -> None:
    """Waive what is open of these."""
    _waive(uow, [row for row in locked_claims(uow, idents) if row.status == "OPEN"], note)


def _waive(uow: Uow, rows: Sequence[ClaimRow], note: str) -> None:
    today = uow.ctx.today()
    move_claims(uow, [Move(row, "WAIVER", row.open, today, note=note) for row in rows])
