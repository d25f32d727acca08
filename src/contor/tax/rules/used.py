"""Remember which variants of rules decided something for good: they stay what they are on these days."""

import datetime as dt
from collections.abc import Mapping
from typing import NamedTuple

from contor.runtime.rows import columns
from contor.runtime.uow import Uow

Days = tuple[dt.date, dt.date]
"""The first and the last."""


class _Use(NamedTuple):
    tax_rule_ident: str
    tax_rule_variant_ident: str
    used_from: dt.date
    used_until: dt.date


def mark_used(uow: Uow, used: Mapping[str, Days]) -> None:
    """`used`: by `RULE/VARIANT`, the first and last tax date that it decided now. Written at the end of the transaction, and only where it
    says more than is known: whoever issues does not wait for who issues by the same rule."""
    if used:
        wanted = dict(used)
        uow.finish(lambda: _write(uow, wanted))


def widened(used: dict[str, Days], path: str, day: dt.date) -> None:
    """One more day that a variant decided."""
    first, last = used.get(path, (day, day))
    used[path] = (min(first, day), max(last, day))


def _write(uow: Uow, used: Mapping[str, Days]) -> None:
    idents = [path.split("/", 1) for path in sorted(used)]
    sql = (
        f"SELECT {columns(_Use, 'u')} FROM tax_rule_use u JOIN unnest(%s::text[], %s::text[]) AS n(rule, variant)"
        " ON u.tax_rule_ident = n.rule AND u.tax_rule_variant_ident = n.variant"
    )
    rows = uow.all(_Use, sql, ([rule for rule, _ in idents], [variant for _, variant in idents]))
    known = {f"{row.tax_rule_ident}/{row.tax_rule_variant_ident}": row for row in rows}
    new = [
        (rule, variant, *used[f"{rule}/{variant}"])
        for rule, variant in idents
        if (row := known.get(f"{rule}/{variant}")) is None
        or row.used_from > used[f"{rule}/{variant}"][0]
        or row.used_until < used[f"{rule}/{variant}"][1]
    ]
    if new:
        uow.run(
            "INSERT INTO tax_rule_use AS u (tenant_id, tax_rule_ident, tax_rule_variant_ident, used_from, used_until)"
            " SELECT %s, n.* FROM unnest(%s::text[], %s::text[], %s::date[], %s::date[]) AS n ON CONFLICT"
            " (tenant_id, tax_rule_ident, tax_rule_variant_ident) DO UPDATE SET used_from = least(u.used_from, excluded.used_from),"
            " used_until = greatest(u.used_until, excluded.used_until)",
            (uow.ctx.tenant_id, *(list(column) for column in zip(*new, strict=True))),
        )
