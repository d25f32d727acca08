"""How the levels of letters want them brought: by which mail, with what beside, on paper."""

from collections.abc import Collection
from typing import NamedTuple

from contor.dunning.rules import Level
from contor.dunning.runs.runs import require_run
from contor.runtime.rows import columns
from contor.runtime.uow import Uow


class _Letter(NamedTuple):
    letter_ident: str
    run_ident: str
    level: int


def levels_of_letters(uow: Uow, idents: Collection[str]) -> dict[str, Level]:
    """The level of each of these letters, as it was when its run was made."""
    sql = f"SELECT {columns(_Letter)} FROM dunning_letter WHERE letter_ident = ANY (%s)"
    letters = uow.all(_Letter, sql, (sorted(idents),)) if idents else []
    runs = {ident: require_run(uow, ident).settings for ident in {letter.run_ident for letter in letters}}
    return {letter.letter_ident: runs[letter.run_ident].levels[letter.level - 1] for letter in letters}
