"""Which papers a page has: found by index, without reading what they say.

A paper is known by the number of its draft, also after it was completed; a document that no draft was by its own number. Both come from
one sequence, so no two meet, and their order stays: what is new comes last.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal, NamedTuple

from contor.documents.matters import TAKEN_BACK
from contor.runtime.query.paging.walks import remember, remembered
from contor.runtime.uow import Uow

PaperKind = Literal["draft", "outgoing", "credit"]
OUTGOING: Final = ("INVOICE", "DEPOSIT_INVOICE")
CREDITS: Final = ("CREDIT_MEMO", "DEPOSIT_INVOICE_CORRECTION")
FAR: Final = 1_000
"""Papers that are passed over one by one to reach a page."""
OF_NO_DRAFT: Final = "request_id IS NULL OR left(request_id, 6) <> 'draft~'"
"""SQL: documents that were asked for otherwise, and those whose drafts named an id of their own."""
CANCELLED: Final = TAKEN_BACK.format("c")
"""SQL: whether credits took back all of the document `c`; NULL where there are none."""


IS_CANCELLED: Final = f"c.id IN (SELECT credited_document_id FROM document_credit) AND {CANCELLED}"
"""SQL: the same, found by what was credited."""


class Paper(NamedTuple):
    """A draft, or a document."""

    id: int
    draft_id: int | None
    """None: it never was a draft."""
    document_id: int | None
    """None: it is one still."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sought:
    """Which papers are wanted; None: it does not matter. Both days of a span belong to it."""

    ids: tuple[int, ...] | None = None
    number: str | None = None
    title: str | None = None
    customer_ident: str | None = None
    project_ident: str | None = None
    external_ident: str | None = None
    kinds: tuple[PaperKind, ...] = ("draft", "outgoing", "credit")
    dated: tuple[dt.date | None, dt.date | None] = (None, None)
    due: tuple[dt.date | None, dt.date | None] = (None, None)
    changed: tuple[dt.datetime | None, dt.datetime | None] = (None, None)
    """When it was written, issued or last moved; the end is excluded."""
    of_documents: tuple[str, ...] = ()
    """SQL: conditions on a document `c`, of packages above: what they ask of has no draft."""
    of_drafts: tuple[str, ...] = ()
    """SQL: conditions on a draft `d` that is still written."""
    also_drafts: bool = False
    """Drafts are wanted beside documents of which `of_documents` asks."""
    values: Mapping[str, object] = field(default_factory=dict)
    moved: str = ""
    """SQL: what moved in that time, a SELECT of the documents' ids with `{span}` for the time, for `changed`."""


def papers_sought(uow: Uow, sought: Sought, limit: int, offset: int) -> list[Paper]:
    """The page, in the order of the numbers: a fixed number of statements, whatever there is."""
    said, after = repr(sought), 0
    if offset > FAR and (known := remembered(uow, said, limit, offset)):
        after, skipped = int(known), 0
    else:
        skipped = offset
    sql, values = _statement(sought, uow.ctx.today())
    found = uow.all(Paper, sql, {**values, "after": after, "limit": limit, "skipped": skipped})
    if len(found) == limit and offset + limit > FAR:
        remember(uow, said, limit, offset + limit, str(found[-1].id))
    return found


def paper_known(uow: Uow, number: int) -> Paper | None:
    """The paper of this number."""
    sql, values = _statement(Sought(ids=(number,)), uow.ctx.today())
    return uow.first(Paper, sql, {**values, "after": 0, "limit": 1, "skipped": 0})


# helpers in calling order

_DRAFTS = "SELECT d.id, d.id AS draft_id, d.document_id FROM draft d"
_OTHERS = (
    "SELECT c.id, NULL::bigint AS draft_id, c.id AS document_id FROM document c"
    " WHERE NOT EXISTS (SELECT 1 FROM draft r WHERE r.tenant_id = c.tenant_id AND r.document_id = c.id)"
    f" AND ({OF_NO_DRAFT})"  # word for word the condition of document_of_no_draft_ix, else the index does not serve
)
_BEGUN = f"{_DRAFTS} JOIN document c ON c.tenant_id = d.tenant_id AND c.id = d.document_id WHERE true"


class Conditions(NamedTuple):
    """What of a `Sought` is asked of each kind of paper, in SQL."""

    common: Sequence[str]
    """Of drafts (`d`) and documents (`c`) alike: `{}` for which."""
    own: Sequence[str]
    """Of drafts, also of those that have become documents: what only they say."""
    of_draft: Sequence[str]
    """Of drafts that are still written."""
    of_document: Sequence[str]
    types: Sequence[str]
    """Of documents that are wanted; none: drafts alone."""
    drafts_only: bool
    """Whether drafts that are still written are wanted."""
    values: dict[str, object]


def conditions(sought: Sought, today: dt.date) -> Conditions:
    issued = tuple(name for kind, names in (("outgoing", OUTGOING), ("credit", CREDITS)) if kind in sought.kinds for name in names)
    values: dict[str, object] = {"today": today, "types": list(issued), **sought.values}
    common, of_draft, of_document = [], list[str](), list[str]()
    for name, condition in (("ids", "{}.id = ANY (%(ids)s)"), ("customer_ident", "{}.customer_ident = %(customer_ident)s")):
        if (wanted := getattr(sought, name)) is not None:
            common.append(condition)
            values[name] = list(wanted) if name == "ids" else wanted
    own = []
    for name in ("title", "project_ident", "external_ident"):
        if (wanted := getattr(sought, name)) is not None:
            own.append(f"d.{name} = %({name})s")
            values[name] = wanted
    _spans(sought, of_draft, of_document, values)
    if sought.number is not None:
        of_document.append("c.ident = %(number)s")
        values["number"] = sought.number
    of_document += sought.of_documents
    drafts_only = sought.number is None and not sought.of_documents and "draft" in sought.kinds
    return Conditions(common, own, [*of_draft, *sought.of_drafts], of_document, issued, drafts_only or sought.also_drafts, values)


def branches_by_number(sought: Sought, found: Conditions) -> list[tuple[str, str]]:
    """(column of the number by which a paper is known, SELECT without an order) of each kind of paper that is wanted."""
    branches: list[tuple[str, str]] = []
    about_drafts = [*(one.format("d") for one in found.common), *found.own]
    is_plain = not found.of_draft and not found.of_document
    if found.drafts_only and set(sought.kinds) == {"draft", "outgoing", "credit"} and is_plain:
        branches.append(("d.id", where(f"{_DRAFTS} WHERE true", about_drafts)))
    else:
        if found.drafts_only:
            branches.append(("d.id", where(f"{_DRAFTS} WHERE d.document_id IS NULL", [*about_drafts, *found.of_draft])))
        if found.types:
            branches.append(("d.id", where(_BEGUN, [*about_drafts, "c.document_type = ANY (%(types)s)", *found.of_document])))
    if found.types and not found.own:
        others = [*(one.format("c") for one in found.common), "c.document_type = ANY (%(types)s)", *found.of_document]
        branches.append(("c.id", where(_OTHERS, others)))
    return branches


def _statement(sought: Sought, today: dt.date) -> tuple[str, dict[str, object]]:
    found = conditions(sought, today)
    branches = branches_by_number(sought, found)
    # each for itself in the order of an index, and no further than the page: a sort of all of them would read all of them
    parts = [f"({branch} AND {key} > %(after)s ORDER BY {key} LIMIT %(limit)s + %(skipped)s)" for key, branch in branches]
    page = " ORDER BY id LIMIT %(limit)s OFFSET %(skipped)s"
    return f"SELECT id, draft_id, document_id FROM ({' UNION ALL '.join(parts)}) p{page}", found.values


def where(sql: str, conditions: Sequence[str]) -> str:
    return " AND ".join([sql, *(f"({one})" for one in conditions)])


def _spans(sought: Sought, of_draft: list[str], of_document: list[str], values: dict[str, object]) -> None:
    """A draft that names no day is of today; its term begins then."""
    day = "coalesce(d.document_date, %(today)s::date)"
    due = f"{day} + coalesce((d.content #>> '{{payment_term,period_in_days}}')::int, 14)"
    for name, draft, column in (("dated", day, "c.document_date"), ("due", due, "c.due_date")):
        for sign, place, bound in zip((">=", "<="), ("first", "last"), getattr(sought, name), strict=True):
            if bound is not None:
                values[f"{name}_{place}"] = bound
                of_draft.append(f"{draft} {sign} %({name}_{place})s::date")
                of_document.append(f"{column} {sign} %({name}_{place})s::date")
    first, last = sought.changed
    if first is not None or last is not None:
        values["changed_first"], values["changed_last"] = first or dt.datetime(1, 1, 2, tzinfo=dt.UTC), last or "infinity"
        span = "BETWEEN %(changed_first)s::timestamptz AND %(changed_last)s::timestamptz"
        of_draft.append(f"d.last_modified_at {span}")
        moved = f" UNION ALL {sought.moved.replace('{span}', span)}" if sought.moved else ""
        of_document.append(f"c.id IN (SELECT id FROM document WHERE created_at {span}{moved})")
