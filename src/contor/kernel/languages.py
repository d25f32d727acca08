"""Languages: ISO 639. Pure."""

from functools import lru_cache
from typing import Any

import pycountry


@lru_cache(maxsize=1024)
def language_code(code: str) -> str | None:
    """The ISO 639-1 code of a language given by two or three letters, by three (ISO 639-3) where no two exist; None: no such language."""
    languages: Any = pycountry.languages
    kinds = ("alpha_2",) if len(code) == 2 else ("alpha_3", "bibliographic")
    found = next((one for kind in kinds if (one := languages.get(**{kind: code})) is not None), None)
    if found is None or found.scope == "S":  # no language: several, none, or nobody knows which
        return None
    return str(getattr(found, "alpha_2", found.alpha_3))
