"""Numbers of accounts and cards in what a finding repeats: as much of them as an answer shows. Pure."""

import re

_IBAN = re.compile(r"\b[A-Za-z]{2}[0-9]{2}(?:[ -]?[A-Za-z0-9]){11,30}\b")
_CARD = re.compile(r"(?<![0-9])[2-6](?:[ -]?[0-9]){12,18}(?![0-9])")
_PLAIN = 8
"""Characters of what is too short to be an account."""


def masked_values(field: str, text: str) -> str:
    """The text as it may be repeated: of a field that holds an IBAN its ends, whatever it is; of any other the ends of IBANs and cards."""
    if field.lower().endswith("iban"):
        return _ends(text) if len(text) > _PLAIN else text
    return masked_numbers(text)


def masked_numbers(text: str) -> str:
    """Without what has the check digits of an IBAN, or of a card."""
    from stdnum import luhn  # loaded when something is refused: the command line starts without it

    text = _IBAN.sub(lambda found: _ends(found[0]) if _is_iban(found[0]) else found[0], text)
    return _CARD.sub(lambda found: _ends(found[0]) if luhn.is_valid(re.sub("[ -]", "", found[0])) else found[0], text)


def _is_iban(text: str) -> bool:
    from stdnum.exceptions import ValidationError
    from stdnum.iso7064 import mod_97_10

    bare = re.sub("[ -]", "", text).upper()
    try:
        return bool(mod_97_10.validate(bare[4:] + bare[:4]))
    except ValidationError:
        return False


def _ends(text: str) -> str:
    bare = re.sub(r"[ -]", "", text)
    return f"{bare[:4]}…{bare[-4:]}"
