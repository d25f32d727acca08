"""RECIPIENT, SUBJECT and MESSAGE, with which an invoice or an estimate is mailed."""

import re
from collections.abc import Mapping
from typing import Final

from contor.api.fastbill.mailed import Mailed
from contor.kernel.errors import Kind, Problem, Refused
from contor.notifications.mail.log import SendBody
from contor.runtime.execute import validated

_BETWEEN: Final = re.compile(r"[,;]")
NAMES: Final[Mapping[str, str]] = {"recipients": "TO", "cc": "CC", "bcc": "BCC", "subject": "SUBJECT", "message": "MESSAGE"}
"""Field of a mail -> tag."""


def mail_of(data: Mailed) -> SendBody:
    """The mail; each call is one of its own. Raises INVALID."""
    to = _addresses(data.recipient.to, "TO")
    if not to:
        raise Refused(Kind.INVALID, Problem("missing", "is required", "TO"))
    return validated(
        SendBody,
        {
            "recipients": to,
            "cc": _addresses(data.recipient.cc, "CC"),
            "bcc": _addresses(data.recipient.bcc, "BCC"),
            "subject": data.subject,
            "message": data.message,
            "receipt_confirmation": data.receipt_confirmation,
            "again": True,
        },
    )


def _addresses(said: object, field: str) -> list[str]:
    """One address, several with commas or semicolons between them, or a list."""
    parts = said if isinstance(said, (list, tuple)) else [] if said is None else [said]
    if not all(isinstance(part, str) for part in parts):
        raise Refused(Kind.INVALID, Problem("text_expected", "must be an address, or a list of addresses", field))
    return [one for part in parts for address in _BETWEEN.split(str(part)) if (one := address.strip())]
