"""What must hold of providers and settlement sources."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from contor.kernel.checks import check
from contor.payments.gateways.providers import read_credentials
from contor.runtime.secrets import SealBroken
from contor.runtime.uow import Uow


class _Sealed(NamedTuple):
    place: str
    credentials: str | None
    credential_names: Sequence[str]


@check("payments.credentials_are_readable")
def credentials(uow: Uow) -> Iterable[str]:
    """Credentials can be read again where they are stored, and are those that are said to be there."""
    sql = (
        "SELECT 'payment_provider/' || id AS place, credentials, credential_names FROM payment_provider"
        " UNION ALL SELECT 'settlement_source/' || payment_provider_id || '/' || ident, credentials, credential_names"
        " FROM settlement_source"
    )
    for row in uow.all(_Sealed, sql):
        try:
            known = read_credentials(uow, row.place, row.credentials)
        except SealBroken:
            yield f"{row.place}: its credentials cannot be read"
            continue
        there, said = sorted(known), sorted(row.credential_names)
        if there != said:
            yield f"{row.place}: {', '.join(said) or 'none'} are said to be there, and {', '.join(there) or 'none'} are"
