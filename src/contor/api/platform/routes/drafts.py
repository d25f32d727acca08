"""Drafts in `/v2`: ours, in the conventions of the documents. The version that is meant stands in the body or in `If-Match`."""

import re
from dataclasses import replace

from contor.api.kit import route
from contor.api.platform.answers import finding
from contor.api.platform.voice import camel_path
from contor.api.route import AnyOperation, Call, Plain, Route
from contor.documents import drafts
from contor.documents.drafts import DRAFTS, DraftVersion, DraftView, Meant, Preview
from contor.kernel.errors import Kind, Problem, Refused
from contor.runtime.execute import adapter

_DRAFTS = "/v2/drafts"
_DRAFT = f"{_DRAFTS}/{{draftIdent}}"
_ENTITY_TAG = re.compile(r'(?:W/)?"?([1-9][0-9]{0,17})"?')


def _version(call: Call) -> int | None:
    """The version that the header names; None: none, or any (`*`)."""
    given = (call.if_match or "*").strip()
    if given == "*":
        return None
    found = _ENTITY_TAG.fullmatch(given)
    if found is None:
        raise Refused(Kind.INVALID, Problem("if_match_malformed", "names one version of the draft", "If-Match", given))
    return int(found.group(1))


def _named(call: Call) -> DraftVersion:
    return DraftVersion(draft_ident=call.path["draftIdent"], version=_version(call))


def _changing(method: str, operation: AnyOperation) -> Route:
    made = route(method, _DRAFT, operation, body="body")

    def bind(call: Call) -> drafts.ChangeDraft:
        named = _named(call)
        return drafts.ChangeDraft(draft_ident=named.draft_ident, version=named.version, body=call.body)

    return replace(made, bind=bind, versioned=True)


def _completing() -> Route:
    """One draft: a batch of one."""
    return Route(
        method="POST",
        path=f"{_DRAFT}/actions/complete",
        operation=drafts.complete_drafts,
        status=200,
        bind=_completed,
        body=Meant,
        may_be_empty=True,
        output=drafts.CompletedDraft,
        answer=_only,
        versioned=True,
    )


def _completed(call: Call) -> drafts.CompleteDrafts:
    named, meant = _named(call), call.body.version if call.body is not None else None
    if None not in (meant, named.version) and meant != named.version:
        message = "body and If-Match name different versions"
        raise Refused(Kind.INVALID, Problem("version_ambiguous", message, "version", meant))
    return drafts.CompleteDrafts(drafts=(DraftVersion(draft_ident=named.draft_ident, version=named.version or meant),))


def _only(done: drafts.CompletedDrafts) -> Plain:
    shown: Plain = adapter(drafts.CompletedDraft).dump_python(done.drafts[0], by_alias=True)
    return shown


def _preview(made: Preview) -> Plain:
    """The preview with its findings as those of a request that failed."""
    findings = [finding(problem, camel_path(problem.field) if problem.field else None) for problem in made.findings]
    return {**adapter(Preview).dump_python(made, by_alias=True, exclude_none=True), "findings": findings}


DRAFT_ROUTES: list[Route] = [
    route("GET", _DRAFTS, drafts.list_drafts, filterable=DRAFTS, output=DraftView),
    replace(route("POST", _DRAFTS, drafts.create_draft, 201, body="body"), versioned=True),
    route("POST", f"{_DRAFTS}/actions/complete", drafts.complete_drafts, body="*"),
    replace(route("GET", _DRAFT, drafts.get_draft), versioned=True),
    _changing("PUT", drafts.replace_draft),
    _changing("PATCH", drafts.change_draft),
    replace(route("DELETE", _DRAFT, drafts.delete_draft, 204), bind=_named, versioned=True),
    replace(route("GET", f"{_DRAFT}/preview", drafts.preview_draft, answer=_preview), versioned=True),
    _completing(),
]
