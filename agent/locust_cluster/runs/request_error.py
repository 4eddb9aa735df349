"""What is wrong with a request."""

MOST_SHOWN = 120
"""Characters of a wrong value."""


class RequestError(ValueError):
    """The request is wrong: one sentence, and where."""

    def __init__(
        self, message: str, field: str, column: int | None = None, code: str = "invalid_request"
    ) -> None:
        super().__init__(message)
        self.field = field
        self.column = column
        self.code = code


def wrong(field: str, allowed: str, value: object) -> RequestError:
    """Says what is allowed instead of this value."""
    return RequestError(f"'{field}' must be {allowed}, got {shown(repr(value))}", field)


def shown(text: str, most: int = MOST_SHOWN) -> str:
    """As much of a wrong value as a sentence holds."""
    return text if len(text) <= most else f"{text[: most - 1]}…"
