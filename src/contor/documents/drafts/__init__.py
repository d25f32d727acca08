"""Drafts: documents that are being written. They are kept, changed, previewed, and completed by the one way of issuing, or deleted."""

from contor.documents.drafts.approve import approve_draft
from contor.documents.drafts.change import ChangeDraft, change_draft, delete_draft, replace_draft
from contor.documents.drafts.complete import CompletedDraft, CompletedDrafts, CompleteDrafts, complete_drafts
from contor.documents.drafts.create import CreateDraft, create_draft
from contor.documents.drafts.events import DraftFacts, DraftsChanged, DraftsCreated, DraftsDeleted
from contor.documents.drafts.issued import is_open_draft, issued_document, shown_numbers, wanted_outside
from contor.documents.drafts.queries import DRAFTS, drafts_by_id, facts_of, version_named
from contor.documents.drafts.read import get_draft, list_drafts, preview_draft
from contor.documents.drafts.types import Completion, DraftVersion, DraftView, Preview, RowAmountsView

__all__ = [
    "DRAFTS",
    "ChangeDraft",
    "CompleteDrafts",
    "CompletedDraft",
    "CompletedDrafts",
    "Completion",
    "CreateDraft",
    "DraftFacts",
    "DraftVersion",
    "DraftView",
    "DraftsChanged",
    "DraftsCreated",
    "DraftsDeleted",
    "Preview",
    "RowAmountsView",
    "approve_draft",
    "change_draft",
    "complete_drafts",
    "create_draft",
    "delete_draft",
    "drafts_by_id",
    "facts_of",
    "get_draft",
    "is_open_draft",
    "issued_document",
    "list_drafts",
    "preview_draft",
    "replace_draft",
    "shown_numbers",
    "version_named",
    "wanted_outside",
]
