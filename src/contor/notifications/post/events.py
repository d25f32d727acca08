"""Facts about letters of paper. Pure."""

from contor.kernel.events import event


@event("post_letters.moved")
class PostLettersMoved:
    """The provider accepted letters, printed them, or will not."""

    letter_idents: tuple[str, ...]
