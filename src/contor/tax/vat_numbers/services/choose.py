"""Which services are asked about a number, and what is made of their answers. Pure."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final, NamedTuple

from contor.tax.vat_numbers.numbers import is_asked_for, may_ask_evatr, why_invalid
from contor.tax.vat_numbers.services import evatr, vies
from contor.tax.vat_numbers.services.types import Call, Enquiry, Heard
from contor.tax.vat_numbers.types import Service


class Known(NamedTuple):
    """A service: how it is asked, and how its answer is read."""

    call_of: Callable[[Enquiry], Call]
    heard_in: Callable[[bytes, int, Enquiry], Heard]


SERVICES: Final[Mapping[Service, Known]] = {
    "VIES": Known(vies.call_of, vies.heard_in),
    "EVATR": Known(evatr.call_of, evatr.heard_in),
}
WRONG: Final = "FORM_OR_CHECK_DIGITS"


def services_for(vat_id: str, requester: str | None, only: Service | None = None) -> Sequence[Service]:
    """In the order in which they are asked, the next where the one before cannot answer; empty: none answers about it."""
    if not is_asked_for(vat_id):
        return ()
    may: list[Service] = ["VIES"]
    if may_ask_evatr(requester, vat_id):
        may.append("EVATR")
    return [service for service in may if only is None or service == only]


def seen_offline(vat_id: str) -> Heard | None:
    """What nobody needs to be asked for; None: a service is."""
    wrong = why_invalid(vat_id)
    return None if wrong is None else Heard("INVALID", WRONG, wrong)
