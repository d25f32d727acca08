"""The picture of a document, that of an estimate, and what other letters have in common with them."""

from contor.documents.render.estimate import render_estimate
from contor.documents.render.letters import frame, legible_page, way_to_pay
from contor.documents.render.pdf import render_pdf, set_page
from contor.documents.render.uploaded import render_uploaded
from contor.documents.render.voice import Voice
from contor.documents.render.voice import voice as voice_of

__all__ = [
    "Voice",
    "frame",
    "legible_page",
    "render_estimate",
    "render_pdf",
    "render_uploaded",
    "set_page",
    "voice_of",
    "way_to_pay",
]
