"""What became of the files of an import, as the summary tells it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from contor.kernel.errors import Problem


@dataclass(slots=True)
class ImportOutcome:
    """What became of each file: every file is in exactly one of the first three."""

    accepted: list[tuple[Path, str]] = field(default_factory=list)
    """With the number of the document of our own."""
    known: list[tuple[Path, str]] = field(default_factory=list)
    """Imported before, with the number that it has since then, or issued here: nothing happened."""
    own: set[Path] = field(default_factory=set)
    """Those of the known that are files of documents which were issued here."""
    refused: list[tuple[Path, Sequence[Problem]]] = field(default_factory=list)
    left_out: list[tuple[Path, tuple[str, ...]]] = field(default_factory=list)
    """What accepted files say and their documents do not."""
    sellers: dict[Path, str] = field(default_factory=dict)
    """Who supplied, by the files that were read: two sellers may have the same number."""

    def named(self, path: Path, number: str) -> str:
        """The document of a file, with what makes its number one."""
        return f"{number} ({self.sellers[path]})"
