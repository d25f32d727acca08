"""The values of checks of VAT numbers. Pure.

Source: section 6a (1) sentence 1 no. 4 and section 18e UStG; Article 138 (1) lit. b MwStSystRL: the number of the acquirer is valid when
the supply is made, and who supplies shows that it asked.
"""

import datetime as dt
from typing import Literal

from contor.kernel.shapes import shape
from contor.settings.identifiers import VatId

Service = Literal["VIES", "EVATR"]
"""The services that are asked: of the European Commission, and of the Bundeszentralamt für Steuern (section 18e UStG)."""
Provider = Literal["VIES", "EVATR", "OFFLINE"]
"""Who found it. OFFLINE: form or check digits are wrong, no service was asked."""
Outcome = Literal["VALID", "INVALID", "UNAVAILABLE", "REFUSED"]
"""What a service answers. UNAVAILABLE: it, or the member state's register behind it, cannot answer now. REFUSED: it does not answer this
enquirer, e.g. because the own VAT id is not valid."""
Status = Literal["REQUESTED", "VALID", "INVALID", "UNAVAILABLE", "REFUSED"]
Match = Literal["VALID", "INVALID", "NOT_PROCESSED", "NOT_SUPPORTED"]
"""Whether what was asked is what the register has (in the words of VIES). NOT_PROCESSED: nothing was asked; NOT_SUPPORTED: the member
state does not say."""
ANSWERED: tuple[Outcome, ...] = ("VALID", "INVALID")
"""What a register said; everything else leaves the number as unknown as before."""


@shape
class VatNumberCheckBody:
    vat_id: VatId | None = None
    """One that the customer or an address of it has; without it, that of the customer."""
    provider: Service | None = None
    """Only this service is asked; without it VIES, and where that cannot answer EVATR, if that one answers about the number."""


@shape
class Asked:
    """What was asked beside the number: the confirmation is qualified by it (section 18e UStG)."""

    name: str | None = None
    street: str | None = None
    postal_code: str | None = None
    city: str | None = None


@shape
class Matches:
    name: Match | None = None
    street: Match | None = None
    postal_code: Match | None = None
    city: Match | None = None


@shape
class VatNumberCheckView:
    vat_number_check_ident: str
    customer_ident: str
    vat_id: str
    status: Status
    """REQUESTED: a service is being asked."""
    provider: Provider | None
    code: str | None
    """As the service says it, e.g. MS_UNAVAILABLE or evatr-2001."""
    reason: str | None
    """Why it is not VALID, in words."""
    requester_vat_id: str | None
    """Ours, in whose name it was asked."""
    consultation_number: str | None
    """By which the service finds the enquiry again: the proof."""
    name: str | None
    address: str | None
    asked: Asked
    matches: Matches
    valid_from: dt.date | None
    valid_until: dt.date | None
    checked_at: dt.datetime | None
    sha256: str | None
    """Of the service's answer, as it is kept byte for byte."""
    size: int | None


JobStatus = Literal["RUNNING", "COMPLETED"]


@shape
class CheckAllView:
    """How far a check of all numbers is."""

    job_ident: str
    status: JobStatus
    total: int
    """Customers and addresses with a VAT id when it began."""
    done: int
    valid: int
    invalid: int
    unavailable: int
    """Not answered, or not answered to us."""
    created_at: dt.datetime
    completed_at: dt.datetime | None
