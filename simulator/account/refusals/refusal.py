"""Why a request is refused."""

from __future__ import annotations

from typing import NamedTuple


class Refusal(NamedTuple):
    code: str
    message: str
    status: int = 400
