"""What must hold of links to banks."""

from collections.abc import Iterable

from contor.kernel.checks import check
from contor.payments.open_banking.stored import LINK, LinkRow, unsealed
from contor.runtime.secrets import SealBroken
from contor.runtime.uow import Uow


@check("open_banking.what_banks_are_asked_with_is_readable")
def secrets(uow: Uow) -> Iterable[str]:
    """A bank that is asked is asked with what can be read again; who is not asked any more has nothing to be asked with."""
    for row in uow.all(LinkRow, LINK + "true ORDER BY ident"):
        asked = row.status in ("LINKED", "PENDING") and row.provider != "FILES"
        if asked != (row.secrets is not None):
            yield f"open banking account {row.ident}: {row.status}, and what its bank is asked with is {'missing' if asked else 'there'}"
        if (row.status == "PENDING") != (row.challenge is not None):
            yield f"open banking account {row.ident}: {row.status}, and a challenge {'waits' if row.challenge else 'is missing'}"
        try:
            unsealed(uow, row)
        except SealBroken:
            yield f"open banking account {row.ident}: what its bank is asked with cannot be read"
