"""Product groups as they are stored."""

from collections.abc import Collection, Iterable
from typing import NamedTuple

from contor.catalogue import tables
from contor.catalogue.groups.types import ProductGroup
from contor.catalogue.queries import options_by_ident
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.operations import Reference
from contor.kernel.shapes import Fields
from contor.runtime.query.numbered import Numbered
from contor.runtime.resource import Resource
from contor.runtime.rows import columns
from contor.runtime.uow import Uow

NUMBERED = Numbered("product_group", tables.product_group)


class _Linked(NamedTuple):
    option_ident: str
    group_ident: str


def _findings(uow: Uow, row: Fields) -> None:
    """Each option once, and one that contracts take by the interval."""
    problems, seen = list[Problem](), set[str]()
    options = options_by_ident(uow, {one["option_ident"] for one in row["members"]})
    for index, one in enumerate(row["members"]):
        path, ident = f"members[{index}].optionIdent", one["option_ident"]
        option = options.get(ident)
        if option is None:
            problems.append(Problem("option_unknown", "does not exist", path, ident))
        elif option.type not in ("RECURRING", "QUANTITY"):
            message = "is not charged by the interval: what happens, or is charged once, is not changed to something else"
            problems.append(Problem("option_not_changeable", message, path, ident))
        if ident in seen:
            problems.append(Problem("option_repeated", "is given twice", path, ident))
        seen.add(ident)
        if one.get("change_timing") == "END_OF_PERIOD" and one.get("credit_type", "PRO_RATA") not in ("PRO_RATA", "NONE"):
            message = "gives back what was billed in advance, which is nothing at the end of a period"
            problems.append(Problem("credit_not_expected", message, f"members[{index}].creditType", one["credit_type"]))
    if problems:
        raise Refused(Kind.INVALID, *problems)


def _link(uow: Uow, row: Fields) -> None:
    rows = [{"group_ident": row["ident"], "option_ident": one["option_ident"]} for one in row["members"]]
    uow.insert(tables.product_group_option, rows)


def _relink(uow: Uow, row: Fields) -> None:
    _findings(uow, row)
    uow.run("DELETE FROM product_group_option WHERE group_ident = %s", (row["ident"],))
    _link(uow, row)


PRODUCT_GROUPS = Resource(
    "product_group",
    tables.product_group,
    permission="catalogue",
    writable=("name", "enabled", "same_interval_only", "members"),
    filterable=("ident", "id", "name"),
    refers=(Reference("members.optionIdent", "option_unknown", options_by_ident),),
    before_create=_findings,
    after_create=_link,
    before_update=_relink,
)


def groups_by_ident(uow: Uow, idents: Collection[str]) -> dict[str, ProductGroup]:
    """The groups that exist."""
    sql = f"SELECT {columns(ProductGroup)} FROM product_group WHERE ident = ANY (%s)"
    return {row.ident: row for row in uow.all(ProductGroup, sql, (sorted(set(idents)),))} if idents else {}


def known_groups(uow: Uow, idents: Iterable[str]) -> frozenset[str]:
    """Those of the idents that are product groups."""
    return frozenset(uow.column(str, "SELECT ident FROM product_group WHERE ident = ANY (%s)", (sorted(set(idents)),)))


def groups_of_options(uow: Uow, idents: Collection[str]) -> dict[str, tuple[ProductGroup, ...]]:
    """The enabled groups that have each of these options, in the order of their idents."""
    sql = "SELECT option_ident, group_ident FROM product_group_option WHERE option_ident = ANY (%s) ORDER BY 1, 2"
    links = uow.all(_Linked, sql, (sorted(set(idents)),)) if idents else []
    groups = groups_by_ident(uow, {link.group_ident for link in links})
    found: dict[str, tuple[ProductGroup, ...]] = {}
    for link in links:
        group = groups[link.group_ident]
        if group.enabled:
            found[link.option_ident] = (*found.get(link.option_ident, ()), group)
    return found
