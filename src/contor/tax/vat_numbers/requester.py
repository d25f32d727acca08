"""In whose name numbers are asked about: that of the company's default operating site."""

from contor.runtime.uow import Uow
from contor.settings.queries import sites
from contor.tax.vat_numbers.numbers import is_asked_for


def requester_of(uow: Uow) -> str | None:
    """Our VAT id; None: there is none of a member state, and VIES confirms without a consultation number."""
    found = next((site.vat_id for site in sites(uow).values() if site.default), None)
    return found if is_asked_for(found) else None
