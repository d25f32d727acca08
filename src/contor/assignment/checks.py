"""What must hold of assignments and payments."""

from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple

from contor.assignment.types import source_of
from contor.documents.after import in_place_of, stands_for
from contor.dunning.queries import PAID_CLAIMS
from contor.kernel.checks import check
from contor.kernel.money import ZERO
from contor.openitems.cases import movements_again
from contor.openitems.stored import balances_of, cleared_under, moved_by
from contor.payments.queries import rests_of, returns_assigned
from contor.runtime.uow import Uow


class _Unlike(NamedTuple):
    """A payment and the sum of its standing assignments."""

    ident: str
    assigned: Decimal
    original_amount: Decimal
    status: str
    standing: Decimal


class _Moved(NamedTuple):
    """An assignment and by what it moved its case."""

    ident: str
    amount: Decimal
    status: str
    moved: Decimal


class _Interim(NamedTuple):
    """What is booked on the interim account, and what waits for it."""

    booked: Decimal
    waiting: Decimal
    foreign_payments: int


@check("assignment.payments_are_assigned_as_far_as_they_say")
def payments(uow: Uow) -> Iterable[str]:
    """A payment's assigned amount is the sum of its standing assignments and of what it paid of claims, never more than the payment; its
    status says so."""
    standing = f"coalesce(sum(abs(a.amount)), 0) + {PAID_CLAIMS}"
    for row in uow.all(
        _Unlike,
        f"SELECT p.ident, p.assigned, p.original_amount, p.status, {standing} AS standing FROM payment p"
        " LEFT JOIN payment_assignment a ON a.tenant_id = p.tenant_id AND a.payment_ident = p.ident AND a.status = 'PROCESSED'"
        f" GROUP BY p.tenant_id, p.ident HAVING p.assigned <> {standing} OR p.assigned > p.original_amount"
        " OR p.status <> CASE WHEN p.assigned = 0 THEN 'OPEN' WHEN p.assigned = p.original_amount THEN 'ASSIGNED'"
        "  ELSE 'PARTIALLY_ASSIGNED' END AND p.status <> 'IGNORED'",
    ):
        yield f"payment {row.ident}: {row.assigned} of {row.original_amount} is {row.status}, assignments say {row.standing}"


@check("assignment.movements_are_those_of_the_assignments")
def movements(uow: Uow) -> Iterable[str]:
    """A standing assignment moved its case by its amount, a reversed one by nothing in the end."""
    for row in uow.all(
        _Moved,
        "SELECT a.ident, a.amount, a.status, coalesce(sum(m.amount) FILTER (WHERE m.kind = 'PAYMENT'), 0) AS moved"
        " FROM payment_assignment a LEFT JOIN opos_movement m ON m.tenant_id = a.tenant_id AND m.source = 'assignment:' || a.ident"
        " WHERE a.target_type NOT IN ('BANK_FEE', 'PAYMENT') GROUP BY a.tenant_id, a.ident"
        " HAVING coalesce(sum(m.amount) FILTER (WHERE m.kind = 'PAYMENT'), 0)"
        " <> CASE a.status WHEN 'PROCESSED' THEN -a.amount ELSE 0 END"
        # it was taken back when its movements were, or never
        " OR a.reversed_at IS DISTINCT FROM max(m.created_at) FILTER (WHERE m.reversal_of IS NOT NULL AND m.kind = 'PAYMENT')"
        " OR (a.reversed_at IS NULL) <> (a.status = 'PROCESSED') OR a.status NOT IN ('PROCESSED', 'REVERSED')",
    ):
        yield f"assignment {row.ident} of {row.amount} is {row.status} and moved {row.moved}"


@check("assignment.interim_account_holds_what_waits")
def interim(uow: Uow) -> Iterable[str]:
    """The interim account's balance is what the payments have not assigned, in the ledger's currency."""
    row = uow.first(
        _Interim,
        "SELECT (SELECT coalesce(sum(CASE l.side WHEN 'D' THEN l.amount ELSE -l.amount END), 0) FROM journal_line l JOIN booking_account b"
        " ON b.tenant_id = l.tenant_id AND b.account_number = l.account AND b.role = 'PAYMENTS_UNASSIGNED'"
        # a prepayment (BT-113) is taken off the account by its document alone, without a payment
        " JOIN journal_entry e ON e.tenant_id = l.tenant_id AND e.id = l.entry_id"
        " AND (e.document_ident IS NULL OR e.reference IS NOT NULL)"
        # what an expense was paid with waits there for the bank's payment, which nothing assigns to it
        " AND e.kind <> 'EXPENSE_PAYMENT') AS booked,"
        " (SELECT coalesce(sum(CASE credit_debit_indicator WHEN 'CREDIT' THEN 1 ELSE -1 END * (original_amount - assigned)), 0)"
        "  FROM payment WHERE original_currency = base_currency AND ledger_amount IS NULL AND replaced_at IS NULL) AS waiting,"
        " (SELECT count(*) FROM payment WHERE original_currency <> base_currency OR ledger_amount IS NOT NULL) AS foreign_payments",
    )
    # the rest of a foreign payment is kept in its own currency alone
    if row is not None and not row.foreign_payments and row.booked != -row.waiting:
        yield f"{-row.booked} booked on the interim account, {row.waiting} of the payments wait"


class _Suggested(NamedTuple):
    ident: str
    payment_ident: str
    document_id: int
    amount: Decimal
    with_decided: Decimal
    """With what would be decided beside it."""


class _Unsaid(NamedTuple):
    ident: str
    payment_ident: str


@check("assignment.suggestions_are_within_what_is_left")
def suggestions(uow: Uow) -> Iterable[str]:
    """What is suggested is no more than the payment and the open item have left; what was accepted has its assignment."""
    accepted = "SELECT ident FROM payment_suggestion WHERE status = 'ACCEPTED' AND assignment_ident IS NULL"
    yield from (f"suggestion {ident} was accepted without an assignment" for ident in uow.column(str, accepted))
    rows = uow.all(
        _Suggested,
        "SELECT ident, payment_ident, document_id, amount, amount + coalesce(cash_discount, 0) + coalesce(bank_fee, 0) AS with_decided"
        " FROM payment_suggestion WHERE status = 'OPEN' AND amount IS NOT NULL",
    )
    owed = balances_of(uow, {row.document_id for row in rows})
    rests = rests_of(uow, {row.payment_ident for row in rows})
    for row in rows:
        if row.amount > rests.get(row.payment_ident, ZERO):
            yield f"suggestion {row.ident} is more than payment {row.payment_ident} has left"
        if row.with_decided > owed.get(row.document_id, ZERO):
            yield f"suggestion {row.ident} of payment {row.payment_ident} is more than the open item has left"


@check("assignment.what_was_assigned_by_itself_says_why")
def reasons(uow: Uow) -> Iterable[str]:
    """Each assignment of a payment of which decisions are known is named by one of them."""
    for row in uow.all(
        _Unsaid,
        "SELECT a.ident, a.payment_ident FROM payment_assignment a WHERE a.automatic AND EXISTS"
        " (SELECT 1 FROM payment_decision d WHERE d.tenant_id = a.tenant_id AND d.payment_ident = a.payment_ident)"
        " AND NOT EXISTS (SELECT 1 FROM payment_decision d, json_array_elements_text(d.said -> 'assignments') one"
        "  WHERE d.tenant_id = a.tenant_id AND d.payment_ident = a.payment_ident AND one = a.ident)",
    ):
        yield f"assignment {row.ident} of payment {row.payment_ident} was made by itself, and nothing says why"


@check("assignment.payers_are_known_by_what_stands")
def payers(uow: Uow) -> Iterable[str]:
    """What was learned of whose account it is rests on an assignment that stands and was not returned."""
    for ident in uow.column(
        str,
        "SELECT DISTINCT l.assignment_ident FROM learned_payer l LEFT JOIN payment_assignment a ON a.tenant_id = l.tenant_id"
        " AND a.ident = l.assignment_ident AND a.status = 'PROCESSED' AND NOT EXISTS (SELECT 1 FROM payment_assignment r"
        " WHERE r.tenant_id = a.tenant_id AND r.returns_ident = a.ident AND r.status = 'PROCESSED') WHERE a.ident IS NULL",
    ):
        yield f"a payer was learned by assignment {ident}, which does not stand"


@check("assignment.returns_take_back_what_was_assigned_once")
def returns(uow: Uow) -> Iterable[str]:
    """What returns take back is an assignment that stands, the other way, and together never more than it."""
    for row in uow.all(
        _Unsaid,
        "SELECT r.ident, r.payment_ident FROM payment_assignment r JOIN payment_assignment a ON a.tenant_id = r.tenant_id"
        " AND a.ident = r.returns_ident WHERE r.status = 'PROCESSED' AND r.target_type <> 'BANK_FEE'"
        " AND (a.status <> 'PROCESSED' OR a.amount * r.amount > 0 OR abs(a.amount) < (SELECT sum(abs(o.amount)) FROM payment_assignment o"
        "  WHERE o.tenant_id = r.tenant_id AND o.returns_ident = r.returns_ident AND o.status = 'PROCESSED'"
        "  AND o.target_type <> 'BANK_FEE'))",
    ):
        yield f"assignment {row.ident} of the return {row.payment_ident} takes back what does not stand, or more than was assigned"


class _Part(NamedTuple):
    """Money that was put to an open item, or went from it again."""

    ident: str
    payment_ident: str
    amount: Decimal
    of: str
    """The assignment that it takes back, else itself."""


@check("assignment.returns_take_no_more_than_payments_brought")
def returned(uow: Uow) -> Iterable[str]:
    """Of an open item, with those of the documents in whose place its document stands, returns took back no more than payments brought."""
    takes_back = returns_assigned(uow)
    parts = "SELECT ident, payment_ident, amount, coalesce(returns_ident, ident) AS of FROM payment_assignment WHERE status = 'PROCESSED'"
    of_documents = f"{parts} AND target_type NOT IN ('BANK_FEE', 'PAYMENT')"
    went = uow.all(_Part, f"{of_documents} AND amount < 0 AND payment_ident = ANY (%s)", (sorted(takes_back),))
    # what a return takes of a deposit may move the final invoice that deducted it: what it takes back says where it was paid
    on = {it.source: it.document_id for it in reversed(moved_by(uow, [f"assignment:{row.of}" for row in went]))}
    places = in_place_of(uow, set(on.values()))
    chains = stands_for(uow, {places.get(number, number) for number in on.values()})
    place_of = {number: place for place, its in chains.items() for number in its}
    left = dict.fromkeys(chains, ZERO)
    moved = {it.source.removeprefix("assignment:"): place_of[it.document_id] for it in movements_again(uow, place_of)}
    for row in uow.all(_Part, f"{of_documents} AND amount > 0 AND ident = ANY (%s)", (sorted(moved),)):
        left[moved[row.ident]] += ZERO if row.payment_ident in takes_back else row.amount
    for row in went:
        left[place_of[on[f"assignment:{row.of}"]]] += row.amount
    for number, amount in left.items():
        if amount < 0:
            yield f"document {number}: returns took back {-amount} more than payments brought"


@check("assignment.what_is_cleared_with_a_payment_stands_with_it")
def credits(uow: Uow) -> Iterable[str]:
    """What was cleared with an assignment, because the payer named a credit, is taken back with it."""
    taken_back = uow.column(str, "SELECT ident FROM payment_assignment WHERE status = 'REVERSED' AND target_type = 'DOCUMENT'")
    standing = cleared_under(uow, [source_of(ident) for ident in taken_back])
    for ident in taken_back:
        if source_of(ident) in standing:
            yield f"assignment {ident} is reversed, and what was cleared with it stands"
