"""What issuing would say of drafts: the shape of a request, then the gate that every request passes (`judge.contents.examine`)."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from contor.documents.amounts import Amounts
from contor.documents.drafts.determined import with_taxes
from contor.documents.drafts.queries import Draft
from contor.documents.drafts.rated import NO_RATE, with_rates
from contor.documents.drafts.types import wanted_of, with_unnamed_parties
from contor.documents.judge import Facts, examine
from contor.documents.request import archived_findings, facts_of
from contor.documents.types import DocumentRequest
from contor.kernel.errors import Problem, Refused
from contor.kernel.partial import Content
from contor.runtime.execute import agreed, validated
from contor.runtime.uow import Uow


class Judged(NamedTuple):
    """The request that a draft would be, by itself and by the facts of this moment."""

    findings: list[Problem]
    """Empty: it can be issued."""
    request: DocumentRequest | None = None
    """None: so much is missing that there is nothing to compute."""
    facts: Facts | None = None
    amounts: Amounts | None = None
    content: Content = {}
    """What the draft says, with the taxes and the exchange rate that it leaves out."""


class Read(NamedTuple):
    """What a draft says, with what it leaves out and can be found."""

    content: Content
    request: DocumentRequest | None
    """None: its shape lacks more than the parties."""
    lacking: list[Problem]
    """Of its shape. Empty: it is a request, to be judged as any other."""
    no_rate: Problem | None
    """Which exchange rate is not there, and what helps."""


def read_drafts(uow: Uow, drafts: Sequence[Draft], unnamed: str) -> list[Read]:
    """Each draft as the request that it would be. `unnamed`: the ident of parties that are not chosen, nobody's."""
    contents, unsaid = with_taxes(uow, drafts)
    read = [_read(draft.ident, content, unnamed) for draft, content in zip(drafts, contents, strict=True)]
    rated = with_rates(uow, drafts, [request for request, _ in read], contents)
    found = []
    for place, ((_, missing), (request, content, no_rate)) in enumerate(zip(read, rated, strict=True)):
        lacking = _lacking(missing, {row: problem for (of, row), problem in unsaid.items() if of == place})
        found.append(Read(content, request, lacking, no_rate))
    return found


def judge(uow: Uow, drafts: Sequence[Draft]) -> list[Judged]:
    """Every finding about each draft, and its amounts as far as they can be computed. A draft that lacks nothing but customer, address
    or billing group is judged like one whose parties are unknown: its rows and amounts do not depend on them."""
    unnamed = str(uow.new_uuid())
    read = read_drafts(uow, drafts, unnamed)
    wanted = [(draft.type, it.request) for draft, it in zip(drafts, read, strict=True) if it.request is not None]
    known = iter(facts_of(uow, wanted) if wanted else ())
    judged = []
    for draft, (content, request, lacking, no_rate) in zip(drafts, read, strict=True):
        if request is None:
            judged.append(Judged(lacking))
            continue
        facts = next(known)
        found, amounts = examine(request, draft.type, facts)
        found = [*archived_findings(request, draft.type, facts), *found]
        found = [no_rate if no_rate is not None and it.code == NO_RATE else it for it in found]
        # who is not chosen is missing, not unknown
        judged.append(Judged([*lacking, *(p for p in found if p.rejected_value != unnamed)], request, facts, amounts, content))
    return judged


def _lacking(missing: list[Problem], unsaid: Mapping[int, Problem]) -> list[Problem]:
    """What the shape lacks; of taxes that a provider outside did not say, why, instead of that they are missing."""
    own = [it for it in missing if not any((it.field or "").startswith(f"items[{row}].tax_detail") for row in unsaid)]
    return [*own, *unsaid.values()]


def _read(ident: str, content: Content, unnamed: str) -> tuple[DocumentRequest | None, list[Problem]]:
    """(the request, what its shape lacks); without a request where more than the parties is missing."""
    wanted = wanted_of(ident, content)
    if isinstance(made := agreed(DocumentRequest, wanted, by_alias=False, context=None), DocumentRequest):
        return made, []
    try:
        return validated(DocumentRequest, wanted), []
    except Refused as refused:
        missing = list(refused.problems)
    try:
        return validated(DocumentRequest, with_unnamed_parties(wanted, unnamed)), missing
    except Refused:
        return None, missing
