"""The kinds of export: each is one declaration, and registers itself when it is imported."""

import datetime as dt
from collections.abc import Callable, Hashable
from dataclasses import dataclass

from contor.kernel.shapes import Fields, shape
from contor.reports.exports.output import Output
from contor.reports.exports.types import ExportTask
from contor.runtime.uow import Uow


@shape
class NoOptions:
    """A kind that can be told nothing beside its days."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What `prepare` is told of an export that is asked for."""

    first_day: dt.date
    last_day: dt.date
    options: object
    """An instance of the kind's `options`."""


def _nothing(uow: Uow, asked: Asked) -> Fields:
    return {}


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportKind:
    """See the face of this room."""

    name: str
    """As callers say it, e.g. `DATEV`."""
    write: Callable[[Uow, ExportTask, Output], None]
    options: Hashable = NoOptions
    """A shape; every field has a default."""
    prepare: Callable[[Uow, Asked], Fields] = _nothing


KINDS: dict[str, ExportKind] = {}
"""Every kind by name. Filled while packages are imported, constant afterwards."""


def export_kind(made: ExportKind) -> ExportKind:
    """Declare a kind."""
    if made.name in KINDS:
        raise ValueError(f"export kind {made.name} is declared twice")
    KINDS[made.name] = made
    return made
