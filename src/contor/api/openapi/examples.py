"""Bodies as they are sent, by operation id. Pure."""

from typing import Any, Final

EXAMPLES: Final[dict[str, Any]] = {}
