"""The picture of a document, and what other letters have in common with it."""

from contor.documents.render.letters import frame, legible_page, way_to_pay
from contor.documents.render.pdf import render_pdf, set_page
from contor.documents.render.voice import Voice
from contor.documents.render.voice import voice as voice_of

__all__ = [
    "Voice",
    "frame",
    "legible_page",
    "render_pdf",
    "set_page",
    "voice_of",
    "way_to_pay",
]
