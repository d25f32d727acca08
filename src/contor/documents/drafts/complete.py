"""Complete drafts: each becomes the document that was written, issued by the one way there is, or none does and every finding is said.

Everything is one transaction: draft, request, document, number, entries. Whoever is killed leaves the draft as it was. A draft is
completed once: who names no version, or the one that it has since, is answered the same document again; who names the version before,
not knowing of the other's completion, is refused with the document's number.
"""

import dataclasses
from collections.abc import Sequence
from typing import Annotated

from pydantic import Field

from contor.documents.drafts.determined import asked_outside
from contor.documents.drafts.events import DraftsCompleted
from contor.documents.drafts.judge import Read, judge, read_drafts
from contor.documents.drafts.queries import Draft, drafts_named, locked, numbers_of, require_versions
from contor.documents.drafts.types import DraftVersion
from contor.documents.issue import draft_requests, issue, unproven
from contor.documents.judge import IssuedDocument
from contor.documents.request import RequestDocument, archived_findings, known_request, request_row
from contor.documents.tables import document_request
from contor.documents.types import DocumentRequest, DocumentType
from contor.kernel.context import Caller
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.operations import few, operation
from contor.kernel.shapes import CONFIG, replace, shape
from contor.runtime.copying import Left
from contor.runtime.db import ENCODER
from contor.runtime.execute import Runtime
from contor.runtime.uow import Uow
from contor.settings.queries import tenant_settings
from contor.tax.providers import Foreseen, foreseen

MOST = 100


@shape
class CompleteDrafts:
    drafts: Annotated[tuple[DraftVersion, ...], Field(min_length=1, max_length=MOST)]


@dataclasses.dataclass(slots=True, kw_only=True)
class CompletedDraft:
    """A draft, and the document that it has become."""

    draft_ident: str
    version: int
    document_ident: str  # set when the numbers are drawn, at the end of the transaction


CompletedDraft.__pydantic_config__ = CONFIG  # type: ignore[attr-defined]  # where pydantic looks for it


@shape
class CompletedDrafts:
    drafts: tuple[CompletedDraft, ...]


def _ask(runtime: Runtime, command: CompleteDrafts, caller: Caller) -> Foreseen | None:
    named = [entry.draft_ident for entry in command.drafts]
    return foreseen(runtime, caller, lambda uow: asked_outside(uow, drafts_named(uow, named)))


@operation("draft.complete", permission="documents.write", asks=_ask)
@few
def complete_drafts(uow: Uow, command: CompleteDrafts) -> CompletedDrafts:
    """Issue the documents that the drafts are: all, or none with every finding about each."""
    _refuse_repeated(command.drafts)
    drafts = locked(uow, [entry.draft_ident for entry in command.drafts])
    return complete_locked(uow, drafts, [entry.version for entry in command.drafts])


def complete_locked(uow: Uow, drafts: Sequence[Draft], versions: Sequence[int | None]) -> CompletedDrafts:
    """As `complete_drafts`, by whom they are locked already. `versions`: those that are meant; None: the newest."""
    _require_other_eyes(uow, drafts)
    require_versions(uow, drafts, versions, "drafts[{}].version" if len(drafts) > 1 else "version")
    numbers = numbers_of(uow, drafts)
    answers = [
        CompletedDraft(draft_ident=d.ident, version=d.version, document_ident=numbers.get(d.document_id or 0, "")) for d in drafts
    ]
    opened = [(draft, answer) for draft, answer in zip(drafts, answers, strict=True) if draft.document_id is None]
    if opened:
        issued = _issue(
            uow, [draft for draft, _ in opened], [drafts.index(draft) for draft, _ in opened] if len(drafts) > 1 else []
        )
        uow.emit(DraftsCompleted(draft_ids=tuple(d.id for d, _ in opened), document_ids=tuple(document.id for document in issued)))
        uow.finish(
            lambda: _write(uow, [(draft, answer, document) for (draft, answer), document in zip(opened, issued, strict=True)])
        )
    return CompletedDrafts(drafts=tuple(answers))


# helpers in calling order


def _refuse_repeated(named: Sequence[DraftVersion]) -> None:
    idents = [entry.draft_ident for entry in named]
    repeated = [
        Problem("draft_repeated", "occurs more than once", f"drafts[{place}].draftIdent", ident)
        for place, ident in enumerate(idents)
        if ident in idents[:place]
    ]
    if repeated:
        raise Refused(Kind.INVALID, *repeated)


def _require_other_eyes(uow: Uow, drafts: Sequence[Draft]) -> None:
    """Raises FORBIDDEN for drafts that who completes them wrote last, and nobody else has approved."""
    # shared until the commit: nobody asks for other eyes meanwhile, and whoever issues reads the same again
    if tenant_settings(uow, share=True).draft_approval != "FOUR_EYES":
        return
    own = [draft for draft in drafts if draft.document_id is None and draft.approved_by is None]
    problems = [
        Problem(
            "draft_completed_by_its_writer",
            f"Draft {draft.ident} was written last by {draft.last_modified_by}, who cannot complete it too (draftApproval FOUR_EYES):"
            " somebody else completes or approves it.",
            "draftIdent",
            draft.ident,
        )
        for draft in own
        if draft.last_modified_by == uow.ctx.actor
    ]
    if problems:
        raise Refused(Kind.FORBIDDEN, *problems)


def _issue(uow: Uow, drafts: Sequence[Draft], places: Sequence[int]) -> list[IssuedDocument]:
    """The documents on their way. `places`: of the drafts in the command, for the paths of findings; empty: there is but one."""
    read = read_drafts(uow, drafts, str(uow.new_uuid()))
    if any(it.lacking or it.no_rate is not None for it in read):
        _refuse([entry.findings for entry in judge(uow, drafts)], places)
    requests = [(draft.type, _complete(it)) for draft, it in zip(drafts, read, strict=True)]
    _refuse_unproven(uow, drafts, requests, places)  # before anything is written: what it asks for stays
    # Judged once, by the one who issues, under his locks: what is credited cannot be credited meanwhile.
    documents, ends = draft_requests(uow, requests, [None] * len(requests))
    _refuse(
        [
            archived_findings(request, kind, end.facts) if isinstance(end, IssuedDocument) else end
            for (kind, request), end in zip(requests, ends, strict=True)
        ],
        places,
    )
    issued = [end for end in ends if isinstance(end, IssuedDocument)]
    _keep_found(uow, drafts, read)
    _keep_requests(uow, requests, issued, places)
    issue(uow, documents)
    return issued


def _complete(read: Read) -> DocumentRequest:
    if read.request is None:
        raise AssertionError("a draft whose shape lacks nothing is a request")
    return read.request


def _refuse_unproven(
    uow: Uow, drafts: Sequence[Draft], requests: Sequence[tuple[DocumentType, DocumentRequest]], places: Sequence[int]
) -> None:
    """Nothing is written yet but that a VAT id is to be confirmed, which stays: who completes again finds the proof. What else is wrong is
    said first, for that can be mended meanwhile."""
    lacking = unproven(uow, requests)
    if lacking.awaited or lacking.refused:
        _refuse([entry.findings for entry in judge(uow, drafts)], places)
    _refuse([lacking.refused.get(place, ()) for place in range(len(requests))], places)
    if lacking.awaited:
        awaited = [(lacking.awaited[place],) if place in lacking.awaited else () for place in range(len(requests))]
        raise Refused(Kind.ILLEGAL_STATE, *_placed(awaited, places), stays=True)


def _keep_requests(
    uow: Uow, requests: Sequence[tuple[DocumentType, DocumentRequest]], issued: Sequence[IssuedDocument], places: Sequence[int]
) -> None:
    """In one order for all callers, for an insert waits for another one of the same key. CONFLICT is raised where an id was used before."""
    stored = sorted(zip(requests, issued, range(len(requests)), strict=True), key=lambda entry: entry[0][1].request_id)
    for (document_type, request), document, number in stored:
        small = document.facts.is_small_business(document_type)
        row = request_row(uow, RequestDocument(document_type=document_type, request=request), small)
        known = known_request(request.request_id)
        uow.leave(document_request, [row], Refused(known.kind, *_placed([known.problems], places[number : number + 1])))


def _keep_found(uow: Uow, drafts: Sequence[Draft], read: Sequence[Read]) -> None:
    """A completed draft says of what its document was made: the taxes and the exchange rate that it left out, too."""
    changed = [(draft, entry.content) for draft, entry in zip(drafts, read, strict=True) if entry.content != draft.content]
    if not changed:
        return
    uow.run(
        "UPDATE draft d SET content = n.content FROM unnest(%s::text[], %s::jsonb[]) n(ident, content) WHERE d.ident = n.ident",
        ([draft.ident for draft, _ in changed], [ENCODER.encode(content).decode() for _, content in changed]),
    )
    for draft, content in changed:
        found = sorted(key for key in content if content[key] != draft.content.get(key))
        before, after = {key: draft.content.get(key) for key in found}, {key: content[key] for key in found}
        uow.audit("draft", draft.ident, {"before": before, "after": after})


def _refuse(findings: Sequence[Sequence[Problem]], places: Sequence[int]) -> None:
    """Every finding about every draft."""
    if problems := _placed(findings, places):
        raise Refused(Kind.INVALID, *problems)


def _placed(findings: Sequence[Sequence[Problem]], places: Sequence[int]) -> list[Problem]:
    """The findings at the paths of their drafts, where there are several."""
    if not places:
        return [problem for found in findings for problem in found]
    return [
        replace(problem, field=f"drafts[{place}].{problem.field or 'draftIdent'}")
        for place, found in zip(places, findings, strict=True)
        for problem in found
    ]


def _write(uow: Uow, completed: Sequence[tuple[Draft, CompletedDraft, IssuedDocument]]) -> None:
    """Each draft names its document, once the documents have their headers."""
    sql = (
        "UPDATE draft d SET status = 'COMPLETED', document_id = n.document_id, version = d.version + 1, last_modified_at = %s"
        " FROM unnest(%s::text[], %s::bigint[]) n(ident, document_id) WHERE d.ident = n.ident"
    )
    idents, documents = [draft.ident for draft, _, _ in completed], [document.id for _, _, document in completed]
    uow.leave_change(Left("draft", sql, (uow.ctx.now(), idents, documents)))
    for draft, answer, document in completed:
        answer.version, answer.document_ident = draft.version + 1, document.ident
        uow.audit("draft", draft.ident, {"version": answer.version, "completed_as": document.ident})
