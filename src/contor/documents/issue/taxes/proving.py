"""Requests that bear no tax because of the customer's VAT id, where the tenant wants it confirmed: they are issued by the proof that is
there, wait for one, or are refused. The services themselves are asked by a worker of its own, never in a transaction that issues."""

from collections.abc import Collection, Sequence
from typing import NamedTuple

from contor.customers.vat_ids import Held
from contor.documents import tables
from contor.documents.issue.taxes.by_vat_id import may_depend_on_vat_id, taxes_by_vat_id
from contor.documents.request import facts_of
from contor.documents.types import DocumentRequest, DocumentType
from contor.kernel.errors import Problem
from contor.kernel.events import on
from contor.runtime.uow import Uow
from contor.tax.configuration import TaxConfigurationChanged
from contor.tax.vat_numbers import InGroup, VatNumbersChecked, ask_for, verdicts

AWAITED = "vat_proof_awaited"


class Unproven(NamedTuple):
    """What of a batch of requests is not issued now, by its place in the batch."""

    awaited: dict[int, Problem]
    """It waits, and why."""
    refused: dict[int, tuple[Problem, ...]]
    """The customer is to be taxed as a consumer, and it says otherwise."""


def unproven(uow: Uow, requests: Sequence[tuple[DocumentType, DocumentRequest]], imported: Collection[str] = ()) -> Unproven:
    """Judge the VAT ids that the requests depend on, and let those be confirmed that nobody confirmed lately."""
    found = Unproven({}, {})
    places = [
        place
        for place, (kind, request) in enumerate(requests)
        if request.request_id not in imported and may_depend_on_vat_id(request, kind)
    ]
    if not places:
        return found
    facts = facts_of(uow, [requests[place] for place in places])
    depending: dict[int, tuple[InGroup, list[tuple[str, str]]]] = {}
    for place, known in zip(places, facts, strict=True):
        kind, request = requests[place]
        buyer, taxes = known.buyer(kind), taxes_by_vat_id(request, kind, known)
        if taxes and buyer is not None and buyer.vat_id is not None:
            number = Held(request.customer_detail.customer_ident, buyer.vat_id)
            depending[place] = InGroup(number, request.billing_group_ident), taxes
    judged = verdicts(uow, [one for one, _ in depending.values()])
    for place, (one, taxes) in depending.items():
        verdict = judged[one]
        if verdict.kind == "AWAITED":
            found.awaited[place] = Problem(
                AWAITED, f"waits: {verdict.reason}", "customerDetail.customerIdent", one.number.customer_ident
            )
        elif not verdict.has_vat_id:
            message = f"cannot stand: {verdict.reason}. The customer is taxed as a consumer; expected is category S with its rate"
            found.refused[place] = tuple(Problem("vat_id_not_proven", message, path, category) for path, category in taxes)
    ask_for(uow, [depending[place][0].number for place in found.awaited], "ISSUE")
    return found


class Aside(NamedTuple):
    """What became of requests that were taken out of the queue, before they are drafted."""

    left: list[int]
    """Places of those that are to be drafted."""
    refused: list[tuple[str, tuple[Problem, ...]]]
    """By request id."""
    waiting: tuple[str, ...]
    """Put back until a number was asked about."""


def set_aside(uow: Uow, claimed: Sequence[tuple[int, tuple[DocumentType, DocumentRequest]]], imported: Collection[str]) -> Aside:
    """Put back, by their places in the queue, requests whose VAT ids wait to be confirmed, and tell those that cannot stand."""
    found = unproven(uow, [request for _, request in claimed], imported)
    idents = [request.request_id for _, (_, request) in claimed]
    _hold(uow, [(claimed[place][0], claimed[place][1][1], why) for place, why in found.awaited.items()])
    left = [place for place in range(len(claimed)) if place not in found.awaited and place not in found.refused]
    refused = [(idents[place], why) for place, why in found.refused.items()]
    return Aside(left, refused, tuple(idents[place] for place in found.awaited))


def _hold(uow: Uow, held: Sequence[tuple[int, DocumentRequest, Problem]]) -> None:
    uow.insert(
        tables.document_queue,
        [
            {
                "id": queued,
                "request_id": request.request_id,
                "waits_for": request.customer_detail.customer_ident,
                "failure": problem.message,
            }
            for queued, request, problem in held
        ],
    )
    for _, request, problem in held:
        uow.audit("document_request", request.request_id, {"waits": problem.message})


@on(VatNumbersChecked)
def look_again(uow: Uow, fact: VatNumbersChecked) -> None:
    """What waited for these customers' numbers is judged again: it is issued, refused, or waits on."""
    sql = "UPDATE document_queue SET waits_for = NULL, failure = NULL WHERE waits_for = ANY (%s)"
    if uow.run(sql, (list(fact.customer_idents),)):
        uow.mark("documents")


@on(TaxConfigurationChanged)
def look_at_all_again(uow: Uow, fact: TaxConfigurationChanged) -> None:
    """Something else may be done now while nobody answers."""
    if uow.run("UPDATE document_queue SET waits_for = NULL, failure = NULL WHERE waits_for IS NOT NULL"):
        uow.mark("documents")
