"""What is compared of a number or a payment reference: banks and payers change blanks, hyphens, line ends and case. Pure."""

import re

_OTHER = re.compile(r"[\W_]+")


def compact(text: str) -> str:
    """The letters and digits alone, in capitals: RE20260000006 of "re-2026 0000006"."""
    return _OTHER.sub("", text).upper()
