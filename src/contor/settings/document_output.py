"""Which files an issued document gets, and how its rows are summed up for readers."""

from dataclasses import dataclass

from contor.kernel.operations import Reference, operation
from contor.kernel.shapes import shape
from contor.runtime.resource import Resource
from contor.runtime.uow import Uow
from contor.settings import tables
from contor.settings.queries import known_sites, output_switches

AGGREGATIONS = Resource(
    "aggregation_configuration",
    tables.aggregation_configuration,
    permission="settings",
    keys=("aggregation_configuration_ident",),
    writable=("invoice_type", "operating_site_ident", "aggregation_strategies"),
    refers=(Reference("operatingSiteIdent", "reference_unknown", known_sites),),
)


@shape
class OutputConfiguration:
    pdf: bool = True
    cii: bool = True
    ubl: bool = True
    attach_order_files: bool = False
    attach_contract_files: bool = False
    embed_attachments: bool = True


@dataclass(frozen=True, slots=True)
class Nothing:
    """No input."""


@dataclass(frozen=True, slots=True)
class ReplaceOutput:
    body: OutputConfiguration


@operation("document_output.get", permission="settings.read", reads=True)
def get_output(uow: Uow, command: Nothing) -> OutputConfiguration:
    """The switches."""
    return OutputConfiguration(**output_switches(uow)._asdict())


@operation("document_output.replace", permission="settings.write")
def replace_output(uow: Uow, command: ReplaceOutput) -> OutputConfiguration:
    """Replace the switches; documents issued before keep their files."""
    body = command.body
    uow.run(
        "UPDATE document_output_configuration SET pdf = %s, cii = %s, ubl = %s, attach_order_files = %s, attach_contract_files = %s,"
        " embed_attachments = %s, last_modified_at = %s",
        (
            body.pdf,
            body.cii,
            body.ubl,
            body.attach_order_files,
            body.attach_contract_files,
            body.embed_attachments,
            uow.ctx.now(),
        ),
    )
    uow.audit("document_output_configuration", "", {"after": body})
    return body
