"""What belongs to a document without being made of it. Pure."""

from contor.kernel.shapes import shape


@shape
class AttachedFile:
    """BT-125."""

    name: str
    media_type: str
    content: bytes


@shape
class SupportingDocument:
    """BG-24."""

    reference: str
    """BT-122."""
    description: str | None = None
    """BT-123."""
    location: str | None = None
    """BT-124."""
    file: AttachedFile | None = None
    in_pdf: bool = False
    """Whether the PDF has the file within it."""
