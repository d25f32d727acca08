"""How a merchant payment account collects and pays by SEPA files. Pure."""

from functools import lru_cache
from typing import Annotated, Any, Literal

import re2
from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from contor.kernel.shapes import PRINTABLE, Text255, shape
from contor.payments.sepa.identifiers import CreditorIdentifier
from contor.settings.types import TimeZone

DebitVersion = Literal["pain.008.001.08", "pain.008.001.02"]
TransferVersion = Literal["pain.001.001.09", "pain.001.001.03"]


@lru_cache(maxsize=256)
def compiled(pattern: str) -> Any:
    """Raises `re2.error`."""
    options = re2.Options()
    options.log_errors = False
    options.max_mem = 1 << 20  # one expression needs no more; a larger program is refused
    return re2.compile(pattern, options=options)


def _pattern(text: str) -> str:
    try:
        compiled(text)
    except re2.error as error:
        raise PydanticCustomError("pattern_malformed", "is no regular expression of RE2: {why}", {"why": str(error)}) from None
    return text


Cutting = Annotated[str, Field(min_length=1, max_length=255, pattern=PRINTABLE, examples=["^.{1,70}"]), AfterValidator(_pattern)]
"""A regular expression (RE2): what it finds first in a text that is too long is kept of it."""


@shape
class SepaSettings:
    """How files for the bank of this account are written."""

    holder_name: Text255
    """Who holds the account: the creditor of debits, the debtor of transfers."""
    creditor_identifier: CreditorIdentifier | None = None
    """Given by the central bank to who collects; without it, nothing is collected."""
    debit_version: DebitVersion = "pain.008.001.08"
    """pain.008.001.02 says no addresses, and banks take it until November 2026."""
    transfer_version: TransferVersion = "pain.001.001.09"
    """Which version of the format a file of transfers has; pain.001.001.03 says no addresses either."""
    lead_days: Annotated[int, Field(ge=0, le=10)] = 1
    """Days on which TARGET is open, between the day on which a file reaches the bank and the collection."""
    cut_off_hour: Annotated[int, Field(ge=0, le=24)] = 12
    """Until when on a day on which TARGET is open files of that day are taken, in the bank's zone; 24: all day."""
    time_zone: TimeZone = "Europe/Berlin"
    """The bank's."""
    pre_notification_days: Annotated[int, Field(ge=0, le=60)] = 14
    """How many days before the collection the customer is told, where the mandate does not agree on others."""
    booking_days: Annotated[int, Field(ge=1, le=30)] = 5
    """Days on which TARGET is open, after the one that a file says, by which the bank has booked or refused: what has not is late."""
    batch_booking: bool = True
    """true: the bank books the sum of a group; false: each transaction by itself."""
    most_per_group: Annotated[int, Field(ge=1, le=10_000)] = 10_000
    most_per_file: Annotated[int, Field(ge=1, le=50_000)] = 50_000
    addresses: Literal["NONE", "STRUCTURED"] = "NONE"
    """NONE: only where the other bank lies outside of the EEA, which needs them."""
    address_lines: Annotated[int, Field(ge=0, le=2)] = 0
    """How many unstructured lines may stand beside town and country: street and number in them instead of in fields of their own."""
    name_cutting: Cutting | None = None
    """What is kept of a name of more than 70 characters; without it, or where that is too long, its transaction is left out."""
    text_cutting: Cutting | None = None
    """Likewise of a text of more than 140 characters."""
    verification_opt_out: bool = False
    """true: several transfers of a file are sent without a check of the payees' names, as companies may ask for."""
    first_and_final: bool = False
    """true: the first collection by a mandate is said to be FRST; false: all of them RCUR. FNAL is never said, for another may follow."""
    instant: bool = False
    """true: transfers are instant ones, on every day of the year."""
