"""What clients send of a mail: RECIPIENT, SUBJECT and MESSAGE. Pure."""

from typing import Annotated

from pydantic import Field

from contor.api.fastbill.reading import Flag, Line, Words
from contor.kernel.shapes import shape


@shape
class Recipient:
    to: Annotated[object, Field(description="An address, or several with commas.")] = None
    cc: object = None
    bcc: object = None


@shape
class Mailed:
    recipient: Recipient
    subject: Line | None = None
    message: Words | None = None
    receipt_confirmation: Flag = False
