"""Letters: listed, made as files, withdrawn; and the list of what goes to collection."""

from contor.dunning.letters.files import MakeFiles, make_files
from contor.dunning.letters.handover import (
    HANDOVERS,
    Handover,
    ListHandovers,
    OneHandoverList,
    handover_csv,
    list_handovers,
)
from contor.dunning.letters.letters import (
    LETTERS,
    LetterView,
    ListLetters,
    OneLetter,
    OpenLetter,
    get_letter,
    letter_file,
    list_letters,
    open_letter,
    withdraw_letter,
)
from contor.dunning.letters.mailed import Posted, write_posted
from contor.dunning.letters.page import DebitBack, LetterPage, PageRow, render_letter
from contor.dunning.letters.paid import claims_settled, documents_settled
from contor.dunning.letters.said import said_before
from contor.dunning.letters.standing import STANDING, standing_letters
from contor.dunning.letters.wishes import levels_of_letters

__all__ = [
    "HANDOVERS",
    "LETTERS",
    "STANDING",
    "DebitBack",
    "Handover",
    "LetterPage",
    "LetterView",
    "ListHandovers",
    "ListLetters",
    "MakeFiles",
    "OneHandoverList",
    "OneLetter",
    "OpenLetter",
    "PageRow",
    "Posted",
    "claims_settled",
    "documents_settled",
    "get_letter",
    "handover_csv",
    "letter_file",
    "levels_of_letters",
    "list_handovers",
    "list_letters",
    "make_files",
    "open_letter",
    "render_letter",
    "said_before",
    "standing_letters",
    "withdraw_letter",
    "write_posted",
]
