"""What must always hold of declared fields."""

from collections.abc import Iterable
from typing import NamedTuple

from contor.kernel.checks import check
from contor.runtime.uow import Uow


class _Strange(NamedTuple):
    ident: str
    key: str
    type: str
    found: str


_FORMS = (
    "(f.type IN ('TEXT', 'DATE', 'SELECTION') AND jsonb_typeof(v.value) <> 'string')"
    " OR (f.type = 'NUMBER' AND jsonb_typeof(v.value) <> 'number')"
    " OR (f.type = 'CHECKBOX' AND jsonb_typeof(v.value) <> 'boolean')"
    " OR (f.type IN ('LIST', 'MULTI_SELECTION') AND jsonb_typeof(v.value) <> 'array') OR f.kind <> v.kind"
)


@check("custom_fields.values_have_the_form_of_their_field")
def values_fit(uow: Uow) -> Iterable[str]:
    """Each value is of the type of its field, and of a thing of its field's kind."""
    rows = uow.all(
        _Strange,
        "SELECT v.ident, f.key, f.type, jsonb_typeof(v.value) AS found FROM custom_value v JOIN custom_field f"
        f" ON f.tenant_id = v.tenant_id AND f.ident = v.field_ident WHERE {_FORMS} ORDER BY v.ident, f.key LIMIT 100",
    )
    for row in rows:
        yield f"{row.ident} has a {row.found} in its field {row.key}, which is a {row.type}"
