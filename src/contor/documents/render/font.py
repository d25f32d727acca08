"""Text as the typefaces can show it, and how wide it is.

PDF/A forbids characters without a glyph. What no typeface has is replaced by a visible box on the page; the XML keeps it. Letters of
a script without a typeface are refused before (`typefaces.unprintable`). Words too wide for their column get places to break, so that
no text, however hostile, leaves the page.
"""

import re
import unicodedata

from contor.documents.typefaces import BREAK, glyph_widths

REPLACEMENT = "\u25a1"
_POINTS_PER_MM = 72 / 25.4
_PIECE = 4
_FIGURES = frozenset("0123456789\u2212-+×")
_FIGURE = 0.65

_LINE_ENDS = re.compile(r"\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_BLANK_LINES = re.compile(r"\n\s*\n\s*")
# Invisible and meant to be: joiners and variation selectors that shape a neighbour which the box already stands for.
_DROPPED = re.compile(r"[\u200c\u200d\u2060\ufe00-\ufe0f\ufeff]")
# They would turn the direction of the text around them.
_TURNING = re.compile(r"[\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]")
_AFTER_SEPARATOR = re.compile(r"(?<=[@./_\-?&=:,;+|])(?=[^\s@./_\-?&=:,;+|])")


def legible(text: str) -> str:
    """`text` as the page can show it: one kind of line end, at most one blank line in a row, a box for what has no glyph."""
    if text.isascii() and text.isprintable():
        return text
    text = _LINE_ENDS.sub("\n", unicodedata.normalize("NFC", text)).replace("\t", " ")
    text = _BLANK_LINES.sub("\n\n", text).strip("\n")
    text = _TURNING.sub("", text)
    shown = glyph_widths()
    if all(character in shown for character in set(text)):
        return text
    text = _DROPPED.sub("", text)
    return "".join(character if character in shown else REPLACEMENT for character in text)


def breakable(text: str, width: float, size: float) -> str:
    """`text` whose words wider than `width` mm at `size` points may break: behind separators, if need be anywhere."""
    limit = width * _POINTS_PER_MM / size
    shortest = int(limit)  # no glyph in use is wider than one em
    if len(text) <= shortest:
        return text
    return re.sub(rf"\S{{{shortest + 1},}}", lambda word: _with_breaks(word.group(), limit), text)


def text_width(text: str) -> float:
    """Width of `text` in em, set in the regular weight."""
    widths = glyph_widths()
    return sum(widths.get(character, 1.0) for character in text)


def figures_width(text: str) -> float:
    """Width of `text` in em with tabular figures, which all have the same width (OpenType feature tnum)."""
    widths = glyph_widths()
    return sum(_FIGURE if character in _FIGURES else widths.get(character, 1.0) for character in text)


def _with_breaks(word: str, limit: float) -> str:
    if text_width(word) <= limit:
        return word
    parts = _AFTER_SEPARATOR.sub(BREAK, word).split(BREAK)
    return BREAK.join(part if text_width(part) <= limit else _in_pieces(part) for part in parts)


def _in_pieces(word: str) -> str:
    return BREAK.join(word[start : start + _PIECE] for start in range(0, len(word), _PIECE))
