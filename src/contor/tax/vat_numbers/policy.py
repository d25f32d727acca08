"""What is done with a supply that bears no tax because of the customer's VAT id, by what is known of that. Pure.

Source: section 6a (1) sentence 1 no. 4 UStG (the number is valid); § 3a (2) UStG with Article 18 VO (EU) 282/2011 (the supplier may take
the customer for a business where the number was confirmed).
"""

import datetime as dt
from typing import Literal, NamedTuple

from contor.tax.configuration import TaxConfiguration
from contor.tax.vat_numbers.types import Outcome


class Known(NamedTuple):
    """What was found out of one VAT id of a customer."""

    vat_id: str
    answered: Literal["VALID", "INVALID"] | None = None
    """What a register said last."""
    answered_at: dt.datetime | None = None
    proof_ident: str | None = None
    """The check that says so."""
    tried: Outcome | None = None
    """What came of the last question, be it no answer."""
    tried_at: dt.datetime | None = None
    tried_reason: str | None = None


Kind = Literal["NOT_NEEDED", "PROVEN", "NOT_VALID", "AS_CONSUMER", "AWAITED"]


class Verdict(NamedTuple):
    """PROVEN: the VAT id holds. NOT_VALID, AS_CONSUMER: the customer is taxed as a consumer, because the number is not valid, or because
    nobody can say. AWAITED: what is supplied waits, `reason` says for what."""

    kind: Kind
    reason: str = ""
    proof_ident: str | None = None

    @property
    def has_vat_id(self) -> bool:
        """Whether the customer counts as a business of another member state."""
        return self.kind in ("NOT_NEEDED", "PROVEN")


NOT_NEEDED = Verdict("NOT_NEEDED")


def verdict(known: Known, configuration: TaxConfiguration, now: dt.datetime) -> Verdict:
    """What holds at the instant `now`, at which it would be issued."""
    if not configuration.vat_id_validation:
        return NOT_NEEDED
    oldest = now - dt.timedelta(hours=configuration.max_proof_age_in_hours)
    if known.answered_at is not None and known.answered_at > oldest:
        return _by_answer(known)
    if known.tried_at is None or known.tried_at <= oldest:
        return Verdict("AWAITED", f"the VAT id {known.vat_id} is being confirmed; it goes on by itself")
    why = f"the VAT id {known.vat_id} cannot be confirmed now: {known.tried_reason or 'no service answers'}"
    match configuration.provider_down_behaviour:
        case "TAX_AS_B2C":
            return Verdict("AS_CONSUMER", why)
        case "ISSUE_WITH_LAST_PROOF" if known.answered is not None:
            return _by_answer(known)
        case "ISSUE_WITH_LAST_PROOF":
            return Verdict("AWAITED", f"{why}; there is no earlier proof to issue with, and it is asked for again")
    return Verdict("AWAITED", f"{why}; it is asked for again, and goes on by itself")


def _by_answer(known: Known) -> Verdict:
    if known.answered == "VALID":
        return Verdict("PROVEN", proof_ident=known.proof_ident)
    return Verdict("NOT_VALID", f"the VAT id {known.vat_id} is not valid: the check {known.proof_ident} says so", known.proof_ident)
