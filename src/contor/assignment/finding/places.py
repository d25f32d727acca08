"""What payments name may have another document in its place: one issued anew, the final invoice of a deposit that was corrected."""

from collections.abc import Collection, Mapping

from contor.assignment.finding.named import Naming
from contor.documents.after import in_place_of
from contor.documents.matters import finals_of
from contor.openitems.types import StoredCase
from contor.runtime.uow import Uow


def places_of(uow: Uow, documents: Collection[int]) -> dict[int, int]:
    """By document the last one in its place."""
    if not documents:
        return {}
    return in_place_of(uow, documents) | finals_of(uow, documents)


def standing(naming: Naming, cases: Mapping[int, StoredCase], places: Mapping[int, int]) -> Naming:
    """The same, where nothing is owed any more on what is named with what stands in its place. `cases`: by document."""
    documents, instead = dict[int, None](), []
    for number in naming.documents:
        place = places.get(number)
        if place is not None and place in cases and number in cases and cases[number].case.balance <= 0 < cases[place].case.balance:
            instead.append(f"{cases[place].case.ident} stands in the place of {cases[number].case.ident}")
            documents[place] = None
        else:
            documents[number] = None
    return naming._replace(documents=tuple(documents), instead="; ".join(dict.fromkeys(instead))) if instead else naming
