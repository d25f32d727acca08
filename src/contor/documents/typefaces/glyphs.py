"""The typefaces of a page: which characters they show, and how wide those are (OpenType tables cmap, hmtx).

Shipped are Inter (Latin, Greek, Cyrillic) and behind it Noto Sans, also for Arabic and Hebrew. Chinese, Japanese and Korean need a
typeface of 20 MB: that of the Debian package fonts-noto-cjk is used where it is installed.
"""

import struct
import unicodedata
from functools import cache
from pathlib import Path
from typing import Final

SHIPPED: Final = Path(__file__).parent / "fonts"
EAST_ASIAN: Final = Path("/usr/share/fonts/opentype/noto")
FAMILIES: Final = {
    "Inter": SHIPPED / "Inter-Regular.ttf",
    "Noto Sans": SHIPPED / "NotoSans-Regular.ttf",
    "Noto Sans Hebrew": SHIPPED / "NotoSansHebrew-Regular.ttf",
    "Noto Sans Arabic": SHIPPED / "NotoSansArabic-Regular.ttf",
    "Noto Sans CJK SC": EAST_ASIAN / "NotoSansCJK-Regular.ttc",
}
"""In the order in which they are tried for a character; the files of the regular weight."""
BREAK: Final = "\u200b"
_SOFT_HYPHEN = "\u00ad"


@cache
def families() -> dict[str, Path]:
    """Those of the typefaces that are here."""
    return {name: path for name, path in FAMILIES.items() if path.exists()}


@cache
def glyph_widths() -> dict[str, float]:
    """Each character that a typeface shows, with its width in em in the first one that has it."""
    widths: dict[str, float] = {}
    for path in families().values():
        widths = _widths_of(path) | widths
    # Laid out by the engine itself, they need no glyph.
    return widths | dict.fromkeys(("\n", BREAK, _SOFT_HYPHEN), 0)


def unprintable(text: str) -> str:
    """The letters and figures of `text`, each once, that no typeface has. Symbols among them are no names: a box stands for them."""
    if text.isascii():
        return ""
    shown, composed = glyph_widths(), unicodedata.normalize("NFC", text)
    if shown.keys() >= set(composed):
        return ""
    missing = [character for character in dict.fromkeys(composed) if character not in shown]
    return "".join(character for character in missing if unicodedata.category(character)[0] in "LMN")


def _widths_of(path: Path) -> dict[str, float]:
    tables = _tables(path.read_bytes())
    units = struct.unpack_from(">H", tables["head"], 18)[0]  # unitsPerEm
    measured = struct.unpack_from(">H", tables["hhea"], 34)[0]  # numberOfHMetrics: the glyphs behind share the last width
    advances = [struct.unpack_from(">H", tables["hmtx"], 4 * glyph)[0] / units for glyph in range(measured)]
    return {
        chr(code): advances[min(glyph, measured - 1)]
        for code, glyph in _character_map(tables["cmap"]).items()
        if glyph and _is_visible(code)
    }


def _is_visible(code: int) -> bool:
    """Whether a character is more than a control (typefaces map some of those to an empty glyph)."""
    return (
        unicodedata.category(chr(code)) not in ("Cc", "Cs", "Co") and not 0x202A <= code <= 0x202E and not 0x2066 <= code <= 0x2069
    )


def _tables(font: bytes) -> dict[str, bytes]:
    start = struct.unpack_from(">L", font, 12)[0] if font.startswith(b"ttcf") else 0  # of a collection, the first font
    count = struct.unpack_from(">H", font, start + 4)[0]
    records = (
        struct.unpack_from(">4sLLL", font, start + 12 + 16 * index) for index in range(count)
    )  # behind the header, 16 bytes each
    return {tag.decode("ascii"): font[offset : offset + length] for tag, _, offset, length in records}


def _character_map(cmap: bytes) -> dict[int, int]:
    """Code point to glyph, from the full-repertoire subtable (platform 3, encoding 10, format 12), else that of the first plane
    (platform 3, encoding 1, format 4)."""
    count = struct.unpack_from(">H", cmap, 2)[0]
    subtables = {(p, e): offset for p, e, offset in (struct.unpack_from(">HHL", cmap, 4 + 8 * index) for index in range(count))}
    if (3, 10) in subtables:
        offset = subtables[3, 10]
        groups = struct.unpack_from(">L", cmap, offset + 12)[0]
        ranges = (struct.unpack_from(">LLL", cmap, offset + 16 + 12 * group) for group in range(groups))
        return {code: glyph + code - first for first, last, glyph in ranges for code in range(first, last + 1)}
    return _segments(cmap, subtables[3, 1])


def _segments(cmap: bytes, offset: int) -> dict[int, int]:
    """Format 4: segments of codes; each glyph is the code plus a delta, or stands in an array behind."""
    count = struct.unpack_from(">H", cmap, offset + 6)[0] // 2
    parts = [offset + 14 + 2 * (count * index) + (2 if index else 0) for index in range(4)]  # ends, starts, deltas, places
    found: dict[int, int] = {}
    for segment in range(count):
        last, first, delta, place = (struct.unpack_from(">H", cmap, part + 2 * segment)[0] for part in parts)
        for code in range(first, min(last, 0xFFFE) + 1):
            if place:
                glyph = struct.unpack_from(">H", cmap, parts[3] + 2 * segment + place + 2 * (code - first))[0]
                found[code] = (glyph + delta) & 0xFFFF if glyph else 0
            else:
                found[code] = (code + delta) & 0xFFFF
    return found
