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
    shown = repr(value)
    if len(shown) > MOST_SHOWN:
        shown = f"{shown[: MOST_SHOWN - 1]}…"
    return RequestError(f"'{field}' must be {allowed}, got {shown}", field)
