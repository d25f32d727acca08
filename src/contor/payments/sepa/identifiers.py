"""Numbers and references that stand in SEPA files. Pure."""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError
from stdnum.eu import at_02

from contor.kernel.shapes import PRINTABLE, written


def _creditor(text: str) -> str:
    plain = "".join(text.split()).upper()
    if not at_02.is_valid(plain) or not 8 <= len(plain) <= 35:
        raise PydanticCustomError(
            "creditor_identifier_invalid", "is not a creditor identifier of SEPA: its form or check digits are wrong"
        )
    return plain


CreditorIdentifier = Annotated[
    str, Field(max_length=50, pattern=PRINTABLE, examples=["DE98ZZZ09999999999"]), AfterValidator(_creditor)
]
"""AT-02 of the SEPA rulebooks, with check digits (ISO 7064) that leave out the business code, characters 5 to 7."""


def _reference(text: str) -> str:
    if slashes := why_no_reference(text):
        raise PydanticCustomError("reference_with_slashes", slashes)
    return text


def why_no_reference(text: str) -> Literal["must not begin or end with a slash", "must not hold two slashes in a row"] | None:
    """What the slashes of a reference break of the rules of SEPA (EPC implementation guidelines, 1.4)."""
    if text.startswith("/") or text.endswith("/"):
        return "must not begin or end with a slash"
    return "must not hold two slashes in a row" if "//" in text else None


Reference35 = Annotated[
    str,
    written(
        r"^[A-Za-z0-9+?/:().,'-]([A-Za-z0-9+?/:().,' -]{0,33}[A-Za-z0-9+?/:().,'-])?$",
        "1 to 35 letters of a to z, digits and + ? / : ( ) . , ' - with blanks only within",
        examples=["M-4711"],
    ),
    AfterValidator(_reference),
]
"""A reference that SEPA carries: of a file, a group, a transaction, a mandate."""
