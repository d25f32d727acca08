"""What an operation answers, as a dialect writes it."""

from contor.api.answers.amounts import amounts_of, in_decimals
from contor.api.answers.names import camel_path
from contor.api.answers.render import rendered, rendered_answer

__all__ = ["amounts_of", "camel_path", "in_decimals", "rendered", "rendered_answer"]
