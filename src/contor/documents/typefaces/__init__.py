"""The typefaces in which documents are printed."""

from contor.documents.typefaces.glyphs import BREAK, EAST_ASIAN, SHIPPED, families, glyph_widths, unprintable

__all__ = [
    "BREAK",
    "EAST_ASIAN",
    "SHIPPED",
    "families",
    "glyph_widths",
    "unprintable",
]
