"""Files of an order or contract. The documents that bill it show them: beside their own files, and inside the e-invoice (BG-24)."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from contor.billing.events import ItemsBilled
from contor.contracts.queries import contracts_by_id
from contor.contracts.read import CONTRACT_TABLE, CONTRACTS, require_contract, views_of
from contor.contracts.terms import AttachmentView
from contor.contracts.types import Contract, ContractView
from contor.documents.after import Attached, attach_to_documents, embedded
from contor.documents.einvoice import judged_file, misnamed
from contor.kernel.errors import Kind, Problem, Refused
from contor.kernel.events import on
from contor.kernel.files import FileContent
from contor.kernel.operations import operation
from contor.kernel.shapes import replace, shape
from contor.orders import tables
from contor.orders.queries import number_of
from contor.orders.told import changed_of
from contor.orders.types import HolderType
from contor.runtime.query import ListQuery, Page, searchable
from contor.runtime.query.listed import listed, listed_by_key
from contor.runtime.rows import columns
from contor.runtime.uow import Uow, not_found
from contor.settings.queries import output_switches

ATTACHMENTS = searchable(
    tables.holder_attachment, AttachmentView, ("file_name", "media_type", "size", "created_at"), default_sort="file_name,asc"
)
MOST_FILES = 20


@dataclass(frozen=True, slots=True)
class ListHeld:
    holder: HolderType
    ident: str
    query: ListQuery


@dataclass(frozen=True, slots=True)
class Attach:
    holder: HolderType
    ident: str
    file: FileContent


@shape
class OneContract:
    contract_id: int
    slim: bool = False


@dataclass(frozen=True, slots=True)
class ListContracts:
    query: ListQuery
    slim: bool = False


@shape
class OneAttachment:
    holder: HolderType
    ident: str
    file_name: str


class _Stored(NamedTuple):
    """Where the bytes of a file are, and what they are."""

    sha256: str
    media_type: str


class _HeldFile(NamedTuple):
    contract_id: int
    file_name: str
    media_type: str
    size: int
    sha256: str
    created_at: dt.datetime


class _FileRow(NamedTuple):
    file_name: str
    media_type: str
    size: int
    sha256: str
    created_at: dt.datetime


def _shown(row: _FileRow) -> AttachmentView:
    return AttachmentView(**row._asdict())


@operation("attachment_file.list", permission="contracts.read", reads=True)
def list_held(uow: Uow, command: ListHeld) -> Page:
    """The files of an order or contract."""
    scope = {"contract_id": number_of(uow, command.holder, command.ident)}
    return listed(
        uow, tables.holder_attachment, command.query, ATTACHMENTS, _FileRow, lambda rows: [_shown(row) for row in rows], scope
    )


@operation("attachment_file.add", permission="contracts.write")
def attach(uow: Uow, command: Attach) -> AttachmentView:
    """Keep a file with an order or contract. Its kind, which its bytes tell, is one that an e-invoice can carry (EN 16931, BT-125)."""
    number, file = number_of(uow, command.holder, command.ident), command.file
    uow.lock("attachments", [str(number)])  # names and their count are compared with what others add now
    kind, problems = judged_file(file.content, file.media_type)
    problems += misnamed(kind, file.name)
    known = {view.file_name for view in attachment_views(uow, number)}
    if file.name in known:
        problems.append(Problem("file_exists", "is the name of another file of it", "file", file.name))
    if len(known) >= MOST_FILES:
        problems.append(Problem("too_many_files", f"there are {MOST_FILES} files already", "file"))
    if problems:
        raise Refused(Kind.INVALID, *problems)
    row = {
        "contract_id": number,
        "file_name": file.name,
        "media_type": kind,
        "size": len(file.content),
        "sha256": uow.runtime.blobs.put(uow.ctx.tenant_id, file.content),
        "created_at": uow.ctx.now(),
    }
    uow.insert(tables.holder_attachment, [row])
    uow.audit(command.holder.lower(), command.ident, {"attached": file.name})
    uow.emit(changed_of(command.holder, command.ident))
    return next(view for view in attachment_views(uow, number) if view.file_name == file.name)


@operation("attachment_file.get", permission="contracts.read", reads=True)
def get_attached(uow: Uow, command: OneAttachment) -> FileContent:
    """The bytes of a file."""
    number = number_of(uow, command.holder, command.ident)
    sql = f"SELECT {columns(_Stored)} FROM holder_attachment WHERE contract_id = %s AND file_name = %s"
    row = uow.first(_Stored, sql, (number, command.file_name))
    if row is None:
        raise not_found("attachment", command.file_name)
    return FileContent(uow.runtime.blobs.get(uow.ctx.tenant_id, row.sha256), row.media_type, command.file_name)


@operation("attachment_file.delete", permission="contracts.write")
def detach(uow: Uow, command: OneAttachment) -> None:
    """Later documents do not show it; those that do keep it."""
    number = number_of(uow, command.holder, command.ident)
    if not uow.run("DELETE FROM holder_attachment WHERE contract_id = %s AND file_name = %s", (number, command.file_name)):
        raise not_found("attachment", command.file_name)
    uow.audit(command.holder.lower(), command.ident, {"detached": command.file_name})
    uow.emit(changed_of(command.holder, command.ident))


@operation("contract.get_with_attachments", permission="contracts.read", reads=True)
def get_contract(uow: Uow, command: OneContract) -> ContractView:
    """One contract by its number, with its files; a slim answer leaves them out."""
    return _contract_views(uow, [require_contract(uow, command.contract_id)], is_slim=command.slim)[0]


@operation("contract.list_with_attachments", permission="contracts.read", reads=True)
def list_contracts(uow: Uow, command: ListContracts) -> Page:
    """Contracts, with their files; slim answers leave them out."""

    def read(ids: list[int]) -> list[ContractView]:
        found = contracts_by_id(uow, ids)
        return _contract_views(uow, [found[number] for number in ids], is_slim=command.slim)

    return listed_by_key(uow, CONTRACT_TABLE, command.query, CONTRACTS, "contract_id", read)


def _contract_views(uow: Uow, contracts: list[Contract], *, is_slim: bool) -> list[ContractView]:
    views = views_of(uow, contracts)
    if is_slim:
        return views
    files = _files_of(uow, [contract.contract_id for contract in contracts])
    return [replace(view, attachments=tuple(files[view.contract_id])) for view in views]


def _files_of(uow: Uow, numbers: Collection[int]) -> Mapping[int, list[AttachmentView]]:
    """The files of orders and contracts, by their numbers."""
    files: dict[int, list[AttachmentView]] = defaultdict(list)
    sql = f"SELECT {columns(_HeldFile)} FROM holder_attachment WHERE contract_id = ANY (%s) ORDER BY contract_id, file_name"
    for row in uow.all(_HeldFile, sql, (list(numbers),)):
        files[row.contract_id].append(_shown(_FileRow(*row[1:])))
    return files


def attachment_views(uow: Uow, number: int) -> list[AttachmentView]:
    sql = f"SELECT {columns(_FileRow)} FROM holder_attachment WHERE contract_id = %s ORDER BY file_name"
    return [_shown(row) for row in uow.all(_FileRow, sql, (number,))]


@on(ItemsBilled)
def show_on_documents(uow: Uow, fact: ItemsBilled) -> None:
    """The documents get the files of what they bill; two files of one name are told apart by what they belong to."""
    switches = output_switches(uow)
    shown_of = {True: switches.attach_order_files, False: switches.attach_contract_files}
    numbers = sorted({item.contract_id for _, items in fact.papers for item in items if shown_of[item.of_order]})
    files = _files_of(uow, numbers)
    if not files:
        return
    shown: list[Attached] = []
    for document_id, items in fact.papers:
        names: set[str] = set()
        # each order or contract once, in the order of the rows
        for number, ident in dict.fromkeys((item.contract_id, item.contract_ident) for item in items):
            for file in files.get(number, ()):
                name = f"{ident}-{file.file_name}" if file.file_name in names else file.file_name
                names.add(name)
                shown.append(Attached(document_id, name, file.media_type, file.size, file.sha256))
    attach_to_documents(uow, embedded(shown) if switches.embed_attachments else shown)
