"""What reading a zip that somebody sent may raise. Pure."""

import lzma
import zipfile
import zlib
from typing import Final

ZIP_FAULTS: Final = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, RuntimeError, EOFError, ValueError, OSError)
"""A zip that is none, damaged, locked by a password, or packed in a way that is not known; bzip2 raises OSError, LZMA its own error."""
