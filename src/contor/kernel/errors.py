"""An expected no. Anything else that goes wrong is a bug."""

import enum
from dataclasses import dataclass


class Kind(enum.Enum):
    """Why a command is refused; each dialect maps it to its status and envelope."""

    INVALID = "invalid"
    """The input has the wrong shape or content."""
    UNAUTHENTICATED = "unauthenticated"
    FORBIDDEN = "forbidden"
    NOT_FOUND = "not_found"
    GONE = "gone"
    """It was there, and holds no more."""
    CONFLICT = "conflict"
    """The ident or request id exists already."""
    ILLEGAL_STATE = "illegal_state"
    """The thing is not in a state that allows it."""
    NOT_READY = "not_ready"
    """What is asked for is still being made: it will be there in a moment."""
    OUTDATED = "outdated"
    """The caller saw an older version of the thing than it has."""
    TOO_LARGE = "too_large"
    DAMAGED = "damaged"
    """What was kept is not there as it was: an operator has to bring it back."""
    UNSUPPORTED = "unsupported"
    """The body is of a format that is not read here."""
    TIMED_OUT = "timed_out"
    """The request did not arrive in time."""
    TOO_MANY = "too_many"
    """More was asked than one caller may ask in a while."""
    UNAVAILABLE = "unavailable"
    """Try again: a lock or the database could not be had in time."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One finding. `code` is a sentence about a fact (`document_already_issued`), `field` a path such as `items[0].prices`."""

    code: str
    message: str
    field: str | None = None
    rejected_value: object = None

    def of(self, subject: str) -> str:
        """The finding as a sentence with its subject: "dueDate is after today"; "net: gross 3.00 EUR is not …" where it has one itself."""
        if not self.message[:1].islower():
            return self.message
        return f"{subject} {self.message}" if self.message.split(maxsplit=1)[0] in _PREDICATES else f"{subject}: {self.message}"


_PREDICATES = frozenset(
    {
        *(
            "are",
            "can",
            "cannot",
            "do",
            "does",
            "had",
            "has",
            "have",
            "is",
            "may",
            "must",
            "should",
            "was",
            "were",
            "will",
            "would",
        ),
        *(
            "adds",
            "begins",
            "belongs",
            "carries",
            "comes",
            "contains",
            "differs",
            "ends",
            "exceeds",
            "exists",
            "fails",
            "holds",
            "lack",
        ),
        *(
            "lacks",
            "lies",
            "means",
            "moves",
            "names",
            "needs",
            "occurs",
            "refers",
            "says",
            "seems",
            "shows",
            "stands",
            "takes",
            "yields",
        ),
    }
)
"""With what a message begins that says what is wrong with its field, and leaves it to who shows it to name that first."""


class Refused(Exception):
    """A command that is refused, with every finding at once."""

    def __init__(self, kind: Kind, *problems: Problem, stays: bool = False) -> None:
        """`stays`: what the operation wrote before it refused is kept, such as that credentials were misused."""
        super().__init__(kind.value, *(problem.code for problem in problems))
        self.kind = kind
        self.problems = problems
        self.stays = stays
