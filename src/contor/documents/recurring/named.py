"""What a recurring document names is there when it is written: else its day would come and wait for something that nobody is asked for.

What is only missing may be said later, as of a draft; a name that means nothing never becomes right by itself.
"""

from collections.abc import Mapping
from typing import Final

from pydantic.alias_generators import to_camel

from contor.documents.drafts import Draft, judge_drafts
from contor.documents.recurring.queries import Recurring
from contor.documents.request import REFERS
from contor.kernel.errors import Problem
from contor.kernel.partial import Content
from contor.runtime.uow import Uow

CODES: Final = frozenset(
    {
        *(reference.code for reference in REFERS),
        *("invoice_address_unknown", "shipping_address_unknown", "customer_payment_account_unknown", "reference_unknown"),
        "billing_group_not_external",
    }
)


def as_draft(row: Recurring) -> Draft:
    """What it would be if it were written now."""
    return Draft(row.ident, row.id, row.document_type, "OPEN", row.version, row.content, None, row.created_at, row.last_modified_at)


def unknown_names(uow: Uow, row: Recurring) -> list[Problem]:
    """A finding for each name of what is not there; of one whose form lacks more than its parties, for those that can be looked up."""
    (judged,) = judge_drafts(uow, [as_draft(row)])
    if judged.request is not None:
        return [problem for problem in judged.findings if problem.code in CODES]
    problems = []
    for reference in REFERS:
        named = _named(row.content, reference.field)
        known = reference.known(uow, set(named.values())) if named else ()
        problems += [Problem(reference.code, "does not exist", path, ident) for path, ident in named.items() if ident not in known]
    return problems


def _named(content: Content, field: str) -> dict[str, str]:
    """Path -> ident."""
    found: object = content
    for name in field.split("."):
        of = {to_camel(key): value for key, value in found.items()} if isinstance(found, Mapping) else {}
        found = of.get(name)
    many = enumerate(found) if isinstance(found, list) else ()
    return {field: found} if isinstance(found, str) else {f"{field}[{place}]": str(ident) for place, ident in many}
