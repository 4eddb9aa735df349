"""What generated types of requests are made from."""

import msgspec


class Strict(msgspec.Struct, forbid_unknown_fields=True):
    """A body that may hold only the fields of its type."""
