"""Numbers of rows: a row has its own where this dialect made it; others are numbered by their places. Pure."""

from typing import Final

_ROWS: Final = 10_000
"""Numbers of rows for each invoice."""
_OF_PLACES: Final = 9_000
"""From here on the places of rows that have no number of their own."""


def row_number(paper: int, place: int, ident: str) -> int:
    """The number of a row: its own, or, of a row of another making, by its place (from 1) in the invoice."""
    if ident.isdecimal() and len(ident) < 19 and paper_of_row(int(ident)) == paper:
        return int(ident)
    return paper * _ROWS + _OF_PLACES + place


def paper_of_row(number: int) -> int:
    return number // _ROWS


def first_row(paper: int, drawn: int) -> int:
    """The number of the next row of an invoice that has had so many."""
    return paper * _ROWS + drawn + 1
