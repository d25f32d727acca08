"""Put payments to open items: the cases move, the assignments are written, and the books follow in the same transaction."""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal
from typing import Literal, NamedTuple

from contor.assignment import tables
from contor.assignment.events import PaymentsAssigned
from contor.assignment.fallen import fallen_charges, fallen_discounts, fallen_in_place
from contor.assignment.finding import Learned, learn_payers
from contor.assignment.types import Assign, Assigned
from contor.documents.after import standing_discounts
from contor.documents.queries import documents_of_orders
from contor.kernel.money import ZERO, round_amount
from contor.openitems.cases import locked_cases, move
from contor.openitems.clearing import Pair, clear
from contor.openitems.decisions import let_go, recovered
from contor.openitems.rules import decide, moved, pay
from contor.openitems.types import Case, DecisionType, Move, MovedCase, Movement, StoredCase
from contor.payments.types import StoredPayment
from contor.runtime.uow import Uow
from contor.settings.queries import tenant_settings


class Row(NamedTuple):
    """An assignment that is to be written."""

    done: Assigned
    target_type: Literal["DOCUMENT", "BANK_FEE", "PAYMENT"]
    target_ident: str
    customer_ident: str
    returns_ident: str | None = None


def of_orders(uow: Uow, orders: Sequence[str]) -> tuple[int, ...]:
    """The ids of the documents of the orders, in the order in which these are named."""
    documents = documents_of_orders(uow, orders)
    return tuple(dict.fromkeys(number for order in orders for number in documents.get(order, ())))


class Plan:
    """Payments that are put to open items together: each is decided on the cases as those before it leave them, and all is written at the
    end."""

    def __init__(self, uow: Uow, cases: Sequence[StoredCase]) -> None:
        self._uow = uow
        self._stored = {stored.document_id: stored for stored in cases}
        self._cases = {stored.document_id: stored.case for stored in cases}
        self._planned: list[tuple[StoredPayment, Assign, str]] = []
        self._moves: list[Move] = []
        self._touched: set[str] = set()
        self._all: list[tuple[StoredPayment, Assign, str]] = []
        self._happened: dict[str, list[MovedCase]] = {}
        self._is_sure: dict[str, bool] = {}

    def cases(self, document_ids: Sequence[int]) -> list[StoredCase]:
        """As what is planned leaves them. Where tax arises on receipt a payment moves what others of the same customer are taxed by: what
        is planned is done first."""
        found = [self._stored[number] for number in document_ids if number in self._stored]
        if any(stored.case.matter is not None and stored.case.customer_ident in self._touched for stored in found):
            self._write()
            for stored in locked_cases(self._uow, [stored.document_id for stored in found]):
                self._stored[stored.document_id], self._cases[stored.document_id] = stored, stored.case
        return [self._as_planned(number) for number in document_ids if number in self._stored]

    def stored(self, document_ids: Sequence[int], places: Mapping[int, int]) -> dict[int, StoredCase]:
        """By document, these and what stands in their places (`places`), as what is planned leaves them."""
        if not places:
            return {}
        both = [*document_ids, *(places[number] for number in document_ids if number in places)]
        return {stored.document_id: stored for stored in self.cases(both)}

    def balances(self) -> dict[int, Decimal]:
        """What each case has left."""
        return {number: case.balance for number, case in self._cases.items()}

    def _as_planned(self, number: int) -> StoredCase:
        stored = self._stored[number]
        return StoredCase(number, stored.document, self._cases[number], stored.cash_taxation)

    def take(self, payment: StoredPayment, parts: Sequence[Assign], *, sure: bool, idents: Sequence[str] = ()) -> list[str]:
        """The payment goes there; answers the assignments' idents. `sure`: that its payer is whose case it is. `idents`: what they are
        called already."""
        called = list(idents) or [self._uow.new_ident() for _ in parts]
        for part, ident in zip(parts, called, strict=True):
            if self._cases[part.document_id].matter is not None:  # the parts before may have moved the same matter
                self.cases([part.document_id])
            case = self._cases[part.document_id]
            back = _recovered(self._uow, part.document_id, case, part.amount)
            for movement in (*back, *movements(moved(case, back[0]) if back else case, payment, part)):
                self._moves.append(Move(self._stored[part.document_id], movement, f"assignment:{ident}", payment.booked_on))
                case = moved(case, movement)
            self._cases[part.document_id] = case
            self._touched.add(case.customer_ident)
            self._planned.append((payment, part, ident))
            self._is_sure[ident] = sure
        return called

    def clear(self, wanted: Sequence[tuple[Pair, str]]) -> None:
        """Clear open items with each other, each pair under its own source. What is planned is done first."""
        self._write()
        for pair, source in wanted:
            clear(self._uow, [pair], source)
        for stored in locked_cases(self._uow, {number for pair, _ in wanted for number in (pair.debit_id, pair.credit_id)}):
            self._stored[stored.document_id], self._cases[stored.document_id] = stored, stored.case
            self._touched.add(stored.case.customer_ident)

    def carry_out(self, *, from_unassigned: bool) -> list[Assigned]:
        """Write all of it, and say so."""
        self._write()
        rows = []
        for payment, part, ident in self._all:
            moves = tuple(self._happened.get(f"assignment:{ident}", ()))
            done = Assigned(
                ident, payment, part.amount, in_ledger(payment, part.amount, moves[0].before.case), from_unassigned, moves
            )
            rows.append(Row(done, "DOCUMENT", part.case_ident, moves[0].before.case.customer_ident))
        write(self._uow, rows, automatic=True, sure={ident for ident, is_sure in self._is_sure.items() if is_sure})
        return [row.done for row in rows]

    def _write(self) -> None:
        for happened in move(self._uow, self._moves):
            self._happened.setdefault(happened.source, []).append(happened)
        self._all += self._planned
        self._planned, self._moves, self._touched = [], [], set()


def movements(case: Case, payment: StoredPayment, part: Assign) -> list[Movement]:
    """What the payment does to the case; then the cash discount that it has earned, or what banks have taken of it on the way, each decided
    on what is left."""
    made = [pay(case, part.amount, in_ledger(payment, part.amount, case), payment.paid_on)]
    for decision, amount in ((DecisionType.CASH_DISCOUNT, part.cash_discount), (DecisionType.BANK_FEE, part.bank_fee)):
        if amount:
            case = moved(case, made[-1])
            made.append(decide(case, decision, amount))
    return made


def in_ledger(payment: StoredPayment, amount: Decimal, case: Case) -> Decimal:
    """What `amount` of the payment, signed as it is, is worth in the books."""
    if amount == payment.amount:
        return payment.ledger_amount
    return round_amount(payment.ledger_amount * amount / payment.amount, case.ledger_currency)


def assign(
    uow: Uow,
    payment: StoredPayment,
    wanted: Sequence[Assign],
    *,
    automatic: bool,
    from_unassigned: bool,
    returns_ident: str | None = None,
    fee: Decimal = ZERO,
) -> list[Assigned]:
    """One payment, also one that goes out: what goes back with it of cash discounts goes, and what was kept
    of an overpayment. `fee`: what of it, signed as it is, the banks took, where it returns `returns_ident`."""
    going = {part.document_id: ZERO for part in wanted if part.amount < 0}
    for part in wanted:
        if part.amount < 0:
            going[part.document_id] -= part.amount
    let_go(uow, going)
    stored = {entry.document_id: entry for entry in locked_cases(uow, [part.document_id for part in wanted])}
    rows = list[Row]()
    for part in wanted:
        if rows and stored[part.document_id].case.matter is not None:  # the parts before may have moved the same matter
            (stored[part.document_id],) = locked_cases(uow, [part.document_id])
        case = stored[part.document_id]
        done = _assigned(uow, payment, part, case, from_unassigned)
        rows.append(Row(done, "DOCUMENT", part.case_ident, case.case.customer_ident, part.returns))
    if fee:
        ledger = round_amount(payment.ledger_amount * fee / payment.amount, tenant_settings(uow).ledger_currency)
        done = Assigned(uow.new_ident(), payment, fee, ledger, from_unassigned, is_fee=True)
        rows.append(Row(done, "BANK_FEE", "", "", returns_ident))
    sure = {row.done.ident for row in rows if row.done.amount > 0 and row.target_type == "DOCUMENT"}
    write(uow, rows, automatic=automatic, sure=sure)
    return [row.done for row in rows]


def _assigned(uow: Uow, payment: StoredPayment, part: Assign, stored: StoredCase, from_unassigned: bool) -> Assigned:
    ident = uow.new_ident()
    source, gone = f"assignment:{ident}", payment.booked_on
    brought_back, stored = _brought_back(uow, stored, part.amount, source, payment.booked_on)
    began = stored.case
    made = movements(began, payment, part)
    moves = [Move(stored, movement, source, payment.booked_on) for movement in made]
    if part.amount < 0:
        case = moved(began, made[0])
        moves += fallen_discounts(uow, stored, case, source, gone)
        if part.returns_last:
            moves += fallen_charges(uow, stored, f"assignment:{part.returns}", gone)
    happened = [*brought_back, *move(uow, moves)]
    if part.amount < 0:
        happened += fallen_in_place(uow, stored.document_id, source, gone)
    return Assigned(ident, payment, part.amount, in_ledger(payment, part.amount, began), from_unassigned, tuple(happened))


def _brought_back(
    uow: Uow, stored: StoredCase, amount: Decimal, source: str, booked_on: dt.date
) -> tuple[list[MovedCase], StoredCase]:
    """What money brings back of a receivable that was written off, and the case, which has it again: the payment settles it."""
    back = _recovered(uow, stored.document_id, stored.case, amount)
    if not back:
        return [], stored
    happened = move(uow, [Move(stored, back[0], source, booked_on)])
    return happened, locked_cases(uow, [stored.document_id])[0]


def _recovered(uow: Uow, document_id: int, case: Case, amount: Decimal) -> tuple[Movement, ...]:
    if case.opening <= 0 or amount <= max(ZERO, case.balance):
        return ()
    back = recovered(case, amount, standing_discounts(uow, document_id))
    return () if back is None else (back,)


class Met(NamedTuple):
    """What waits of a payment, and goes back by its return."""

    amount: Decimal
    """Positive, in the payer's currency."""
    left: Decimal
    """What it is worth in the books, signed."""
    gone: Decimal
    """... what goes back, by the rate of its own day."""


def meet(uow: Uow, returned: StoredPayment, by: StoredPayment, met: Met, *, from_unassigned: bool) -> tuple[str, str]:
    """What waits of a payment goes back by its return: neither waits any more. Answers both assignments, that of the payment first."""
    signed = met.amount.copy_sign(returned.amount)
    one = Assigned(uow.new_ident(), returned, signed, met.left, from_unassigned=True, meets=True)
    exchanged = met.left + met.gone
    other = Assigned(uow.new_ident(), by, -signed, met.gone, from_unassigned, meets=True, exchanged=exchanged)
    rows = [Row(one, "PAYMENT", by.ident, ""), Row(other, "PAYMENT", returned.ident, "", one.ident)]
    write(uow, rows, automatic=True, sure=())
    return one.ident, other.ident


def write(uow: Uow, rows: Sequence[Row], *, automatic: bool, sure: Collection[str]) -> None:
    """Store assignments and say so; what is sure teaches whose account the money came from."""
    if not rows:
        return
    now = uow.ctx.now()
    uow.insert(
        tables.payment_assignment,
        [
            {
                "ident": row.done.ident,
                "id": number,
                "payment_ident": row.done.payment.ident,
                "target_type": row.target_type,
                "target_ident": row.target_ident,
                "amount": row.done.amount,
                "currency": row.done.payment.currency,
                "status": "PROCESSED",
                "automatic": automatic,
                "from_unassigned": row.done.from_unassigned,
                "booked_on": row.done.payment.booked_on,
                "created_at": now,
                "returns_ident": row.returns_ident,
            }
            for row, number in zip(rows, uow.next_ids(len(rows)), strict=True)
        ],
    )
    for row in rows:
        said = {"payment": row.done.payment.ident, "target": row.target_ident, "amount": row.done.amount}
        uow.audit("payment_assignment", row.done.ident, said)
    learn_payers(uow, [Learned(row.done.ident, row.done.payment, row.customer_ident) for row in rows if row.done.ident in sure])
    uow.emit(PaymentsAssigned(assignment_idents=tuple(row.done.ident for row in rows), assigned=tuple(row.done for row in rows)))
