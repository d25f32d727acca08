"""Facts about recurring documents. Pure."""

from contor.kernel.events import event


@event("recurring_documents.made")
class RecurringDocumentMade:
    """A recurring document became a draft, or a document, for one of its days."""

    recurring_id: int
    number: int
    draft_ident: str
    document_id: int | None
    """None: it is a draft."""
    mail: bool
    """Whether it is to be mailed to its customer."""
