"""Templates: what an offer says first that is made of one."""

from typing import Final

from contor.offers.proposals import tables
from contor.runtime.query.numbered import Numbered
from contor.runtime.resource import Resource

TEMPLATES: Final = Resource(
    "proposal_template",
    tables.proposal_template,
    permission="documents",
    keys=("ident",),
    writable=("name", "content"),
    filterable=("ident", "name", "created_at", "last_modified_at"),
    sort="name",
)
NUMBERED_TEMPLATES: Final = Numbered("proposal_template", tables.proposal_template)
