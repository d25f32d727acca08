"""Which day it is for what a billing group bills (accounting reference 9, "day"): in the group's own zone, or in the tenant's. Pure."""

import datetime as dt
from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import NamedTuple
from zoneinfo import ZoneInfo


class Days(NamedTuple):
    now: dt.datetime
    tenant: ZoneInfo
    own: Mapping[str, ZoneInfo] = MappingProxyType({})
    """By billing group, of those that have a zone of their own."""

    def zone(self, billing_group_ident: str) -> ZoneInfo:
        return self.own.get(billing_group_ident, self.tenant)

    def today(self, billing_group_ident: str) -> dt.date:
        return self.day(self.now, billing_group_ident)

    def day(self, at: dt.datetime, billing_group_ident: str) -> dt.date:
        """On which day of a group an instant is."""
        return _day(at, self.zone(billing_group_ident))


@lru_cache(maxsize=1024)
def _day(at: dt.datetime, zone: ZoneInfo) -> dt.date:
    return at.astimezone(zone).date()  # a batch asks for the day of its one instant thousands of times
