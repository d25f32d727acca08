"""What frozen documents say, where lists search it: their content is packed, and nobody but the application reads it."""

from contor.documents.said.kept import Said, places_of, said_by, unlike_content
from contor.documents.said.late import say_late
from contor.documents.said.tables import ORIGINS, RELATED, document_said

__all__ = ["ORIGINS", "RELATED", "Said", "document_said", "places_of", "said_by", "say_late", "unlike_content"]
