"""Read what is known of VAT numbers: for who determines taxes and issues documents, many at once."""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from typing import Literal, NamedTuple

from contor.customers.vat_ids import Held
from contor.runtime.rows import columns
from contor.runtime.uow import Uow
from contor.tax.configuration import TaxConfigurations, configurations
from contor.tax.vat_numbers.policy import NOT_NEEDED, Known, Verdict, verdict
from contor.tax.vat_numbers.types import Outcome


class _Row(NamedTuple):
    customer_ident: str
    vat_id: str
    answered: Literal["VALID", "INVALID"] | None
    answered_at: dt.datetime | None
    proof_ident: str | None
    tried: Outcome | None
    tried_at: dt.datetime | None
    tried_reason: str | None


_KNOWN = """
SELECT n.customer_ident, n.vat_id, a.status AS answered, a.checked_at AS answered_at, a.ident AS proof_ident, t.status AS tried,
       t.checked_at AS tried_at, t.reason AS tried_reason
  FROM unnest(%s::text[], %s::text[]) AS n(customer_ident, vat_id)
  LEFT JOIN LATERAL (SELECT c.status, c.checked_at, c.ident FROM vat_number_check c WHERE c.customer_ident = n.customer_ident
        AND c.vat_id = n.vat_id AND c.status IN ('VALID', 'INVALID') ORDER BY c.id DESC LIMIT 1) a ON true
  LEFT JOIN LATERAL (SELECT c.status, c.checked_at, c.reason FROM vat_number_check c WHERE c.customer_ident = n.customer_ident
        AND c.vat_id = n.vat_id ORDER BY c.id DESC LIMIT 1) t ON true
"""


class InGroup(NamedTuple):
    """A VAT id of a customer, for what a billing group bills; None: for what belongs to none."""

    number: Held
    billing_group_ident: str | None


def known_of(uow: Uow, numbers: Collection[Held]) -> dict[Held, Known]:
    """What was found out of each."""
    ordered = sorted(set(numbers))
    if not ordered:
        return {}
    rows = uow.all(_Row, _KNOWN, ([it.customer_ident for it in ordered], [it.vat_id for it in ordered]))
    return {Held(row.customer_ident, row.vat_id): Known(*row[1:]) for row in rows}


def verdicts(uow: Uow, asked: Iterable[InGroup], configured: TaxConfigurations | None = None) -> Mapping[InGroup, Verdict]:
    """Whether each VAT id holds for what is issued now: two statements, and one where nobody wants proofs. `configured`: where the caller
    has read it already."""
    wanted = set(asked)
    if not wanted:
        return {}
    configured = configurations(uow) if configured is None else configured
    judged = {one for one in wanted if configured.of(one.billing_group_ident).vat_id_validation}
    known, now = known_of(uow, {one.number for one in judged}), uow.ctx.now()
    return {
        one: verdict(known[one.number], configured.of(one.billing_group_ident), now) if one in judged else NOT_NEEDED
        for one in wanted
    }


def validities(uow: Uow, asked: Iterable[InGroup]) -> dict[InGroup, bool | None]:
    """Whether each VAT id counts where taxes are determined now: None where nobody wants a proof, or one is still to come."""
    said = {"PROVEN": True, "NOT_VALID": False, "AS_CONSUMER": False}
    return {one: said.get(found.kind) for one, found in verdicts(uow, asked).items()}


class _Answer(NamedTuple):
    customer_ident: str
    vat_id: str
    status: Literal["VALID", "INVALID"]
    valid_from: dt.date | None
    valid_until: dt.date | None


_LAST_ANSWERS = f"""
SELECT DISTINCT ON (customer_ident, vat_id) {columns(_Answer)} FROM vat_number_check
 WHERE customer_ident = ANY (%s) AND status IN ('VALID', 'INVALID') ORDER BY customer_ident, vat_id, id DESC
"""


def valid_vat_ids(uow: Uow, customers: Collection[str], day: dt.date) -> dict[Held, bool]:
    """By VAT id, whether a register said last that it is valid on `day`; of what is missing nobody knows. Where the register says from when
    until when a number is valid, that decides."""
    return {
        Held(row.customer_ident, row.vat_id): _is_valid(row, day)
        for row in (uow.all(_Answer, _LAST_ANSWERS, (sorted(customers),)) if customers else ())
    }


def _is_valid(row: _Answer, day: dt.date) -> bool:
    if row.valid_from is None and row.valid_until is None:
        return row.status == "VALID"
    return (row.valid_from is None or row.valid_from <= day) and (row.valid_until is None or day <= row.valid_until)


class Proof(NamedTuple):
    """A check whose answer is kept."""

    ident: str
    customer_ident: str
    vat_id: str
    provider: str
    status: str
    checked_at: dt.datetime
    sha256: str
    size: int


def proofs_for(uow: Uow, asked: Iterable[InGroup]) -> dict[InGroup, Proof]:
    """The newest proof of each that is VALID and no older than what its billing group wants; where that issues with the last one, that.
    What has none is missing."""
    wanted, configured, now = set(asked), configurations(uow), uow.ctx.now()
    known = known_of(uow, {one.number for one in wanted})
    found: dict[InGroup, str] = {}
    for one in wanted:
        it, of = known[one.number], configured.of(one.billing_group_ident)
        oldest = now - dt.timedelta(hours=of.max_proof_age_in_hours)
        is_young = it.answered_at is not None and it.answered_at > oldest
        is_last = of.vat_id_validation and of.provider_down_behaviour == "ISSUE_WITH_LAST_PROOF"
        if it.answered == "VALID" and it.proof_ident is not None and (is_young or is_last):
            found[one] = it.proof_ident
    sql = f"SELECT {columns(Proof)} FROM vat_number_check WHERE ident = ANY (%s) AND sha256 IS NOT NULL"
    proofs = {row.ident: row for row in uow.all(Proof, sql, (sorted(set(found.values())),))} if found else {}
    return {one: proofs[ident] for one, ident in found.items() if ident in proofs}
