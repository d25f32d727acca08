"""Which document a name means: its number, which is its company's alone, or its id."""

from contor.documents.naming.named import Named, bearers, documents_named, own_first, sites_of, taken_over_among, the_document

__all__ = [
    "Named",
    "bearers",
    "documents_named",
    "own_first",
    "sites_of",
    "taken_over_among",
    "the_document",
]
