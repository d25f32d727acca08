"""Which release of the program made a file."""

from functools import cache
from importlib.metadata import PackageNotFoundError, version


@cache
def contor_version() -> str:
    """Of the installed package; a source tree has none."""
    try:
        return version("contor")
    except PackageNotFoundError:
        return "0"
