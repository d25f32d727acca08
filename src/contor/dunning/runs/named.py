"""Letters by what payers write of them: the number that a letter prints."""

import datetime as dt
import re
from collections.abc import Iterable
from typing import Final, NamedTuple

from contor.dunning.runs.items import letter_name
from contor.runtime.rows import columns
from contor.runtime.uow import Uow

_PREFIX: Final = "ML"
_KEY: Final = re.compile(_PREFIX + "([1-9][0-9]{0,17})")
"""What becomes of a letter's number where only its letters and digits are looked at (`openitems.keys.compact`)."""


class LetterNamed(NamedTuple):
    """A letter and whose it is, whatever became of it."""

    letter_id: int
    ident: str
    customer_ident: str
    document_ids: tuple[int, ...]
    """Its documents and credits, what is due first first."""


class _Item(NamedTuple):
    letter_id: int
    document_id: int
    customer_ident: str
    due_date: dt.date


def letters_named(uow: Uow, keys: Iterable[str]) -> dict[str, LetterNamed]:
    """By key the letters there are; the other keys are no letter's number."""
    meant = {int(found[1]): key for key in keys if key.startswith(_PREFIX) and (found := _KEY.fullmatch(key)) is not None}
    if not meant:
        return {}
    sql = f"SELECT {columns(_Item)} FROM dunning_item WHERE letter_id = ANY (%s)"
    letters: dict[str, LetterNamed] = {}
    for item in sorted(uow.all(_Item, sql, (sorted(meant),)), key=lambda item: (item.letter_id, item.due_date, item.document_id)):
        before = letters.get(meant[item.letter_id])
        documents = (*(before.document_ids if before else ()), item.document_id)
        letters[meant[item.letter_id]] = LetterNamed(item.letter_id, letter_name(item.letter_id), item.customer_ident, documents)
    return letters
