"""Facts about links to banks. Pure."""

import datetime as dt

from contor.kernel.events import event


@event("open_banking_account.consent_ends")
class ConsentEnds:
    """A bank will soon answer no more, unless somebody confirms it anew."""

    ident: str
    valid_until: dt.datetime
