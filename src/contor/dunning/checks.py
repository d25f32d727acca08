"""What must hold of dunning."""

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from itertools import chain
from typing import NamedTuple

from contor.documents.after import unsettled_among
from contor.kernel.checks import check
from contor.openitems.dunned import dunned_otherwise, not_at_collection
from contor.payments.queries import published_payments
from contor.runtime.integrity import in_pages, said_last
from contor.runtime.rows import columns
from contor.runtime.uow import Uow

_OF_LETTER = "FROM dunning_item o WHERE o.tenant_id = l.tenant_id AND o.letter_id = l.letter_id AND o.outstanding > 0"
_PAID = (
    f"SELECT l.letter_id, l.letter_ident, ARRAY(SELECT o.document_id {_OF_LETTER}) AS document_ids, EXISTS (SELECT FROM dunning_claim c"
    " WHERE c.tenant_id = l.tenant_id AND c.status = 'OPEN' AND (c.letter_id = l.letter_id OR c.claim_id < l.letter_id)"
    f" AND c.document_id IN (SELECT o.document_id {_OF_LETTER})) AS has_open_claims FROM dunning_letter l"
    " WHERE l.paid_at IS NOT NULL AND l.status = 'MADE'"
)


class _Level(NamedTuple):
    document_id: int
    document_ident: str
    level: int


class _Letter(NamedTuple):
    letter_ident: str
    demand: Decimal
    outstanding: Decimal
    costs: Decimal
    interest: Decimal
    rows: Decimal
    new_costs: Decimal
    new_interest: Decimal
    earlier_costs: Decimal
    earlier_interest: Decimal
    claimed_costs: Decimal
    claimed_interest: Decimal


class _Claim(NamedTuple):
    claim_ident: str
    amount: Decimal
    paid: Decimal
    waived: Decimal
    status: str
    moved_paid: Decimal
    moved_waived: Decimal


class _File(NamedTuple):
    letter_ident: str
    file_sha256: str
    file_size: int


@check("dunning.levels_are_those_of_the_last_letters")
def levels(uow: Uow) -> Iterable[str]:
    """The level of an open item, and of its document, is that of its last letter that was not withdrawn; without one it is 0."""
    last = uow.all(
        _Level,
        "SELECT DISTINCT ON (i.document_id) i.document_id, i.document_ident, i.level FROM dunning_item i JOIN dunning_letter l"
        " ON l.tenant_id = i.tenant_id AND l.letter_id = i.letter_id WHERE i.outcome = 'DUNNED' AND l.status = 'MADE'"
        " ORDER BY i.document_id, i.letter_id DESC",
    )
    for ident, case_level, document_level, wanted in dunned_otherwise(uow, {row.document_id: row.level for row in last}):
        yield f"case {ident} has dunning level {case_level}, its document {document_level}, its last letter {wanted}"


@check("dunning.demands_add_up")
def demands(uow: Uow) -> Iterable[str]:
    """What a letter asks for is the sum of its documents, of costs and of interest. These are what it claims anew and what was open before;
    what it claims anew is stored as claims."""
    for row in uow.all(
        _Letter,
        "SELECT l.letter_ident, l.demand, l.outstanding, l.costs, l.interest, i.rows, i.new_costs, i.new_interest, i.earlier_costs,"
        " i.earlier_interest, coalesce(c.costs, 0) AS claimed_costs, coalesce(c.interest, 0) AS claimed_interest FROM dunning_letter l"
        " JOIN (SELECT tenant_id, letter_id, sum(outstanding) AS rows, sum(fee + flat) AS new_costs, sum(interest) AS new_interest,"
        " coalesce(sum(earlier_fees + earlier_flat + return_costs), 0) AS earlier_costs,"
        " coalesce(sum(earlier_interest), 0) AS earlier_interest, bool_and(earlier_interest IS NOT NULL) AS is_said"
        " FROM dunning_item WHERE letter_id IS NOT NULL GROUP BY tenant_id, letter_id) i"
        " ON i.tenant_id = l.tenant_id AND i.letter_id = l.letter_id"
        " LEFT JOIN (SELECT tenant_id, letter_id, sum(amount) FILTER (WHERE kind <> 'INTEREST') AS costs,"
        " sum(amount) FILTER (WHERE kind = 'INTEREST') AS interest FROM dunning_claim GROUP BY tenant_id, letter_id) c"
        " ON c.tenant_id = l.tenant_id AND c.letter_id = l.letter_id"
        " WHERE l.demand <> i.rows + l.costs + l.interest OR l.outstanding <> i.rows OR l.costs < i.new_costs"
        " OR l.interest < i.new_interest OR (i.is_said AND (l.costs <> i.new_costs + i.earlier_costs"
        " OR l.interest <> i.new_interest + i.earlier_interest)) OR (l.status IN ('MADE', 'WITHDRAWN')"
        " AND (coalesce(c.costs, 0) <> i.new_costs OR coalesce(c.interest, 0) <> i.new_interest))"
        " OR (l.status NOT IN ('MADE', 'WITHDRAWN') AND c.letter_id IS NOT NULL)",
    ):
        yield (
            f"letter {row.letter_ident} asks for {row.demand}: rows {row.rows} ({row.outstanding}), costs {row.costs}, interest"
            f" {row.interest}; new {row.new_costs} and {row.new_interest}, earlier {row.earlier_costs} and {row.earlier_interest},"
            f" claimed {row.claimed_costs} and {row.claimed_interest}"
        )


@check("dunning.claims_add_up")
def claims(uow: Uow) -> Iterable[str]:
    """What is paid and waived of a claim is what its moves say, never more than the claim; its status says so."""
    for row in uow.all(
        _Claim,
        "SELECT c.claim_ident, c.amount, c.paid, c.waived, c.status, coalesce(m.paid, 0) AS moved_paid, coalesce(m.waived, 0)"
        " AS moved_waived FROM dunning_claim c LEFT JOIN (SELECT tenant_id, claim_ident, sum(amount) FILTER (WHERE kind = 'PAYMENT')"
        " AS paid, sum(amount) FILTER (WHERE kind = 'WAIVER') AS waived FROM dunning_claim_move GROUP BY tenant_id, claim_ident) m"
        " ON m.tenant_id = c.tenant_id AND m.claim_ident = c.claim_ident WHERE c.paid <> coalesce(m.paid, 0)"
        " OR c.waived <> coalesce(m.waived, 0) OR c.paid + c.waived > c.amount OR c.paid < 0 OR c.waived < 0 OR c.status <> CASE"
        " WHEN c.amount > c.paid + c.waived THEN 'OPEN' WHEN c.waived > 0 THEN 'WAIVED' ELSE 'PAID' END",
    ):
        yield (
            f"claim {row.claim_ident} of {row.amount} is {row.status}: paid {row.paid}, waived {row.waived}; its moves say"
            f" {row.moved_paid} and {row.moved_waived}"
        )


class _Paid(NamedTuple):
    letter_id: int
    letter_ident: str
    document_ids: list[int]
    has_open_claims: bool


@check("dunning.paid_letters_ask_for_nothing")
def paid(uow: Uow) -> Iterable[str]:
    """Of a letter that is paid nothing is open: neither of its documents nor of the claims that it asked for."""
    for page in in_pages(uow, _Paid, f"{_PAID} AND l.letter_id > %s", "letter_id"):
        unsettled = unsettled_among(uow, {number for row in page for number in row.document_ids})
        for row in page:
            if row.has_open_claims or not unsettled.isdisjoint(row.document_ids):
                yield f"letter {row.letter_ident} is paid, and something of what it asked for is open"


class _Returned(NamedTuple):
    payment_ident: str
    document_id: int
    returned_on: dt.date
    claim_ident: str | None


class _Cost(NamedTuple):
    claim_ident: str
    document_id: int
    status: str


@check("dunning.returned_debits_are_those_of_payments")
def returns(uow: Uow) -> Iterable[str]:
    """What dunning knows of debits that came back is what payments say; what it claims for one, it claims of its document, and for no
    other reason."""
    costs = {
        row.claim_ident: row
        for row in uow.all(_Cost, "SELECT claim_ident, document_id, status FROM dunning_claim WHERE kind = 'RETURN_COST'")
    }
    rows = uow.all(_Returned, f"SELECT {columns(_Returned)} FROM dunning_return ORDER BY payment_ident, document_id")
    for at in range(0, len(rows), 1000):
        part = rows[at : at + 1000]
        payments = published_payments(uow, [row.payment_ident for row in part])
        for row in part:
            found = payments.get(row.payment_ident)
            if found is None or found.return_information is None or found.booking_date != row.returned_on:
                yield f"payment {row.payment_ident} took no debit back on {row.returned_on}"
            claim = None if row.claim_ident is None else costs.pop(row.claim_ident, None)
            if row.claim_ident is not None and (claim is None or claim.document_id != row.document_id):
                yield f"payment {row.payment_ident}: {row.claim_ident} claims no cost of document {row.document_id}"
    for left in costs.values():
        if left.status == "OPEN":
            yield f"claim {left.claim_ident} is for a debit that did not come back"


@check("dunning.letters_are_made_as_their_run_says")
def made(uow: Uow) -> Iterable[str]:
    """No letter of a run that is completed waits, none of one that is not approved went out, and what went out has its day."""
    for ident in uow.column(
        str,
        "SELECT l.letter_ident FROM dunning_letter l JOIN dunning_run r ON r.tenant_id = l.tenant_id AND r.run_ident = l.run_ident"
        " WHERE (r.status = 'COMPLETED' AND l.status NOT IN ('MADE', 'CHANGED', 'WITHDRAWN'))"
        " OR (r.status IN ('CREATED', 'PREVIEWED') AND l.status <> 'PREVIEWED') OR (r.status = 'CANCELLED' AND l.status <> 'CANCELLED')"
        " OR (l.status IN ('MADE', 'WITHDRAWN')) <> (l.made_at IS NOT NULL) OR (l.status = 'WITHDRAWN') <> (l.withdrawn_at IS NOT NULL)"
        " OR (l.file_sha256 IS NOT NULL AND l.made_at IS NULL) OR (l.file_sha256 IS NULL) <> (l.file_size IS NULL)",
    ):
        yield f"letter {ident} is not as its run says"
    for run in uow.column(
        str,
        "SELECT run_ident FROM dunning_run WHERE (status IN ('APPROVED', 'COMPLETED')) <> (approved_at IS NOT NULL)"
        " OR (status IN ('COMPLETED', 'CANCELLED')) <> (completed_at IS NOT NULL) OR (status <> 'CREATED' AND status <> 'CANCELLED'"
        " AND money_after IS NOT NULL)",
    ):
        yield f"run {run} does not say when it was approved or completed"


class _Sent(NamedTuple):
    letter_id: int
    letter_ident: str
    sent_at: dt.datetime | None
    recipient: str | None


@check("dunning.letters_were_sent_as_the_trail_says")
def sent(uow: Uow) -> Iterable[str]:
    """When a letter was sent, and to whom, is what the trail said last: by it default begins, and with it interest."""
    sent_at, sent_to = (said_last(uow, "dunning_letter", key, beside="sent_at") for key in ("sent_at", "recipient"))
    to = said_last(uow, "dunning_letter", "recipient", beside="not_sent_reason") | sent_to
    for row in chain.from_iterable(
        in_pages(uow, _Sent, f"SELECT {columns(_Sent)} FROM dunning_letter WHERE letter_id > %s", "letter_id")
    ):
        instant, recipient = sent_at.get(row.letter_ident), to.get(row.letter_ident)
        if (row.sent_at, row.recipient) != (instant and dt.datetime.fromisoformat(instant), recipient):
            stored, said = (
                f"{row.sent_at or 'never'} to {row.recipient or 'nobody'}",
                f"{instant or 'never'} to {recipient or 'nobody'}",
            )
            yield f"letter {row.letter_ident} was sent {stored}, the trail says {said}"


@check("dunning.files_are_kept")
def files(uow: Uow) -> Iterable[str]:
    """The file of a letter is there, as large as it was made."""
    for row in uow.all(
        _File, "SELECT letter_ident, file_sha256, file_size FROM dunning_letter WHERE file_sha256 IS NOT NULL ORDER BY letter_id"
    ):
        if (found := uow.runtime.blobs.size(uow.ctx.tenant_id, row.file_sha256)) != row.file_size:
            yield f"letter {row.letter_ident}: its file has {found} bytes, not {row.file_size}"


@check("dunning.what_went_to_collection_is_blocked")
def blocks(uow: Uow) -> Iterable[str]:
    """What was handed over, and not taken back, is dunned no more."""
    handed = set(uow.column(int, "SELECT document_id FROM dunning_handover WHERE taken_back_on IS NULL"))
    for row in not_at_collection(uow, handed):
        yield f"case {row.ident} went to collection, and its dunning block is not there: lift it, which takes the case back"
