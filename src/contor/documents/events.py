"""Facts about documents. Pure."""

import datetime as dt
from typing import NamedTuple

from contor.documents.judge import IssuedDocument
from contor.kernel.events import event, transient


@event("documents.issued")
class DocumentsIssued:
    """Documents became facts, in this transaction. Their numbers are drawn after the handlers ran: entries and open items refer
    to a document by its id."""

    document_ids: tuple[int, ...]
    documents: tuple[IssuedDocument, ...] = transient()
    """The frozen documents (`IssuedDocument`), for handlers of the same transaction."""


@event("documents.pictures_awaited")
class PicturesAwaited:
    """Documents that were issued, in this transaction, wait for pictures that somebody uploads. Their numbers are drawn."""

    document_ids: tuple[int, ...]


class TakenOver(NamedTuple):
    """A document that another system issued."""

    draft: IssuedDocument
    opened_on: dt.date
    """The day on which its open item is carried forward."""


@event("documents.taken_over")
class DocumentsTakenOver:
    """Documents that another system issued are known here, in this transaction, with what of them is open. They are no news to the
    customer, are not rendered, and have neither revenue nor VAT here."""

    document_ids: tuple[int, ...]
    documents: tuple[TakenOver, ...] = transient()
    """`TakenOver` of each."""


@event("documents.settled")
class DocumentsSettled:
    """What was paid, credited or decided changed the outstanding amount of documents."""

    document_ids: tuple[int, ...]


@event("documents.archived")
class DocumentsArchived:
    """The files of documents can be fetched."""

    document_ids: tuple[int, ...]


@event("documents.reissued")
class DocumentReissued:
    """A document was credited as a whole and issued anew, in this transaction. As with `DocumentsIssued`, the numbers of the two new
    ones, and their open items, are there when the transaction ends: in steps given to `uow.finish`."""

    old_id: int
    credit_memo_id: int
    """The credit memo, or the correction of a self-billing invoice."""
    new_id: int


@event("documents.cancelled")
class DocumentCancelled:
    """A document was taken back, as a whole or in part, in this transaction. The credit has its number and its open item when that ends."""

    document_id: int
    credit_id: int


@event("documents.attachments_archived")
class DocumentAttachmentsArchived:
    """Files that are not made of documents were kept beside them, such as the proofs of VAT ids; parallel."""

    document_ids: tuple[int, ...]
    file_idents: tuple[str, ...]
