"""template.get: how a document looks and who sends it is what its operating site says; each of them is a template."""

from typing import NamedTuple

from contor.api.fastbill.ids import unknown
from contor.api.fastbill.reading import Get
from contor.api.fastbill.writing import Fields, listed
from contor.kernel.operations import operation
from contor.kernel.shapes import shape
from contor.runtime.uow import Uow
from contor.settings.queries import Site, sites

_DIGITS = 32
_BITS = 31


@shape
class TemplateFilter(Get):
    """There is nothing to choose by but the page."""


class Template(NamedTuple):
    id: int
    hash: str
    site: Site


@operation("fastbill.template_get", permission="settings.read", reads=True)
def get(uow: Uow, where: TemplateFilter) -> Fields:
    """The default one first."""
    found = templates(uow)[where.offset : where.offset + where.limit]
    rows = [{"template_id": one.id, "template_name": one.site.name, "template_hash": one.hash} for one in found]
    return listed("templates", rows)


def templates(uow: Uow) -> list[Template]:
    """Every operating site with the number and hash by which FastBill knows it: made of its ident, they never change."""
    ordered = sorted(sites(uow).values(), key=lambda one: (not one.default, one.ident))
    return [Template(*named(uow, site.ident), site) for site in ordered]


def named(uow: Uow, site: str) -> tuple[int, str]:
    """Number and hash of the template that the operating site is."""
    digest = uow.runtime.secrets.keyed(f"template {uow.ctx.tenant_id:x} {site}")
    return int(digest[-8:], 16) >> (32 - _BITS) or 1, digest[:_DIGITS]


def site_of_template(uow: Uow, template_id: int | None, template_hash: str | None) -> str | None:
    """The ident of the operating site that a document is sent from; None: nothing is said, the default one. The hash goes before the id.
    Raises the refusal of the field that names none."""
    if template_id is None and template_hash is None:
        return None
    known = templates(uow)
    for one in known:
        if template_hash == one.hash or (template_hash is None and template_id == one.id):
            return one.site.ident
    raise unknown("template_id" if template_hash is None else "template_hash", template_id or template_hash)
