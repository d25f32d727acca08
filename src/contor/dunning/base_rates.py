"""The base rates of section 247 BGB: those published are there from the beginning, and anyone may add the next one."""

from contor.dunning import tables
from contor.dunning.rules import LEGAL, Rates
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.events import on
from contor.kernel.shapes import Fields
from contor.organizations.events import EnvironmentEnabled
from contor.runtime.resource import Resource
from contor.runtime.transaction import enter_tenant
from contor.runtime.uow import Uow


def _checked(uow: Uow, row: Fields) -> None:
    day = row["valid_from"]
    if (day.day, day.month) not in ((1, 1), (1, 7)):
        raise Refused(
            Kind.INVALID, Problem("base_rate_day", "is no 1 January or 1 July, on which base rates change", "validFrom", day)
        )
    sql = "SELECT ident FROM base_rate WHERE valid_from = %s AND ident <> %s"
    if (other := uow.scalar(str, sql, (day, row["ident"]))) is not None:
        raise Refused(Kind.CONFLICT, Problem("base_rate_exists", f"The base rate {other!r} is of the same half-year.", "validFrom"))


BASE_RATES = Resource(
    "base_rate",
    tables.base_rate,
    permission="settings",
    writable=("ident", "valid_from", "rate"),
    filterable=("ident", "valid_from", "rate"),
    sort="ident",
    before_create=_checked,
    before_update=_checked,
)


def base_rates(uow: Uow) -> Rates:
    """By the first day of their half-years."""
    return {row["valid_from"]: row["rate"] for row in uow.records("SELECT valid_from, rate FROM base_rate")}


@on(EnvironmentEnabled)
def publish_at_first(uow: Uow, fact: EnvironmentEnabled) -> None:
    """A new tenant finds them."""
    publish_legal(enter_tenant(uow, fact.tenant_id))


def publish_legal(uow: Uow) -> None:
    """Store the rates that are published, as far as the tenant has none for their half-year."""
    known, now = base_rates(uow), uow.ctx.now()
    for one in LEGAL:
        if one.valid_from not in known:
            row = {
                "ident": one.valid_from.isoformat(),
                "valid_from": one.valid_from,
                "rate": one.rate,
                "created_at": now,
                "last_modified_at": now,
            }
            uow.insert_once(tables.base_rate, row)
