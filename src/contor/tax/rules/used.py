"""Remember which variants of rules decided something for good: they stay what they are on these days."""

import datetime as dt
from collections.abc import Mapping
from typing import NamedTuple

from contor.runtime.rows import columns
from contor.runtime.uow import Uow
from contor.tax.rules import tables

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
    known = _known(uow, used)
    if all(path in known and known[path] == _both(known[path], days) for path, days in used.items()):
        return
    uow.lock("tax_rule_use", used)  # two that use a variant first at once
    known = _known(uow, used)
    rows = {path: days for path, days in sorted(used.items()) if path not in known}
    uow.copy(tables.tax_rule_use, _Use._fields, [(*path.split("/", 1), *days) for path, days in rows.items()])
    wider = {path: _both(known[path], days) for path, days in sorted(used.items()) if path in known}
    if changed := [(*path.split("/", 1), *days) for path, days in wider.items() if days != known[path]]:
        uow.run(
            "UPDATE tax_rule_use u SET used_from = n.first, used_until = n.last"
            " FROM unnest(%s::text[], %s::text[], %s::date[], %s::date[]) AS n(rule, variant, first, last)"
            " WHERE u.tax_rule_ident = n.rule AND u.tax_rule_variant_ident = n.variant",
            tuple(list(column) for column in zip(*changed, strict=True)),
        )


def _known(uow: Uow, used: Mapping[str, Days]) -> dict[str, Days]:
    idents = [path.split("/", 1) for path in sorted(used)]
    sql = (
        f"SELECT {columns(_Use, 'u')} FROM tax_rule_use u JOIN unnest(%s::text[], %s::text[]) AS n(rule, variant)"
        " ON u.tax_rule_ident = n.rule AND u.tax_rule_variant_ident = n.variant"
    )
    rows = uow.all(_Use, sql, ([rule for rule, _ in idents], [variant for _, variant in idents]))
    return {f"{row.tax_rule_ident}/{row.tax_rule_variant_ident}": (row.used_from, row.used_until) for row in rows}


def _both(one: Days, other: Days) -> Days:
    return min(one[0], other[0]), max(one[1], other[1])
