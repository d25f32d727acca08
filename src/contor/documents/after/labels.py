"""Free labels of documents."""

from contor.documents import tables
from contor.documents.after.read import ReadDocument, document_id
from contor.kernel.operations import operation
from contor.kernel.shapes import Text100, shape
from contor.runtime.uow import Uow, not_found


@shape
class LabelBody:
    label: Text100


@shape
class Labelled:
    document_ident: str
    body: LabelBody


@shape
class Labels:
    labels: tuple[str, ...]


@operation("document_label.list", permission="documents.read", reads=True)
def list_labels(uow: Uow, command: ReadDocument) -> Labels:
    """The free labels of a document."""
    return _labels(uow, document_id(uow, command.document_ident))


@operation("document_label.add", permission="documents.write")
def add_label(uow: Uow, command: Labelled) -> Labels:
    """Attach a label; the document itself stays as it is. A label that is there already stays once."""
    number = document_id(uow, command.document_ident)
    uow.insert_once(tables.document_label, {"document_id": number, "label": command.body.label, "created_at": uow.ctx.now()})
    uow.audit("document", command.document_ident, {"label_added": command.body.label})
    return _labels(uow, number)


@operation("document_label.remove", permission="documents.write")
def remove_label(uow: Uow, command: Labelled) -> None:
    """Detach a label."""
    number = document_id(uow, command.document_ident)
    if not uow.run("DELETE FROM document_label WHERE document_id = %s AND label = %s", (number, command.body.label)):
        raise not_found("document_label", command.body.label)
    uow.audit("document", command.document_ident, {"label_removed": command.body.label})


def _labels(uow: Uow, number: int) -> Labels:
    sql = "SELECT label FROM document_label WHERE document_id = %s ORDER BY label"
    return Labels(labels=tuple(uow.column(str, sql, (number,))))
