"""Ids of files: ULIDs, each made of the number of what has the file, and told apart by what that is."""

from typing import Final, Literal, NamedTuple

from contor.api.ids import as_ulid, of_ulid
from contor.runtime.uow import Uow

Of = Literal["media", "document_file:PDF", "document_file:CII", "document_file:UBL", "dunning_file"]
KINDS: Final[tuple[Of, ...]] = ("document_file:PDF", "document_file:CII", "document_file:UBL", "dunning_file", "media")


class Meant(NamedTuple):
    """What has the file: an uploaded paper, a document or a letter, by its number."""

    of: Of
    number: int


def media_id(uow: Uow, of: Of, number: int) -> str:
    """The ULID of the file of this number's thing."""
    return as_ulid(number, f"{uow.ctx.tenant_id}:{of}")


def meant(uow: Uow, text: str) -> Meant | None:
    """What a ULID of this tenant names; None: nothing of it."""
    for of in KINDS:
        number = of_ulid(text, f"{uow.ctx.tenant_id}:{of}")
        if number is not None:
            return Meant(of, number)
    return None
