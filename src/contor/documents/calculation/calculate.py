"""Calculate the taxes of documents that are not issued: foreseen, or kept under a request id.

They are determined as those of every document are, and the amounts are those that the document would have. What is kept stays: the same
request is answered the same calculation, whatever rules, rates and customers are by then."""

import datetime as dt
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from contor.documents.calculation import tables
from contor.documents.calculation.compute import Setting, Taxed, computed
from contor.documents.calculation.outside import questions
from contor.documents.calculation.queries import kept
from contor.documents.calculation.taxing import taxed
from contor.documents.calculation.types import (
    CalculationBatch,
    CalculationBody,
    TaxCalculation,
    TaxCalculations,
)
from contor.documents.calculation.world import World, is_of_partner
from contor.kernel.context import Caller
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.operations import Reference, operation
from contor.kernel.shapes import replace
from contor.runtime.db import ENCODER
from contor.runtime.execute import Runtime
from contor.runtime.uow import Uow, not_found
from contor.settings.queries import billing_groups
from contor.tax.determination import country_of
from contor.tax.providers import Foreseen, foreseen
from contor.tax.rules import mark_used, widened


@dataclass(frozen=True, slots=True)
class CalculateDocument:
    body: CalculationBody


@dataclass(frozen=True, slots=True)
class CalculateDocuments:
    body: CalculationBatch


@dataclass(frozen=True, slots=True)
class OneCalculation:
    request_id: str


def _ask_for_one(runtime: Runtime, command: CalculateDocument, caller: Caller) -> Foreseen | None:
    return foreseen(runtime, caller, lambda uow: questions(uow, [command.body]))


def _ask_for_many(runtime: Runtime, command: CalculateDocuments, caller: Caller) -> Foreseen | None:
    return foreseen(runtime, caller, lambda uow: questions(uow, command.body.documents))


_GROUP = Reference("billingGroupIdent", "billing_group_unknown", billing_groups)


@operation(
    "tax_calculation.create",
    permission="tax.write",
    asks=_ask_for_one,
    refers=(Reference("billingGroupIdent", "billing_group_unknown", billing_groups),),
)
def calculate_document(uow: Uow, command: CalculateDocument) -> TaxCalculation:
    """The taxes of one document. A forecast leaves no trace; else the same request id is answered the same calculation."""
    return _calculated(uow, [command.body], "")[0]


@operation(
    "tax_calculation.create_many",
    permission="tax.write",
    asks=_ask_for_many,
    refers=(Reference("documents.billingGroupIdent", "billing_group_unknown", billing_groups),),
)
def calculate_documents(uow: Uow, command: CalculateDocuments) -> TaxCalculations:
    """The taxes of many documents at once: of all, or of none with everything that is wrong with each."""
    return TaxCalculations(documents=tuple(_calculated(uow, command.body.documents, "documents[{}].")))


@operation("tax_calculation.get", permission="tax.read", reads=True)
def get_calculation(uow: Uow, command: OneCalculation) -> TaxCalculation:
    """A calculation that was kept, as it was answered."""
    found = kept(uow, [command.request_id]).get(command.request_id)
    if found is None:
        raise not_found("tax_calculation", command.request_id)
    return found.calculation()


# helpers in calling order


def _calculated(uow: Uow, bodies: Sequence[CalculationBody], path: str) -> list[TaxCalculation]:
    """`path`: of a document in the request."""
    wanted = {body.request_id for body in bodies if not body.forecast and body.request_id is not None}
    uow.lock("tax_calculation", wanted)  # of two that come at once the second is answered what the first was
    known = {name: (row.input_hash, row.calculation()) for name, row in kept(uow, wanted).items()}
    world = World(uow, bodies)
    taxes = taxed(uow, world, bodies)
    answers, problems, new = list[TaxCalculation](), list[Problem](), dict[str, tuple[bytes, TaxCalculation]]()
    kind = Kind.CONFLICT
    for index, body in enumerate(bodies):
        name = None if body.forecast else body.request_id
        digest = hashlib.sha256(ENCODER.encode(body)).digest() if name is not None else b""
        if name is not None and name in known:
            before, answer = known[name]
            if before != digest:
                message = "was used with another request; a calculation that is kept stays"
                problems.append(Problem("request_id_reused", message, f"{path.format(index)}requestId", name))
            answers.append(answer)
            continue
        made = _one(world, body, taxes[index])
        if isinstance(made, TaxCalculation):
            answers.append(made)
            if name is not None:
                known[name] = new[name] = (digest, made)
        else:
            kind = Kind.INVALID
            problems += [replace(found, field=f"{path.format(index)}{found.field}") for found in made]
    if problems:
        raise Refused(kind, *problems)
    _keep(uow, new)
    return answers


def _one(world: World, body: CalculationBody, taxes: Sequence[Taxed | Problem]) -> TaxCalculation | list[Problem]:
    """The answer for one document, or everything that is wrong with it."""
    problems = [*world.findings(body), *(one for one in taxes if isinstance(one, Problem))]
    known = [one for one in taxes if isinstance(one, Taxed)]
    site = world.determination.site(body.items[0].operating_site)
    if len(known) < len(taxes) or site is None or not world.knows(body.customer):
        return problems
    country, small_business = world.partner(body) if is_of_partner(body) else (country_of(site), site.small_business)
    setting = Setting(body.currency or world.currency, world.date(body), country, small_business, world.left(body))
    made = computed(body, known, setting, world.now)
    if isinstance(made, TaxCalculation) and not problems:
        return made
    return problems if isinstance(made, TaxCalculation) else [*problems, *made]


def _keep(uow: Uow, new: Mapping[str, tuple[bytes, TaxCalculation]]) -> None:
    """Store what is kept, and remember by which rules it was decided."""
    rows = [
        {"request_id": name, "input_hash": digest, "answer": ENCODER.encode(made), "created_at": made.calculated_at}
        for name, (digest, made) in new.items()
    ]
    uow.insert(tables.tax_calculation, rows)
    used: dict[str, tuple[dt.date, dt.date]] = {}
    for name, (_, made) in new.items():
        for item in made.items if made.referenced_document_number is None else ():
            for path in (tax.determined_by for tax in item.taxes if tax.determined_by is not None):
                widened(used, path, item.tax_date)
        uow.audit("tax_calculation", name)
    mark_used(uow, used)
