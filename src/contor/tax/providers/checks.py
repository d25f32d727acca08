"""What must hold of what tax providers were told."""

from collections.abc import Iterable
from typing import NamedTuple

from contor.kernel.checks import check
from contor.runtime.rows import columns
from contor.runtime.uow import Uow
from contor.tax.providers.queries import enabled_of, providers_of

MOST_TRIES = 10
"""After which a person should look."""


class _Undone(NamedTuple):
    code: str
    provider: str
    status: str
    failure: str | None


@check("tax_providers.documents_are_recorded")
def recorded(uow: Uow) -> Iterable[str]:
    """What was refused at a provider, or fails again and again, needs a person."""
    sql = (
        f"SELECT {columns(_Undone)} FROM tax_transaction WHERE status = 'REFUSED' OR (try_at IS NOT NULL AND tries >= %s)"
        " ORDER BY document_id"
    )
    for row in uow.all(_Undone, sql, (MOST_TRIES,)):
        yield f"document {row.code} is {row.status} at {row.provider}: {row.failure}"


@check("tax_providers.who_determines_lacks_nothing")
def lacks_nothing(uow: Uow) -> Iterable[str]:
    """Every provider that determines taxes has what it is asked with."""
    found, able = providers_of(uow), {one.provider for one in enabled_of(uow)}
    for provider in sorted({*found.of_countries.values(), *found.of_groups.values()} - able):
        yield f"{provider} determines taxes and lacks credentials or properties"
