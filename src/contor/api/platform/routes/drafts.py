"""Drafts and recurring documents in `/v2`: ours, in the conventions of the documents. The version that is meant stands in the body or in
`If-Match`."""

import datetime as dt
from dataclasses import replace
from typing import NotRequired

from typing_extensions import TypedDict

from contor.api.answers import camel_path
from contor.api.http import version_in
from contor.api.kit import route
from contor.api.platform.answers import Finding, finding
from contor.api.route import AnyOperation, Call, Plain, Route
from contor.documents import drafts, recurring
from contor.documents.drafts import DRAFTS, Completion, DraftVersion, DraftView, Preview, RowAmountsView
from contor.documents.types import LedgerCurrency, TaxView, TotalsView
from contor.runtime.execute import adapter

_DRAFTS = "/v2/drafts"
_DRAFT = f"{_DRAFTS}/{{draftIdent}}"


def _named(call: Call) -> DraftVersion:
    return DraftVersion(draft_ident=call.path["draftIdent"], version=version_in(call.if_match))


def _changing(method: str, operation: AnyOperation) -> Route:
    made = route(method, _DRAFT, operation, body="body", versioned=True)

    def bind(call: Call) -> drafts.ChangeDraft:
        named = _named(call)
        return drafts.ChangeDraft(draft_ident=named.draft_ident, version=named.version, body=call.body)

    return replace(made, bind=bind)


def _completing() -> Route:
    """One draft: a batch of one."""
    return Route(
        method="POST",
        path=f"{_DRAFT}/actions/complete",
        operation=drafts.complete_drafts,
        status=200,
        bind=_completed,
        body=Completion,
        may_be_empty=True,
        output=drafts.CompletedDraft,
        answer=_only,
        versioned=True,
    )


def _completed(call: Call) -> drafts.CompleteDrafts:
    named = _named(call)
    version = drafts.version_named(call.body.version, named.version)
    return drafts.CompleteDrafts(drafts=(DraftVersion(draft_ident=named.draft_ident, version=version),))


def _only(done: drafts.CompletedDrafts) -> Plain:
    shown: Plain = adapter(drafts.CompletedDraft).dump_python(done.drafts[0], by_alias=True, exclude_none=True)
    return shown


class DraftPreview(TypedDict):
    """What completing would say now. Without findings the draft can be completed, and becomes a document of these amounts and dates."""

    draftIdent: str
    version: int
    findings: list[Finding]
    currency: NotRequired[str]
    totals: NotRequired[TotalsView]
    taxes: list[TaxView]
    items: list[RowAmountsView]
    documentDate: NotRequired[dt.date]
    dueDate: NotRequired[dt.date]
    taxDate: NotRequired[dt.date]
    ledger: NotRequired[LedgerCurrency]


def _preview(made: Preview) -> DraftPreview:
    """The preview with its findings as those of a request that failed."""
    findings = [finding(problem, camel_path(problem.field) if problem.field else None) for problem in made.findings]
    return {**adapter(Preview).dump_python(made, by_alias=True, exclude_none=True), "findings": findings}  # type: ignore[typeddict-item]  # as its shape says


_RECURRING = "/v2/recurring-documents"
_RECURRED = f"{_RECURRING}/{{recurringDocumentIdent}}"


def _recurring(method: str, operation: AnyOperation, status: int = 200) -> Route:
    """A change of one of them, of the version that is meant."""
    if method == "DELETE":
        return replace(route(method, _RECURRED, operation, status, versioned=True), bind=_recurring_named)
    made = route(method, _RECURRED, operation, status, body="body", versioned=True)

    def bind(call: Call) -> recurring.ChangeRecurringDocument:
        named = _recurring_named(call)
        return recurring.ChangeRecurringDocument(
            recurring_document_ident=named.recurring_document_ident, version=named.version, body=call.body
        )

    return replace(made, bind=bind)


def _recurring_named(call: Call) -> recurring.RecurringDocumentVersion:
    return recurring.RecurringDocumentVersion(
        recurring_document_ident=call.path["recurringDocumentIdent"], version=version_in(call.if_match)
    )


RECURRING_ROUTES: list[Route] = [
    route(
        "GET",
        _RECURRING,
        recurring.list_recurring,
        filterable=recurring.RECURRING,
        output=recurring.RecurringDocumentView,
    ),
    route("POST", _RECURRING, recurring.create_recurring, 201, body="body", versioned=True),
    route("GET", _RECURRED, recurring.get_recurring, versioned=True),
    _recurring("PUT", recurring.replace_recurring),
    _recurring("PATCH", recurring.change_recurring),
    _recurring("DELETE", recurring.delete_recurring, 204),
    route(
        "GET",
        f"{_RECURRED}/documents",
        recurring.list_made,
        filterable=recurring.MADE,
        output=recurring.MadeDocumentView,
    ),
]

DRAFT_ROUTES: list[Route] = [
    route("GET", _DRAFTS, drafts.list_drafts, filterable=DRAFTS, output=DraftView),
    route("POST", _DRAFTS, drafts.create_draft, 201, body="body", versioned=True),
    route("POST", f"{_DRAFTS}/actions/complete", drafts.complete_drafts, body="*", id="completeDrafts"),
    route("GET", _DRAFT, drafts.get_draft, versioned=True),
    _changing("PUT", drafts.replace_draft),
    _changing("PATCH", drafts.change_draft),
    replace(route("DELETE", _DRAFT, drafts.delete_draft, 204, versioned=True), bind=_named),
    route("GET", f"{_DRAFT}/preview", drafts.preview_draft, answer=_preview, versioned=True),
    _completing(),
    replace(route("POST", f"{_DRAFT}/actions/approve", drafts.approve_draft, versioned=True), bind=_named),
    *RECURRING_ROUTES,
]
