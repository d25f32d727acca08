"""Billing groups: how documents of a line of business are billed, rounded, split."""

from contor.settings.groups.billing_groups import BILLING_GROUPS, replace_splitting
from contor.settings.groups.creation import CreateGroup, GroupCreation, GroupView, create_group
from contor.settings.groups.days import Days
from contor.settings.groups.group_terms import USUAL, GroupTerms, units_of
from contor.settings.groups.late_usages import LateUsages
from contor.settings.groups.locales import LocaleFields, language_for
from contor.settings.groups.queries import SegmentTerms, default_segment, known_segments, segment_by_ident
from contor.settings.groups.segments import (
    SEGMENTS,
    add_segment,
    delete_segment,
    get_segment,
    list_segments,
    make_default,
    update_segment,
)

__all__ = [
    "BILLING_GROUPS",
    "SEGMENTS",
    "USUAL",
    "CreateGroup",
    "Days",
    "GroupCreation",
    "GroupTerms",
    "GroupView",
    "LateUsages",
    "LocaleFields",
    "SegmentTerms",
    "add_segment",
    "create_group",
    "default_segment",
    "delete_segment",
    "get_segment",
    "known_segments",
    "language_for",
    "list_segments",
    "make_default",
    "replace_splitting",
    "segment_by_ident",
    "units_of",
    "update_segment",
]
