"""Times that are not calculated yet become rows of a draft; from then on they are calculated, until the draft or its document goes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from contor.customers.queries import address_types, home_at
from contor.documents import drafts
from contor.documents.papers import PROJECT
from contor.documents.types import DocumentType
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.operations import Reference, operation
from contor.kernel.partial import Content
from contor.kernel.places import alpha2
from contor.kernel.shapes import Fields
from contor.projects.projects import PROJECTS
from contor.projects.rows import Group, Place, Terms, Worked, grouped, row
from contor.projects.types import MOST_TIMES, BilledTimes, BillTimesBody
from contor.runtime.execute import validated
from contor.runtime.rows import columns
from contor.runtime.uow import Uow
from contor.settings.queries import billing_groups, home

MOST_ROWS = 100


@dataclass(frozen=True, slots=True)
class BillTimes:
    project_ident: str
    body: BillTimesBody


class _Task(NamedTuple):
    ident: str
    number: str | None
    name: str
    hour_price: Decimal | None
    vat_rate: Decimal | None


@operation(
    "project.bill_times",
    permission="documents.write",
    refers=(Reference("billingGroupIdent", "billing_group_unknown", billing_groups),),
)
def bill_times(uow: Uow, command: BillTimes) -> BilledTimes:
    """Make rows of the times of a project that are not calculated, in a new draft or in one that is being written, and calculate them.
    Not one minute of them is billed twice: who bills them at the same moment waits, and finds none."""
    project, body = PROJECTS.require(uow, (command.project_ident,), lock=True), command.body
    times = _free(uow, project, body)
    billed = [time for time in times if time.billable_minutes]
    if not billed:
        message = "It has no times to be billed: they are calculated already, or have no billable minutes."
        raise Refused(Kind.CONFLICT, Problem("times_missing", message, "projectIdent", project["ident"]))
    groups = grouped(billed, _terms(uow, project, billed), body.group_by)
    country = _country(uow, project)
    _refuse_unpriced(project, groups)
    idents = [str(number) for number in uow.next_ids(len(groups))]
    place = Place(project["currency"], country, project["cost_center"])
    rows = [row(group, ident, place) for group, ident in zip(groups, idents, strict=True)]
    draft = _begun(uow, project, body, rows) if body.draft_ident is None else _added(uow, project, body, rows)
    _calculate(
        uow, draft["draft_id"], {time.time_id: ident for group, ident in zip(groups, idents, strict=True) for time in group.times}
    )
    answer = BilledTimes(
        draft_ident=draft["draft_ident"],
        draft_id=draft["draft_id"],
        version=draft["version"],
        row_idents=tuple(idents),
        time_idents=tuple(time.ident for time in billed),
        minutes=sum(time.billable_minutes for time in billed),
        left_out=tuple(time.ident for time in times if not time.billable_minutes),
    )
    uow.audit("project", project["ident"], {"billed": list(answer.time_idents), "draft": answer.draft_ident})
    return answer


# helpers in calling order


def _free(uow: Uow, project: Fields, body: BillTimesBody) -> list[Worked]:
    """The times that are wanted, in the order of their days. Raises INVALID for those that are named and are not there to be billed."""
    named = None if body.time_idents is None else list(dict.fromkeys(body.time_idents))
    times = uow.all(
        Worked,
        f"SELECT {columns(Worked)} FROM project_time WHERE project_ident = %(project)s AND draft_id IS NULL"
        " AND (%(through)s::date IS NULL OR date <= %(through)s) AND (%(named)s::text[] IS NULL OR ident = ANY (%(named)s))"
        " ORDER BY date, time_id LIMIT %(most)s FOR UPDATE",
        {"project": project["ident"], "through": body.through, "named": named, "most": MOST_TIMES + 1},
    )
    found = {time.ident for time in times}
    problems = [
        Problem("time_not_free", "is no time of this project that is still to be calculated", f"timeIdents[{place}]", ident)
        for place, ident in enumerate(named or ())
        if ident not in found
    ]
    if len(times) > MOST_TIMES:
        problems.append(
            Problem("too_many_times", f"has more than {MOST_TIMES} times to be billed: say through which day", "through")
        )
    if problems:
        raise Refused(Kind.INVALID, *problems)
    return times


def _terms(uow: Uow, project: Fields, times: Sequence[Worked]) -> Mapping[str | None, Terms]:
    """By task; what a task does not say is the project's."""
    wanted = sorted({time.task_ident for time in times if time.task_ident is not None})
    sql = f"SELECT {columns(_Task)} FROM project_task WHERE project_ident = %s AND ident = ANY (%s)"
    price, rate = project["hour_price"], project["vat_rate"]
    terms: dict[str | None, Terms] = {None: Terms(project["name"], price, rate)}
    for task in uow.all(_Task, sql, (project["ident"], wanted)):
        own_price = price if task.hour_price is None else task.hour_price
        name = f"{project['name']}: {' '.join(filter(None, (task.number, task.name)))}"
        terms[task.ident] = Terms(name, own_price, rate if task.vat_rate is None else task.vat_rate)
    return terms


def _country(uow: Uow, project: Fields) -> str:
    """Where the work is supplied: at the customer's invoice address, else at home. Raises ILLEGAL_STATE."""
    address = _invoice_address(uow, project["customer_ident"])
    at = None if address is None else home_at(uow, project["customer_ident"], address)
    country = at.country if at is not None else (found.country if (found := home(uow)) is not None else None)
    if country is None:
        message = (
            "There is no default operating site, and the customer has no invoice address: nobody knows where the work is supplied."
        )
        raise Refused(Kind.ILLEGAL_STATE, Problem("operating_site_missing", message))
    return alpha2(country) or country


def _invoice_address(uow: Uow, customer: str) -> str | None:
    return next((ident for ident, kind in address_types(uow, customer).items() if kind == "INVOICE"), None)


def _refuse_unpriced(project: Fields, groups: Sequence[Group]) -> None:
    without = {group.terms.name for group in groups if group.terms.hour_price is None}
    problems = [
        Problem("hour_price_missing", f"{name} has no hour price, nor has the project {project['ident']}", "hourPrice")
        for name in sorted(without)
    ]
    if len(groups) > MOST_ROWS:
        message = f"would be {len(groups)} rows; a document has at most {MOST_ROWS}: group them by task, or bill fewer days"
        problems.append(Problem("too_many_rows", message, "groupBy"))
    if problems:
        raise Refused(Kind.INVALID, *problems)


def _begun(uow: Uow, project: Fields, body: BillTimesBody, rows: Sequence[Content]) -> Fields:
    """A new draft to the project's customer."""
    groups = list(billing_groups(uow))
    group = body.billing_group_ident or (groups[0] if len(groups) == 1 else None)
    if group is not None and group not in groups:
        raise Refused(Kind.INVALID, Problem("billing_group_unknown", "does not exist", "billingGroupIdent", group))
    address = _invoice_address(uow, project["customer_ident"])
    customer = {"customer_ident": project["customer_ident"], **({"invoice_address_ident": address} if address else {})}
    content = {
        "type": DocumentType.INVOICE.value,
        "currency": project["currency"],
        "customer_detail": customer,
        "items": list(rows),
        "properties": _properties(project),
        **({"billing_group_ident": group} if group else {}),
    }
    made: Fields = drafts.create_draft(uow, drafts.CreateDraft(body=validated(drafts.DraftCreation, content)))
    return made


def _properties(project: Fields) -> list[Content]:
    """By the one the document is found; the other is printed (BT-11)."""
    said = {PROJECT: project["ident"], "projectReference": project["number"]}
    return [{"key": key, "value": value} for key, value in said.items() if value]


def _added(uow: Uow, project: Fields, body: BillTimesBody, rows: Sequence[Content]) -> Fields:
    """The rows behind those of a draft that is being written. Raises NOT_FOUND, CONFLICT, OUTDATED, INVALID."""
    ident = str(body.draft_ident)
    draft = drafts.draft_named(uow, ident)
    known, content = list(draft.content.get("items") or ()), draft.content
    customer = (content.get("customer_detail") or {}).get("customer_ident")
    wanted = (
        ("type", draft.document_type, DocumentType.INVOICE.value),
        ("customer", customer, project["customer_ident"]),
        ("currency", content.get("currency"), project["currency"]),
    )
    problems = [
        Problem("draft_differs", f"has the {name} {value or 'of nobody'}; the times want {expected}", "draftIdent", ident)
        for name, value, expected in wanted
        if value != expected
    ]
    if len(known) + len(rows) > MOST_ROWS:
        message = f"has {len(known)} rows already, and a document at most {MOST_ROWS}"
        problems.append(Problem("too_many_rows", message, "draftIdent", ident))
    if problems:
        raise Refused(Kind.INVALID, *problems)
    said = list(content.get("properties") or ())
    if not any(entry["key"] == PROJECT for entry in said):
        said.append({"key": PROJECT, "value": project["ident"]})
    change = {"items": [*known, *rows], "properties": said, "version": body.version or draft.version}
    update = validated(drafts.DraftUpdate, change)
    made: Fields = drafts.change_draft(uow, drafts.ChangeDraft(draft_ident=ident, body=update))
    return made


def _calculate(uow: Uow, draft_id: int, places: Mapping[int, str]) -> None:
    """The times are in these rows of the draft from now on."""
    uow.run(
        "UPDATE project_time t SET draft_id = %s, row_ident = n.row_ident, last_modified_at = %s"
        " FROM unnest(%s::bigint[], %s::text[]) n(time_id, row_ident) WHERE t.time_id = n.time_id",
        (draft_id, uow.ctx.now(), list(places), list(places.values())),
    )
