"""Drafts in `/v2`: ours, in the conventions of the documents. The version that is meant stands in the body or in `If-Match`."""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from contor.api.kit import Call, Route, route
from contor.api.platform.answers import finding
from contor.api.platform.voice import camel_path
from contor.documents.drafts import change, complete, create, delete, preview, read
from contor.documents.drafts.queries import DRAFTS
from contor.documents.drafts.types import DraftVersion, DraftView, Preview
from contor.kernel.errors import Kind, Problem, Refused
from contor.runtime.execute import adapter

_DRAFTS = "/v2/drafts"
_DRAFT = f"{_DRAFTS}/{{draftIdent}}"
_ENTITY_TAG = re.compile(r'(?:W/)?"?([1-9][0-9]{0,17})"?')


def _if_match(headers: Mapping[str, str]) -> int | None:
    """The version that the header names; None: none, or any (`*`)."""
    given = headers.get("if-match", "*").strip()
    if given == "*":
        return None
    found = _ENTITY_TAG.fullmatch(given)
    if found is None:
        raise Refused(Kind.INVALID, Problem("if_match_malformed", "names one version of the draft", "If-Match", given))
    return int(found.group(1))


def _changing(method: str, operation: Any) -> Route:
    made = route(method, _DRAFT, operation, body="body")
    return replace(made, bind=lambda call: change.ChangeDraft(**_named(call), body=call.body))


def _named(call: Call) -> dict[str, Any]:
    return {"draft_ident": call.path["draftIdent"], "version": _if_match(call.headers)}


def _completing() -> Route:
    """One draft: a batch of one."""
    return Route(
        method="POST",
        path=f"{_DRAFT}/actions/complete",
        operation=complete.complete_drafts,
        status=200,
        bind=lambda call: complete.CompleteDrafts(drafts=(DraftVersion(**_named(call)),)),
        output=complete.CompletedDraft,
        answer=_only,
    )


def _only(done: complete.CompletedDrafts) -> Any:
    return adapter(complete.CompletedDraft).dump_python(done.drafts[0], by_alias=True)


def _preview(made: Preview) -> Any:
    """The preview with its findings as those of a request that failed."""
    findings = [finding(problem, camel_path(problem.field) if problem.field else None) for problem in made.findings]
    return {**adapter(Preview).dump_python(made, by_alias=True, exclude_none=True), "findings": findings}


DRAFT_ROUTES: list[Route] = [
    route("GET", _DRAFTS, read.list_drafts, filterable=DRAFTS, output=DraftView),
    route("POST", _DRAFTS, create.create_draft, 201, body="body"),
    route("POST", f"{_DRAFTS}/actions/complete", complete.complete_drafts, body="*"),
    route("GET", _DRAFT, read.get_draft),
    _changing("PUT", change.replace_draft),
    _changing("PATCH", change.change_draft),
    replace(route("DELETE", _DRAFT, delete.delete_draft, 204), bind=lambda call: DraftVersion(**_named(call))),
    route("GET", f"{_DRAFT}/preview", preview.preview_draft, answer=_preview),
    _completing(),
]
