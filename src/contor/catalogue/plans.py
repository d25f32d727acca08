"""Plans: phases with their terms, billing intervals and options. With contracts only name and properties change."""

from dataclasses import dataclass

from contor.catalogue import tables
from contor.catalogue.options import CreateOption, OptionBody, create_option
from contor.catalogue.price_sites import sites_referred
from contor.catalogue.queries import options_by_ident, plan_by_id, plans_by_id
from contor.catalogue.rules import plan_findings
from contor.catalogue.types import LinkedOption, Phase, Plan, PlanContent, PlanView
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.operations import Reference, operation
from contor.kernel.shapes import Ident, replace, shape
from contor.runtime.db import ENCODER
from contor.runtime.query import ListQuery, Page, searchable, worked_out
from contor.runtime.query.listed import listed_by_key
from contor.runtime.uow import Uow, not_found
from contor.settings.groups import default_segment, known_segments, segment_by_ident

PLANS = searchable(
    tables.plan,
    PlanView,
    ("plan_id", "plan_ident", "name", "type", "business_segment_ident", "lifecycle_status", "created_at", "last_modified_at"),
    default_sort="plan_id,desc",
    places={
        "modified_plan": worked_out("SELECT false", bool)
    },  # no plan of the catalogue is; what a contract made of one has no list
    content=("content", PlanContent),
)


@shape
class PlanBody(PlanContent):
    """A plan as a client sends it. `options`: deprecated, options that are created with the plan."""

    plan_ident: Ident | None = None
    options: tuple[OptionBody, ...] = ()


@shape
class CreatePlan:
    body: PlanBody


@shape
class UpdatePlan:
    plan_id: int
    body: PlanBody


@shape
class OnePlan:
    plan_id: int


@shape
class LinkOption:
    plan_ident: str
    phase_ident: str
    body: LinkedOption


@dataclass(frozen=True, slots=True)
class ListPlans:
    query: ListQuery


_SEGMENT = Reference("businessSegmentIdent", "business_segment_unknown", known_segments)
_OPTION = Reference("phases.linkedOptions.optionIdent", "option_unknown", options_by_ident)
"""Of a plan that is replaced; a new one may bring its options."""


@operation("plan.create", permission="catalogue.write", refers=(_SEGMENT, *sites_referred("options.")))
def create_plan(uow: Uow, command: CreatePlan) -> PlanView:
    """A new plan; its options exist, or come with it."""
    body = command.body
    for option in body.options:
        create_option(uow, CreateOption(body=option))
    content = _with_segment(uow, content_of(body))
    _refuse(_findings(uow, content))
    ident = body.plan_ident or str(uow.new_uuid())
    if uow.scalar(int, "SELECT 1 FROM plan WHERE plan_ident = %s", (ident,)):
        raise Refused(Kind.CONFLICT, Problem("plan_exists", f"A plan {ident!r} exists already.", "planIdent", ident))
    now, number = uow.ctx.now(), uow.next_id()
    row = {"plan_id": number, "plan_ident": ident, **_columns(content), "created_at": now, "last_modified_at": now}
    uow.insert(tables.plan, [row])
    _link(uow, number, content)
    uow.audit("plan", ident, {"created": body})
    return view_of(_found(uow, number))


@operation("plan.update", permission="catalogue.write", refers=(_SEGMENT, _OPTION, *sites_referred("options.")))
def update_plan(uow: Uow, command: UpdatePlan) -> PlanView:
    """Replace a plan; with contracts only its name, properties and life cycle change."""
    plan = _found(uow, command.plan_id, lock=True)
    body = command.body
    content = _with_segment(uow, content_of(body))
    problems = _findings(uow, content)
    if body.plan_ident not in (None, plan.plan_ident):
        problems.append(Problem("field_immutable", "The ident cannot be changed.", "planIdent", body.plan_ident))
    if plan.has_contracts:
        # what may change is taken as it was: only the rest can differ
        same = replace(
            content, name=plan.content.name, properties=plan.content.properties, lifecycle_status=plan.content.lifecycle_status
        )
        problems += [
            Problem("plan_has_contracts", "A plan with contracts changes only its name, properties and life cycle.", name)
            for name in _CONTENT
            if getattr(same, name) != getattr(plan.content, name)
        ]
    _refuse(problems)
    _store(uow, plan, content)
    return view_of(_found(uow, plan.plan_id))


@operation("plan.link_option", permission="catalogue.write", refers=(_OPTION._replace(field="optionIdent"),))
def link_option(uow: Uow, command: LinkOption) -> PlanView:
    """Add an option to a phase. Contracts that exist do not owe it: it is optional, or a usage enabled for all."""
    number = uow.scalar(int, "SELECT plan_id FROM plan WHERE plan_ident = %s", (command.plan_ident,))
    if number is None:
        raise not_found("plan", command.plan_ident, "ident")
    plan = _found(uow, number, lock=True)
    if command.phase_ident not in [phase.ident for phase in plan.content.phases]:
        raise not_found("phase", command.phase_ident)
    # a minimum would make contracts owe what they never ordered
    link = command.body if command.body.enable_for_all_contracts else replace(command.body, minimum=0)
    phases = tuple(_linked(phase, link) if phase.ident == command.phase_ident else phase for phase in plan.content.phases)
    content = replace(plan.content, phases=phases)
    _refuse(_findings(uow, content))
    _store(uow, plan, content)
    return view_of(_found(uow, number))


@operation("plan.delete", permission="catalogue.write")
def delete_plan(uow: Uow, command: OnePlan) -> None:
    """Only a plan that no contract uses."""
    plan = _found(uow, command.plan_id, lock=True)
    if plan.has_contracts:
        raise Refused(Kind.CONFLICT, Problem("plan_in_use", "Contracts use the plan.", "planId", plan.plan_id))
    uow.run("DELETE FROM plan WHERE plan_id = %s", (plan.plan_id,))
    uow.audit("plan", plan.plan_ident, {"deleted": plan})


@operation("plan.get", permission="catalogue.read", reads=True)
def get_plan(uow: Uow, command: OnePlan) -> PlanView:
    """One plan by its number."""
    return view_of(_found(uow, command.plan_id))


@operation("plan.list", permission="catalogue.read", reads=True)
def list_plans(uow: Uow, command: ListPlans) -> Page:
    """The plans of the catalogue."""

    def read(ids: list[int]) -> dict[int, PlanView]:
        return {number: view_of(plan) for number, plan in plans_by_id(uow, ids).items()}

    return listed_by_key(uow, tables.plan, command.query, PLANS, "plan_id", read)


# helpers in calling order


def content_of(body: PlanBody) -> PlanContent:
    return PlanContent(**{name: getattr(body, name) for name in _CONTENT})


_CONTENT = tuple(PlanContent.__dataclass_fields__)


def _with_segment(uow: Uow, content: PlanContent) -> PlanContent:
    """The tenant's default segment where none is named."""
    if content.business_segment_ident is not None:
        return content
    usual = default_segment(uow)
    return replace(content, business_segment_ident=usual.segment_ident if usual else None)


def _findings(uow: Uow, content: PlanContent) -> list[Problem]:
    named = {link.option_ident for phase in content.phases for link in phase.linked_options}
    problems = plan_findings(content, {ident: option.type for ident, option in options_by_ident(uow, named).items()})
    ident = content.business_segment_ident
    if ident is None or segment_by_ident(uow, ident) is None:
        problems.append(Problem("business_segment_unknown", "does not exist", "businessSegmentIdent", ident))
    return problems


def _refuse(problems: list[Problem]) -> None:
    if problems:
        raise Refused(Kind.INVALID, *problems)


def _columns(content: PlanContent) -> dict[str, object]:
    return {
        "name": content.name,
        "type": content.type,
        "business_segment_ident": content.business_segment_ident,
        "lifecycle_status": content.lifecycle_status,
        "content": content,
    }


def _store(uow: Uow, plan: Plan, content: PlanContent) -> None:
    columns = {**_columns(content), "content": ENCODER.encode(content).decode(), "last_modified_at": uow.ctx.now()}
    names = ", ".join(f"{name} = %s" for name in columns)
    uow.run(f"UPDATE plan SET {names} WHERE plan_id = %s", (*columns.values(), plan.plan_id))
    uow.run("DELETE FROM plan_option_link WHERE plan_id = %s", (plan.plan_id,))
    _link(uow, plan.plan_id, content)
    uow.audit("plan", plan.plan_ident, {"before": plan.content, "after": content})


def _link(uow: Uow, plan_id: int, content: PlanContent) -> None:
    uow.insert(
        tables.plan_option_link,
        [
            {"plan_id": plan_id, "phase_ident": phase.ident, "option_ident": link.option_ident}
            for phase in content.phases
            for link in phase.linked_options
        ],
    )


def _linked(phase: Phase, link: LinkedOption) -> Phase:
    return replace(phase, linked_options=(*phase.linked_options, link))


def _found(uow: Uow, plan_id: int, *, lock: bool = False) -> Plan:
    plan = plan_by_id(uow, plan_id, lock=lock)
    if plan is None:
        raise not_found("plan", plan_id)
    return plan


def view_of(plan: Plan) -> PlanView:
    return PlanView(plan_id=plan.plan_id, plan_ident=plan.plan_ident, **{name: getattr(plan.content, name) for name in _CONTENT})


def mark_as_taken(uow: Uow, plan_id: int) -> bool:
    """The plan has a contract from now on: its terms stay as they are. Whether it is the first one; who is second waits for the first."""
    # the condition spares every later contract a new version of the row, and a wait for its lock
    return uow.run("UPDATE plan SET has_contracts = true WHERE plan_id = %s AND NOT has_contracts", (plan_id,)) == 1
