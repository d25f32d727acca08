"""Pictures (PDF) that somebody else draws of documents: uploaded, judged, made a PDF/A-3 with the e-invoice in it; or ours, in time."""

from contor.documents.pictures.finishing import UploadPicture, find_late, upload_picture, use_built_in
from contor.documents.pictures.judging import MOST_BYTES, MOST_PAGES, require_picture

__all__ = ["MOST_BYTES", "MOST_PAGES", "UploadPicture", "find_late", "require_picture", "upload_picture", "use_built_in"]
