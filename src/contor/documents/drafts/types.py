"""What is said of a draft: a document request of which everything may be missing, and what has become of it. Pure.

A draft has no number, no entries and no open item, and is in no list of documents. Whatever a request accepts, a draft accepts.
"""

import datetime as dt
from collections.abc import Mapping
from typing import Annotated, Final, Literal

from pydantic import Field

from contor.documents.keys import DRAFT_PREFIX
from contor.documents.properties import EXTERNAL, PROJECT, TITLE
from contor.documents.types import DocumentRequest, DocumentType, LedgerCurrency, PricesView, TaxView, TotalsView
from contor.kernel.errors import Problem
from contor.kernel.partial import Content, Partial, partial, patched
from contor.kernel.shapes import Ident, shape

Status = Literal["OPEN", "COMPLETED"]
Version = Annotated[int, Field(ge=1)]
"""1 when the draft is created, one more with each change and with its completion."""
OWN: Final = ("draft_ident", "type", "version")
"""Fields of a body that are the draft's own, and not the request's."""

DraftCreation: Partial = partial(DocumentRequest, "DraftCreation", draft_ident=(Ident | None, None), type=(DocumentType, ...))
DraftUpdate: Partial = partial(
    DocumentRequest,
    "DraftUpdate",
    draft_ident=(Ident | None, None),
    type=(DocumentType | None, None),
    version=(Version | None, None),
)
"""A draft's new content. Its ident and type may be repeated, not changed; `version` is the one that is changed."""
DraftView: Partial = partial(
    DocumentRequest,
    "Draft",
    draft_ident=(Ident, ...),
    draft_id=(int, ...),
    type=(DocumentType, ...),
    status=(Status, ...),
    version=(int, ...),
    document_ident=(str | None, None),
    created_at=(dt.datetime, ...),
    last_modified_at=(dt.datetime, ...),
    last_modified_by=(str | None, None),
    approved_by=(str | None, None),
    approved_at=(dt.datetime | None, None),
)
"""A draft as it is shown. `document_ident`: the number of the document that a completed draft has become."""


@shape
class RowAmountsView:
    """The amounts of a row, both sides, as they would be frozen."""

    ident: str | None = None
    """Not there for the deduction of a received deposit."""
    prices: PricesView


@shape
class Preview:
    """What completing would say now. Without findings the draft can be completed, and becomes a document of these amounts."""

    draft_ident: str
    version: int
    findings: tuple[Problem, ...]
    currency: str | None = None
    """Of the amounts; None: there are none yet."""
    totals: TotalsView | None = None
    """None: the amounts cannot be computed yet; the findings say why."""
    taxes: tuple[TaxView, ...] = ()
    items: tuple[RowAmountsView, ...] = ()
    document_date: dt.date | None = None
    """This and the following dates are known when there are no findings."""
    due_date: dt.date | None = None
    tax_date: dt.date | None = None
    ledger: LedgerCurrency | None = None
    """Gross and tax in the currency of the books (BT-111), where the document is in another one."""


@shape
class Completion:
    """What completing one draft may say: the version that is meant, where `If-Match` does not name it; without it, the newest."""

    version: Version | None = None


@shape
class DraftVersion:
    draft_ident: Ident
    version: Version | None = None
    """The version that is meant; without it, the newest."""


def columns_of(content: Content) -> dict[str, str | dt.date | None]:
    """What drafts are searched by beside their own fields, as far as the content says it."""
    detail, date = content.get("customer_detail"), content.get("document_date")
    said: dict[str, str | None] = {}
    for entry in content.get("properties") or ():
        said.setdefault(entry.get("key", ""), entry.get("value"))
    return {
        "external_ident": said.get(EXTERNAL) or None,
        "title": said.get(TITLE) or None,
        "project_ident": said.get(PROJECT) or None,
        "billing_group_ident": content.get("billing_group_ident"),
        "customer_ident": detail.get("customer_ident") if isinstance(detail, Mapping) else None,
        "currency": content.get("currency"),
        "document_date": dt.date.fromisoformat(date) if date else None,
    }


def wanted_of(ident: str, content: Content) -> Content:
    """The request that the draft will be: its id is the draft's own, where the content names none."""
    return {"request_id": f"{DRAFT_PREFIX}{ident}", **content}


def with_unnamed_parties(content: Content, unnamed: str) -> Content:
    """`content` with the ident `unnamed` for a customer, address or billing group that is not chosen yet."""
    parties = {"customer_ident": unnamed, "invoice_address_ident": unnamed}
    return patched({"billing_group_ident": unnamed, "customer_detail": parties}, content)
