"""What shows that rows are as they were written: the hash of each, and the chain of what was issued and booked; and how
checks walk through them."""

from contor.runtime.integrity.chain import Head, add_links, heads, is_link, linked, linked_among, unlinked
from contor.runtime.integrity.hashes import changed_rows, hash_rows
from contor.runtime.integrity.sealing import SEALING, End, seal_through, trail_end
from contor.runtime.integrity.trail import TrailRow, changes_that_say, said_last, said_often, trail_between
from contor.runtime.integrity.walks import in_pages

__all__ = [
    "SEALING",
    "End",
    "Head",
    "TrailRow",
    "add_links",
    "changed_rows",
    "changes_that_say",
    "hash_rows",
    "heads",
    "in_pages",
    "is_link",
    "linked",
    "linked_among",
    "said_last",
    "said_often",
    "seal_through",
    "trail_between",
    "trail_end",
    "unlinked",
]
"""`chain`, `hashes` and `sealing` declare checks when they are imported."""
