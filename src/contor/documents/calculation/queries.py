"""Read calculations that are kept."""

from collections.abc import Collection
from decimal import Decimal
from typing import Final, NamedTuple

import msgspec

from contor.documents.calculation.types import TaxCalculation
from contor.runtime.execute import validated
from contor.runtime.rows import columns
from contor.runtime.uow import Uow


class Kept(NamedTuple):
    request_id: str
    input_hash: bytes
    answer: bytes

    def calculation(self) -> TaxCalculation:
        return validated(TaxCalculation, _READ(self.answer))


_READ: Final = msgspec.json.Decoder(float_hook=Decimal).decode


def kept(uow: Uow, request_ids: Collection[str]) -> dict[str, Kept]:
    """By their request ids, of those that are kept."""
    if not request_ids:
        return {}
    rows = uow.all(Kept, f"SELECT {columns(Kept)} FROM tax_calculation WHERE request_id = ANY (%s)", (sorted(request_ids),))
    return {row.request_id: row for row in rows}
