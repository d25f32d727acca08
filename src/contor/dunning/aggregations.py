"""How far what is open is dunned: by level, currency and operating site, and the documents behind each cell."""

from dataclasses import dataclass

from contor.kernel.operations import operation
from contor.kernel.shapes import shape
from contor.openitems.dunned import OPEN_DOCUMENTS, StatusCell, StatusDocument, open_documents, status_cells
from contor.runtime.query import ListQuery, Page
from contor.runtime.uow import Uow


@dataclass(frozen=True, slots=True)
class OwnAggregation:
    """No input: the caller's tenant."""


@dataclass(frozen=True, slots=True)
class ListStatusDocuments:
    query: ListQuery


@shape
class DunningStatusAggregation:
    """All that is open, cell by cell."""

    aggregations: tuple[StatusCell, ...]


@operation("dunning_status.aggregate", permission="bookkeeping.read", reads=True)
def aggregate(uow: Uow, command: OwnAggregation) -> DunningStatusAggregation:
    """Open documents by dunning level: how many, and how much. Their sum is what stands open."""
    return DunningStatusAggregation(aggregations=tuple(status_cells(uow)))


@operation("dunning_status.list_documents", permission="bookkeeping.read", reads=True)
def list_status_documents(uow: Uow, command: ListStatusDocuments) -> Page:
    """The documents behind the cells, to be searched by level, currency and site."""
    return open_documents(uow, command.query)


__all__ = ["OPEN_DOCUMENTS", "DunningStatusAggregation", "StatusDocument", "aggregate", "list_status_documents"]
