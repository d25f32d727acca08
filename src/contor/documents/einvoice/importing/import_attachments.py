"""Files and references of a foreign e-invoice (BG-24): kept as they are, files by the rules for every upload. Pure."""

import re

from contor.documents.einvoice.model import ENDINGS, EInvoice, judged_file
from contor.documents.types import AttachedFile, SupportingDocument
from contor.kernel.errors import Problem
from contor.kernel.files import is_file_name
from contor.kernel.shapes import replace

MOST = 100
"""Supporting documents of an e-invoice."""
_LONGEST_NAME = 200
_FOLDERS = re.compile(r".*[/\\]", re.DOTALL)


def supporting_documents(invoice: EInvoice, problems: list[Problem]) -> tuple[SupportingDocument, ...]:
    """All of BG-24; a file that no e-invoice may carry is left out (`why_not_kept`), what refers to it stays. Two files of one name
    are told apart, for the receiver saves them under their names (BR-DE-22)."""
    if len(invoice.attachments) > MOST:
        message = f"It has {len(invoice.attachments)} supporting documents (BG-24), expected: at most {MOST}"
        problems.append(Problem("too_many_attachments", message, "attachments", len(invoice.attachments)))
        return ()
    names: set[str] = set()
    kept = []
    for position, entry in enumerate(invoice.attachments, 1):
        file = entry.file
        if file is None or why_not_kept(file):
            kept.append(replace(entry, file=None))
            continue
        kind, _ = judged_file(file.content, file.media_type)
        name = _name(entry.reference, file.name, position, ENDINGS[kind][0])
        if name.lower() in names:
            name = f"{position}-{name}"[:_LONGEST_NAME]
        names.add(name.lower())
        kept.append(replace(entry, file=AttachedFile(name=name, media_type=kind, content=file.content)))
    return tuple(kept)


def _name(reference: str, given: str, position: int, ending: str) -> str:
    """The name of the file without the folders of the machine that wrote it; one that no upload may have gives way to the reference."""
    names = (_FOLDERS.sub("", given), f"{reference}{ending}")
    return next((name for name in names if is_file_name(name)), f"{position}{ending}")


def why_not_kept(file: AttachedFile) -> str | None:
    """What is against keeping a file, None when it is kept."""
    _, problems = judged_file(file.content, file.media_type)
    return problems[0].message.rstrip(".").removeprefix("The file ") if problems else None
