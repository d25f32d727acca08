"""Drafts: documents that are being written. They are kept, changed, previewed, and completed by the one way of issuing, or deleted."""

from contor.documents.drafts.change import ChangeDraft, approve_draft, change_draft, delete_draft, replace_draft
from contor.documents.drafts.complete import CompletedDraft, CompletedDrafts, CompleteDrafts, complete_drafts, complete_locked
from contor.documents.drafts.create import CreateDraft, create_draft
from contor.documents.drafts.determined import asked_outside, wanted_outside
from contor.documents.drafts.events import (
    DraftFacts,
    DraftRowsRemoved,
    DraftsChanged,
    DraftsCompleted,
    DraftsCreated,
    DraftsDeleted,
)
from contor.documents.drafts.judge import Judged
from contor.documents.drafts.judge import judge as judge_drafts
from contor.documents.drafts.queries import (
    DRAFTS,
    Draft,
    draft_named,
    drafts_by_id,
    drafts_of_documents,
    facts_of,
    is_open_draft,
    issued_document,
    shown_numbers,
    version_named,
)
from contor.documents.drafts.read import ReadDraft, get_draft, list_drafts, preview_draft
from contor.documents.drafts.types import (
    Completion,
    DraftCreation,
    DraftUpdate,
    DraftVersion,
    DraftView,
    Preview,
    RowAmountsView,
)

__all__ = [
    "DRAFTS",
    "ChangeDraft",
    "CompleteDrafts",
    "CompletedDraft",
    "CompletedDrafts",
    "Completion",
    "CreateDraft",
    "Draft",
    "DraftCreation",
    "DraftFacts",
    "DraftRowsRemoved",
    "DraftUpdate",
    "DraftVersion",
    "DraftView",
    "DraftsChanged",
    "DraftsCompleted",
    "DraftsCreated",
    "DraftsDeleted",
    "Judged",
    "Preview",
    "ReadDraft",
    "RowAmountsView",
    "approve_draft",
    "asked_outside",
    "change_draft",
    "complete_drafts",
    "complete_locked",
    "create_draft",
    "delete_draft",
    "draft_named",
    "drafts_by_id",
    "drafts_of_documents",
    "facts_of",
    "get_draft",
    "is_open_draft",
    "issued_document",
    "judge_drafts",
    "list_drafts",
    "preview_draft",
    "replace_draft",
    "shown_numbers",
    "version_named",
    "wanted_outside",
]
