"""What processes write down: lines for a person, or JSON objects, one a line, for machinery."""

import datetime as dt
import logging
from typing import Final

from contor.runtime.config import Config
from contor.runtime.db import ENCODER

LINES = "%(asctime)s %(levelname)s %(name)s %(message)s"
_OWN: Final = frozenset({*vars(logging.makeLogRecord({})), "message", "asctime", "taskName"})


class JsonLines(logging.Formatter):
    """A record as a JSON object: time, level, logger, message, what else it carries (the request's id), and what failed."""

    def format(self, record: logging.LogRecord) -> str:
        said: dict[str, object] = {
            "time": dt.datetime.fromtimestamp(record.created, dt.UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        said |= {name: value for name, value in vars(record).items() if name not in _OWN}
        if record.exc_info:
            said["failure"] = self.formatException(record.exc_info)
        return ENCODER.encode(
            {name: value if isinstance(value, (int, float)) else str(value) for name, value in said.items()}
        ).decode()


def write_logs(config: Config) -> None:
    """Begin to write, once for each process. Every request has a line where the form is JSON; else only what is out of order."""
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLines() if config.log_format == "json" else logging.Formatter(LINES))
    logging.basicConfig(level=config.log_level.upper(), handlers=[handler])
    if config.log_format != "json":
        logging.getLogger("contor.access").setLevel(logging.WARNING)
    logging.getLogger("psycopg.pool").setLevel(logging.ERROR)  # it warns of each of many tries to reach a database that is away
