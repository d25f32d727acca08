"""What the shipped typeface can show, and how wide it is.

PDF/A forbids characters without a glyph. What the typeface lacks is replaced by a visible box on the page (the XML keeps
it), and words too wide for their column get places to break, so that no text, however hostile, leaves the page.
"""

import re
import struct
import unicodedata
from functools import cache
from pathlib import Path

FONT_FOLDER = Path(__file__).parent / "fonts"
REPLACEMENT = "\u25a1"
BREAK = "\u200b"
_SOFT_HYPHEN = "\u00ad"
_REGULAR = FONT_FOLDER / "Inter-Regular.ttf"
_POINTS_PER_MM = 72 / 25.4
_PIECE = 4
_FIGURES = frozenset("0123456789\u2212-+×")
_FIGURE = 0.65

_LINE_ENDS = re.compile(r"\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_BLANK_LINES = re.compile(r"\n\s*\n\s*")
# Invisible and meant to be: joiners and variation selectors that shape a neighbour which the box already stands for.
_DROPPED = re.compile(r"[\u200c\u200d\u2060\ufe00-\ufe0f\ufeff]")
_AFTER_SEPARATOR = re.compile(r"(?<=[@./_\-?&=:,;+|])(?=[^\s@./_\-?&=:,;+|])")


def legible(text: str) -> str:
    """`text` as the page can show it: one kind of line end, at most one blank line in a row, a box for what has no glyph."""
    if text.isascii() and text.isprintable():
        return text
    text = _LINE_ENDS.sub("\n", unicodedata.normalize("NFC", text)).replace("\t", " ")
    text = _BLANK_LINES.sub("\n\n", text).strip("\n")
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


@cache
def glyph_widths() -> dict[str, float]:
    """Each character that the typeface shows, with its width in em (OpenType tables cmap and hmtx)."""
    tables = _tables(_REGULAR.read_bytes())
    units = struct.unpack_from(">H", tables["head"], 18)[0]  # unitsPerEm
    measured = struct.unpack_from(">H", tables["hhea"], 34)[0]  # numberOfHMetrics: the glyphs behind share the last width
    advances = [struct.unpack_from(">H", tables["hmtx"], 4 * glyph)[0] / units for glyph in range(measured)]
    widths = {
        chr(code): advances[min(glyph, measured - 1)] for code, glyph in _character_map(tables["cmap"]).items() if _is_visible(code)
    }
    # Laid out by the engine itself, they need no glyph.
    return widths | {"\n": 0.0, BREAK: 0.0, _SOFT_HYPHEN: 0.0}


def _is_visible(code: int) -> bool:
    """Whether a character is more than a control (the typeface maps some of those to an empty glyph)."""
    return unicodedata.category(chr(code)) not in ("Cc", "Cs", "Co")


def _tables(font: bytes) -> dict[str, bytes]:
    count = struct.unpack_from(">H", font, 4)[0]
    records = (struct.unpack_from(">4sLLL", font, 12 + 16 * index) for index in range(count))  # behind the header, 16 bytes each
    return {tag.decode("ascii"): font[offset : offset + length] for tag, _, offset, length in records}


def _character_map(cmap: bytes) -> dict[int, int]:
    """Code point to glyph, from the full-repertoire subtable (platform 3, encoding 10, format 12)."""
    count = struct.unpack_from(">H", cmap, 2)[0]
    for index in range(count):
        platform, encoding, offset = struct.unpack_from(">HHL", cmap, 4 + 8 * index)
        if (platform, encoding) == (3, 10):
            groups = struct.unpack_from(">L", cmap, offset + 12)[0]
            ranges = (struct.unpack_from(">LLL", cmap, offset + 16 + 12 * group) for group in range(groups))
            return {code: glyph + code - first for first, last, glyph in ranges for code in range(first, last + 1)}
    raise ValueError(f"{_REGULAR.name} has no full Unicode character map")
