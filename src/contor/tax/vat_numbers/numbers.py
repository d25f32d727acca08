"""VAT numbers as registers write them: whose they are, and what can be said of them without asking anyone. Pure.

Source: VIES, question 11 (structure of the numbers); the check digits are those of python-stdnum. Northern Ireland (XI) is asked like a
member state, for its goods are treated so (Protocol on Ireland and Northern Ireland, Article 8).
"""

from typing import Final, NamedTuple

from contor.kernel.places import EU_COUNTRIES
from contor.settings.identifiers import is_vat_id, why_no_vat_id

NORTHERN_IRELAND: Final = "XI"
GREECE: Final = "EL"


class Number(NamedTuple):
    """A number in two parts, as the services want it."""

    state: str
    """The prefix: EL for Greece."""
    digits: str


def number_of(vat_id: str) -> Number:
    return Number(vat_id[:2], vat_id[2:])


def state_of(vat_id: str | None) -> str | None:
    """The member state (ISO 3166-1 alpha-2), or XI, that gave the number; None: no member state did."""
    prefix = (vat_id or "")[:2].upper()
    country = "GR" if prefix == GREECE else prefix
    return country if country in EU_COUNTRIES or country == NORTHERN_IRELAND else None


def is_asked_for(vat_id: str | None) -> bool:
    """Whether a service answers about it: the numbers of the member states and of Northern Ireland."""
    return state_of(vat_id) is not None


def may_ask_evatr(requester: str | None, vat_id: str) -> bool:
    """Section 18e no. 1 UStG: a German enquirer asks about the number of another member state; German ones are confirmed by VIES alone."""
    return state_of(requester) == "DE" and state_of(vat_id) not in (None, "DE")


def why_invalid(vat_id: str) -> str | None:
    """What is wrong with its form or its check digits; None: nothing that can be seen."""
    form = why_no_vat_id(vat_id)
    if form is not None:
        return form
    return None if is_vat_id(vat_id) else "its check digits are wrong"
