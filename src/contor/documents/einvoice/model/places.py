"""A finding with its place in a file of somebody else. Pure."""

import dataclasses

from contor.kernel.errors import Problem


@dataclasses.dataclass(frozen=True, slots=True)
class Located(Problem):
    """One finding of an import."""

    place: str = ""
    """E.g. "line 47", or "factur-x.xml, line 47" in a hybrid PDF."""


def inside(problem: Problem, name: str | None) -> Problem:
    """The finding as one of the file `name` in a PDF."""
    place = problem.place if isinstance(problem, Located) else ""
    said = ", ".join(part for part in (name, place) if part)
    return Located(problem.code, problem.message, problem.field, problem.rejected_value, said)
