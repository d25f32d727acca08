"""By which configuration an audit file is made: as it was when the file was asked for."""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from typing import cast

from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.shapes import Fields, shape
from contor.reports.exports import Asked, ExportTask
from contor.runtime.uow import Uow
from contor.settings.abroad import SafTConfiguration, SafTCountry, configuration_for
from contor.settings.queries import Site, default_site, sites


@shape
class SafTOptions:
    operating_site_ident: str | None = None
    """Whose company is reported; none: that of the default site."""


def frozen_configuration(uow: Uow, asked: Asked, country: SafTCountry) -> tuple[SafTConfiguration, Site, Fields]:
    """What counts for the site on the last day. Raises `Refused` where there is no site or no configuration."""
    options = asked.options
    assert isinstance(options, SafTOptions)
    ident = options.operating_site_ident or default_site(uow)
    site = None if ident is None else sites(uow).get(ident)
    if site is None:
        message = "is no operating site" if options.operating_site_ident else "there is no operating site yet"
        raise Refused(Kind.INVALID, Problem("operating_site_not_found", message, "options.operatingSiteIdent", ident))
    found = configuration_for(uow, country, site.ident, asked.last_day)
    if found is None:
        message = f"no SAF-T configuration of {country} counts for {site.ident} on {asked.last_day.isoformat()}"
        raise Refused(Kind.INVALID, Problem("saf_t_not_configured", message, "period"))
    kept = {name: _plain(value) for name, value in found._asdict().items()}
    return found, site, {"mark": uow.next_id(), "site": site.ident, "configuration": kept, "version": _release()}


def configuration_of(task: ExportTask) -> SafTConfiguration:
    """As it was frozen."""
    kept = cast("Fields", task.frozen["configuration"])
    days = {name: None if kept[name] is None else dt.date.fromisoformat(kept[name]) for name in ("valid_from", "valid_to")}
    return SafTConfiguration(**{**kept, **days})


def site_of(uow: Uow, task: ExportTask) -> Site:
    """The site whose company is reported, as it is now. Raises `Refused` where it is gone."""
    found = sites(uow).get(str(task.frozen["site"]))
    if found is None:
        message = f"The operating site {task.frozen['site']} does not exist any more."
        raise Refused(Kind.ILLEGAL_STATE, Problem("operating_site_not_found", message))
    return found


def mark_of(task: ExportTask) -> int:
    """What has an id from here on does not belong to the export."""
    return int(cast("int", task.frozen["mark"]))


def version_of(task: ExportTask) -> str:
    """Of the program, as it was then."""
    return str(task.frozen["version"])


@cache
def _release() -> str:
    """Of the installed package; a source tree has none."""
    try:
        return version("contor")
    except PackageNotFoundError:
        return "0"


def _plain(value: object) -> object:
    """As JSON keeps it."""
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, Mapping):
        return {name: _plain(inner) for name, inner in value.items()}
    return [_plain(inner) for inner in value] if isinstance(value, list | tuple) else value
